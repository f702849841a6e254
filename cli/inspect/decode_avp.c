/* decode_avp.c - the AVPs of an L2TP message, one after the other, in words
 * SPDX-License-Identifier: Apache-2.0
 */
#include "cli/inspect/decode_avp.h"

#include "cli/inspect/decode_value.h"
#include "codec/l2tp_hiding.h"

#include <stdio.h>

void
decode_avp_name(char name[DECODE_AVP_NAME_OCTETS], unsigned vendor, unsigned type)
{
	const char *const known = vendor == 0 ? l2tp_avp_name(type) : NULL;

	if (known != NULL)
		snprintf(name, DECODE_AVP_NAME_OCTETS, "%s", known);
	else if (vendor == 0)
		snprintf(name, DECODE_AVP_NAME_OCTETS, "AVP %u", type);
	else
		snprintf(name, DECODE_AVP_NAME_OCTETS, "vendor %u AVP %u", vendor, type);
}

static size_t
header_octets(const struct l2tp_header *h)
{
	return 6u + (h->has_length ? 2u : 0u) + (h->has_sequence ? 4u : 0u) +
	       (h->has_offset ? 2u + h->offset_size : 0u);
}

bool
decode_header_mend(struct ut_slice datagram, struct l2tp_header *header, const struct l2tp_fault *fault)
{
	const size_t used = header_octets(header);

	if (fault->reason != L2TP_FAULT_HEADER_LENGTH || header->length <= datagram.n || used > datagram.n)
		return false;
	header->payload = ut_slice(datagram.p + used, datagram.n - used);
	return true;
}

void
decode_avps_init(struct decode_avps *a, const struct l2tp_header *header, struct ut_slice datagram,
		 const struct l2tp_secret *secret)
{
	l2tp_avp_walk_init(&a->walk, header, datagram);
	a->secret = secret != NULL && secret->n != 0 ? secret : NULL;
	a->vector = ut_slice(NULL, 0);
	a->message_type = 0;
}

/* The value of a hidden AVP, or false when it cannot be had. */
static bool
unhide(struct decode_avps *a, const struct l2tp_avp *avp, struct ut_slice *value)
{
	if (a->secret == NULL || a->vector.p == NULL || avp->vendor != 0 || avp->value.n < 2 ||
	    avp->value.n > sizeof a->plaintext)
		return false;
	l2tp_unhide_octets(a->plaintext, avp->value, avp->type, a->secret, a->vector);
	if (ut_get_u16(a->plaintext) > avp->value.n - 2)
		return false;
	*value = ut_slice(a->plaintext + 2, ut_get_u16(a->plaintext));
	return true;
}

static void
describe(struct decode_avps *a, struct decode_avp *out)
{
	struct ut_slice value = out->is.value;

	out->words.n = 0;
	out->words.text[0] = '\0';
	if (out->is_hidden && !unhide(a, &out->is, &value))
		decode_say(&out->words, "hidden, %zu octets", value.n);
	else if (out->is.vendor != 0)
		decode_octets(&out->words, value);
	else
		decode_value(&out->words, out->is.type, a->message_type, value);
}

/* What the AVPs behind this one are read by. */
static void
remember(struct decode_avps *a, const struct decode_avp *avp)
{
	if (avp->is.vendor != 0 || avp->is_hidden)
		return;
	if (avp->is.type == L2TP_AVP_MESSAGE_TYPE && avp->is.value.n == 2 && a->message_type == 0)
		a->message_type = ut_get_u16(avp->is.value.p);
	if (avp->is.type == L2TP_AVP_RANDOM_VECTOR)
		a->vector = avp->is.value;
}

bool
decode_avps_next(struct decode_avps *a, struct decode_avp *out)
{
	if (!l2tp_avp_walk_next(&a->walk, &out->is)) {
		if (a->secret != NULL) {
			ut_wipe(a->plaintext, sizeof a->plaintext);
			ut_wipe(&out->words, sizeof out->words);
		}
		return false;
	}
	out->is_mandatory = (out->is.flags & L2TP_AVP_BIT_M) != 0;
	out->is_hidden = (out->is.flags & L2TP_AVP_BIT_H) != 0;
	decode_avp_name(out->name, out->is.vendor, out->is.type);
	remember(a, out);
	describe(a, out);
	return true;
}
