/* make_capture_corpus.c - writes the seeds of fuzz_capture: small captures of tunnels, one for each form of the story
 * SPDX-License-Identifier: Apache-2.0
 *
 * usage: make_capture_corpus DIRECTORY
 */
#include "codec/l2tp.h"
#include "codec/pptp.h"
#include "tests/replay/make_capture_ng.h"

#include <stdlib.h>

enum { FORMS = 5, TID = 5, SID = 6, LINK_ETHERNET = 1 };

static struct l2tp_message
message_of(enum l2tp_message_type type)
{
	struct l2tp_message m = { .type = type };

	m.present = l2tp_message_avps(type)->required | l2tp_message_avps(type)->expected;
	m.protocol_version = 0x0100;
	m.host_name = ut_slice_str("h");
	m.assigned_tid.v = TID;
	m.assigned_sid.v = SID;
	m.result = 1;
	return m;
}

static void
send(struct made *made, unsigned from, enum l2tp_message_type type, unsigned ns, unsigned nr)
{
	const struct l2tp_message m = message_of(type);
	const struct l2tp_header h = { .tid = { type == L2TP_SCCRQ ? 0 : TID },
				       .sid = { l2tp_message_is_session(type) && type != L2TP_ICRQ ? SID
												   : 0 },
				       .ns = (uint16_t)ns,
				       .nr = (uint16_t)nr };
	uint8_t octets[1500];
	struct ut_put w = ut_put_into(octets, sizeof octets);

	l2tp_message_encode(&w, &h, &m, NULL);
	if (m.type == L2TP_CDN)
		made_udp_fragments(made, from, ut_slice(octets, w.len), true);
	else
		made_udp(made, from, ut_slice(octets, w.len));
}

static void
make_l2tp(struct made *m)
{
	static const uint8_t data[] = { 0, 2, 0, TID, 0,  SID, 0xff, 3, 0x80, 0xfd,
					4, 1, 0, 10,  18, 6,   1,    0, 0,    0x40 };

	made_begin(m, LINK_ETHERNET);
	m->vlan_tags = 1;
	send(m, CLIENT, L2TP_SCCRQ, 0, 0);
	send(m, SERVER, L2TP_SCCRP, 0, 1);
	send(m, CLIENT, L2TP_SCCCN, 1, 1);
	send(m, CLIENT, L2TP_ICRQ, 2, 1);
	send(m, SERVER, L2TP_ICRP, 1, 3);
	send(m, CLIENT, L2TP_ICCN, 3, 2);
	send(m, CLIENT, L2TP_ICCN, 3, 2);
	made_udp(m, SERVER, ut_slice(data, sizeof data));
	send(m, CLIENT, L2TP_CDN, 4, 2);
	send(m, CLIENT, L2TP_STOPCCN, 5, 2);
	send(m, SERVER, L2TP_ZLB, 2, 6);
}

static uint32_t
send_pptp(struct made *m, unsigned from, enum pptp_message_type type, uint32_t at, uint32_t ack)
{
	const struct pptp_message message = { .type = type,
					      .protocol_version = PPTP_VERSION,
					      .result = 1,
					      .call_id = { TID },
					      .peer_call_id = { TID } };
	uint8_t octets[PPTP_MESSAGE_OCTETS];
	struct ut_put w = ut_put_into(octets, sizeof octets);

	pptp_message_encode(&w, &message);
	made_tcp(m, from, CAPTURE_ACK, at, ack, ut_slice(octets, w.len));
	return at + (uint32_t)w.len;
}

static void
make_pptp(struct made *m)
{
	static const uint8_t gre[] = { 0x30, 1, 0x88, 0x0b, 0, 4, 0, TID, 0, 0, 0, 1, 0xff, 3, 0xc0, 0x21 };
	uint32_t client = 101, server = 501;

	made_begin(m, LINK_ETHERNET);
	made_tcp(m, CLIENT, CAPTURE_SYN, 100, 0, ut_slice("", 0));
	made_tcp(m, SERVER, CAPTURE_SYN | CAPTURE_ACK, 500, 101, ut_slice("", 0));
	client = send_pptp(m, CLIENT, PPTP_SCCRQ, client, server);
	server = send_pptp(m, SERVER, PPTP_SCCRP, server, client);
	client = send_pptp(m, CLIENT, PPTP_OCRQ, client, server);
	server = send_pptp(m, SERVER, PPTP_OCRP, server, client);
	made_ip(m, CLIENT, 47, 0, ut_slice(gre, sizeof gre));
	client = send_pptp(m, CLIENT, PPTP_CCRQ, client, server);
	server = send_pptp(m, SERVER, PPTP_CDN, server, client);
	client = send_pptp(m, CLIENT, PPTP_STOPCCRQ, client + 40, server);
	made_tcp(m, CLIENT, CAPTURE_FIN | CAPTURE_ACK, client, server, ut_slice("", 0));
}

static void
write_seed(const char *directory, const char *name, unsigned form, const struct made *m)
{
	char path[4096];
	FILE *file;

	snprintf(path, sizeof path, "%s/%s-%u", directory, name, form);
	file = fopen(path, "wb");
	if (file == NULL || fputc((int)form, file) == EOF || fwrite(m->octets, 1, m->n, file) != m->n ||
	    fclose(file) != 0) {
		perror(path);
		exit(EXIT_FAILURE);
	}
}

/* The same as pcapng, in either byte order. */
static void
write_ng_seed(const char *directory, const char *name, unsigned form, const struct made *plain)
{
	static struct made made;
	struct made_ng ng = made_ng_begin(&made, form % 2 != 0);

	made_ng_interface(&ng, LINK_ETHERNET, 65535, 9);
	made_ng_all(&ng, plain, 1000);
	write_seed(directory, name, form, &made);
}

int
main(int argc, char **argv)
{
	static struct made made;

	if (argc != 2) {
		fprintf(stderr, "usage: make_capture_corpus DIRECTORY\n");
		return EXIT_FAILURE;
	}
	for (unsigned form = 0; form < FORMS; form++) {
		make_l2tp(&made);
		write_seed(argv[1], "l2tp", form, &made);
		write_ng_seed(argv[1], "l2tp-ng", form, &made);
		make_pptp(&made);
		write_seed(argv[1], "pptp", form, &made);
		write_ng_seed(argv[1], "pptp-ng", form, &made);
	}
	return EXIT_SUCCESS;
}
