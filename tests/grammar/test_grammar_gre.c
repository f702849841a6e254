/* test_grammar_gre.c - every transition of codec/gre_grammar.rl is taken
 * SPDX-License-Identifier: Apache-2.0
 */
#include "tests/grammar/grammar.h"

#include "tests/grammar/gre.traced.c"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

enum { HEADER_OCTETS_MAX = 16 };

static void
decode(struct ut_slice packet)
{
	struct gre_header header;
	struct gre_fault fault;

	assert_in_range(gre_header_decode(packet, &header, &fault), GRE_FAULT_NONE, GRE_FAULT_N - 1);
}

static void
every_transition_of_the_header_is_taken(void **state)
{
	uint8_t packet[HEADER_OCTETS_MAX] = { 0, 0, GRE_TYPE_PPP >> 8, GRE_TYPE_PPP & 0xff };

	(void)state;
	for (unsigned bits = 0; bits <= UINT16_MAX; bits++) {
		packet[0] = (uint8_t)(bits >> 8);
		packet[1] = (uint8_t)bits;
		for (size_t n = 0; n <= sizeof packet; n += bits < 0x4000 ? 1 : sizeof packet / 2)
			decode(ut_slice(packet, n));
	}
	GRAMMAR_CHECK(gre);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_transition_of_the_header_is_taken),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
