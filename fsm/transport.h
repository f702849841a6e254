/* transport.h - L2TP's reliable delivery of control messages (RFC 2661 5.8, appendix A)
 * SPDX-License-Identifier: Apache-2.0
 *
 * One object a tunnel: Ns and Nr, the sliding window with slow start and congestion avoidance, what is in flight
 * and what came too early.  The tables never see a duplicate or a gap.  It keeps no timers: its owner arms them
 * from l2tp_transport_interval() and tells it when they fire.
 */
#ifndef FSM_TRANSPORT_H
#define FSM_TRANSPORT_H

#include "fsm/blocks.h"

struct l2tp_transport {
	uint16_t ns;		 /* of the next new message */
	uint16_t una;		 /* the oldest message the peer has not acknowledged; ns when there is none */
	uint16_t next;		 /* the next to transmit, una <= next <= ns */
	uint16_t limit;		 /* one past the highest ever transmitted */
	uint16_t nr;		 /* the peer's next message */
	uint16_t cwnd, ssthresh; /* messages */
	uint16_t grown;		 /* acknowledgements since cwnd last grew */
	uint16_t peer_window;	 /* the peer's Receive Window Size */
	uint16_t receive_window; /* ours */
	uint16_t tx_head, tx_tail, tx_next; /* blocks: from una on; that of `next` */
	uint16_t rx_head;		    /* blocks: messages that came early, by Ns */
	uint8_t transmissions;		    /* of the oldest message */
	uint8_t owed;			    /* messages received since the last acknowledgement left */
	bool is_ending; /* the last message is queued: only the peer's window holds it back */
};

/* The peer's window until it says otherwise: RFC 2661 5.8, "MUST accept a window of up to 4". */
enum { L2TP_WINDOW_UNKNOWN = 4 };

void l2tp_transport_init(struct l2tp_transport *t, uint16_t receive_window);

/* Frees everything it keeps. */
void l2tp_transport_clear(struct l2tp_transport *t, struct ut_blocks *pool, struct ut_block *blocks);

/* The peer's Receive Window Size has become known. */
void l2tp_transport_set_peer_window(struct l2tp_transport *t, uint16_t window);

/* ---- sending ---- */

/* Keeps an encoded message, whose header bears t->ns, until it is acknowledged.  False: no blocks. */
bool l2tp_transport_queue(struct l2tp_transport *t, struct ut_blocks *pool, struct ut_block *blocks,
			  struct ut_slice message) UT_MUST_USE;

/* A last message comes.  Drops what was queued and never transmitted.  What is still out is moot, and sent again only
 * because the peer takes messages in order: so the congestion window does not hold the last one back, each
 * retransmission is of all of it, and what was retransmitted already goes out with it anew. */
void l2tp_transport_end(struct l2tp_transport *t, struct ut_blocks *pool, struct ut_block *blocks);

/* The block of the next message the window lets out, which then counts as transmitted; UT_BLOCK_NONE: none.
 * The caller copies it out with ut_blocks_get() and sets its Nr to t->nr. */
uint16_t l2tp_transport_next(struct l2tp_transport *t, const struct ut_block *blocks);

/* Something is transmitted and not acknowledged: a retransmission timer must run. */
bool l2tp_transport_is_waiting(const struct l2tp_transport *t);

/* Milliseconds until the oldest message is sent again, after `transmissions` of it. */
uint32_t l2tp_transport_interval(const struct l2tp_transport *t, uint32_t first_ms, uint32_t cap_ms);

/* The retransmission timer fired: the oldest goes out next, the window shrinks to one (appendix A). */
void l2tp_transport_timeout(struct l2tp_transport *t);

/* ---- receiving ---- */
enum l2tp_rx {
	L2TP_RX_NEW,	   /* the one expected: deliver it */
	L2TP_RX_ZLB,	   /* an acknowledgement only */
	L2TP_RX_DUPLICATE, /* acknowledge again, deliver nothing */
	L2TP_RX_EARLY,	   /* kept (or not, when blocks are short); something is missing before it */
	L2TP_RX_BAD	   /* acknowledges what was never sent, or lies outside the window: ignore */
};

struct l2tp_rx_verdict {
	enum l2tp_rx rx;
	bool progress; /* Nr acknowledged something new */
};

/* What the transport looks at of a message.  `datagram` is the whole of it, kept when it came early. */
struct l2tp_rx_message {
	uint16_t ns, nr;
	bool is_zlb;
	struct ut_slice datagram;
};

struct l2tp_rx_verdict l2tp_transport_receive(struct l2tp_transport *t, struct ut_blocks *pool,
					      struct ut_block *blocks, const struct l2tp_rx_message *m);

/* After a delivery: the block of the next message in order, if it came early; taken off the queue, the caller
 * drops it after use.  UT_BLOCK_NONE: none. */
uint16_t l2tp_transport_deliver(struct l2tp_transport *t, struct ut_block *blocks);

#endif
