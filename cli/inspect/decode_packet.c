/* decode_packet.c - what an IP packet carries: L2TP in UDP, PPTP in TCP, or GRE
 * SPDX-License-Identifier: Apache-2.0
 */
#include "cli/inspect/decode_packet.h"

#include "codec/gre.h"

enum {
	PROTOCOL_TCP = 6,
	PROTOCOL_UDP = 17,
	IPV4_HEADER = 20,
	IPV4_FRAGMENT = 0x3fff, /* more fragments, or an offset */
	IPV6_HEADER = 40,
	IPV6_HOP_BY_HOP = 0,
	IPV6_ROUTING = 43,
	IPV6_DESTINATION = 60,
	UDP_HEADER = 8,
	TCP_HEADER = 20
};

/* Takes n octets off the front. */
static void
step_over(struct ut_slice *s, size_t n)
{
	*s = ut_slice(s->p + n, s->n - n);
}

/* `carried`, of both: the number of the protocol inside. */
static enum decode_input_fault
step_over_ipv4(struct ut_slice *s, unsigned *carried)
{
	const size_t header = s->n < IPV4_HEADER ? 0 : (s->p[0] & 0x0fu) * 4;

	if (header < IPV4_HEADER || header > s->n || ut_get_u16(s->p + 2) < header ||
	    (ut_get_u16(s->p + 6) & IPV4_FRAGMENT) != 0)
		return DECODE_INPUT_IP;
	*carried = s->p[9];
	if (ut_get_u16(s->p + 2) < s->n)
		s->n = ut_get_u16(s->p + 2);
	step_over(s, header);
	return DECODE_INPUT_OK;
}

static bool
is_ipv6_extension(unsigned header)
{
	return header == IPV6_HOP_BY_HOP || header == IPV6_ROUTING || header == IPV6_DESTINATION;
}

static enum decode_input_fault
step_over_ipv6(struct ut_slice *s, unsigned *carried)
{
	size_t length;

	if (s->n < IPV6_HEADER)
		return DECODE_INPUT_IP;
	length = ut_get_u16(s->p + 4);
	*carried = s->p[6];
	step_over(s, IPV6_HEADER);
	if (length != 0 && length < s->n) /* 0 is a jumbogram's */
		s->n = length;
	while (is_ipv6_extension(*carried)) {
		const size_t octets = s->n < 2 ? 0 : (s->p[1] + 1u) * 8;

		if (octets == 0 || octets > s->n)
			return DECODE_INPUT_IP;
		*carried = s->p[0];
		step_over(s, octets);
	}
	return DECODE_INPUT_OK;
}

static enum decode_input_fault
step_over_udp(struct ut_slice *s)
{
	const size_t length = s->n < UDP_HEADER ? 0 : ut_get_u16(s->p + 4);

	if (length < UDP_HEADER)
		return DECODE_INPUT_UDP;
	if (length < s->n)
		s->n = length;
	step_over(s, UDP_HEADER);
	return DECODE_INPUT_OK;
}

static enum decode_input_fault
step_over_tcp(struct ut_slice *s, bool *is_pptp_port)
{
	const size_t header = s->n < TCP_HEADER ? 0 : (s->p[12] >> 4) * 4u;

	if (header < TCP_HEADER || header > s->n)
		return DECODE_INPUT_TCP;
	*is_pptp_port = ut_get_u16(s->p) == PPTP_PORT || ut_get_u16(s->p + 2) == PPTP_PORT;
	step_over(s, header);
	return DECODE_INPUT_OK;
}

/* Steps over what lies between IP and the message. */
static enum decode_input_fault
step_over_carried(struct ut_slice *s, unsigned carried, enum decode_protocol wanted,
		  enum decode_protocol *protocol)
{
	enum decode_input_fault fault;
	bool is_pptp_port = false;

	if (carried == PROTOCOL_UDP) {
		*protocol = DECODE_L2TP;
		return step_over_udp(s);
	}
	if (carried == GRE_PROTOCOL) {
		*protocol = DECODE_GRE;
		return DECODE_INPUT_OK;
	}
	if (carried != PROTOCOL_TCP)
		return DECODE_INPUT_CARRIED;
	*protocol = DECODE_PPTP;
	fault = step_over_tcp(s, &is_pptp_port);
	if (fault == DECODE_INPUT_OK && wanted == DECODE_ANY && !is_pptp_port)
		return DECODE_INPUT_CARRIED;
	return fault;
}

enum decode_input_fault
decode_packet_open(struct ut_slice *packet, enum decode_protocol wanted, enum decode_protocol *protocol)
{
	const unsigned version = packet->p[0] >> 4;
	enum decode_input_fault fault;
	unsigned carried = 0;

	if (version != 4 && version != 6)
		return DECODE_INPUT_OK;
	fault = version == 4 ? step_over_ipv4(packet, &carried) : step_over_ipv6(packet, &carried);
	if (fault == DECODE_INPUT_OK)
		fault = step_over_carried(packet, carried, wanted, protocol);
	if (fault == DECODE_INPUT_OK && wanted != DECODE_ANY && wanted != *protocol)
		return DECODE_INPUT_OTHER;
	return fault;
}
