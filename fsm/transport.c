/* transport.c - L2TP's reliable delivery of control messages
 * SPDX-License-Identifier: Apache-2.0
 */
#include "fsm/transport.h"

#include <assert.h>

/* a - b modulo 65536, signed: RFC 2661 5.8. */
static int16_t
distance(uint16_t a, uint16_t b)
{
	return (int16_t)(uint16_t)(a - b);
}

static uint16_t
min_u16(uint16_t a, uint16_t b)
{
	return a < b ? a : b;
}

void
l2tp_transport_init(struct l2tp_transport *t, uint16_t receive_window)
{
	*t = (struct l2tp_transport){
		.cwnd = 1,
		.ssthresh = L2TP_WINDOW_UNKNOWN,
		.peer_window = L2TP_WINDOW_UNKNOWN,
		.receive_window = receive_window,
		.tx_head = UT_BLOCK_NONE,
		.tx_tail = UT_BLOCK_NONE,
		.tx_next = UT_BLOCK_NONE,
		.rx_head = UT_BLOCK_NONE,
	};
}

static void
drop_list(struct ut_blocks *pool, struct ut_block *blocks, uint16_t *head)
{
	while (*head != UT_BLOCK_NONE) {
		uint16_t next = blocks[*head].next_message;

		ut_blocks_drop(pool, blocks, *head);
		*head = next;
	}
}

void
l2tp_transport_clear(struct l2tp_transport *t, struct ut_blocks *pool, struct ut_block *blocks)
{
	drop_list(pool, blocks, &t->tx_head);
	drop_list(pool, blocks, &t->rx_head);
	t->tx_tail = t->tx_next = UT_BLOCK_NONE;
	t->una = t->next = t->ns = t->limit; /* what was never sent takes no number */
}

void
l2tp_transport_set_peer_window(struct l2tp_transport *t, uint16_t window)
{
	t->peer_window = window;
	t->ssthresh = window; /* RFC 2661 A: SSTHRESH starts at the advertised window */
}

bool
l2tp_transport_queue(struct l2tp_transport *t, struct ut_blocks *pool, struct ut_block *blocks,
		     struct ut_slice message)
{
	uint16_t first = ut_blocks_put(pool, blocks, message);

	if (first == UT_BLOCK_NONE)
		return false;
	blocks[first].tag = t->ns;
	if (t->tx_head == UT_BLOCK_NONE)
		t->tx_head = first;
	else
		blocks[t->tx_tail].next_message = first;
	if (t->tx_next == UT_BLOCK_NONE)
		t->tx_next = first;
	t->tx_tail = first;
	t->ns++;
	return true;
}

void
l2tp_transport_end(struct l2tp_transport *t, struct ut_blocks *pool, struct ut_block *blocks)
{
	uint16_t *link = &t->tx_head, last = UT_BLOCK_NONE;

	while (*link != UT_BLOCK_NONE && distance(blocks[*link].tag, t->limit) < 0) {
		last = *link;
		link = &blocks[*link].next_message;
	}
	drop_list(pool, blocks, link);
	t->tx_tail = last;
	t->ns = t->limit;
	if (t->next == t->ns)
		t->tx_next = UT_BLOCK_NONE;
	t->is_ending = true;
	if (t->transmissions > 1) { /* lost before: no use in waiting out its backoff */
		t->next = t->una;
		t->tx_next = t->tx_head;
		t->transmissions = 0;
	}
}

uint16_t
l2tp_transport_next(struct l2tp_transport *t, const struct ut_block *blocks)
{
	uint16_t window = t->is_ending ? t->peer_window : min_u16(t->cwnd, t->peer_window),
		 block = t->tx_next;

	if (block == UT_BLOCK_NONE || (uint16_t)(t->next - t->una) >= window)
		return UT_BLOCK_NONE;
	if (t->next == t->una)
		t->transmissions = (uint8_t)(t->transmissions + (t->transmissions < UINT8_MAX));
	t->tx_next = blocks[block].next_message;
	t->next++;
	if (distance(t->next, t->limit) > 0)
		t->limit = t->next;
	t->owed = 0;
	return block;
}

bool
l2tp_transport_is_waiting(const struct l2tp_transport *t)
{
	return t->next != t->una;
}

uint32_t
l2tp_transport_interval(const struct l2tp_transport *t, uint32_t first_ms, uint32_t cap_ms)
{
	unsigned doublings = t->transmissions > 1 ? t->transmissions - 1U : 0;
	uint32_t ms = first_ms;

	while (doublings-- > 0 && ms < cap_ms)
		ms *= 2;
	return ms < cap_ms ? ms : cap_ms;
}

void
l2tp_transport_timeout(struct l2tp_transport *t)
{
	uint16_t half = (uint16_t)(min_u16(t->cwnd, t->peer_window) / 2);

	t->ssthresh = half > 0 ? half : 1;
	t->cwnd = 1;
	t->grown = 0;
	t->next = t->una;
	t->tx_next = t->tx_head;
}

/* RFC 2661 A: one more message an acknowledgement, or one a window of them. */
static void
grow_window(struct l2tp_transport *t)
{
	if (t->cwnd >= t->peer_window)
		return;
	if (t->cwnd < t->ssthresh || ++t->grown >= t->cwnd) {
		t->cwnd++;
		t->grown = 0;
	}
}

/* Frees everything before `nr`; true when that is something. */
static bool
acknowledge(struct l2tp_transport *t, struct ut_blocks *pool, struct ut_block *blocks, uint16_t nr)
{
	if (distance(nr, t->una) <= 0)
		return false;
	while (t->una != nr) {
		uint16_t first = t->tx_head;

		assert(first != UT_BLOCK_NONE);
		t->tx_head = blocks[first].next_message;
		if (t->tx_next == first)
			t->tx_next = t->tx_head;
		ut_blocks_drop(pool, blocks, first);
		t->una++;
	}
	if (t->tx_head == UT_BLOCK_NONE)
		t->tx_tail = UT_BLOCK_NONE;
	if (distance(t->next, t->una) < 0)
		t->next = t->una;
	/* What is still out was transmitted once, whatever the one before it took. */
	t->transmissions = t->next != t->una;
	grow_window(t);
	return true;
}

/* Keeps an early message in Ns order, once; silently not when blocks are short: the peer sends it again. */
static void
keep_early(struct l2tp_transport *t, struct ut_blocks *pool, struct ut_block *blocks, uint16_t ns,
	   struct ut_slice message)
{
	uint16_t *link = &t->rx_head, first;

	if (pool->n_free < pool->n / 4)
		return; /* the rest is for what we send */
	while (*link != UT_BLOCK_NONE && distance(blocks[*link].tag, ns) < 0)
		link = &blocks[*link].next_message;
	if (*link != UT_BLOCK_NONE && blocks[*link].tag == ns)
		return;
	first = ut_blocks_put(pool, blocks, message);
	if (first == UT_BLOCK_NONE)
		return;
	blocks[first].tag = ns;
	blocks[first].next_message = *link;
	*link = first;
}

/* A message came again, in order this time. */
static void
forget_early(struct l2tp_transport *t, struct ut_blocks *pool, struct ut_block *blocks, uint16_t ns)
{
	uint16_t first = t->rx_head;

	if (first == UT_BLOCK_NONE || blocks[first].tag != ns)
		return;
	t->rx_head = blocks[first].next_message;
	ut_blocks_drop(pool, blocks, first);
}

/* How far ahead a message may be: our window, but at least 4, since peers overrun a smaller one (interop 13). */
static int16_t
reach(const struct l2tp_transport *t)
{
	uint16_t window = t->receive_window < L2TP_WINDOW_UNKNOWN ? L2TP_WINDOW_UNKNOWN : t->receive_window;

	return (int16_t)min_u16(window, INT16_MAX);
}

struct l2tp_rx_verdict
l2tp_transport_receive(struct l2tp_transport *t, struct ut_blocks *pool, struct ut_block *blocks,
		       const struct l2tp_rx_message *m)
{
	struct l2tp_rx_verdict v = { .rx = L2TP_RX_BAD, .progress = false };
	int16_t ahead = distance(m->ns, t->nr);

	if (distance(m->nr, t->limit) > 0)
		return v; /* acknowledges what was never sent */
	if (!m->is_zlb && ahead > 0 && ahead >= reach(t))
		return v;
	v.progress = acknowledge(t, pool, blocks, m->nr);
	if (m->is_zlb) {
		v.rx = L2TP_RX_ZLB;
	} else if (ahead < 0) {
		v.rx = L2TP_RX_DUPLICATE;
	} else if (ahead > 0) {
		v.rx = L2TP_RX_EARLY;
		keep_early(t, pool, blocks, m->ns, m->datagram);
	} else {
		v.rx = L2TP_RX_NEW;
		forget_early(t, pool, blocks, m->ns);
		t->nr++;
		t->owed = (uint8_t)(t->owed + (t->owed < UINT8_MAX));
	}
	return v;
}

uint16_t
l2tp_transport_deliver(struct l2tp_transport *t, struct ut_block *blocks)
{
	uint16_t first = t->rx_head;

	if (first == UT_BLOCK_NONE || blocks[first].tag != t->nr)
		return UT_BLOCK_NONE;
	t->rx_head = blocks[first].next_message;
	t->nr++;
	t->owed = (uint8_t)(t->owed + (t->owed < UINT8_MAX));
	return first;
}
