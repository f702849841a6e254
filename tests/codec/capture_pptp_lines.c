/* capture_pptp_lines.c - prints what the decoders make of PPTP messages and GRE packets in hex, for captures_pptp.py
 * SPDX-License-Identifier: Apache-2.0
 *
 * In: lines of "pptp" or "gre", a space, and hex.  Out, a line for each: words FIELD=VALUE, numbers in decimal, texts
 * in hex, by the names that tshark has for them, and fault=... where there is one.
 */
#include "codec/gre.h"

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
print_text(const char *name, struct ut_slice text)
{
	printf(" %s=", name);
	for (size_t i = 0; i < text.n; i++)
		printf("%02x", text.p[i]);
}

static void
print_call(const struct pptp_message *m)
{
	printf(" call_id=%u peer_call_id=%u call_serial_number=%u", m->call_id.v, m->peer_call_id.v,
	       m->call_serial);
	printf(" minimum_bps=%u maximum_bps=%u connect_speed=%u", m->minimum_bps, m->maximum_bps,
	       m->connect_speed);
	printf(" packet_receive_window_size=%u packet_processing_delay=%u", m->window, m->processing_delay);
	printf(" phone_number_length=%zu cause=%u physical_channel_id=%u", m->phone_number.n, m->cause,
	       m->physical_channel);
	print_text("phone_number", m->phone_number);
	print_text("subaddress", m->subaddress);
}

static void
print_message(const struct pptp_message *m)
{
	printf("length=%u control_message_type=%u identifier=%u", m->length, m->number, m->identifier);
	printf(" result=%u error=%u protocol_version=%u", m->result, m->error, m->protocol_version);
	printf(" framing=%u bearer=%u maximum_channels=%u firmware_revision=%u", m->framing, m->bearer,
	       m->maximum_channels, m->firmware_revision);
	print_text("host_name", m->host_name);
	print_text("vendor_name", m->vendor_name);
	print_call(m);
	printf(" send_accm=%u receive_accm=%u\n", m->send_accm, m->receive_accm);
}

static void
print_pptp(struct ut_slice octets)
{
	struct pptp_stream s = { .offset = 0 };
	struct pptp_fault fault = { .reason = PPTP_FAULT_NONE };
	struct pptp_message m;

	if (pptp_stream_read(&s, &octets, &m, &fault) == PPTP_STREAM_MESSAGE)
		print_message(&m);
	else
		printf("fault=%d\n", (int)fault.reason);
}

static void
print_gre(struct ut_slice packet)
{
	struct gre_header h;
	struct gre_fault fault;
	const enum gre_fault_reason reason = gre_header_decode(packet, &h, &fault);

	printf("flags.sequence_number=%d flags.ack=%d key.payload_length=%u key.call_id=%u", h.has_sequence,
	       h.has_acknowledgment, h.payload_length, h.call_id.v);
	printf(" sequence_number=%u ack_number=%u payload=%zu", h.sequence, h.acknowledgment, h.payload.n);
	if (reason != GRE_FAULT_NONE)
		printf(" fault=%s", reason == GRE_FAULT_VERSION ? "version" : "other");
	printf("\n");
}

int
main(void)
{
	char *const line = malloc(LINE_MAX_OCTETS);
	uint8_t *const octets = malloc(LINE_MAX_OCTETS / 2);

	if (line == NULL || octets == NULL)
		return EXIT_FAILURE;
	while (fgets(line, LINE_MAX_OCTETS, stdin) != NULL) {
		const char *const space = strchr(line, ' ');

		if (space == NULL)
			return EXIT_FAILURE;
		if (line[0] == 'p')
			print_pptp(ut_slice(octets, octets_of_hex(space + 1, octets)));
		else
			print_gre(ut_slice(octets, octets_of_hex(space + 1, octets)));
	}
	free(octets);
	free(line);
	return EXIT_SUCCESS;
}
