/* gre_encode.c - the header of enhanced GRE, written (RFC 2637 section 4.1)
 * SPDX-License-Identifier: Apache-2.0
 */
#include "codec/gre.h"

enum { KEY_PRESENT = 0x2000, SEQUENCE_PRESENT = 0x1000, ACKNOWLEDGMENT_PRESENT = 0x0080, VERSION = 1 };

static uint16_t
bits(const struct gre_header *h)
{
	return (uint16_t)(KEY_PRESENT | VERSION | (h->has_sequence ? SEQUENCE_PRESENT : 0) |
			  (h->has_acknowledgment ? ACKNOWLEDGMENT_PRESENT : 0));
}

void
gre_header_encode(struct ut_put *w, const struct gre_header *header)
{
	if (header->payload.n > UINT16_MAX) {
		w->full = true;
		return;
	}
	ut_put_u16(w, bits(header));
	ut_put_u16(w, GRE_TYPE_PPP);
	ut_put_u16(w, (uint16_t)header->payload.n);
	ut_put_u16(w, header->call_id.v);
	if (header->has_sequence)
		ut_put_u32(w, header->sequence);
	if (header->has_acknowledgment)
		ut_put_u32(w, header->acknowledgment);
}
