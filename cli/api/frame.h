/* frame.h - messages in a stream, each preceded by its length as a varint (Java's writeDelimitedTo)
 * SPDX-License-Identifier: Apache-2.0
 *
 * Reading is incremental and bounded: what a peer sends is kept until a message is whole, and at most one message
 * more than that.  Octets that were read are wiped, for there may be passwords in them.
 */
#ifndef CLI_API_FRAME_H
#define CLI_API_FRAME_H

#include "codec/bytes.h"

enum {
	FRAME_MESSAGE_MAX = 65536, /* octets of a message, without its length */
	FRAME_LENGTH_MAX = 3,	   /* octets of a length: more are never needed */
	FRAME_OCTETS_MAX = FRAME_LENGTH_MAX + FRAME_MESSAGE_MAX
};

enum frame_result {
	FRAME_OK,
	FRAME_MORE,	 /* not whole yet */
	FRAME_TOO_LONG,	 /* of more than FRAME_MESSAGE_MAX octets */
	FRAME_NO_LENGTH, /* the length does not end in FRAME_LENGTH_MAX octets */
	FRAME_RESULT_N
};

/* "a length that does not end"; of FRAME_OK and FRAME_MORE "". */
const char *frame_result_text(enum frame_result result);

/* Looks at the message that `octets` begins with.  FRAME_OK: it is `*message`, and ends after `*used` octets, the
 * length included. */
enum frame_result frame_read(struct ut_slice octets, struct ut_slice *message, size_t *used) UT_MUST_USE;

/* Writes the length that goes before n octets, n at most FRAME_MESSAGE_MAX; how many octets that took. */
size_t frame_put_length(uint8_t out[FRAME_LENGTH_MAX], size_t n);

/* ---- what has come and is not read ---- */

struct frame_inbox {
	uint8_t *octets; /* owned; NULL: none needed yet */
	size_t cap, begin, end;
	uint64_t offset; /* in the stream, of octets[begin] */
};

/* All zero is an empty inbox. */
void frame_inbox_fini(struct frame_inbox *inbox); /* wipes and frees */

/* Where the next octets go and for how many there is room: at least 1 as long as frame_inbox_next() is called until
 * it says FRAME_MORE.  NULL: no memory. */
uint8_t *frame_inbox_room(struct frame_inbox *inbox, size_t *room) UT_MUST_USE;

/* n octets were put there. */
void frame_inbox_add(struct frame_inbox *inbox, size_t n);

/* Takes the next message; it stays where it is until the next call of any of these.  After an error the stream is of
 * no use; `offset` says where the message began. */
enum frame_result frame_inbox_next(struct frame_inbox *inbox, struct ut_slice *message) UT_MUST_USE;

/* Is there the beginning of a message? */
bool frame_inbox_is_amid(const struct frame_inbox *inbox);

#endif
