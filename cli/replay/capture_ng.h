/* capture_ng.h - the packets of a pcapng file, read where they lie
 * SPDX-License-Identifier: Apache-2.0
 *
 * As the draft "PCAP Now Generic" has it: sections, each of its own byte order and with interfaces of its own.  libpcap
 * reads no file whose interfaces differ in link layer or snapshot length, which merged captures do.
 */
#ifndef CLI_REPLAY_CAPTURE_NG_H
#define CLI_REPLAY_CAPTURE_NG_H

#include "cli/replay/capture_record.h"

enum { CAPTURE_NG_INTERFACES_MAX = 256 /* of a section; frames of any more are refused */ };

struct capture_ng_interface {
	int link; /* DLT_ */
	uint32_t snap;
	uint8_t resolution; /* if_tsresol */
	uint64_t offset_s;  /* if_tsoffset; modulo 2^64 */
};

struct capture_ng {
	bool is_big_endian;
	bool has_known;	 /* an interface whose frames can be read was seen */
	bool has_frames; /* of any interface */
	size_t interfaces_n;
	struct capture_ng_interface interfaces[CAPTURE_NG_INTERFACES_MAX];
};

enum { CAPTURE_NG_MAGIC_OCTETS = 4 };
bool capture_ng_is_magic(const uint8_t magic[CAPTURE_NG_MAGIC_OCTETS]);

/* As capture_records_next(), with the frame's link layer, DLT_. */
enum capture_result capture_ng_next(struct capture_ng *ng, struct capture_records *r, struct ut_slice *frame,
				    uint64_t *time_ns, int *link) UT_MUST_USE;

#endif
