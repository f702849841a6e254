/* frame.c - messages in a stream, each preceded by its length as a varint
 * SPDX-License-Identifier: Apache-2.0
 */
#include "cli/api/frame.h"

#include <assert.h>
#include <stdlib.h>

enum { FIRST_ROOM = 1024, LENGTH_BITS = 7, LENGTH_MASK = 0x7f, LENGTH_GOES_ON = 0x80 };

const char *
frame_result_text(enum frame_result result)
{
	switch (result) {
	case FRAME_TOO_LONG:
		return "a message of more than 65536 octets";
	case FRAME_NO_LENGTH:
		return "a length that does not end";
	case FRAME_OK:
	case FRAME_MORE:
	case FRAME_RESULT_N:
		break;
	}
	return "";
}

/* ---- one message ---- */

static enum frame_result
read_length(struct ut_slice octets, size_t *length, size_t *used)
{
	*length = 0;
	for (size_t i = 0; i < FRAME_LENGTH_MAX; i++) {
		if (i == octets.n)
			return FRAME_MORE;
		*length |= (size_t)(octets.p[i] & LENGTH_MASK) << (LENGTH_BITS * i);
		*used = i + 1;
		if ((octets.p[i] & LENGTH_GOES_ON) == 0)
			return *length <= FRAME_MESSAGE_MAX ? FRAME_OK : FRAME_TOO_LONG;
	}
	return FRAME_NO_LENGTH;
}

enum frame_result
frame_read(struct ut_slice octets, struct ut_slice *message, size_t *used)
{
	size_t length, before;
	const enum frame_result result = read_length(octets, &length, &before);

	if (result != FRAME_OK)
		return result;
	if (octets.n - before < length)
		return FRAME_MORE;
	*message = ut_slice(octets.p + before, length);
	*used = before + length;
	return FRAME_OK;
}

size_t
frame_put_length(uint8_t out[FRAME_LENGTH_MAX], size_t n)
{
	size_t octets = 0;

	assert(n <= FRAME_MESSAGE_MAX);
	for (; n > LENGTH_MASK; n >>= LENGTH_BITS)
		out[octets++] = (uint8_t)((n & LENGTH_MASK) | LENGTH_GOES_ON);
	out[octets++] = (uint8_t)n;
	return octets;
}

/* ---- the inbox ---- */

static void
release(struct frame_inbox *inbox)
{
	if (inbox->octets != NULL)
		ut_wipe(inbox->octets, inbox->cap);
	free(inbox->octets);
	inbox->octets = NULL;
	inbox->cap = inbox->begin = inbox->end = 0;
}

void
frame_inbox_fini(struct frame_inbox *inbox)
{
	release(inbox);
	*inbox = (struct frame_inbox){ 0 };
}

/* Moves what is there to the front of a block of `cap` octets; no copy of it stays behind. */
static bool
move_to(struct frame_inbox *inbox, size_t cap)
{
	const size_t n = inbox->end - inbox->begin;
	uint8_t *octets = malloc(cap);

	if (octets == NULL)
		return false;
	if (inbox->octets != NULL)
		memcpy(octets, inbox->octets + inbox->begin, n);
	release(inbox);
	inbox->octets = octets;
	inbox->cap = cap;
	inbox->end = n;
	return true;
}

static void
move_to_front(struct frame_inbox *inbox)
{
	const size_t n = inbox->end - inbox->begin;

	memmove(inbox->octets, inbox->octets + inbox->begin, n);
	ut_wipe(inbox->octets + n, inbox->begin);
	inbox->begin = 0;
	inbox->end = n;
}

uint8_t *
frame_inbox_room(struct frame_inbox *inbox, size_t *room)
{
	size_t cap = inbox->cap > 0 ? 4 * inbox->cap : FIRST_ROOM;

	if (cap > FRAME_OCTETS_MAX)
		cap = FRAME_OCTETS_MAX;
	if (inbox->octets != NULL && inbox->begin > 0)
		move_to_front(inbox);
	if (inbox->end == inbox->cap && !move_to(inbox, cap))
		return NULL;
	*room = inbox->cap - inbox->end;
	return inbox->octets + inbox->end;
}

void
frame_inbox_add(struct frame_inbox *inbox, size_t n)
{
	assert(n <= inbox->cap - inbox->end);
	inbox->end += n;
}

/* Nothing is there: the block goes too, so that who says nothing costs nothing. */
static enum frame_result
rest(struct frame_inbox *inbox)
{
	release(inbox);
	return FRAME_MORE;
}

enum frame_result
frame_inbox_next(struct frame_inbox *inbox, struct ut_slice *message)
{
	const size_t n = inbox->end - inbox->begin;
	enum frame_result result;
	size_t used = 0;

	if (n == 0)
		return rest(inbox);
	result = frame_read(ut_slice(inbox->octets + inbox->begin, n), message, &used);
	if (result == FRAME_OK) {
		inbox->begin += used;
		inbox->offset += used;
	}
	return result;
}

bool
frame_inbox_is_amid(const struct frame_inbox *inbox)
{
	return inbox->end > inbox->begin;
}
