/* make_l2tp_corpus.c - writes fuzz/corpus/l2tp_message: each message in full, bare, hidden, and broken
 * SPDX-License-Identifier: Apache-2.0
 *
 * usage: make_l2tp_corpus DIRECTORY
 */
#include "tests/codec/l2tp_samples.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

enum { PATH_OCTETS = 4096 };

static const struct l2tp_secret secret = { .octets = "secret", .n = 6 }; /* fuzz_l2tp_message.c's */

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

static void
write_message(const char *directory, const char *suffix, const struct l2tp_message *m,
	      const struct l2tp_hide *hide)
{
	uint8_t octets[2048];
	struct ut_put w = ut_put_into(octets, sizeof octets);

	l2tp_message_encode(&w, &(struct l2tp_header){ .tid = { 7 }, .sid = { 9 }, .ns = 3, .nr = 5 }, m,
			    hide);
	if (w.full) {
		fprintf(stderr, "%s%s cannot be encoded\n", l2tp_message_name(m->type), suffix);
		exit(EXIT_FAILURE);
	}
	write_file(directory, l2tp_message_name(m->type), suffix, ut_slice(octets, w.len));
}

static void
write_forms(const char *directory, enum l2tp_message_type type)
{
	const struct l2tp_message_avps *avps = l2tp_message_avps(type);
	const struct l2tp_hide hide = { .secret = &secret, .vector = "a random vector", .padding_octets = 5 };
	struct l2tp_message m = l2tp_sample_message(type);

	write_message(directory, "-full", &m, NULL);
	m.hidden = m.present;
	write_message(directory, "-hidden", &m, &hide);
	m.present = avps->required | avps->expected;
	write_message(directory, "-bare", &m, NULL);
}

#define WRITE(directory, name, text) write_file((directory), (name), "", ut_slice((text), sizeof(text) - 1))

static void
write_odd_ones(const char *d)
{
	WRITE(d, "data-bare", "\x00\x02\x00\x07\x00\x09\xff\x03\xc0\x21");
	WRITE(d, "data-every-field", "\x4b\x02\x00\x12\x00\x07\x00\x09\x00\x01\x00\x02\x00\x02zz\xff\x03");
	WRITE(d, "avp-length-0",
	      "\xc8\x02\x00\x1a\x00\x07\x00\x09\x00\x03\x00\x05\x80\x08\0\0\0\0\0\x06\x80\0\0\0\0\x09");
	WRITE(d, "avp-vendor",
	      "\xc8\x02\x00\x1c\x00\x07\x00\x09\x00\x03\x00\x05\x80\x08\0\0\0\0\0\x06\x00\x08\0\x09\0\x01zz");
	WRITE(d, "hidden-without-vector",
	      "\xc8\x02\x00\x1e\x00\x07\x00\x09\x00\x03\x00\x05\x80\x08\0\0\0\0\0\x06\xc0\x0a\0\0\0\x09\xbe"
	      "\x6a\x1d\xed");
	WRITE(
	    d, "result-of-2-octets",
	    "\xc8\x02\x00\x1c\x00\x07\x00\x09\x00\x03\x00\x05\x80\x08\0\0\0\0\0\x04\x80\x08\0\0\0\x01\0\x01");
}

int
main(int argc, char **argv)
{
	const struct l2tp_message zlb = { .type = L2TP_ZLB };

	if (argc != 2) {
		fprintf(stderr, "usage: make_l2tp_corpus DIRECTORY\n");
		return EXIT_FAILURE;
	}
	for (size_t i = 0; i < L2TP_SAMPLE_N; i++)
		write_forms(argv[1], l2tp_sample_types[i]);
	write_message(argv[1], "", &zlb, NULL);
	write_odd_ones(argv[1]);
	return EXIT_SUCCESS;
}
