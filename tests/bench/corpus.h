/* corpus.h - the messages that the codec is measured on
 * SPDX-License-Identifier: Apache-2.0
 *
 * Of $UPTUN_BENCH (default ../shared/bench) where there is such a folder: files NAME.bin of records, each a 16-bit
 * big-endian length and a message. Otherwise made here, of the same kinds and sizes, from a fixed seed.
 */
#ifndef TESTS_BENCH_CORPUS_H
#define TESTS_BENCH_CORPUS_H

#include "codec/l2tp.h"

struct corpus {
	struct ut_slice *messages;
	size_t n, octets; /* octets of all messages */
	bool is_made;	  /* here, and not read from a file */
};

/* One of sccrq, icrq, iccn, hello, zlb, sccrq_hidden (with the secret "secret"), mixed. Ends the program when
 * memory runs out. */
struct corpus corpus_load(const char *name);
void corpus_free(struct corpus *c);

#endif
