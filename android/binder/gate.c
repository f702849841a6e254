/* gate.c - requests of others, handed to the daemon in their name
 * SPDX-License-Identifier: Apache-2.0
 *
 * A request is taken apart and put together again: a field put behind its octets could be made to look like a part of
 * another one.
 */
#include "android/binder/gate.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <unistd.h>

static bool
is_for_watchers(const Uptun__Request *request)
{
	if (request->order_case == UPTUN__REQUEST__ORDER_WATCH)
		return true;
	return request->order_case == UPTUN__REQUEST__ORDER_UP &&
	       (request->up->watch || request->up->while_connected);
}

struct api_message *
gate_read(struct ut_slice octets, bool *wants_events, struct kb_error *why)
{
	struct profile_error bad = { .line = 0 };
	struct api_message *m = api_unpack(&uptun__request__descriptor, octets, &bad);

	if (m == NULL)
		(void)kb_fail(why, EBADMSG, "%s", bad.text);
	else
		*wants_events = is_for_watchers(api_request(m));
	return m;
}

static bool
has_ended(struct api_client *client)
{
	struct pollfd pollfd = { .fd = api_client_fd(client), .events = POLLRDHUP };

	return poll(&pollfd, 1, 0) > 0;
}

int
gate_connect(struct api_client **client, const char *socket, struct kb_error *why)
{
	if (*client != NULL && has_ended(*client))
		*client = api_client_free(*client);
	return *client != NULL ? 0 : api_client_open(socket, client, why);
}

static int
pack(const Uptun__Reply *reply, struct gate_answer *out, struct kb_error *why)
{
	out->n = uptun__reply__get_packed_size(reply);
	out->octets = malloc(out->n + 1);
	if (out->octets == NULL)
		return kb_fail(why, ENOMEM, "no memory for an answer of %zu octets", out->n);
	(void)uptun__reply__pack(reply, out->octets);
	return 0;
}

/* The answer carries the caller's own number. */
static int
give_answer(const struct api_message *answer, uint32_t id, struct gate_answer *out, struct kb_error *why)
{
	Uptun__Reply reply = *api_reply(answer);

	reply.id = id;
	out->is_refused = reply.result_case == UPTUN__REPLY__RESULT_ERROR;
	return pack(&reply, out, why);
}

int
gate_ask(struct api_client **client, const struct api_message *request, uint32_t uid, struct gate_answer *out,
	 struct kb_error *why)
{
	Uptun__Request named = *api_request(request);
	const uint32_t id = named.id;
	struct api_message *answer = NULL;

	named.on_behalf_of_case = UPTUN__REQUEST__ON_BEHALF_OF_UID;
	named.uid = uid;
	int r = api_client_ask(*client, &named, API_TIMEOUT_MS, &answer, why);
	if (r == 0) {
		r = give_answer(answer, id, out, why);
		(void)api_message_free(answer);
	}
	if (r < 0)
		*client = api_client_free(*client);
	return r;
}
