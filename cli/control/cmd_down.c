/* cmd_down.c - uptun down: takes tunnels of the daemon's down
 * SPDX-License-Identifier: Apache-2.0
 */
#include "cli/control/talk.h"
#include "cli/say.h"

enum { NAMED_MAX = 1024 };

static int
take_down(struct talk *talk, uint32_t tunnel, bool all, uint32_t *n)
{
	Uptun__Down order = UPTUN__DOWN__INIT;
	Uptun__Request request = UPTUN__REQUEST__INIT;
	struct api_message *m;
	int status;

	order.tunnel = tunnel;
	order.all = all;
	request.order_case = UPTUN__REQUEST__ORDER_DOWN;
	request.down = &order;
	status = talk_ask(talk, &request, UPTUN__REPLY__RESULT_DOWN, &m);
	if (status != STATUS_OK)
		return status;
	*n = api_reply(m)->down->tunnels;
	(void)api_message_free(m);
	return STATUS_OK;
}

static int
take_all_down(struct talk *talk)
{
	uint32_t n;
	const int status = take_down(talk, 0, true, &n);

	if (status == STATUS_OK)
		(void)printf("%u %s asked to end\n", (unsigned)n, n == 1 ? "tunnel is" : "tunnels are");
	return status;
}

/* One that is not there does not keep the others up. */
static int
take_named_down(struct talk *talk, const struct options *options)
{
	int first = STATUS_OK;

	for (int i = 0; i < options->operands_n; i++) {
		uint32_t tunnel, n;
		int status = talk_find(talk, options->operands[i], &tunnel);

		if (status == STATUS_OK)
			status = take_down(talk, tunnel, false, &n);
		if (first == STATUS_OK)
			first = status;
	}
	return first;
}

int
cmd_down(int argc, char **argv)
{
	struct talk talk = { .client = NULL };
	struct options options;
	int status = talk_options(COMMAND_DOWN, argc, argv, NAMED_MAX, &options);
	bool all;

	if (status != STATUS_OK)
		return status;
	all = options_count(&options, OPTION_ALL) > 0;
	if (all == (options.operands_n > 0)) {
		say("down: name tunnels by id or name, or say --all; uptun list shows those there are");
		return STATUS_SYSTEM;
	}
	status = talk_open(&talk, &options);
	if (status != STATUS_OK)
		return status;
	status = all ? take_all_down(&talk) : take_named_down(&talk, &options);
	talk_close(&talk);
	return status;
}
