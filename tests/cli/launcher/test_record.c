/* test_record.c - records between daemon and launcher: what was written is read, and nothing else
 * SPDX-License-Identifier: Apache-2.0
 */
#include "tests/cli/launcher/requests.h"
#include "tests/guard.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

enum {
	HEADER = 12,
	FLAGS_AT = 12,
	MTU_AT = 16,
	MPPE_AT = 24,
	IFNAME_AT = 28,
	USER_AT = 38,
	PASSWORD_AT = 47
};

static size_t
write_start(uint8_t octets[LAUNCHER_RECORD_MAX])
{
	const struct launcher_request request = full_start();
	const size_t n = launcher_request_write(&request, octets, LAUNCHER_RECORD_MAX);

	assert_true(n > PASSWORD_AT);
	return n;
}

static void
a_start_is_read_as_it_was_written(void **state)
{
	uint8_t octets[LAUNCHER_RECORD_MAX];
	const struct launcher_request in = full_start();
	struct launcher_request out;
	struct kb_error why;

	(void)state;
	assert_int_equal(launcher_request_read(octets, write_start(octets), &out, &why), 0);
	assert_int_equal(out.kind, LAUNCHER_START);
	assert_int_equal(out.exchange, 7);
	assert_true(out.stock_plugin && out.use_peer_dns);
	assert_int_equal(out.mtu, 1400);
	assert_int_equal(out.mru, 1401);
	assert_int_equal(out.mppe, KB_MPPE_REQUIRE);
	assert_string_equal(out.ifname, "vpn0.1");
	assert_string_equal(out.user, "alice");
	assert_true(ut_slice_is_equal(out.password, in.password));
	for (int i = 0; i < 3; i++)
		assert_string_equal(out.words[i], in.words[i]);
	assert_null(out.words[3]);
}

static void
the_others_are_read_as_they_were_written(void **state)
{
	static const enum launcher_kind with_pid[] = { LAUNCHER_TERM, LAUNCHER_KILL, LAUNCHER_WAIT,
						       LAUNCHER_RELEASE };
	uint8_t octets[LAUNCHER_RECORD_MAX];
	struct launcher_request out;
	struct kb_error why;

	(void)state;
	for (size_t i = 0; i < sizeof with_pid / sizeof with_pid[0]; i++) {
		const struct launcher_request in = { .kind = with_pid[i], .exchange = 8, .pid = 4711 };
		const size_t n = launcher_request_write(&in, octets, sizeof octets);

		assert_int_equal(launcher_request_read(octets, n, &out, &why), 0);
		assert_true(out.kind == in.kind && out.pid == 4711 && out.exchange == 8);
	}
	for (enum launcher_kind kind = LAUNCHER_KEEP; kind <= LAUNCHER_FORGET; kind++) {
		const struct launcher_request in = full_route(kind);
		const size_t n = launcher_request_write(&in, octets, sizeof octets);

		assert_int_equal(launcher_request_read(octets, n, &out, &why), 0);
		assert_int_equal(out.kind, kind);
		assert_true(kb_route_is_same(&out.route, &in.route));
		assert_true(out.route.has_source);
		assert_memory_equal(out.route.source, in.route.source, sizeof in.route.source);
	}
}

static void
a_reply_is_read_as_it_was_written(void **state)
{
	const struct launcher_reply in = {
		.exchange = 5, .result = -22, .pid = 99, .wstatus = 0x1300, .text = "why"
	};
	uint8_t octets[LAUNCHER_REPLY_MAX];
	const size_t n = launcher_reply_write(&in, octets, sizeof octets);
	struct launcher_reply out;

	(void)state;
	assert_int_equal(launcher_reply_read(octets, n, &out), 0);
	assert_true(out.exchange == 5 && out.result == -22 && out.pid == 99 && out.wstatus == 0x1300);
	assert_string_equal(out.text, "why");
	for (size_t part = 0; part < n; part++)
		assert_int_equal(launcher_reply_read(octets, part, &out), -EBADMSG);
	assert_int_equal(launcher_request_read(octets, n, &(struct launcher_request){ 0 }, NULL), -EBADMSG);
}

/* Inputs end at a guard page. */
static void
every_prefix_of_a_start_is_refused(void **state)
{
	uint8_t octets[LAUNCHER_RECORD_MAX];
	const size_t n = write_start(octets);
	struct guard guard = guard_new(n);
	struct launcher_request out;
	struct kb_error why;

	(void)state;
	for (size_t part = 0; part < n; part++) {
		const struct ut_slice prefix = guard_put(&guard, ut_slice(octets, part));

		assert_int_equal(launcher_request_read(prefix.p, part, &out, &why), -EBADMSG);
		assert_non_null(strstr(why.text, "bad record at octet"));
	}
	guard_free(&guard);
}

/* clang-format off */
static const struct {
	const char *what;
	size_t at;
	uint8_t octet;
	const char *says;
} faults[] = {
	{ "another magic",                   0,               'x',  "none of ours" },
	{ "a kind that there is not",        7,               LAUNCHER_KIND_N, "no such request" },
	{ "a reply's kind",                  4,               0x80, "no such request" },
	{ "an unknown flag",                 FLAGS_AT + 3,    4,    "unknown flags" },
	{ "a huge MTU",                      MTU_AT,          1,    "MTU" },
	{ "a huge MRU",                      MTU_AT + 5,      1,    "MRU" },
	{ "no such wish",                    MPPE_AT + 3,     KB_MPPE_N, "MPPE" },
	{ "a huge name of an interface",     IFNAME_AT,       0xff, "interface" },
	{ "one octet too many",              IFNAME_AT + 3,   16,   "interface" },
	{ "an interface in another folder",  IFNAME_AT + 5,   '/',  "interface" },
	{ "a hidden interface",              IFNAME_AT + 4,   '.',  "interface" },
	{ "a pattern of the kernel's",       IFNAME_AT + 7,   '%',  "interface" },
	{ "an interface with a NUL",         IFNAME_AT + 6,   0,    "interface" },
	{ "a huge name of a user",           USER_AT + 2,     1,    "user" },
	{ "a user with a line end",          USER_AT + 5,     '\n', "control" },
	{ "a user with a NUL",               USER_AT + 5,     0,    "user" },
	{ "a huge password",                 PASSWORD_AT + 2, 1,    "password" },
	{ "options as long as memory",       PASSWORD_AT + 9, 0xff, "too many octets of options" },
};
/* clang-format on */

static void
each_fault_is_refused_and_named(void **state)
{
	struct launcher_request out;
	struct kb_error why;

	(void)state;
	for (size_t i = 0; i < sizeof faults / sizeof faults[0]; i++) {
		uint8_t octets[LAUNCHER_RECORD_MAX];
		const size_t n = write_start(octets);

		octets[faults[i].at] = faults[i].octet;
		if (launcher_request_read(octets, n, &out, &why) != -EBADMSG ||
		    strstr(why.text, faults[i].says) == NULL)
			fail_msg("%s: %s", faults[i].what, why.text);
	}
}

static void
options_end_and_are_not_too_many(void **state)
{
	uint8_t octets[LAUNCHER_RECORD_MAX];
	struct launcher_request request = full_start(), out;
	struct kb_error why;
	size_t n = write_start(octets);

	(void)state;
	octets[n - 1] = 'x';
	assert_int_equal(launcher_request_read(octets, n, &out, &why), -EBADMSG);
	assert_non_null(strstr(why.text, "does not end"));

	for (size_t i = 0; i < LAUNCHER_WORDS_MAX; i++)
		request.words[i] = "a";
	n = launcher_request_write(&request, octets, sizeof octets);
	assert_int_equal(launcher_request_read(octets, n, &out, &why), 0);
	octets[n - 2] = '\0'; /* the last becomes two empty ones */
	assert_int_equal(launcher_request_read(octets, n, &out, &why), -EBADMSG);
	assert_non_null(strstr(why.text, "too many options"));
}

static void
what_does_not_fit_is_not_written(void **state)
{
	static char word[LAUNCHER_OPTIONS_OCTETS + 1];
	uint8_t octets[LAUNCHER_RECORD_MAX];
	struct launcher_request request = full_start();

	(void)state;
	memset(word, 'a', sizeof word - 1);
	request.words[2] = word;
	assert_int_equal(launcher_request_write(&request, octets, sizeof octets), 0);
	request = full_start();
	assert_int_equal(launcher_request_write(&request, octets, 20), 0);
	request.kind = LAUNCHER_KIND_N;
	assert_int_equal(launcher_request_write(&request, octets, sizeof octets), 0);
}

static void
octets_that_belong_to_nothing_are_refused(void **state)
{
	const struct launcher_request request = { .kind = LAUNCHER_WAIT, .pid = 2 };
	uint8_t octets[LAUNCHER_RECORD_MAX] = { 0 };
	const size_t n = launcher_request_write(&request, octets, sizeof octets);
	struct launcher_request out;
	struct kb_error why;

	(void)state;
	assert_int_equal(launcher_request_read(octets, n, &out, &why), 0);
	assert_int_equal(launcher_request_read(octets, n + 1, &out, &why), -EBADMSG);
	for (uint8_t pid = 0; pid < 2; pid++) { /* everybody's, and the first process's */
		octets[n - 1] = pid;
		assert_int_equal(launcher_request_read(octets, n, &out, &why), -EBADMSG);
	}
	octets[n - 4] = 0x80; /* a group of processes */
	assert_int_equal(launcher_request_read(octets, n, &out, &why), -EBADMSG);
}

static void
a_route_is_of_a_family_and_no_longer_than_its_addresses(void **state)
{
	enum { FAMILY_AT = HEADER + 7, LENGTH_AT = HEADER + 11 };
	static const struct {
		uint8_t family, length;
		bool good;
	} cases[] = { { AF_INET, 32, true },	{ AF_INET, 33, false }, { AF_INET6, 128, true },
		      { AF_INET6, 129, false }, { AF_UNIX, 8, false },	{ 0, 0, false } };
	uint8_t octets[LAUNCHER_RECORD_MAX];
	const struct launcher_request request = full_route(LAUNCHER_KEEP);
	const size_t n = launcher_request_write(&request, octets, sizeof octets);
	struct launcher_request out;

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		octets[FAMILY_AT] = cases[i].family;
		octets[LENGTH_AT] = cases[i].length;
		assert_int_equal(launcher_request_read(octets, n, &out, NULL), cases[i].good ? 0 : -EBADMSG);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_start_is_read_as_it_was_written),
		cmocka_unit_test(the_others_are_read_as_they_were_written),
		cmocka_unit_test(a_reply_is_read_as_it_was_written),
		cmocka_unit_test(every_prefix_of_a_start_is_refused),
		cmocka_unit_test(each_fault_is_refused_and_named),
		cmocka_unit_test(options_end_and_are_not_too_many),
		cmocka_unit_test(what_does_not_fit_is_not_written),
		cmocka_unit_test(octets_that_belong_to_nothing_are_refused),
		cmocka_unit_test(a_route_is_of_a_family_and_no_longer_than_its_addresses),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
