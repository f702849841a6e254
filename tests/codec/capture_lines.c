/* capture_lines.c - prints what the decoder makes of messages in hex, one line of words each, for captures.py
 * SPDX-License-Identifier: Apache-2.0
 *
 * In: lines of hex.  Out, a line for each: "fault REASON", or "T L S O P version length tid sid ns nr", then
 * for control messages the message type and "type:vendor:length:mandatory:hidden" of every AVP.
 */
#include "codec/l2tp.h"

#include <stdio.h>
#include <stdlib.h>

enum { LINE_MAX_OCTETS = 1 << 18 };

static size_t
octets_of_hex(const char *hex, uint8_t *out)
{
	size_t n = 0;
	char pair[3] = "";

	while (hex[0] > ' ' && hex[1] > ' ') {
		pair[0] = hex[0];
		pair[1] = hex[1];
		out[n++] = (uint8_t)strtoul(pair, NULL, 16);
		hex += 2;
	}
	return n;
}

static void
print_avps(const struct l2tp_header *header, struct ut_slice datagram)
{
	struct l2tp_avp_walk walk;
	struct l2tp_avp avp;

	l2tp_avp_walk_init(&walk, header, datagram);
	while (l2tp_avp_walk_next(&walk, &avp))
		printf(" %u:%u:%u:%d:%d", avp.type, avp.vendor, avp.flags & L2TP_AVP_LENGTH,
		       (avp.flags & L2TP_AVP_BIT_M) != 0, (avp.flags & L2TP_AVP_BIT_H) != 0);
}

static void
print_datagram(struct ut_slice datagram)
{
	struct l2tp_header h;
	struct l2tp_message m;
	struct l2tp_fault fault;

	if (l2tp_header_decode(datagram, &h, &fault) != L2TP_FAULT_NONE) {
		printf("fault %s\n", l2tp_fault_sentence(fault.reason));
		return;
	}
	printf("%d %d %d %d %d %u %u %u %u %u %u", h.is_control, h.has_length, h.has_sequence, h.has_offset,
	       h.is_priority, h.version, h.length, h.tid.v, h.sid.v, h.ns, h.nr);
	if (h.is_control) {
		const enum l2tp_fault_reason reason = l2tp_message_decode(datagram, &h, NULL, &m, &fault);

		printf(" %u", (unsigned)m.type);
		print_avps(&h, datagram);
		printf(" %s", reason == L2TP_FAULT_NONE ? "whole" : l2tp_fault_sentence(reason));
	}
	printf("\n");
}

int
main(void)
{
	char *const line = malloc(LINE_MAX_OCTETS);
	uint8_t *const octets = malloc(LINE_MAX_OCTETS / 2);

	if (line == NULL || octets == NULL)
		return EXIT_FAILURE;
	while (fgets(line, LINE_MAX_OCTETS, stdin) != NULL)
		print_datagram(ut_slice(octets, octets_of_hex(line, octets)));
	free(octets);
	free(line);
	return EXIT_SUCCESS;
}
