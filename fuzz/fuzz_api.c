/* fuzz_api.c - what a client may say to the daemon, and the daemon to a client (cli/api)
 * SPDX-License-Identifier: Apache-2.0
 *
 * Input: an octet whose first bit says which of the two, and whose others how the stream is cut; then the stream.
 * Oracles: cuts change nothing; a message is within its bounds, and nothing of it stays allocated; one that passes,
 * packed and read again, packs to the same octets; what is wrong is said, in printable words; a profile that passes can be dialled.
 */
#include "cli/api/frame.h"
#include "cli/api/message.h"
#include "cli/message_check.h"
#include "cli/profile_message.h"

#include <assert.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *octets, size_t n);

enum { WAYS_TO_CUT = 128, LARGEST_CUT = 4096 };

/* What a stream told. */
struct story {
	uint64_t digest, offset;
	unsigned messages;
	enum frame_result result;
};

/* ---- one message ---- */

static void
check_why(const struct profile_error *why)
{
	assert(why->text[0] != '\0');
	for (const char *at = why->text; *at != '\0'; at++)
		assert((unsigned char)*at >= ' ');
}

static void
check_profile(const Uptun__Profile *message)
{
	struct profile *p = malloc(sizeof *p);
	struct profile_error why = { .line = 0 };

	assert(p != NULL);
	profile_init(p);
	if (profile_from_message(p, message, &why) != PROFILE_OK ||
	    profile_check(p, NULL, &why) != PROFILE_OK)
		check_why(&why);
	else
		assert(p->sessions_n >= 1 && p->sessions_n <= PROFILE_SESSIONS_MAX && p->server[0] != '\0');
	profile_fini(p);
	free(p);
}

static void
check_order(const struct api_message *m)
{
	const Uptun__Request *request = api_request(m);

	assert((request == NULL) == (m->message->descriptor == &uptun__to_client__descriptor));
	assert(api_reply(m) == NULL || api_event(m) == NULL);
	if (request != NULL && request->order_case == UPTUN__REQUEST__ORDER_UP &&
	    request->up->profile != NULL)
		check_profile(request->up->profile);
}

/* Whatever way a message was packed when it came, ours is one. */
static void
check_packing(const struct api_message *m)
{
	const ProtobufCMessageDescriptor *type = m->message->descriptor;
	struct api_frame first, second;
	struct api_message *again;
	struct profile_error why = { .line = 0 };
	struct ut_slice packed;
	size_t used;

	if (api_pack(m->message, &first) != API_PACKED)
		return; /* fields that came short are long in full: only then too much */
	assert(frame_read(ut_slice(first.octets, first.n), &packed, &used) == FRAME_OK && used == first.n);
	again = api_unpack(type, packed, &why);
	if (again != NULL) { /* protobuf-c writes unknown fields of the number 0, and reads them not */
		assert(api_pack(again->message, &second) == API_PACKED);
		assert(first.n == second.n && memcmp(first.octets, second.octets, first.n) == 0);
		api_frame_fini(&second);
	}
	api_frame_fini(&first);
	(void)api_message_free(again);
}

static void
check_message(const ProtobufCMessageDescriptor *type, struct ut_slice octets)
{
	struct profile_error why = { .line = 0 };
	struct api_message *m = api_unpack(type, octets, &why);

	if (m == NULL) {
		check_why(&why);
		return;
	}
	assert(m->quota.left <= API_QUOTA_OCTETS);
	if (message_check(m->message, &why) == PROFILE_OK) {
		check_order(m);
		check_packing(m);
	} else {
		check_why(&why);
	}
	assert(api_message_free(m) == NULL);
}

/* ---- the stream ---- */

static void
tell(struct story *y, struct ut_slice message)
{
	y->messages++;
	for (size_t i = 0; i < message.n; i++)
		y->digest = (y->digest ^ message.p[i]) * 0x100000001b3;
	y->digest = (y->digest ^ message.n) * 0x100000001b3;
}

/* Takes what has come; with a type each message is looked into. */
static void
take_messages(struct story *y, struct frame_inbox *inbox, const ProtobufCMessageDescriptor *type)
{
	struct ut_slice message;

	while ((y->result = frame_inbox_next(inbox, &message)) == FRAME_OK) {
		assert(message.n <= FRAME_MESSAGE_MAX);
		tell(y, message);
		if (type != NULL)
			check_message(type, message);
	}
}

static size_t
next_cut(unsigned *noise)
{
	*noise = *noise * 1103515245u + 12345u;
	return *noise >> 16 & 1 ? 1 + (*noise >> 18) % 8 : 1 + (*noise >> 18) % LARGEST_CUT;
}

static struct story
read_stream(struct ut_slice stream, unsigned cut, const ProtobufCMessageDescriptor *type)
{
	struct frame_inbox inbox = { .octets = NULL };
	struct story y = { .result = FRAME_MORE };
	unsigned noise = cut;
	size_t at = 0;

	while (at < stream.n && y.result == FRAME_MORE) {
		size_t room, n = cut == 0 ? stream.n : next_cut(&noise);
		uint8_t *to = frame_inbox_room(&inbox, &room);

		assert(to != NULL && room >= 1);
		n = n < stream.n - at ? n : stream.n - at;
		n = n < room ? n : room;
		memcpy(to, stream.p + at, n);
		frame_inbox_add(&inbox, n);
		at += n;
		take_messages(&y, &inbox, type);
		assert(inbox.end - inbox.begin <= FRAME_OCTETS_MAX);
	}
	y.offset = inbox.offset;
	frame_inbox_fini(&inbox);
	return y;
}

int
LLVMFuzzerTestOneInput(const uint8_t *octets, size_t n)
{
	struct story whole, cut;
	struct ut_slice stream;

	if (n == 0)
		return 0;
	stream = ut_slice(octets + 1, n - 1);
	whole = read_stream(stream, 0,
			    octets[0] & 1 ? &uptun__to_client__descriptor : &uptun__request__descriptor);
	cut = read_stream(stream, octets[0] / 2 % WAYS_TO_CUT + 1, NULL);
	assert(whole.result == cut.result && whole.messages == cut.messages);
	assert(whole.digest == cut.digest && whole.offset == cut.offset);
	return 0;
}
