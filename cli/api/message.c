/* message.c - messages of the API: packed behind their length, unpacked within bounds
 * SPDX-License-Identifier: Apache-2.0
 */
#include "cli/api/message.h"

#include <stdio.h>
#include <stdlib.h>

#include "cli/api/frame.h"

/* ---- unpacking ---- */

static struct api_message *
refuse(struct api_message *m, struct profile_error *why, const char *text)
{
	*why = (struct profile_error){ .line = 0 };
	(void)snprintf(why->text, sizeof why->text, "%s", text);
	return api_message_free(m);
}

struct api_message *
api_unpack(const ProtobufCMessageDescriptor *type, struct ut_slice octets, struct profile_error *why)
{
	struct api_message *m = calloc(1, sizeof *m);

	if (m == NULL)
		return refuse(m, why, "no memory");
	quota_init(&m->quota, API_QUOTA_OCTETS);
	m->message = protobuf_c_message_unpack(type, &m->quota.pb, octets.n, octets.p);
	if (m->message != NULL)
		return m;
	if (m->quota.is_exhausted)
		return refuse(m, why, "takes more memory than a message may");
	return refuse(m, why, "not a message of this type, or cut short");
}

struct api_message *
api_message_free(struct api_message *m)
{
	if (m != NULL && m->message != NULL)
		protobuf_c_message_free_unpacked(m->message, &m->quota.pb);
	free(m);
	return NULL;
}

const Uptun__Request *
api_request(const struct api_message *m)
{
	if (m->message->descriptor != &uptun__request__descriptor)
		return NULL;
	return (const Uptun__Request *)m->message;
}

static const Uptun__ToClient *
to_client(const struct api_message *m)
{
	if (m->message->descriptor != &uptun__to_client__descriptor)
		return NULL;
	return (const Uptun__ToClient *)m->message;
}

const Uptun__Reply *
api_reply(const struct api_message *m)
{
	const Uptun__ToClient *to = to_client(m);

	return to != NULL && to->what_case == UPTUN__TO_CLIENT__WHAT_REPLY ? to->reply : NULL;
}

const Uptun__Event *
api_event(const struct api_message *m)
{
	const Uptun__ToClient *to = to_client(m);

	return to != NULL && to->what_case == UPTUN__TO_CLIENT__WHAT_EVENT ? to->event : NULL;
}

/* ---- packing ---- */

enum api_pack_result
api_pack(const ProtobufCMessage *message, struct api_frame *out)
{
	const size_t n = protobuf_c_message_get_packed_size(message);
	uint8_t length[FRAME_LENGTH_MAX];
	size_t before;

	*out = (struct api_frame){ .n = 0 };
	if (n > FRAME_MESSAGE_MAX)
		return API_PACK_TOO_LONG;
	before = frame_put_length(length, n);
	out->octets = malloc(before + n);
	if (out->octets == NULL)
		return API_PACK_NO_MEMORY;
	memcpy(out->octets, length, before);
	out->n = before + protobuf_c_message_pack(message, out->octets + before);
	return API_PACKED;
}

void
api_frame_fini(struct api_frame *frame)
{
	if (frame->octets != NULL)
		ut_wipe(frame->octets, frame->n);
	free(frame->octets);
	*frame = (struct api_frame){ .n = 0 };
}
