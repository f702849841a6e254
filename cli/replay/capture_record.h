/* capture_record.h - the records of a plain file, read in large blocks
 * SPDX-License-Identifier: Apache-2.0
 *
 * libpcap copies each record twice and takes a lock for it, which is most of the time that a large capture takes.  So
 * libpcap reads what is unusual (big-endian and modified pcap, pipes); the records of a little-endian pcap file and of
 * pcapng, which is what nearly everybody has, are read here, where they lie in the block.
 */
#ifndef CLI_REPLAY_CAPTURE_RECORD_H
#define CLI_REPLAY_CAPTURE_RECORD_H

#include "cli/replay/capture.h"

struct capture_ng;

enum { CAPTURE_RECORDS_MAX = 1 << 19 /* octets that can be had at once */ };

struct capture_records {
	FILE *stream;	       /* borrowed; of pcap behind the file's header */
	struct capture_ng *ng; /* owned; NULL: it is no pcapng */
	uint8_t *block;	       /* owned; NULL: these records are libpcap's to read */
	size_t at, n;	       /* what is not read yet: at .. n */
	uint64_t fraction_ns;
	const char *error; /* what was wrong */
};

/* Looks at the first octets of `stream` and puts them back.  False: no memory. */
bool capture_records_init(struct capture_records *r, FILE *stream) UT_MUST_USE;
void capture_records_fini(struct capture_records *r);

/* The next frame and its time since 1970; the slice dies with the next call.  Sets `*link` if the file says it with each
 * frame. */
enum capture_result capture_records_next(struct capture_records *r, struct ut_slice *frame, uint64_t *time_ns,
					 int *link) UT_MUST_USE;

/* ---- for who reads records ---- */

/* True if so many octets, at most CAPTURE_RECORDS_MAX, lie at block + at: the block is filled up for that. */
bool capture_records_has(struct capture_records *r, size_t octets);
/* Says what is wrong. */
enum capture_result capture_records_broken(struct capture_records *r, const char *error);

#endif
