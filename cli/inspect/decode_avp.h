/* decode_avp.h - the AVPs of an L2TP message, one after the other, in words
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef CLI_INSPECT_DECODE_AVP_H
#define CLI_INSPECT_DECODE_AVP_H

#include "cli/inspect/decode_words.h"
#include "codec/l2tp.h"

enum { DECODE_AVP_NAME_OCTETS = 48 };

/* "Host Name", "AVP 77", "vendor 9 AVP 1". */
void decode_avp_name(char name[DECODE_AVP_NAME_OCTETS], unsigned vendor, unsigned type);

/* A datagram that is shorter than its Length says has what there is for its payload.  False: its header has another
 * `fault`, and nothing behind it can be read. */
bool decode_header_mend(struct ut_slice datagram, struct l2tp_header *header, const struct l2tp_fault *fault);

/* A walk over the AVPs whose lengths can be trusted.  With the tunnel's secret hidden ones are shown in the clear. */
struct decode_avps {
	struct l2tp_avp_walk walk;
	const struct l2tp_secret *secret; /* borrowed; NULL: none */
	struct ut_slice vector;		  /* the last Random Vector; p NULL: none yet */
	unsigned message_type;
	uint8_t plaintext[L2TP_AVP_VALUE_MAX];
};

struct decode_avp {
	struct l2tp_avp is;
	bool is_mandatory, is_hidden; /* as it came */
	char name[DECODE_AVP_NAME_OCTETS];
	struct decode_words words; /* of its value; "hidden, 18 octets" where it cannot be had */
};

/* `secret` may be NULL or empty. */
void decode_avps_init(struct decode_avps *a, const struct l2tp_header *header, struct ut_slice datagram,
		      const struct l2tp_secret *secret);

/* False: there is no more; what was unhidden is wiped. */
bool decode_avps_next(struct decode_avps *a, struct decode_avp *out);

#endif
