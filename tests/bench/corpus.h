/* corpus.h - the messages that the codec is measured on
 * SPDX-License-Identifier: Apache-2.0
 *
 * Of $UPTUN_BENCH (default ../shared/bench) where there is such a folder: files NAME.bin of records, each a 16-bit
 * big-endian length and a message. Otherwise made here, of the same kinds and sizes, from a fixed seed.
 */
#ifndef TESTS_BENCH_CORPUS_H
#define TESTS_BENCH_CORPUS_H

#include "codec/bytes.h"

struct corpus {
	struct ut_slice *messages;
	size_t n, octets; /* octets of all messages */
	bool is_made;	  /* here, and not read from a file */
};

/* One of sccrq, icrq, iccn, hello, zlb, sccrq_hidden (with the secret "secret"), mixed; of PPTP, pptp_sccrq, pptp_sccrp,
 * pptp_ocrq, pptp_ocrp, pptp_echorq, pptp_echorp, pptp_mixed; packets of enhanced GRE, gre_frame, gre_ack, gre_mixed.
 * Ends the program when memory runs out. */
struct corpus corpus_load(const char *name);
void corpus_free(struct corpus *c);

/* For corpus.c and corpus_pptp.c: appends a copy; makes the messages of a name of PPTP's or GRE's. */
void corpus_add(struct corpus *c, const uint8_t *octets, size_t n);
void corpus_make_pptp(struct corpus *c, const char *name);
uint32_t corpus_noise(uint64_t *seed);

#endif
