/* wire.c - a datagram being changed on its way
 * SPDX-License-Identifier: Apache-2.0
 */
#include "tests/peer/wire.h"

enum { AT_LENGTH = 2, AT_TID = 4, AT_SID = 6, AT_NS = 8, AT_NR = 10, AVP_HEADER = L2TP_AVP_HEADER_OCTETS };

static void
set_u16(struct wire *w, size_t at, uint16_t v)
{
	w->octets[at] = (uint8_t)(v >> 8);
	w->octets[at + 1] = (uint8_t)v;
}

static void
set_octets(struct wire *w, size_t n)
{
	w->n = n;
	set_u16(w, AT_LENGTH, (uint16_t)n);
}

bool
wire_load(struct wire *w, struct ut_slice datagram)
{
	struct l2tp_header header;
	struct l2tp_fault fault;

	if (datagram.n > sizeof w->octets ||
	    l2tp_header_decode(datagram, &header, &fault) != L2TP_FAULT_NONE || !header.is_control)
		return false;
	memcpy(w->octets, datagram.p, header.length);
	w->n = header.length;
	return true;
}

struct ut_slice
wire_slice(const struct wire *w)
{
	return ut_slice(w->octets, w->n);
}

unsigned
wire_type(const struct wire *w)
{
	return w->n >= WIRE_HEADER + AVP_HEADER + 2 ? ut_get_u16(w->octets + WIRE_HEADER + AVP_HEADER)
						    : L2TP_ZLB;
}

uint16_t
wire_tid(const struct wire *w)
{
	return ut_get_u16(w->octets + AT_TID);
}

uint16_t
wire_sid(const struct wire *w)
{
	return ut_get_u16(w->octets + AT_SID);
}

uint16_t
wire_ns(const struct wire *w)
{
	return ut_get_u16(w->octets + AT_NS);
}

uint16_t
wire_nr(const struct wire *w)
{
	return ut_get_u16(w->octets + AT_NR);
}

void
wire_set_tid(struct wire *w, uint16_t tid)
{
	set_u16(w, AT_TID, tid);
}

void
wire_set_sid(struct wire *w, uint16_t sid)
{
	set_u16(w, AT_SID, sid);
}

void
wire_set_ns(struct wire *w, uint16_t ns)
{
	set_u16(w, AT_NS, ns);
}

size_t
wire_avp_octets(const struct wire *w, size_t at)
{
	return ut_get_u16(w->octets + at) & L2TP_AVP_LENGTH;
}

size_t
wire_find(const struct wire *w, uint16_t type)
{
	for (size_t at = WIRE_HEADER; at + AVP_HEADER <= w->n; at += wire_avp_octets(w, at))
		if (ut_get_u16(w->octets + at + 2) == 0 && ut_get_u16(w->octets + at + 4) == type)
			return at;
	return WIRE_NO_AVP;
}

void
wire_set_value16(struct wire *w, size_t at, size_t offset, uint16_t value)
{
	set_u16(w, at + AVP_HEADER + offset, value);
}

void
wire_resize(struct wire *w, size_t at, size_t octets)
{
	size_t was = wire_avp_octets(w, at), now = AVP_HEADER + octets, rest = w->n - at - was;

	if (at + now + rest > sizeof w->octets)
		return;
	memmove(w->octets + at + now, w->octets + at + was, rest);
	if (now > was)
		memset(w->octets + at + was, 0, now - was);
	set_u16(w, at, (uint16_t)((ut_get_u16(w->octets + at) & ~(unsigned)L2TP_AVP_LENGTH) | now));
	set_octets(w, at + now + rest);
}

void
wire_remove(struct wire *w, size_t at)
{
	size_t was = wire_avp_octets(w, at);

	memmove(w->octets + at, w->octets + at + was, w->n - at - was);
	set_octets(w, w->n - was);
}

void
wire_append(struct wire *w, uint16_t bits, uint16_t vendor, uint16_t type, struct ut_slice value)
{
	struct ut_put put = ut_put_into(w->octets + w->n, sizeof w->octets - w->n);

	ut_put_u16(&put, (uint16_t)(bits | (AVP_HEADER + value.n)));
	ut_put_u16(&put, vendor);
	ut_put_u16(&put, type);
	ut_put_slice(&put, value);
	if (!put.full)
		set_octets(w, w->n + put.len);
}
