/* capture_ip.c - IPv4, IPv6 and what they carry
 * SPDX-License-Identifier: Apache-2.0
 */
#include "cli/replay/capture_ip.h"

enum { IPV4_OCTETS = 20, IPV6_OCTETS = 40, UDP_OCTETS = 8, TCP_OCTETS = 20, FRAGMENT_OCTETS = 8 };
enum {
	PROTOCOL_HOPS = 0,
	PROTOCOL_IPV4 = 4,
	PROTOCOL_TCP = 6,
	PROTOCOL_UDP = 17,
	PROTOCOL_IPV6 = 41,
	PROTOCOL_ROUTING = 43,
	PROTOCOL_FRAGMENT = 44,
	PROTOCOL_GRE = 47,
	PROTOCOL_ESP = 50,
	PROTOCOL_AH = 51,
	PROTOCOL_DESTINATION = 60,
	PROTOCOL_L2TP = 115
};
enum { PORT_IKE = 500, PORT_NAT_T = 4500, NON_ESP_MARKER_OCTETS = 4 };
enum { MORE_FRAGMENTS = 0x2000, FRAGMENT_OFFSET = 0x1fff };

/* What IP's header says, of either version. */
struct ip {
	struct ut_slice rest; /* behind the headers, as far as it was captured */
	size_t wire_octets;   /* of rest */
	uint8_t protocol;
	bool is_fragment, is_last;
	size_t offset;
	uint32_t id;
};

static bool
step_over(struct ip *ip, size_t n)
{
	if (ip->rest.n < n || ip->wire_octets < n)
		return false;
	ip->rest.p += n;
	ip->rest.n -= n;
	ip->wire_octets -= n;
	return true;
}

/* The payload ends where the packet says, whatever padding follows. */
static void
trim(struct ip *ip)
{
	if (ip->rest.n > ip->wire_octets)
		ip->rest.n = ip->wire_octets;
}

static bool
read_ipv4(struct ut_slice packet, struct ip *ip, struct capture_packet *out)
{
	const size_t header = packet.n < IPV4_OCTETS ? 0 : (size_t)(packet.p[0] & 15) * 4;
	unsigned fragment;

	if (header < IPV4_OCTETS || header > packet.n)
		return false;
	ip->rest = packet;
	ip->wire_octets = ut_get_u16(packet.p + 2);
	if (ip->wire_octets == 0) /* segmented by the network card after the capture was taken */
		ip->wire_octets = packet.n;
	ip->protocol = packet.p[9];
	fragment = ut_get_u16(packet.p + 6);
	ip->offset = (size_t)(fragment & FRAGMENT_OFFSET) * 8;
	ip->is_last = (fragment & MORE_FRAGMENTS) == 0;
	ip->is_fragment = ip->offset != 0 || !ip->is_last;
	ip->id = ut_get_u16(packet.p + 4);
	out->from = (struct capture_end){ .lo = ut_get_u32(packet.p + 12) };
	out->to = (struct capture_end){ .lo = ut_get_u32(packet.p + 16) };
	trim(ip);
	return step_over(ip, header);
}

static bool
is_extension(unsigned protocol)
{
	return protocol == PROTOCOL_HOPS || protocol == PROTOCOL_ROUTING ||
	       protocol == PROTOCOL_DESTINATION || protocol == PROTOCOL_AH || protocol == PROTOCOL_FRAGMENT;
}

static size_t
extension_octets(const struct ip *ip)
{
	if (ip->protocol == PROTOCOL_FRAGMENT)
		return FRAGMENT_OCTETS;
	return ip->protocol == PROTOCOL_AH ? (ip->rest.p[1] + 2u) * 4u : (ip->rest.p[1] + 1u) * 8u;
}

static bool
step_over_extension(struct ip *ip)
{
	const uint8_t *const p = ip->rest.p;
	const size_t octets = ip->rest.n < 2 ? 0 : extension_octets(ip);
	uint8_t next;

	if (octets == 0 || octets > ip->rest.n)
		return false;
	next = p[0];
	if (ip->protocol == PROTOCOL_FRAGMENT) {
		ip->offset = ut_get_u16(p + 2) & 0xfff8u;
		ip->is_last = (p[3] & 1) == 0;
		ip->is_fragment = ip->offset != 0 || !ip->is_last;
		ip->id = ut_get_u32(p + 4);
	}
	ip->protocol = next;
	return step_over(ip, octets);
}

static bool
read_ipv6(struct ut_slice packet, struct ip *ip, struct capture_packet *out)
{
	if (packet.n < IPV6_OCTETS)
		return false;
	ip->rest = packet;
	ip->wire_octets = ut_get_u16(packet.p + 4) + (size_t)IPV6_OCTETS;
	ip->protocol = packet.p[6];
	out->from = (struct capture_end){ .hi = ut_get_u64(packet.p + 8),
					  .lo = ut_get_u64(packet.p + 16),
					  .is_v6 = true };
	out->to = (struct capture_end){ .hi = ut_get_u64(packet.p + 24),
					.lo = ut_get_u64(packet.p + 32),
					.is_v6 = true };
	trim(ip);
	if (!step_over(ip, IPV6_OCTETS))
		return false;
	while (is_extension(ip->protocol) && !(ip->is_fragment && ip->offset != 0))
		if (!step_over_extension(ip))
			return false;
	return true;
}

static void
set_ports(struct capture_packet *out, const uint8_t *header)
{
	out->from.port = ut_get_u16(header);
	out->to.port = ut_get_u16(header + 2);
}

/* RFC 3948: on port 4500 a marker of four octets of 0 is IKE, a single octet of 0xff keeps the NAT open. */
static enum capture_kind
udp_kind(const struct capture_packet *out)
{
	const uint16_t from = out->from.port, to = out->to.port;

	if (from == PORT_IKE || to == PORT_IKE)
		return CAPTURE_IKE;
	if (from != PORT_NAT_T && to != PORT_NAT_T)
		return CAPTURE_UDP;
	if (out->payload.n < NON_ESP_MARKER_OCTETS || ut_get_u32(out->payload.p) == 0)
		return CAPTURE_IKE;
	return CAPTURE_ESP;
}

static void
read_udp(struct ip *ip, struct capture_packet *out)
{
	size_t length;

	if (ip->rest.n < UDP_OCTETS)
		return;
	set_ports(out, ip->rest.p);
	length = ut_get_u16(ip->rest.p + 4);
	if (length < UDP_OCTETS)
		return;
	if (length < ip->wire_octets)
		ip->wire_octets = length;
	trim(ip);
	step_over(ip, UDP_OCTETS);
	out->payload = ip->rest;
	out->wire_octets = ip->wire_octets;
	out->kind = udp_kind(out);
}

static void
read_tcp(struct ip *ip, struct capture_packet *out)
{
	const size_t header = ip->rest.n < TCP_OCTETS ? 0 : (ip->rest.p[12] >> 4) * 4u;

	if (header < TCP_OCTETS)
		return;
	set_ports(out, ip->rest.p);
	out->tcp_sequence = ut_get_u32(ip->rest.p + 4);
	out->tcp_acknowledgment = ut_get_u32(ip->rest.p + 8);
	out->tcp_flags = ip->rest.p[13];
	if (!step_over(ip, header))
		return;
	out->payload = ip->rest;
	out->wire_octets = ip->wire_octets;
	out->kind = CAPTURE_TCP;
}

static void
read_whole(struct ip *ip, struct capture_packet *out)
{
	out->payload = ip->rest;
	out->wire_octets = ip->wire_octets;
	switch (ip->protocol) { /* numbers of the wire, not of an enum of ours */
	case PROTOCOL_UDP:
		out->kind = CAPTURE_CUT;
		read_udp(ip, out);
		break;
	case PROTOCOL_TCP:
		out->kind = CAPTURE_CUT;
		read_tcp(ip, out);
		break;
	case PROTOCOL_GRE:
		out->kind = CAPTURE_GRE;
		break;
	case PROTOCOL_ESP:
		out->kind = CAPTURE_ESP;
		break;
	case PROTOCOL_L2TP:
		out->kind = CAPTURE_L2TP_IP;
		break;
	default:
		out->kind = CAPTURE_OTHER;
		break;
	}
}

static void
read_fragment(struct capture_fragments *fragments, struct ip *ip, struct capture_packet *out)
{
	const struct capture_fragment one = { .from = out->from,
					      .to = out->to,
					      .id = ip->id,
					      .protocol = ip->protocol,
					      .is_last = ip->is_last,
					      .offset = ip->offset,
					      .octets = ip->rest,
					      .frame = out->frame };

	out->kind = CAPTURE_FRAGMENT;
	out->payload = ip->rest;
	out->wire_octets = ip->wire_octets;
	if (ip->rest.n < ip->wire_octets || !capture_fragments_put(fragments, &one, &ip->rest))
		return;
	ip->wire_octets = ip->rest.n;
	out->is_reassembled = true;
	read_whole(ip, out);
}

/* False: there is another IP packet in it, `*packet`. */
static bool
read_packet(struct capture_fragments *fragments, struct ut_slice *packet, struct capture_packet *out)
{
	const unsigned version = packet->n == 0 ? 0 : packet->p[0] >> 4;
	struct ip ip = { .protocol = 0 };

	out->kind = CAPTURE_CUT;
	out->payload = ut_slice(packet->p, 0);
	out->wire_octets = 0;
	if (version == 4 ? !read_ipv4(*packet, &ip, out) : version != 6 || !read_ipv6(*packet, &ip, out))
		return true;
	if (ip.is_fragment)
		read_fragment(fragments, &ip, out);
	else
		read_whole(&ip, out);
	*packet = out->payload;
	return out->kind != CAPTURE_OTHER || (ip.protocol != PROTOCOL_IPV4 && ip.protocol != PROTOCOL_IPV6);
}

void
capture_ip_read(struct capture_fragments *fragments, struct ut_slice packet, struct capture_packet *out)
{
	enum { LEVELS = 3 }; /* of IP in IP */

	out->is_reassembled = false;
	for (unsigned i = 0; i < LEVELS; i++)
		if (read_packet(fragments, &packet, out))
			return;
}
