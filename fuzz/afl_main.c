/* afl_main.c - runs a fuzz target under AFL++: persistent mode, inputs by shared memory
 * SPDX-License-Identifier: Apache-2.0
 *
 * For afl-clang-fast (preset afl).  Without afl-fuzz above it the program reads one input from standard input, which
 * is how a finding is looked at.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *octets, size_t n);

__AFL_FUZZ_INIT();

enum { INPUTS_A_PROCESS = 10000 };

/* The input alone in its own allocation, so that a sanitizer sees its end. */
static void
run(const uint8_t *octets, size_t n)
{
	uint8_t *const copy = malloc(n != 0 ? n : 1);

	if (copy == NULL)
		abort();
	memcpy(copy, octets, n);
	LLVMFuzzerTestOneInput(copy, n);
	free(copy);
}

int
main(void)
{
	const uint8_t *octets;

	__AFL_INIT();
	octets = __AFL_FUZZ_TESTCASE_BUF;
	while (__AFL_LOOP(INPUTS_A_PROCESS)) {
		const ssize_t n = __AFL_FUZZ_TESTCASE_LEN;

		run(octets, n > 0 ? (size_t)n : 0);
	}
	return EXIT_SUCCESS;
}
