/* capture_file.c - capture files, read by libpcap unless they are plain
 * SPDX-License-Identifier: Apache-2.0
 */
#include "cli/replay/capture.h"

#include "cli/replay/capture_ip.h"
#include "cli/replay/capture_link.h"
#include "cli/replay/capture_record.h"

#include <arpa/inet.h>
#include <errno.h>
#include <pcap/pcap.h>
#include <stdlib.h>

enum { READ_OCTETS = 1 << 18 };

struct capture {
	pcap_t *pcap;			/* NULL: pcapng */
	struct capture_records records; /* of a plain file */
	int link;			/* of the frame under way */
	uint64_t frames;
	struct capture_fragments fragments;
};

static const char *const kinds[CAPTURE_KIND_N] = {
#define X(token, words) [CAPTURE_##token] = words,
	CAPTURE_KINDS(X)
#undef X
};

const char *
capture_kind_words(enum capture_kind kind)
{
	return kinds[kind];
}

static size_t
print_v6(char text[CAPTURE_END_OCTETS], const struct capture_end *end)
{
	char address[INET6_ADDRSTRLEN] = "";
	uint8_t octets[16];
	int n;

	for (unsigned i = 0; i < 8; i++) {
		octets[i] = (uint8_t)(end->hi >> (56 - 8 * i));
		octets[8 + i] = (uint8_t)(end->lo >> (56 - 8 * i));
	}
	(void)inet_ntop(AF_INET6, octets, address, sizeof address);
	n = end->port != 0 ? snprintf(text, CAPTURE_END_OCTETS, "[%s]:%u", address, end->port)
			   : snprintf(text, CAPTURE_END_OCTETS, "%s", address);
	return (size_t)n;
}

size_t
capture_end_print(char text[CAPTURE_END_OCTETS], const struct capture_end *end)
{
	const unsigned a = (unsigned)end->lo;
	int n;

	if (end->is_v6)
		return print_v6(text, end);
	n = snprintf(text, CAPTURE_END_OCTETS, "%u.%u.%u.%u", a >> 24 & 255, a >> 16 & 255, a >> 8 & 255,
		     a & 255);
	if (end->port != 0)
		n += snprintf(text + n, CAPTURE_END_OCTETS - (size_t)n, ":%u", end->port);
	return (size_t)n;
}

static void
close_all(struct capture_records *records, pcap_t *pcap, FILE *stream)
{
	capture_records_fini(records);
	if (pcap != NULL)
		pcap_close(pcap); /* and the stream */
	else
		fclose(stream);
}

static struct capture *
open_read(pcap_t *pcap, struct capture_records *records, char error[CAPTURE_ERROR_OCTETS])
{
	struct capture *const c = calloc(1, sizeof *c);

	if (c == NULL) {
		snprintf(error, CAPTURE_ERROR_OCTETS, "no memory");
		close_all(records, pcap, records->stream);
		return NULL;
	}
	c->pcap = pcap;
	c->records = *records;
	if (pcap == NULL)
		return c;
	c->link = pcap_datalink(pcap);
	if (!capture_link_is_known(c->link)) {
		const char *const name = pcap_datalink_val_to_name(c->link);

		snprintf(error, CAPTURE_ERROR_OCTETS, "its link layer, %s (%d), is none that can be read",
			 name != NULL ? name : "one without a name", c->link);
		capture_close(c);
		return NULL;
	}
	return c;
}

struct capture *
capture_open_stream(FILE *stream, char error[CAPTURE_ERROR_OCTETS])
{
	char why[PCAP_ERRBUF_SIZE] = "no memory";
	struct capture_records records;
	const bool is_begun = capture_records_init(&records, stream);
	pcap_t *pcap = NULL;

	if (is_begun && records.ng == NULL)
		pcap = pcap_fopen_offline_with_tstamp_precision(stream, PCAP_TSTAMP_PRECISION_NANO, why);
	if (!is_begun || (pcap == NULL && records.ng == NULL)) {
		snprintf(error, CAPTURE_ERROR_OCTETS, "%s", why);
		close_all(&records, NULL, stream);
		return NULL;
	}
	return open_read(pcap, &records, error);
}

struct capture *
capture_open(const char *path, char error[CAPTURE_ERROR_OCTETS])
{
	FILE *const stream = strcmp(path, "-") == 0 ? stdin : fopen(path, "rb");

	if (stream == NULL) {
		snprintf(error, CAPTURE_ERROR_OCTETS, "%s", strerror(errno));
		return NULL;
	}
	(void)setvbuf(stream, NULL, _IOFBF, READ_OCTETS);
	return capture_open_stream(stream, error);
}

static void
read_frame(struct capture *c, struct ut_slice frame, struct capture_packet *out)
{
	switch (capture_link_open(c->link, &frame)) {
	case CAPTURE_LINK_IP:
		capture_ip_read(&c->fragments, frame, out);
		return;
	case CAPTURE_LINK_OTHER:
		out->kind = CAPTURE_OTHER;
		break;
	case CAPTURE_LINK_CUT:
		out->kind = CAPTURE_CUT;
		break;
	}
	out->payload = ut_slice(frame.p, 0);
	out->wire_octets = 0;
}

static enum capture_result
read_by_libpcap(pcap_t *pcap, struct ut_slice *frame, uint64_t *time_ns)
{
	struct pcap_pkthdr *header;
	const u_char *octets;
	const int result = pcap_next_ex(pcap, &header, &octets);

	if (result != 1)
		return result == PCAP_ERROR_BREAK ? CAPTURE_END : CAPTURE_BROKEN;
	/* with nanosecond precision tv_usec holds nanoseconds */
	*time_ns = (uint64_t)header->ts.tv_sec * 1000000000u + (uint64_t)header->ts.tv_usec;
	*frame = ut_slice(octets, header->caplen);
	return CAPTURE_PACKET;
}

enum capture_result
capture_next(struct capture *c, struct capture_packet *out)
{
	struct ut_slice frame;
	const enum capture_result result =
	    c->records.block != NULL ? capture_records_next(&c->records, &frame, &out->time_ns, &c->link)
				     : read_by_libpcap(c->pcap, &frame, &out->time_ns);

	if (result != CAPTURE_PACKET)
		return result;
	out->frame = ++c->frames;
	read_frame(c, frame, out);
	return CAPTURE_PACKET;
}

const char *
capture_error(struct capture *c)
{
	return c->records.error != NULL ? c->records.error : pcap_geterr(c->pcap);
}

uint64_t
capture_unfinished(const struct capture *c)
{
	return capture_fragments_unfinished(&c->fragments);
}

void
capture_close(struct capture *c)
{
	close_all(&c->records, c->pcap, c->records.stream);
	capture_fragments_fini(&c->fragments);
	free(c);
}
