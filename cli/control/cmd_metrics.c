/* cmd_metrics.c - uptun metrics: everything the daemon counts
 * SPDX-License-Identifier: Apache-2.0
 */
#include "cli/control/talk.h"
#include "cli/say.h"

/* The next part; `*from` moves on, and is 0 after the last. */
static int
print_part(struct talk *talk, uint32_t *from)
{
	Uptun__Metrics order = UPTUN__METRICS__INIT;
	Uptun__Request request = UPTUN__REQUEST__INIT;
	struct api_message *m;
	const Uptun__MetricsReply *reply;
	int status;

	order.from = *from;
	request.order_case = UPTUN__REQUEST__ORDER_METRICS;
	request.metrics = &order;
	status = talk_ask(talk, &request, UPTUN__REPLY__RESULT_METRICS, &m);
	if (status != STATUS_OK)
		return status;
	reply = api_reply(m)->metrics;
	(void)fputs(reply->text, stdout);
	*from = reply->next > *from ? reply->next : 0;
	(void)api_message_free(m);
	return STATUS_OK;
}

int
cmd_metrics(int argc, char **argv)
{
	struct talk talk = { .client = NULL };
	struct options options;
	int status = talk_options(COMMAND_METRICS, argc, argv, 0, &options);
	uint32_t from = 0;

	if (status == STATUS_OK)
		status = talk_open(&talk, &options);
	if (status != STATUS_OK)
		return status;
	do
		status = print_part(&talk, &from);
	while (status == STATUS_OK && from != 0);
	talk_close(&talk);
	if (fflush(stdout) != 0 && status == STATUS_OK) {
		say("cannot write all of it");
		status = STATUS_SYSTEM;
	}
	return status;
}
