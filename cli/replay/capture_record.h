/* capture_record.h - the records of a plain pcap file, read in large blocks
 * SPDX-License-Identifier: Apache-2.0
 *
 * libpcap copies each record twice and takes a lock for it, which is most of the time that a large capture takes.  So
 * libpcap opens every file and reads the unusual ones (pcapng, big-endian, modified pcap, pipes); the records of a
 * little-endian pcap file, which is what nearly everybody has, are read here, where they lie in the block.
 */
#ifndef CLI_REPLAY_CAPTURE_RECORD_H
#define CLI_REPLAY_CAPTURE_RECORD_H

#include "cli/replay/capture.h"

struct capture_records {
	FILE *stream;	/* borrowed; behind the file's header */
	uint8_t *block; /* owned; NULL: these records are libpcap's to read */
	size_t at, n;	/* what is not read yet: at .. n */
	uint64_t fraction_ns;
	const char *error; /* what was wrong */
};

/* Looks at the first octets of `stream` and puts them back.  False: no memory. */
bool capture_records_init(struct capture_records *r, FILE *stream) UT_MUST_USE;
void capture_records_fini(struct capture_records *r);

/* The next frame and its time since 1970; the slice dies with the next call. */
enum capture_result capture_records_next(struct capture_records *r, struct ut_slice *frame,
					 uint64_t *time_ns) UT_MUST_USE;

#endif
