/* make_pptp_corpus.c - writes fuzz/corpus/pptp_stream and fuzz/corpus/gre: each message and header, whole, cut, broken
 * SPDX-License-Identifier: Apache-2.0
 *
 * usage: make_pptp_corpus PPTP-DIRECTORY GRE-DIRECTORY
 */
#include "codec/gre.h"
#include "tests/codec/pptp_samples.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

enum { PATH_OCTETS = 4096, STREAM_OCTETS = 4096 };

static void
write_file(const char *directory, const char *name, const char *suffix, struct ut_slice s)
{
	char path[PATH_OCTETS];
	FILE *file;

	snprintf(path, sizeof path, "%s/%s%s", directory, name, suffix);
	file = fopen(path, "wb");
	if (file == NULL || fwrite(s.p, 1, s.n, file) != s.n || fclose(file) != 0) {
		fprintf(stderr, "%s: %s\n", path, strerror(errno));
		exit(EXIT_FAILURE);
	}
}

/* The messages of the types in `types`, which ends with a 0, behind what chooses the cuts. */
static void
write_stream(const char *directory, const char *name, const char *suffix, struct ut_slice cuts,
	     const uint8_t *types)
{
	uint8_t octets[STREAM_OCTETS];
	struct ut_put w = ut_put_into(octets, sizeof octets);

	ut_put_u8(&w, (uint8_t)cuts.n);
	ut_put_slice(&w, cuts);
	for (; *types != 0; types++) {
		const struct pptp_message m = pptp_sample((enum pptp_message_type) * types);

		pptp_message_encode(&w, &m);
	}
	if (w.full) {
		fprintf(stderr, "%s%s cannot be encoded\n", name, suffix);
		exit(EXIT_FAILURE);
	}
	write_file(directory, name, suffix, ut_slice(octets, w.len));
}

#define CUTS(text) ut_slice((text), sizeof(text) - 1)

static void
write_messages(const char *directory)
{
	static const uint8_t life[] = { PPTP_SCCRQ, PPTP_SCCRP,	   PPTP_OCRQ,	  PPTP_OCRP,
					PPTP_SLI,   PPTP_ECHORQ,   PPTP_WEN,	  PPTP_CCRQ,
					PPTP_CDN,   PPTP_STOPCCRQ, PPTP_STOPCCRP, 0 };

	for (unsigned type = 1; type < PPTP_MESSAGE_N; type++) {
		const uint8_t types[] = { (uint8_t)type, PPTP_ECHORP, 0 };

		write_stream(directory, pptp_message_letters(type), "", CUTS(""), types);
		write_stream(directory, pptp_message_letters(type), "-cut", CUTS("\1\0\7\3\40"), types);
	}
	write_stream(directory, "life", "", CUTS(""), life);
	write_stream(directory, "life", "-octets", CUTS("\0"), life);
}

#define COOKIE "\x1a\x2b\x3c\x4d"
#define ECHO "\0\x10\0\1" COOKIE "\0\5\0\0\1\2\3\4"
#define WRITE(directory, name, text) write_file((directory), (name), "", ut_slice((text), sizeof(text) - 1))

static void
write_broken_streams(const char *d)
{
	WRITE(d, "length-0", "\1\1" ECHO "\0\0\0\1" COOKIE "\0\5\0\0");
	WRITE(d, "length-1", "\0\0\1\0\1" COOKIE);
	WRITE(d, "wrong-cookie", "\1\2\0\x10\0\1\x1a\x2b\x3c\x4e\0\5\0\0\1\2\3\4");
	WRITE(d, "short", "\1\11\0\x0c\0\1" COOKIE "\0\5\0\0");
	WRITE(d, "number-length",
	      "\1\30\0\xa8\0\1" COOKIE "\0\7\0\0aabbccccddddeeeeffffgghh\xff\xff\0\0"
	      "0123456789012345678901234567890123456789012345678901234567890123"
	      "0123456789012345678901234567890123456789012345678901234567890123" ECHO);
	WRITE(d, "management", "\1\4\0\x10\0\2" COOKIE "\0\5\0\0\1\2\3\4" ECHO);
	WRITE(d, "unassigned", "\1\4\0\x11\0\1" COOKIE "\0\x10\0\0\1\2\3\4\5" ECHO);
	WRITE(d, "too-long", "\1\4\1\0\0\1" COOKIE "\0\5\0\0\1\2\3\4" ECHO);
	WRITE(d, "longer-than-its-type", "\1\4\0\x14\0\1" COOKIE "\0\5\xff\xff\1\2\3\4\5\6\7\10" ECHO);
}

static void
write_headers(const char *directory)
{
	static const char *const names[] = { "bare", "sequence", "acknowledgment", "both" };

	for (unsigned bits = 0; bits < 4; bits++) {
		const struct gre_header h = { .has_sequence = (bits & 1) != 0,
					      .has_acknowledgment = (bits & 2) != 0,
					      .call_id = { 0x1f2e },
					      .sequence = 0x01020304,
					      .acknowledgment = 0xfffefdfc,
					      .payload = ut_slice_str("\xff\x03\xc0\x21\x01\x01") };
		uint8_t octets[64];
		struct ut_put w = ut_put_into(octets, sizeof octets);

		gre_header_encode(&w, &h);
		ut_put_slice(&w, h.payload);
		write_file(directory, names[bits], "", ut_slice(octets, w.len));
	}
	WRITE(directory, "version-0", "\x20\0\x88\x0b\0\0\0\1");
	WRITE(directory, "checksum", "\xb0\1\x88\x0b\0\0\0\1\0\0\0\1");
	WRITE(directory, "no-key", "\x10\1\x88\x0b\0\0\0\1");
	WRITE(directory, "ip", "\x20\1\x08\0\0\0\0\1");
	WRITE(directory, "payload-missing", "\x30\1\x88\x0b\0\5\0\1\0\0\0\1zzzz");
	WRITE(directory, "cut-off", "\x30\x81\x88\x0b\0\0\0\1\0\0\0\1\0");
}

int
main(int argc, char **argv)
{
	if (argc != 3) {
		fprintf(stderr, "usage: make_pptp_corpus PPTP-DIRECTORY GRE-DIRECTORY\n");
		return EXIT_FAILURE;
	}
	write_messages(argv[1]);
	write_broken_streams(argv[1]);
	write_headers(argv[2]);
	return EXIT_SUCCESS;
}
