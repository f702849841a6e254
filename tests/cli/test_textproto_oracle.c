/* test_textproto_oracle.c - protoc reads, refuses and encodes what our text reader does
 * SPDX-License-Identifier: Apache-2.0
 *
 * PROTOC (environment) names the compiler, "protoc" without; not there: skipped with a message.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <sys/wait.h>
#include <cmocka.h>

#include "cli/quota.h"
#include "cli/textproto.h"
#include "kinds.pb-c.h"
#include "tests/cli/textproto_cases.h"
#include "uptun.pb-c.h"

enum { OCTETS_MAX = 65536 };

static const char *
protoc(void)
{
	const char *name = getenv("PROTOC");

	return name != NULL ? name : "protoc";
}

/* Runs protoc on `text`; true when it accepts, then `out` holds what it encoded. */
static bool
protoc_encode(const char *type, const char *folder, const char *file, struct ut_slice text, uint8_t *out,
	      size_t *n)
{
	char input[] = "/tmp/uptun-oracle-XXXXXX", command[1024];
	const int fd = mkstemp(input);
	FILE *pipe;
	int status;

	assert_true(fd >= 0);
	assert_int_equal(write(fd, text.p, text.n), (ssize_t)text.n);
	assert_int_equal(close(fd), 0);
	(void)snprintf(command, sizeof command, "'%s' --encode=%s -I '%s' '%s/%s' < %s 2>/dev/null", protoc(),
		       type, folder, folder, file, input);
	pipe = popen(command, "r");
	assert_non_null(pipe);
	*n = fread(out, 1, OCTETS_MAX, pipe);
	status = pclose(pipe);
	(void)unlink(input);
	assert_true(WIFEXITED(status) && WEXITSTATUS(status) <= 1);
	return WEXITSTATUS(status) == 0;
}

/* Our reading, packed; false when refused. */
static bool
our_encode(const ProtobufCMessageDescriptor *type, struct ut_slice text, uint8_t *out, size_t *n)
{
	struct textproto_map *map = textproto_map_new();
	ProtobufCMessage *message = NULL;
	struct textproto_error why;
	struct quota quota;
	enum textproto_result result;

	quota_init(&quota, 1024 * 1024);
	result = textproto_read(type, text, &quota.pb, map, &message, &why);
	(void)textproto_map_free(map);
	if (result != TEXTPROTO_OK)
		return false;
	*n = protobuf_c_message_pack(message, out);
	protobuf_c_message_free_unpacked(message, &quota.pb);
	return true;
}

static void
protoc_agrees_with_every_case(void **state)
{
	static uint8_t theirs[OCTETS_MAX], ours[OCTETS_MAX];
	unsigned differ = 0;

	(void)state;
	for (size_t i = 0; i < TEXT_CASES_N; i++) {
		const struct text_case *c = &text_cases[i];
		const struct ut_slice text = ut_slice_str(c->text);
		size_t n, m = 0;
		const bool is_theirs =
		    protoc_encode("kinds.All", "tests/cli", "kinds.proto", text, theirs, &n);
		const bool is_ours = our_encode(&kinds__all__descriptor, text, ours, &m);

		if (is_theirs == (c->verdict != BOTH_REFUSE) && is_ours == (c->verdict == BOTH_READ) &&
		    (!is_ours || (n == m && memcmp(theirs, ours, n) == 0)))
			continue;
		print_error("%s: protoc %s it, we %s it; %zu and %zu octets\n", c->what,
			    is_theirs ? "reads" : "refuses", is_ours ? "read" : "refuse", n, m);
		differ++;
	}
	assert_int_equal(differ, 0);
}

static void
protoc_agrees_with_the_examples(void **state)
{
	static const char *const files[] = { UT_EXAMPLES };
	static uint8_t text[OCTETS_MAX], theirs[OCTETS_MAX], ours[OCTETS_MAX];

	(void)state;
	for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
		FILE *file = fopen(files[i], "rb");
		size_t n, m = 0, octets;

		if (file == NULL)
			fail_msg("%s cannot be read", files[i]);
		octets = fread(text, 1, sizeof text, file);
		assert_int_equal(fclose(file), 0);
		assert_true(protoc_encode("uptun.Profile", "proto-defs", "uptun.proto",
					  ut_slice(text, octets), theirs, &n));
		assert_true(our_encode(&uptun__profile__descriptor, ut_slice(text, octets), ours, &m));
		assert_int_equal(n, m);
		assert_memory_equal(theirs, ours, n);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(protoc_agrees_with_every_case),
		cmocka_unit_test(protoc_agrees_with_the_examples),
	};
	char command[256];

	(void)snprintf(command, sizeof command, "'%s' --version > /dev/null 2>&1", protoc());
	if (system(command) != 0) {
		(void)fprintf(stderr, "SKIPPED: no protoc (Debian: protobuf-compiler)\n");
		return 77;
	}
	return cmocka_run_group_tests(tests, NULL, NULL);
}
