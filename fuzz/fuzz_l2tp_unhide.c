/* fuzz_l2tp_unhide.c - any octets as hidden AVPs (RFC 2661 section 4.3; codec/l2tp_hiding.h)
 * SPDX-License-Identifier: Apache-2.0
 *
 * Input: octets of the secret, of the vector and of the scratch buffer, the attribute, then secret, vector and value.
 * Oracles: hiding is what undoes unhiding, and the other way round; the value as a hidden AVP of a message is read
 * exactly if the Original Length in it fits the value and the scratch buffer, and reads as the plain octets do.
 */
#include "fuzz/check.h"
#include "codec/l2tp_hiding.h"
#include "codec/l2tp_table.h"

#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *octets, size_t n);

enum { VALUE_MAX = L2TP_AVP_VALUE_MAX, SMALL_SCRATCH = 64, MESSAGE_MAX = 4096 };

struct input {
	struct l2tp_secret secret;
	struct ut_slice vector, value;
	unsigned type;
	size_t cap; /* of the scratch buffer */
};

struct rest {
	const uint8_t *p;
	size_t n;
};

static struct ut_slice
take(struct rest *rest, size_t n)
{
	const struct ut_slice s = ut_slice(rest->p, n < rest->n ? n : rest->n);

	rest->p += s.n;
	rest->n -= s.n;
	return s;
}

static unsigned
take_octet(struct rest *rest)
{
	const struct ut_slice s = take(rest, 1);

	return s.n != 0 ? s.p[0] : 0;
}

static struct input
read_input(struct rest rest)
{
	const size_t secret_n = 1 + take_octet(&rest) % L2TP_SECRET_MAX, vector_n = take_octet(&rest);
	struct input in = { .cap = take_octet(&rest) };
	struct ut_slice secret;

	in.cap = in.cap == UINT8_MAX ? VALUE_MAX : in.cap % SMALL_SCRATCH;
	in.type = take_octet(&rest) % L2TP_AVP_N;
	secret = take(&rest, secret_n);
	in.secret.n = (uint8_t)(secret.n != 0 ? secret.n : 1);
	if (secret.n != 0)
		memcpy(in.secret.octets, secret.p, secret.n);
	in.vector = take(&rest, vector_n);
	in.value = take(&rest, VALUE_MAX);
	return in;
}

static void
check_inverse(const struct input *in, const uint8_t *plain)
{
	uint8_t hidden[VALUE_MAX], back[VALUE_MAX];

	memcpy(hidden, plain, in->value.n);
	l2tp_hide_octets(hidden, in->value.n, in->type, &in->secret, in->vector);
	CHECK(memcmp(hidden, in->value.p, in->value.n) == 0);
	l2tp_unhide_octets(back, ut_slice(hidden, in->value.n), in->type, &in->secret, in->vector);
	CHECK(memcmp(back, plain, in->value.n) == 0);
}

static void
put_avp(struct ut_put *w, unsigned flags, unsigned type, struct ut_slice value)
{
	ut_put_u16(w, (uint16_t)(flags | (L2TP_AVP_HEADER_OCTETS + value.n)));
	ut_put_u16(w, 0);
	ut_put_u16(w, (uint16_t)type);
	ut_put_slice(w, value);
}

/* A HELLO, which requires nothing, with the value as an AVP: hidden after the Random Vector, or plain. */
static enum l2tp_fault_reason
decode_with(const struct input *in, unsigned flags, struct ut_slice value, struct l2tp_unhide *u,
	    struct l2tp_message *m)
{
	static const uint8_t hello[] = { 0, L2TP_HELLO };
	static uint8_t octets[MESSAGE_MAX];
	struct ut_put w = ut_put_into(octets, sizeof octets);
	struct l2tp_header h;
	struct l2tp_fault fault;

	ut_put_u16(&w, 0xc802);
	ut_put_u16(&w, 0);
	ut_put_u64(&w, 0);
	put_avp(&w, L2TP_AVP_BIT_M, L2TP_AVP_MESSAGE_TYPE, ut_slice(hello, sizeof hello));
	put_avp(&w, L2TP_AVP_BIT_M, L2TP_AVP_RANDOM_VECTOR, in->vector);
	put_avp(&w, flags, in->type, value);
	ut_put_u16_at(&w, 2, (uint16_t)w.len);
	CHECK(!w.full);
	CHECK(l2tp_header_decode(ut_slice(octets, w.len), &h, &fault) == L2TP_FAULT_NONE);
	return l2tp_message_decode(ut_slice(octets, w.len), &h, u, m, &fault);
}

/* Which fault a hidden AVP of this type has before its value is looked at. */
static enum l2tp_fault_reason
fault_of_hiding(const struct input *in, const uint8_t *plain)
{
	if ((l2tp_avp_rows[in->type].bits & L2TP_ROW_HIDEABLE) == 0)
		return L2TP_FAULT_AVP_HIDDEN_FORBIDDEN;
	if (in->value.n < 2)
		return L2TP_FAULT_AVP_HIDDEN_LENGTH;
	if (in->value.n > in->cap)
		return L2TP_FAULT_AVP_HIDDEN_TOO_MANY;
	return ut_get_u16(plain) > in->value.n - 2 ? L2TP_FAULT_AVP_HIDDEN_LENGTH : L2TP_FAULT_NONE;
}

static void
check_message(const struct input *in, const uint8_t *plain)
{
	static uint8_t scratch[VALUE_MAX];
	struct l2tp_unhide u = { .secret = &in->secret, .scratch = scratch, .cap = in->cap };
	struct l2tp_message hidden, clear;
	const enum l2tp_fault_reason wanted = fault_of_hiding(in, plain);
	const enum l2tp_fault_reason reason =
	    decode_with(in, L2TP_AVP_BIT_M | L2TP_AVP_BIT_H, in->value, &u, &hidden);

	CHECK(u.used <= u.cap);
	if (wanted != L2TP_FAULT_NONE) {
		CHECK(reason == wanted);
		return;
	}
	CHECK(reason ==
	      decode_with(in, L2TP_AVP_BIT_M, ut_slice(plain + 2, ut_get_u16(plain)), NULL, &clear));
	CHECK(hidden.present == clear.present);
	CHECK((hidden.hidden & ~hidden.present) == 0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *octets, size_t n)
{
	const struct input in = read_input((struct rest){ octets, n });
	uint8_t plain[VALUE_MAX];

	l2tp_unhide_octets(plain, in.value, in.type, &in.secret, in.vector);
	check_inverse(&in, plain);
	if (in.type != L2TP_AVP_MESSAGE_TYPE && l2tp_avp_name(in.type) != NULL)
		check_message(&in, plain);
	return 0;
}
