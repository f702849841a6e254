/* fuzz_l2tp_message.c - any datagram through the L2TP codec (codec/l2tp.h)
 * SPDX-License-Identifier: Apache-2.0
 *
 * Input: the datagram.  It is decoded with no secret, with a secret, and with a scratch buffer too small.
 * Oracles: values lie inside the datagram or the scratch; a fault points into the datagram, has a sentence
 * and a result; encoding what was decoded and decoding it again gives the same octets; so does hiding it; the
 * hand-written decoder of tests/oracle says the same of every datagram.
 */
#include "fuzz/check.h"
#include "codec/l2tp_table.h"
#include "tests/oracle/l2tp_compare.h"

#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *octets, size_t n);

enum { SCRATCH_MAX = 65536, ENCODED_MAX = 32768, SMALL_SCRATCH = 24 };

static const struct l2tp_secret secret = { .octets = "secret", .n = 6 };

struct encoded {
	uint8_t octets[ENCODED_MAX];
	size_t n;
};

static bool
is_inside(struct ut_slice s, const uint8_t *base, size_t n)
{
	return s.n <= n && s.p >= base && s.p <= base + (n - s.n);
}

static void
check_slice(struct ut_slice s, struct ut_slice datagram, const struct l2tp_unhide *u)
{
	CHECK(is_inside(s, datagram.p, datagram.n) || (u != NULL && is_inside(s, u->scratch, u->used)));
	for (size_t i = 0; i < s.n; i++) {
		volatile uint8_t touched = s.p[i]; /* for the sanitizers */

		(void)touched;
	}
}

static struct ut_slice
value_of(const struct l2tp_message *m, unsigned type)
{
	struct ut_slice s;

	memcpy(&s, (const uint8_t *)m + l2tp_avp_rows[type].field, sizeof s);
	return s;
}

static void
check_values(const struct l2tp_message *m, struct ut_slice datagram, const struct l2tp_unhide *u)
{
	CHECK((m->hidden & ~m->present) == 0);
	CHECK(u == NULL || u->used <= u->cap);
	for (unsigned type = 0; type < L2TP_AVP_N; type++)
		if ((m->present >> type & 1) != 0 && l2tp_avp_rows[type].kind == L2TP_KIND_BYTES)
			check_slice(value_of(m, type), datagram, u);
	if ((m->present & L2TP_HAS(RESULT_CODE)) != 0)
		check_slice(m->error_message, datagram, u);
	if ((m->present & L2TP_HAS(CAUSE_CODE)) != 0)
		check_slice(m->cause_advisory, datagram, u);
	if ((m->present & L2TP_HAS(PPP_DISCONNECT_CAUSE)) != 0)
		check_slice(m->disconnect_message, datagram, u);
}

static void
check_fault(const struct l2tp_fault *fault, enum l2tp_fault_reason reason, unsigned type, size_t n)
{
	const struct l2tp_result r = l2tp_fault_result(fault, type);

	CHECK(reason > L2TP_FAULT_NONE && reason < L2TP_FAULT_N);
	CHECK(fault->reason == reason);
	CHECK(fault->offset <= n);
	CHECK(strcmp(l2tp_fault_sentence(reason), "unassigned") != 0);
	CHECK(r.result == 0 || r.result == L2TP_STOPCCN_ERROR);
	CHECK(r.result == 0 || (r.error >= L2TP_ERROR_LENGTH && r.error <= L2TP_ERROR_UNKNOWN_MANDATORY));
}

static void
check_walk(const struct l2tp_header *h, struct ut_slice datagram)
{
	struct l2tp_avp_walk walk;
	struct l2tp_avp avp;

	l2tp_avp_walk_init(&walk, h, datagram);
	while (l2tp_avp_walk_next(&walk, &avp)) {
		CHECK(avp.offset + L2TP_AVP_HEADER_OCTETS <= datagram.n);
		check_slice(avp.value, datagram, NULL);
	}
}

static bool
encode(struct encoded *out, const struct l2tp_header *h, const struct l2tp_message *m,
       const struct l2tp_hide *hide)
{
	struct ut_put w = ut_put_into(out->octets, sizeof out->octets);

	l2tp_message_encode(&w, h, m, hide);
	out->n = w.len;
	return !w.full;
}

static struct l2tp_message
decode_own(const struct encoded *e, struct l2tp_header *h, struct l2tp_unhide *u)
{
	struct l2tp_message m;
	struct l2tp_fault fault;
	const struct ut_slice d = ut_slice(e->octets, e->n);

	CHECK(l2tp_header_decode(d, h, &fault) == L2TP_FAULT_NONE);
	CHECK(h->length == e->n);
	CHECK(l2tp_message_decode(d, h, u, &m, &fault) == L2TP_FAULT_NONE);
	return m;
}

static bool
is_same(const struct encoded *a, const struct encoded *b)
{
	return ut_slice_is_equal(ut_slice(a->octets, a->n), ut_slice(b->octets, b->n));
}

/* What we decoded and may send reads back as itself, in the clear and hidden. */
static void
check_round_trip(const struct l2tp_header *h, const struct l2tp_message *m)
{
	static struct encoded first, second, third;
	static uint8_t scratch[SCRATCH_MAX];
	struct l2tp_unhide u = { .secret = &secret, .scratch = scratch, .cap = sizeof scratch };
	struct l2tp_hide hide = { .secret = &secret,
				  .padding_octets = (uint8_t)(h->ns % (L2TP_PADDING_MAX + 1)) };
	struct l2tp_header own;
	struct l2tp_message again;

	if (!encode(&first, h, m, NULL))
		return;
	again = decode_own(&first, &own, NULL);
	CHECK(again.type == m->type && (again.present & ~m->present) == 0);
	CHECK(encode(&second, &own, &again, NULL) && is_same(&first, &second));
	CHECK(own.tid.v == h->tid.v && own.sid.v == h->sid.v && own.ns == h->ns && own.nr == h->nr);
	again.hidden = again.present;
	memset(hide.vector, h->nr & 0xff, sizeof hide.vector);
	if (!encode(&third, h, &again, &hide))
		return;
	again = decode_own(&third, &own, &u);
	CHECK(encode(&second, &own, &again, NULL) && is_same(&first, &second));
}

static void
check_message(struct ut_slice datagram, const struct l2tp_header *h, struct l2tp_unhide *u)
{
	struct l2tp_message m;
	struct l2tp_fault fault;
	const enum l2tp_fault_reason reason = l2tp_message_decode(datagram, h, u, &m, &fault);

	check_values(&m, datagram, u);
	if (reason != L2TP_FAULT_NONE) {
		check_fault(&fault, reason, m.type, datagram.n);
		return;
	}
	CHECK((unsigned)m.type < L2TP_MESSAGE_N);
	CHECK((l2tp_message_avps(m.type)->required & ~m.present) == 0);
	CHECK((m.type == L2TP_ZLB) == (h->payload.n == 0));
	m.hidden = 0;
	check_round_trip(h, &m);
}

int
LLVMFuzzerTestOneInput(const uint8_t *octets, size_t n)
{
	static uint8_t scratch[SCRATCH_MAX];
	const struct ut_slice datagram = ut_slice(octets, n);
	struct l2tp_unhide all = { .secret = &secret, .scratch = scratch, .cap = sizeof scratch };
	struct l2tp_unhide few = { .secret = &secret, .scratch = scratch, .cap = SMALL_SCRATCH };
	struct l2tp_header h;
	struct l2tp_fault fault;
	const enum l2tp_fault_reason reason = l2tp_header_decode(datagram, &h, &fault);

	CHECK(l2tp_compare(datagram, &secret, SCRATCH_MAX));
	CHECK(l2tp_compare(datagram, &secret, SMALL_SCRATCH));
	if (reason != L2TP_FAULT_NONE) {
		check_fault(&fault, reason, L2TP_ZLB, n);
		return 0;
	}
	CHECK(is_inside(h.payload, octets, n));
	if (!h.is_control)
		return 0;
	check_walk(&h, datagram);
	check_message(datagram, &h, NULL);
	check_message(datagram, &h, &all);
	check_message(datagram, &h, &few);
	return 0;
}
