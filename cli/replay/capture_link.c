/* capture_link.c - link layers: from a frame to the IP packet in it
 * SPDX-License-Identifier: Apache-2.0
 */
#include "cli/replay/capture_link.h"

#include <pcap/dlt.h>

enum {
	TYPE_IPV4 = 0x0800,
	TYPE_IPV6 = 0x86dd,
	TYPE_VLAN = 0x8100,
	TYPE_VLAN_STACKED = 0x88a8,
	TYPE_VLAN_OLD = 0x9100,
	TYPE_PPPOE = 0x8864,
	PPP_IPV4 = 0x0021,
	PPP_IPV6 = 0x0057,
	PPP_HEADER = 0xff03
};
enum {
	ETHERNET_OCTETS = 14,
	VLAN_OCTETS = 4,
	PPPOE_OCTETS = 6,
	COOKED_OCTETS = 16,
	COOKED2_OCTETS = 20,
	LOOPBACK_OCTETS = 4
};

static bool
step_over(struct ut_slice *s, size_t n)
{
	if (s->n < n)
		return false;
	s->p += n;
	s->n -= n;
	return true;
}

/* A PPP frame, with or without its address and control fields, the protocol in one or two octets (RFC 1661 6.5). */
static enum capture_link_result
open_ppp(struct ut_slice *s)
{
	unsigned protocol;

	if (s->n >= 2 && ut_get_u16(s->p) == PPP_HEADER)
		step_over(s, 2);
	if (s->n < 2)
		return CAPTURE_LINK_CUT;
	protocol = (s->p[0] & 1) != 0 ? s->p[0] : ut_get_u16(s->p);
	step_over(s, (s->p[0] & 1) != 0 ? 1 : 2);
	return protocol == PPP_IPV4 || protocol == PPP_IPV6 ? CAPTURE_LINK_IP : CAPTURE_LINK_OTHER;
}

/* What stands behind an EtherType. */
static enum capture_link_result
open_type(struct ut_slice *s, unsigned type)
{
	while (type == TYPE_VLAN || type == TYPE_VLAN_STACKED || type == TYPE_VLAN_OLD) {
		if (s->n < VLAN_OCTETS)
			return CAPTURE_LINK_CUT;
		type = ut_get_u16(s->p + 2);
		step_over(s, VLAN_OCTETS);
	}
	if (type == TYPE_PPPOE)
		return step_over(s, PPPOE_OCTETS) ? open_ppp(s) : CAPTURE_LINK_CUT;
	return type == TYPE_IPV4 || type == TYPE_IPV6 ? CAPTURE_LINK_IP : CAPTURE_LINK_OTHER;
}

/* A header of `octets` with an EtherType at `offset`. */
static enum capture_link_result
open_typed(struct ut_slice *s, size_t octets, size_t offset)
{
	unsigned type;

	if (s->n < octets)
		return CAPTURE_LINK_CUT;
	type = ut_get_u16(s->p + offset);
	step_over(s, octets);
	return open_type(s, type);
}

/* Raw IP; other versions are not ours. */
static enum capture_link_result
open_raw(const struct ut_slice *s)
{
	if (s->n == 0)
		return CAPTURE_LINK_CUT;
	return s->p[0] >> 4 == 4 || s->p[0] >> 4 == 6 ? CAPTURE_LINK_IP : CAPTURE_LINK_OTHER;
}

bool
capture_link_is_known(int type)
{
	struct ut_slice nothing = { .p = NULL, .n = 0 };

	return capture_link_open(type, &nothing) != CAPTURE_LINK_OTHER;
}

enum capture_link_result
capture_link_open(int type, struct ut_slice *frame)
{
	switch (type) { /* numbers of the file, not of an enum of ours */
	case DLT_EN10MB:
		return open_typed(frame, ETHERNET_OCTETS, ETHERNET_OCTETS - 2);
	case DLT_LINUX_SLL:
		return open_typed(frame, COOKED_OCTETS, COOKED_OCTETS - 2);
	case DLT_LINUX_SLL2:
		return open_typed(frame, COOKED2_OCTETS, 0);
	case DLT_RAW:
	case DLT_IPV4:
	case DLT_IPV6:
		return open_raw(frame);
	case DLT_PPP:
	case DLT_PPP_SERIAL:
		return open_ppp(frame);
	case DLT_PPP_PPPD:
		return step_over(frame, 1) ? open_ppp(frame) : CAPTURE_LINK_CUT;
	case DLT_NULL:
	case DLT_LOOP:
		return step_over(frame, LOOPBACK_OCTETS) ? open_raw(frame) : CAPTURE_LINK_CUT;
	default:
		return CAPTURE_LINK_OTHER;
	}
}
