/* cmd_logs.c - uptun logs: the newest lines of the daemon's log, and those that come
 * SPDX-License-Identifier: Apache-2.0
 */
#include <string.h>

#include "cli/control/show.h"
#include "cli/control/talk.h"
#include "cli/say.h"

enum { FOR_EVER = -1, LINES_USUAL = 100 };

struct reading {
	struct talk talk;
	uint32_t tunnel; /* 0: all */
	uint32_t lines;
	bool json;
	struct api_message *first; /* the reply: what was there to begin with */
};

static void
print(const struct reading *r, const Uptun__LogLine *line)
{
	if (r->json)
		show_line_json(line, stdout);
	else
		show_line(line, stdout);
}

/* ---- what is there ---- */

static int
read_first(struct reading *r)
{
	Uptun__Logs order = UPTUN__LOGS__INIT;
	Uptun__Request request = UPTUN__REQUEST__INIT;
	int status;

	order.lines = r->lines;
	order.tunnel = r->tunnel;
	request.order_case = UPTUN__REQUEST__ORDER_LOGS;
	request.logs = &order;
	status = talk_ask(&r->talk, &request, UPTUN__REPLY__RESULT_LOGS, &r->first);
	for (size_t i = 0; status == STATUS_OK && i < api_reply(r->first)->logs->n_line; i++)
		print(r, api_reply(r->first)->logs->line[i]);
	(void)fflush(stdout);
	return status;
}

/* ---- what comes ---- */

/* Before the first lines are read, so that none is lost between; some then come twice. */
static int
ask_to_watch(struct reading *r)
{
	Uptun__Watch order = UPTUN__WATCH__INIT;

	order.tunnel = r->tunnel;
	order.log = true;
	return talk_watch(&r->talk, &order);
}

static bool
was_printed(const struct reading *r, const Uptun__LogLine *line)
{
	const Uptun__LogsReply *first = api_reply(r->first)->logs;

	for (size_t i = first->n_line; i > 0 && first->line[i - 1]->unix_ms >= line->unix_ms; i--)
		if (first->line[i - 1]->unix_ms == line->unix_ms &&
		    first->line[i - 1]->tunnel == line->tunnel &&
		    strcmp(first->line[i - 1]->text, line->text) == 0)
			return true;
	return false;
}

static bool
is_last(const struct reading *r, const Uptun__Event *event)
{
	return r->tunnel != 0 && event->tunnel == r->tunnel && event->what_case == UPTUN__EVENT__WHAT_ENDED;
}

static void
take(const struct reading *r, const Uptun__Event *event)
{
	if (event->lost > 0)
		say("%llu lines came faster than they were read, and are lost",
		    (unsigned long long)event->lost);
	if (event->what_case == UPTUN__EVENT__WHAT_LOG && !was_printed(r, event->log))
		print(r, event->log);
	(void)fflush(stdout);
}

static int
follow(struct reading *r)
{
	struct api_message *m;

	while (talk_next(&r->talk, FOR_EVER, &m) > 0) {
		const bool ends = is_last(r, api_event(m));

		take(r, api_event(m));
		(void)api_message_free(m);
		if (ends)
			return STATUS_OK;
	}
	return STATUS_SYSTEM;
}

/* ---- the command ---- */

static int
read_all(struct reading *r, bool follows)
{
	int status = follows ? ask_to_watch(r) : STATUS_OK;

	if (status == STATUS_OK)
		status = read_first(r);
	if (status == STATUS_OK && follows)
		status = follow(r);
	(void)api_message_free(r->first);
	return status;
}

int
cmd_logs(int argc, char **argv)
{
	struct reading r = { .tunnel = 0 };
	struct options options;
	int status = talk_options(COMMAND_LOGS, argc, argv, 1, &options);

	if (status == STATUS_OK)
		status = talk_open(&r.talk, &options);
	if (status != STATUS_OK)
		return status;
	r.json = options_count(&options, OPTION_JSON) > 0;
	r.lines = options_number(&options, OPTION_LINES, LINES_USUAL);
	if (options.operands_n > 0)
		status = talk_find(&r.talk, options.operands[0], &r.tunnel);
	if (status == STATUS_OK)
		status = read_all(&r, options_count(&options, OPTION_FOLLOW) > 0);
	talk_close(&r.talk);
	return status;
}
