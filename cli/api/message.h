/* message.h - messages of the API: packed behind their length, unpacked within bounds
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef CLI_API_MESSAGE_H
#define CLI_API_MESSAGE_H

#include "cli/profile.h"
#include "cli/quota.h"
#include "uptun.pb-c.h"

enum { API_QUOTA_OCTETS = 1024 * 1024 };

/* A message that came, with the memory it may take. */
struct api_message {
	ProtobufCMessage *message;
	struct quota quota;
};

/* Unpacks what a frame held; message_check() (cli/message_check.h) is the caller's business.  NULL: `why->text` says
 * what is wrong. */
struct api_message *api_unpack(const ProtobufCMessageDescriptor *type, struct ut_slice octets,
			       struct profile_error *why) UT_MUST_USE;
struct api_message *api_message_free(struct api_message *m); /* wipes; returns NULL */

/* The same message in its own type; NULL: it is of another. */
const Uptun__Request *api_request(const struct api_message *m);
/* Of a ToClient: NULL, it is the other kind. */
const Uptun__Reply *api_reply(const struct api_message *m);
const Uptun__Event *api_event(const struct api_message *m);

/* A message ready to be sent, its length before it. */
struct api_frame {
	uint8_t *octets; /* owned */
	size_t n;
};

enum api_pack_result { API_PACKED, API_PACK_TOO_LONG, API_PACK_NO_MEMORY, API_PACK_RESULT_N };
enum api_pack_result api_pack(const ProtobufCMessage *message, struct api_frame *out) UT_MUST_USE;
void api_frame_fini(struct api_frame *frame); /* wipes and frees */

#endif
