/* test_host_protect.c - IPsec required, IPsec there by chance, IPsec that goes
 * SPDX-License-Identifier: Apache-2.0
 */
#include "tests/cli/host/rig_trials.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static const uint64_t S = 1000000;
static const struct ut_world_spec calm = { .seed = 1, .delay_us = 1000 };

static struct rig *
start(bool is_required)
{
	struct rig *rig = rig_new(&calm);

	rig->profile->require_ipsec = is_required;
	return rig;
}

static void
check_text(const char *text, const char *part)
{
	if (strstr(text, part) == NULL)
		fail_msg("\"%s\" is not in \"%s\"", part, text);
}

/* ---- refused before the first packet ---- */

struct refusal {
	const char *what;
	bool has_ipsec;
	struct kb_guarded out, in;
	const char *says;
};

/* clang-format off */
static const struct refusal refusals[] = {
{ "a kernel without IPsec", false, { 0 }, { 0 }, "this kernel has no IPsec" },
{ "no policy at all", true, { 0 }, { 0 },
  "there is no policy for what goes out; there is no policy for what comes in: does the IKE daemon run, and has it a "
  "connection to this server?" },
{ "none for what comes in", true, { .guard = KB_GUARD_ESP, .templates.n = 1 }, { 0 }, "server: there is no policy for what comes in" },
{ "none for what goes out", true, { 0 }, { .guard = KB_GUARD_ESP, .templates.n = 1 }, "server: there is no policy for what goes out" },
{ "an exception", true, { .guard = KB_GUARD_BYPASS, .priority = 7 }, { .guard = KB_GUARD_ESP, .templates.n = 1 },
  "lets what goes out pass in clear (priority 7)" },
{ "a blocking policy", true, { .guard = KB_GUARD_ESP, .templates.n = 1 }, { .guard = KB_GUARD_BLOCK, .priority = 3 },
  "blocks what comes in (priority 3)" },
{ "AH only", true, { .guard = KB_GUARD_WEAK }, { .guard = KB_GUARD_WEAK }, "does not demand ESP" },
{ "another port of ours, told once", true, { .near_misses = KB_MISS_LOCAL_PORT, .near_local_port = 1701 },
  { .near_misses = KB_MISS_LOCAL_PORT, .near_local_port = 1701 }, "use --local-port 1701" },
{ "another port of the server", true, { .near_misses = KB_MISS_PEER_PORT, .near_peer_port = 1702 }, { 0 },
  "covers only destination port 1702, the server's is 1701" },
{ "another mark", true, { .near_misses = KB_MISS_MARK }, { 0 }, "another mark than the socket's 0x0: see --mark" },
};
/* clang-format on */

static void
without_protection_nothing_is_sent(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof refusals / sizeof refusals[0]; i++) {
		const struct refusal *c = &refusals[i];
		struct rig *rig = start(true);

		rig->has_ipsec = c->has_ipsec;
		rig->protection = (struct kb_protection){ .out = c->out, .in = c->in };
		rig_start(rig);
		if (!rig_run_until(rig, HOST_ENDED, 1, 5 * S))
			fail_msg("%s: not refused", c->what);
		assert_int_equal(rig->status, 2);
		assert_int_equal(rig->calls[RIG_SEND], 0);
		assert_int_equal(rig->told[HOST_DIALLING], 0);
		check_text(rig->ended, c->says);
		rig_end(rig);
	}
}

static void
the_flow_that_is_checked_is_the_one_that_is_used(void **state)
{
	struct rig *rig = start(true);

	(void)state;
	rig->profile->local_port = 1701;
	rig->profile->fwmark = 0x20;
	rig_protect(rig, true);
	rig_bring_up(rig);
	assert_int_equal(ntohs(rig->flow.local.in.sin_port), 1701);
	assert_int_not_equal(rig->flow.local.in.sin_addr.s_addr, 0);
	assert_int_equal(ntohs(rig->flow.peer.in.sin_port), 1701);
	assert_int_equal(rig->flow.mark, 0x20);
	assert_int_equal(rig->flow.ifindex, RIG_WAN);
	assert_int_equal(rig->calls[RIG_UDP_OPEN], 1);
	assert_true(rig->holds > 0);
	rig_take_down(rig);
}

/* ---- still being negotiated ---- */

static void
associate(void *ctx)
{
	rig_protect(ctx, true);
}

static void
the_first_message_waits_for_the_association(void **state)
{
	(void)state;
	for (int is_required = 0; is_required < 2; is_required++) {
		struct rig *rig = start(is_required);

		rig_protect(rig, false);
		(void)ut_world_at(rig->world, 3 * S, associate, rig);
		rig_start(rig);
		rig_run(rig, 2 * S);
		assert_int_equal(rig->calls[RIG_SEND], 0);
		assert_int_equal(rig->told[HOST_IPSEC], 1);
		assert_true(rig_run_until(rig, HOST_PPP_UP, 1, 5 * S));
		assert_int_equal(rig->told[HOST_IPSEC], 2);
		rig_take_down(rig);
	}
}

static void
an_association_that_never_comes_is_waited_for_ten_seconds(void **state)
{
	struct rig *rig = start(true);

	(void)state;
	rig_protect(rig, false);
	rig_start(rig);
	rig_run(rig, 9 * S);
	assert_int_equal(rig->told[HOST_ENDED], 0);
	assert_true(rig_run_until(rig, HOST_ENDED, 1, 2 * S));
	assert_int_equal(rig->status, 2);
	assert_int_equal(rig->calls[RIG_SEND], 0);
	check_text(rig->ended, "no association has come");
	rig_end(rig);

	rig = start(false); /* the kernel's policy holds it back where it must */
	rig_protect(rig, false);
	rig_start(rig);
	rig_run(rig, 9 * S);
	assert_int_equal(rig->calls[RIG_SEND], 0);
	assert_true(rig_run_until(rig, HOST_PPP_UP, 1, 5 * S));
	rig_take_down(rig);
}

static void
the_set_up_timer_ends_the_wait_with_its_reason(void **state)
{
	struct rig *rig = start(true);

	(void)state;
	rig->profile->timeouts.setup_s = 3;
	rig_protect(rig, false);
	rig_start(rig);
	assert_true(rig_run_until(rig, HOST_ENDED, 1, 4 * S));
	assert_int_equal(rig->status, 2);
	check_text(rig->ended, "no association has come");
	rig_end(rig);
}

static void
a_stop_ends_the_wait(void **state)
{
	struct rig *rig = start(true);

	(void)state;
	rig_protect(rig, false);
	rig_start(rig);
	rig_run(rig, S);
	rig_stop_in(rig, 0);
	assert_true(rig_run_until(rig, HOST_ENDED, 1, S));
	assert_int_equal(rig->status, 5);
	rig_end(rig);
}

/* ---- lost ---- */

static void
lost_protection_cuts_the_tunnel_without_a_word(void **state)
{
	struct rig *rig = start(true);

	(void)state;
	rig_protect(rig, true);
	rig_bring_up(rig);
	rig_run(rig, S);
	const unsigned sent = rig->calls[RIG_SEND];
	rig_unprotect(rig);
	assert_true(rig_run_until(rig, HOST_ENDED, 1, 10 * S));
	assert_int_equal(rig->calls[RIG_SEND], sent);
	assert_int_equal(rig->status, 2);
	check_text(rig->ended, "there is no policy for what goes out");
	rig_end(rig);
}

static void
lost_while_dialling_too(void **state)
{
	struct rig *rig = start(true);

	(void)state;
	rig->server.is_silent = true;
	rig_protect(rig, true);
	rig_start(rig);
	assert_true(rig_run_until(rig, HOST_DIALLING, 1, 5 * S));
	const unsigned sent = rig->calls[RIG_SEND];
	rig_unprotect(rig);
	assert_true(rig_run_until(rig, HOST_ENDED, 1, 10 * S));
	assert_int_equal(rig->calls[RIG_SEND], sent);
	assert_int_equal(rig->status, 2);
	rig_end(rig);
}

static void
a_change_that_leaves_it_protected_changes_nothing(void **state)
{
	struct rig *rig = start(true);

	(void)state;
	rig_protect(rig, true);
	rig_bring_up(rig);
	const unsigned holds = rig->holds;
	rig_protect(rig, false); /* an association expired; the policy stands */
	rig_run(rig, S);
	assert_int_equal(rig->told[HOST_ENDED], 0);
	assert_true(rig->holds > holds);
	rig_take_down(rig);
}

static void
it_dials_again_when_protection_is_back(void **state)
{
	struct rig *rig = start(true);

	(void)state;
	rig->profile->reconnect.enabled = true;
	rig->profile->reconnect.first_delay_ms = 1000;
	rig->profile->reconnect.max_delay_s = 60;
	rig_protect(rig, true);
	rig_bring_up(rig);
	rig_unprotect(rig);
	assert_true(rig_run_until(rig, HOST_BACKOFF, 2, 60 * S));
	const unsigned sent = rig->calls[RIG_SEND];
	assert_true(rig_run_until(rig, HOST_BACKOFF, 3, 60 * S));
	assert_int_equal(rig->calls[RIG_SEND], sent);
	rig_protect(rig, true);
	assert_true(rig_run_until(rig, HOST_PPP_UP, 2, 90 * S));
	rig_take_down(rig);
}

/* ---- not asked for ---- */

static void
who_meant_to_protect_it_is_told_that_it_is_not(void **state)
{
	struct rig *rig = start(false);

	(void)state;
	rig->has_ipsec = true;
	rig->protection.out =
	    (struct kb_guarded){ .near_misses = KB_MISS_LOCAL_PORT, .near_local_port = 1701 };
	rig_bring_up(rig);
	assert_int_equal(rig->told[HOST_IPSEC], 1);
	rig_take_down(rig);
}

static void
without_policies_nothing_is_told(void **state)
{
	(void)state;
	for (int has_ipsec = 0; has_ipsec < 2; has_ipsec++) {
		struct rig *rig = start(false);

		rig->has_ipsec = has_ipsec;
		rig_start(rig);
		assert_true(rig_run_until(rig, HOST_PPP_UP, 1, 5 * S));
		assert_int_equal(rig->told[HOST_IPSEC], 0);
		assert_int_equal(rig->holds, 0);
		rig_take_down(rig);
	}
}

/* ---- every call may fail ---- */

/* False when the call was not made so often. */
static bool
fail_once(enum rig_call call, unsigned n, bool is_required)
{
	struct rig *rig = start(is_required);

	rig->fail_call = call;
	rig->fail_at = n;
	rig_protect(rig, false);
	(void)ut_world_at(rig->world, S, associate, rig);
	rig_start(rig);
	rig_stop_in(rig, 20 * S);
	rig_run(rig, 60 * S);
	assert_int_equal(rig->told[HOST_ENDED], 1);
	if (is_required && rig->told[HOST_PPP_UP] > 0)
		assert_true(rig->holds > 0);
	const bool happened = rig->calls[call] >= n;
	rig_end(rig);
	return happened;
}

static void
after_any_failure_nothing_is_left(void **state)
{
	(void)state;
	for (int call = 0; call < RIG_CALL_N; call++) {
		for (unsigned n = 1; n < 100 && fail_once((enum rig_call)call, n, true); n++)
			(void)fail_once((enum rig_call)call, n, false);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(without_protection_nothing_is_sent),
		cmocka_unit_test(the_flow_that_is_checked_is_the_one_that_is_used),
		cmocka_unit_test(the_first_message_waits_for_the_association),
		cmocka_unit_test(an_association_that_never_comes_is_waited_for_ten_seconds),
		cmocka_unit_test(the_set_up_timer_ends_the_wait_with_its_reason),
		cmocka_unit_test(a_stop_ends_the_wait),
		cmocka_unit_test(lost_protection_cuts_the_tunnel_without_a_word),
		cmocka_unit_test(lost_while_dialling_too),
		cmocka_unit_test(a_change_that_leaves_it_protected_changes_nothing),
		cmocka_unit_test(it_dials_again_when_protection_is_back),
		cmocka_unit_test(who_meant_to_protect_it_is_told_that_it_is_not),
		cmocka_unit_test(without_policies_nothing_is_told),
		cmocka_unit_test(after_any_failure_nothing_is_left),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
