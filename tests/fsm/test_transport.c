/* test_transport.c - reliable delivery of control messages (RFC 2661 5.8, appendix A)
 * SPDX-License-Identifier: Apache-2.0
 */
#include "fsm/transport.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

enum { N = 64 };

struct fixture {
	struct ut_blocks pool;
	struct ut_block blocks[N];
	struct l2tp_transport t;
};

static void
start(struct fixture *f, uint16_t at)
{
	ut_blocks_init(&f->pool, f->blocks, N);
	l2tp_transport_init(&f->t, 8);
	f->t.ns = f->t.una = f->t.next = f->t.limit = f->t.nr = at;
}

static void
queue(struct fixture *f, unsigned n)
{
	uint8_t octets[20] = { 0 };

	while (n-- > 0) {
		octets[0] = (uint8_t)f->t.ns;
		assert_true(
		    l2tp_transport_queue(&f->t, &f->pool, f->blocks, ut_slice(octets, sizeof octets)));
	}
}

/* Everything the window lets out; the Ns of the first in *first. */
static unsigned
send_all(struct fixture *f, uint16_t *first)
{
	unsigned n = 0;
	uint16_t b;

	while ((b = l2tp_transport_next(&f->t, f->blocks)) != UT_BLOCK_NONE)
		if (n++ == 0 && first != NULL)
			*first = f->blocks[b].tag;
	return n;
}

static struct l2tp_rx_verdict
receive(struct fixture *f, int ns, int nr, bool is_zlb)
{
	static const uint8_t octets[20];

	struct l2tp_rx_message m = { (uint16_t)ns, (uint16_t)nr, is_zlb, ut_slice(octets, sizeof octets) };

	return l2tp_transport_receive(&f->t, &f->pool, f->blocks, &m);
}

static void
slow_start_doubles_and_stops_at_the_peers_window(void **state)
{
	static const unsigned rounds[] = { 1, 2, 4, 8, 8 };
	static struct fixture f;

	(void)state;
	start(&f, 0);
	l2tp_transport_set_peer_window(&f.t, 8);
	queue(&f, 30);
	for (unsigned r = 0; r < sizeof rounds / sizeof rounds[0]; r++) {
		uint16_t base = f.t.next;

		assert_int_equal(send_all(&f, NULL), rounds[r]);
		for (unsigned k = 1; k <= rounds[r]; k++)
			assert_true(receive(&f, 0, (uint16_t)(base + k), true).progress);
	}
}

static void
after_a_timeout_the_window_is_one_and_grows_slowly_past_half(void **state)
{
	static struct fixture f;
	uint16_t first, grew = 0, cwnd = 1;

	(void)state;
	start(&f, 0);
	l2tp_transport_set_peer_window(&f.t, 8);
	f.t.cwnd = 8;
	queue(&f, 40);
	assert_int_equal(send_all(&f, NULL), 8);
	l2tp_transport_timeout(&f.t);
	assert_int_equal(f.t.ssthresh, 4);
	assert_int_equal(f.t.cwnd, 1);
	assert_int_equal(send_all(&f, &first), 1);
	assert_int_equal(first, 0);
	/* slow start to 4: one more an acknowledgement; then one more a window of them */
	for (unsigned k = 1; k <= 3 + 4 + 5 + 6 + 7; k++) {
		(void)receive(&f, 0, (int)k, true);
		(void)send_all(&f, NULL);
		grew = (uint16_t)(grew + (f.t.cwnd != cwnd));
		cwnd = f.t.cwnd;
		if (k == 3)
			assert_int_equal(cwnd, 4);
		if (k == 6)
			assert_int_equal(cwnd, 4);
		if (k == 7)
			assert_int_equal(cwnd, 5);
	}
	assert_int_equal(cwnd, 8);
	assert_int_equal(grew, 7);
}

static void
a_window_of_four_is_assumed_and_of_one_is_kept(void **state)
{
	static struct fixture f;

	(void)state;
	start(&f, 0);
	f.t.cwnd = 100;
	queue(&f, 20);
	assert_int_equal(send_all(&f, NULL), 4);
	start(&f, 0);
	l2tp_transport_set_peer_window(&f.t, 1);
	queue(&f, 5);
	for (int k = 1; k <= 5; k++) {
		assert_int_equal(send_all(&f, NULL), 1);
		(void)receive(&f, 0, k, true);
	}
	assert_false(l2tp_transport_is_waiting(&f.t));
}

static void
the_interval_doubles_up_to_the_cap(void **state)
{
	static const uint32_t want[] = { 1000, 2000, 4000, 8000, 8000, 8000 };
	static struct fixture f;

	(void)state;
	start(&f, 0);
	queue(&f, 1);
	for (unsigned k = 0; k < 6; k++) {
		assert_int_equal(send_all(&f, NULL), 1);
		assert_int_equal(l2tp_transport_interval(&f.t, 1000, 8000), want[k]);
		l2tp_transport_timeout(&f.t);
	}
	(void)send_all(&f, NULL);
	(void)receive(&f, 0, 1, true);
	queue(&f, 1);
	(void)send_all(&f, NULL);
	assert_int_equal(l2tp_transport_interval(&f.t, 1000, 8000), 1000);
}

static void
numbers_wrap_at_65535_both_ways(void **state)
{
	static struct fixture f;

	(void)state;
	start(&f, 65530);
	l2tp_transport_set_peer_window(&f.t, 8);
	for (int k = 0; k < 40; k++) {
		queue(&f, 1);
		assert_int_equal(send_all(&f, NULL), 1);
		assert_int_equal(receive(&f, 65530 + k, 65530 + k + 1, false).rx, L2TP_RX_NEW);
		assert_int_equal(f.t.nr, (uint16_t)(65530 + k + 1));
		assert_int_equal(receive(&f, 65530 + k, 65530 + k + 1, false).rx, L2TP_RX_DUPLICATE);
		assert_int_equal(f.pool.n_free, N);
	}
}

static void
an_acknowledgement_of_what_was_never_sent_is_refused(void **state)
{
	static struct fixture f;

	(void)state;
	start(&f, 65534);
	queue(&f, 6);
	f.t.cwnd = 3;
	assert_int_equal(send_all(&f, NULL), 3);
	assert_int_equal(receive(&f, 65534, 65534 + 4, true).rx, L2TP_RX_BAD);
	assert_int_equal(receive(&f, 65534, 65534 + 4, false).rx, L2TP_RX_BAD);
	assert_int_equal(f.t.nr, 65534);
	assert_true(receive(&f, 65534, 65534 + 3, true).progress);
	assert_false(receive(&f, 65534, 65534 + 3, true).progress);
	assert_false(receive(&f, 65534, 65534, true).progress); /* an old one */
}

static void
after_a_timeout_what_was_sent_before_may_still_be_acknowledged(void **state)
{
	static struct fixture f;
	uint16_t first = 0;

	(void)state;
	start(&f, 0);
	f.t.cwnd = 4;
	queue(&f, 6);
	assert_int_equal(send_all(&f, NULL), 4);
	l2tp_transport_timeout(&f.t);
	assert_int_equal(send_all(&f, NULL), 1);
	assert_true(receive(&f, 0, 4, true).progress);
	assert_int_equal(send_all(&f, &first), 2);
	assert_int_equal(first, 4);
	assert_int_equal(f.t.transmissions, 1);
}

static void
early_messages_wait_inside_the_window_and_are_ignored_outside(void **state)
{
	static struct fixture f;

	(void)state;
	start(&f, 0);
	for (int ns = 7; ns >= 1; ns--) {
		assert_int_equal(receive(&f, ns, 0, false).rx, L2TP_RX_EARLY);
		assert_int_equal(receive(&f, ns, 0, false).rx, L2TP_RX_EARLY); /* kept once */
	}
	assert_int_equal(receive(&f, 8, 0, false).rx, L2TP_RX_BAD);
	assert_int_equal(receive(&f, 32767, 0, false).rx, L2TP_RX_BAD);
	assert_int_equal(receive(&f, 32768, 0, false).rx, L2TP_RX_DUPLICATE);
	assert_int_equal(f.pool.n_free, N - 7);
	assert_int_equal(l2tp_transport_deliver(&f.t, f.blocks), UT_BLOCK_NONE);
	assert_int_equal(receive(&f, 0, 0, false).rx, L2TP_RX_NEW);
	for (uint16_t ns = 1; ns < 8; ns++) {
		uint16_t b = l2tp_transport_deliver(&f.t, f.blocks);

		assert_int_equal(f.blocks[b].tag, ns);
		ut_blocks_drop(&f.pool, f.blocks, b);
	}
	assert_int_equal(l2tp_transport_deliver(&f.t, f.blocks), UT_BLOCK_NONE);
	assert_int_equal(f.t.nr, 8);
	assert_int_equal(f.pool.n_free, N);
}

static void
an_early_message_that_comes_again_in_order_does_not_block_the_rest(void **state)
{
	static struct fixture f;
	uint16_t b;

	(void)state;
	start(&f, 0);
	(void)receive(&f, 1, 0, false);
	(void)receive(&f, 2, 0, false);
	assert_int_equal(receive(&f, 0, 0, false).rx, L2TP_RX_NEW);
	assert_int_equal(receive(&f, 1, 0, false).rx, L2TP_RX_NEW); /* before the kept one was delivered */
	b = l2tp_transport_deliver(&f.t, f.blocks);
	assert_int_not_equal(b, UT_BLOCK_NONE);
	assert_int_equal(f.blocks[b].tag, 2);
	ut_blocks_drop(&f.pool, f.blocks, b);
	assert_int_equal(f.pool.n_free, N);
}

static void
a_short_pool_is_kept_for_sending(void **state)
{
	static struct fixture f;
	uint8_t big[56 * 50] = { 0 };

	(void)state;
	start(&f, 0);
	assert_true(l2tp_transport_queue(&f.t, &f.pool, f.blocks, ut_slice(big, sizeof big)));
	assert_int_equal(f.pool.n_free, 14);
	assert_int_equal(receive(&f, 1, 0, false).rx, L2TP_RX_EARLY);
	assert_int_equal(f.pool.n_free, 14); /* not kept: the peer sends it again */
	assert_false(l2tp_transport_queue(&f.t, &f.pool, f.blocks, ut_slice(big, 56 * 15)));
	assert_int_equal(f.t.ns, 1);
	l2tp_transport_clear(&f.t, &f.pool, f.blocks);
	assert_int_equal(f.pool.n_free, N);
}

static void
what_was_never_sent_can_be_dropped_at_every_point(void **state)
{
	static struct fixture f;

	(void)state;
	for (unsigned queued = 0; queued <= 6; queued++) {
		for (uint16_t window = 1; window <= 4; window++) {
			for (unsigned timed_out = 0; timed_out < 2; timed_out++) {
				unsigned sent;

				start(&f, 65533);
				f.t.cwnd = window;
				queue(&f, queued);
				sent = send_all(&f, NULL);
				if (timed_out != 0 && sent > 0)
					l2tp_transport_timeout(&f.t);
				l2tp_transport_end(&f.t, &f.pool, f.blocks);
				assert_int_equal(f.pool.n_free, N - sent);
				assert_int_equal(f.t.ns, (uint16_t)(65533 + sent));
				queue(&f, 1); /* the last word takes the next number */
				f.t.cwnd = 8;
				f.t.peer_window = 8;
				assert_int_equal(send_all(&f, NULL), timed_out != 0 ? sent + 1 : 1);
				assert_true(receive(&f, 65533, (int)(65533 + sent + 1), true).progress);
				assert_int_equal(f.pool.n_free, N);
			}
		}
	}
}

static void
a_last_message_waits_for_the_peers_window_only(void **state)
{
	static struct fixture f;

	(void)state;
	for (uint16_t peer_window = 1; peer_window <= 4; peer_window++) {
		start(&f, 0);
		l2tp_transport_set_peer_window(&f.t, peer_window);
		queue(&f, 1);
		assert_int_equal(send_all(&f, NULL), 1);
		l2tp_transport_end(&f.t, &f.pool, f.blocks);
		queue(&f, 1);
		assert_int_equal(send_all(&f, NULL), peer_window > 1);
		l2tp_transport_timeout(&f.t);
		assert_int_equal(send_all(&f, NULL), peer_window > 1 ? 2 : 1);
		l2tp_transport_clear(&f.t, &f.pool, f.blocks);
	}
}

static void
a_last_message_takes_along_what_was_lost_before(void **state)
{
	static struct fixture f;
	uint16_t first;

	(void)state;
	start(&f, 0);
	queue(&f, 1);
	for (unsigned k = 0; k < 4; k++) {
		assert_int_equal(send_all(&f, NULL), 1);
		l2tp_transport_timeout(&f.t);
	}
	assert_int_equal(send_all(&f, NULL), 1);
	l2tp_transport_end(&f.t, &f.pool, f.blocks);
	queue(&f, 1);
	assert_int_equal(send_all(&f, &first), 2);
	assert_int_equal(first, 0);
	assert_int_equal(l2tp_transport_interval(&f.t, 1000, 8000), 1000);
	assert_true(receive(&f, 0, 2, true).progress);
	assert_int_equal(f.pool.n_free, N);
}

static void
clearing_takes_no_number_for_what_was_never_sent(void **state)
{
	static struct fixture f;

	(void)state;
	start(&f, 10);
	queue(&f, 5);
	assert_int_equal(send_all(&f, NULL), 1);
	l2tp_transport_clear(&f.t, &f.pool, f.blocks);
	assert_int_equal(f.t.ns, 11);
	assert_int_equal(f.pool.n_free, N);
	assert_false(l2tp_transport_is_waiting(&f.t));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(slow_start_doubles_and_stops_at_the_peers_window),
		cmocka_unit_test(after_a_timeout_the_window_is_one_and_grows_slowly_past_half),
		cmocka_unit_test(a_window_of_four_is_assumed_and_of_one_is_kept),
		cmocka_unit_test(the_interval_doubles_up_to_the_cap),
		cmocka_unit_test(numbers_wrap_at_65535_both_ways),
		cmocka_unit_test(an_acknowledgement_of_what_was_never_sent_is_refused),
		cmocka_unit_test(after_a_timeout_what_was_sent_before_may_still_be_acknowledged),
		cmocka_unit_test(early_messages_wait_inside_the_window_and_are_ignored_outside),
		cmocka_unit_test(an_early_message_that_comes_again_in_order_does_not_block_the_rest),
		cmocka_unit_test(a_short_pool_is_kept_for_sending),
		cmocka_unit_test(what_was_never_sent_can_be_dropped_at_every_point),
		cmocka_unit_test(a_last_message_waits_for_the_peers_window_only),
		cmocka_unit_test(a_last_message_takes_along_what_was_lost_before),
		cmocka_unit_test(clearing_takes_no_number_for_what_was_never_sent),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
