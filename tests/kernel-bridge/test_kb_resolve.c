/* test_kb_resolve.c - names and addresses of servers
 * SPDX-License-Identifier: Apache-2.0
 */
#include "kernel-bridge/kb_resolve.h"

#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <string.h>
#include <sys/wait.h>

#include <cmocka.h>

static void
numbers_are_their_own_answer_at_once(void **state)
{
	/* clang-format off */
	static const struct { const char *text; sa_family_t wish, family; } cases[] = {
		{ "192.0.2.1",        AF_UNSPEC, AF_INET },
		{ "192.0.2.1",        AF_INET,   AF_INET },
		{ "2001:db8::1",      AF_UNSPEC, AF_INET6 },
		{ "::ffff:192.0.2.1", AF_UNSPEC, AF_INET6 },
	};
	/* clang-format on */
	struct kb_error why;

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct kb_resolve r;
		union kb_sockaddr found[KB_RESOLVE_MAX];
		char text[INET6_ADDRSTRLEN];

		assert_int_equal(kb_resolve_start(&r, cases[i].text, 1701, cases[i].wish, &why), 0);
		assert_int_equal(kb_resolve_fd(&r), -1);
		assert_int_equal(kb_resolve_finish(&r, found, KB_RESOLVE_MAX, &why), 1);
		assert_int_equal(found[0].sa.sa_family, cases[i].family);
		const bool v6 = cases[i].family == AF_INET6;
		assert_int_equal(ntohs(v6 ? found[0].in6.sin6_port : found[0].in.sin_port), 1701);
		inet_ntop(cases[i].family,
			  v6 ? (const void *)&found[0].in6.sin6_addr : (const void *)&found[0].in.sin_addr,
			  text, sizeof text);
		assert_string_equal(text, cases[i].text);
		kb_resolve_cancel(&r);
	}
}

/* The answer, waited for. */
static int
answer(struct kb_resolve *r, union kb_sockaddr *found, struct kb_error *why)
{
	int n = kb_resolve_finish(r, found, KB_RESOLVE_MAX, why);

	while (n == -EAGAIN) {
		struct pollfd p = { .fd = kb_resolve_fd(r), .events = POLLIN };

		assert_int_equal(poll(&p, 1, 30000), 1);
		n = kb_resolve_finish(r, found, KB_RESOLVE_MAX, why);
	}
	return n;
}

static void
a_name_is_looked_up_by_a_child_that_goes_away(void **state)
{
	struct kb_resolve r;
	union kb_sockaddr found[KB_RESOLVE_MAX];
	struct kb_error why;

	(void)state;
	assert_int_equal(kb_resolve_start(&r, "localhost", 1723, AF_INET, &why), 0);
	assert_true(kb_resolve_fd(&r) >= 0);
	assert_true(answer(&r, found, &why) >= 1);
	assert_int_equal(found[0].in.sin_addr.s_addr, htonl(INADDR_LOOPBACK));
	assert_int_equal(ntohs(found[0].in.sin_port), 1723);
	assert_int_equal(kb_resolve_fd(&r), -1);
	assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
	assert_int_equal(errno, ECHILD);
}

static void
an_unknown_name_is_named_in_the_error(void **state)
{
	struct kb_resolve r;
	union kb_sockaddr found[KB_RESOLVE_MAX];
	struct kb_error why;

	(void)state;
	assert_int_equal(kb_resolve_start(&r, "no-such-host.invalid", 1701, AF_UNSPEC, &why), 0);
	assert_true(answer(&r, found, &why) < 0);
	assert_non_null(strstr(why.text, "no-such-host.invalid"));
}

static void
what_cannot_be_a_name_is_refused_at_once(void **state)
{
	static char too_long[400];
	struct kb_resolve r;
	struct kb_error why;

	(void)state;
	memset(too_long, 'a', sizeof too_long - 1);
	assert_int_equal(kb_resolve_start(&r, "", 1, AF_UNSPEC, &why), -EINVAL);
	assert_int_equal(kb_resolve_start(&r, "two words", 1, AF_UNSPEC, &why), -EINVAL);
	assert_int_equal(kb_resolve_start(&r, "new\nline", 1, AF_UNSPEC, &why), -EINVAL);
	assert_int_equal(kb_resolve_start(&r, too_long, 1, AF_UNSPEC, &why), -EINVAL);
}

static void
a_search_can_be_given_up(void **state)
{
	struct kb_resolve r, none = KB_RESOLVE_NULL;
	struct kb_error why;

	(void)state;
	assert_int_equal(kb_resolve_start(&r, "localhost", 1, AF_UNSPEC, &why), 0);
	kb_resolve_cancel(&r);
	kb_resolve_cancel(&r);
	kb_resolve_cancel(&none);
	assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
}

static void
a_resolver_that_dies_is_an_error(void **state)
{
	struct kb_resolve r;
	union kb_sockaddr found[KB_RESOLVE_MAX];
	struct kb_error why;

	(void)state;
	assert_int_equal(kb_resolve_start(&r, "localhost", 1, AF_UNSPEC, &why), 0);
	kill(r.pid, SIGSTOP);
	kill(r.pid, SIGKILL);
	const int n = answer(&r, found, &why);
	assert_true(n == -EIO || n >= 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers_are_their_own_answer_at_once),
		cmocka_unit_test(a_name_is_looked_up_by_a_child_that_goes_away),
		cmocka_unit_test(an_unknown_name_is_named_in_the_error),
		cmocka_unit_test(what_cannot_be_a_name_is_refused_at_once),
		cmocka_unit_test(a_search_can_be_given_up),
		cmocka_unit_test(a_resolver_that_dies_is_an_error),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
