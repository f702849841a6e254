/* outbox.h - octets on their way to a client
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef CLI_DAEMON_OUTBOX_H
#define CLI_DAEMON_OUTBOX_H

#include "codec/bytes.h"

struct outbox {
	uint8_t *octets; /* owned; NULL while it is empty */
	size_t cap, begin, end;
	uint64_t sent;	      /* octets, in all */
	uint64_t replies_end; /* the last reply ends here, counted likewise */
};

/* All zero is an empty outbox. */
void outbox_fini(struct outbox *o); /* wipes and frees */

/* How many octets wait. */
size_t outbox_n(const struct outbox *o);
/* Is there anything of a reply among them? */
bool outbox_has_reply(const struct outbox *o);

/* Adds at the end.  False: no memory, and nothing was added. */
bool outbox_put(struct outbox *o, struct ut_slice octets, bool is_reply) UT_MUST_USE;

/* Sends what the socket takes now: 1 some or there was nothing to send, 0 it takes none, -errno. */
int outbox_send(struct outbox *o, int fd) UT_MUST_USE;

#endif
