/* cmd_log_level.c - uptun log-level: what goes into the daemon's log
 * SPDX-License-Identifier: Apache-2.0
 */
#include "cli/control/talk.h"
#include "cli/say.h"

enum { LEVELS_N = 3 };

static const char *const levels[LEVELS_N] = {
	[UPTUN__LOG_LEVEL__LOG_MILESTONES] = "milestones",
	[UPTUN__LOG_LEVEL__LOG_NOTES] = "notes",
	[UPTUN__LOG_LEVEL__LOG_STEPS] = "steps",
};

/* LEVELS_N: there is none of that name. */
static unsigned
level_of(const char *word)
{
	unsigned i = 0;

	while (i < LEVELS_N && strcmp(levels[i], word) != 0)
		i++;
	return i;
}

static int
set(struct talk *talk, unsigned level)
{
	Uptun__SetLogLevel order = UPTUN__SET_LOG_LEVEL__INIT;
	Uptun__Request request = UPTUN__REQUEST__INIT;
	struct api_message *m;
	unsigned before;
	int status;

	order.level = (Uptun__LogLevel)level;
	request.order_case = UPTUN__REQUEST__ORDER_SET_LOG_LEVEL;
	request.set_log_level = &order;
	status = talk_ask(talk, &request, UPTUN__REPLY__RESULT_SET_LOG_LEVEL, &m);
	if (status != STATUS_OK)
		return status;
	before = (unsigned)api_reply(m)->set_log_level->before;
	(void)printf("the log has %s now; before, %s\n", levels[level],
		     before < LEVELS_N ? levels[before] : "something else");
	(void)api_message_free(m);
	return STATUS_OK;
}

int
cmd_log_level(int argc, char **argv)
{
	struct talk talk = { .client = NULL };
	struct options options;
	int status = talk_options(COMMAND_LOG_LEVEL, argc, argv, 1, &options);
	unsigned level;

	if (status != STATUS_OK)
		return status;
	level = options.operands_n > 0 ? level_of(options.operands[0]) : LEVELS_N;
	if (level == LEVELS_N) {
		say("which level? There are: milestones, notes, steps");
		return STATUS_SYSTEM;
	}
	status = talk_open(&talk, &options);
	if (status != STATUS_OK)
		return status;
	status = set(&talk, level);
	talk_close(&talk);
	return status;
}
