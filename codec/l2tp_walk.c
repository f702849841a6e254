/* l2tp_walk.c - the AVPs of a message one by one, unjudged (RFC 2661 section 4.1)
 * SPDX-License-Identifier: Apache-2.0
 */
#include "codec/l2tp.h"

void
l2tp_avp_walk_init(struct l2tp_avp_walk *walk, const struct l2tp_header *header, struct ut_slice datagram)
{
	walk->rest = header->payload;
	walk->offset = header->payload.n == 0 ? 0 : (uint32_t)(header->payload.p - datagram.p);
}

bool
l2tp_avp_walk_next(struct l2tp_avp_walk *walk, struct l2tp_avp *out)
{
	const uint8_t *const at = walk->rest.p;
	size_t length;

	if (walk->rest.n < L2TP_AVP_HEADER_OCTETS)
		return false;
	length = ut_get_u16(at) & L2TP_AVP_LENGTH;
	if (length < L2TP_AVP_HEADER_OCTETS || length > walk->rest.n)
		return false;
	*out = (struct l2tp_avp){ .flags = ut_get_u16(at),
				  .vendor = ut_get_u16(at + 2),
				  .type = ut_get_u16(at + 4),
				  .value =
				      ut_slice(at + L2TP_AVP_HEADER_OCTETS, length - L2TP_AVP_HEADER_OCTETS),
				  .offset = walk->offset };
	walk->rest = ut_slice(at + length, walk->rest.n - length);
	walk->offset += (uint32_t)length;
	return true;
}
