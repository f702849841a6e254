/* main.c - uptun-replay: what `uptun replay` starts for a capture; the only program that needs libpcap
 * SPDX-License-Identifier: Apache-2.0
 */
#include "cli/help.h"
#include "cli/host/host_memory.h"
#include "cli/option.h"
#include "cli/replay/replay.h"
#include "cli/say.h"
#include "cli/secret_file.h"

/* One of several forms. */
static bool
read_form(const struct options *options, struct replay_job *job)
{
	static const struct {
		enum option_target target;
		enum replay_form form;
	} forms[] = { { OPTION_JSON, REPLAY_JSON },
		      { OPTION_REPLAY_TABLE, REPLAY_TABLE },
		      { OPTION_REPLAY_COUNT, REPLAY_COUNT },
		      { OPTION_REPLAY_RESPOND, REPLAY_RESPOND } };
	unsigned given = 0;

	for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
		if (options_count(options, forms[i].target) == 0)
			continue;
		job->form = forms[i].form;
		given++;
	}
	if (given > 1)
		say("replay: one of --json, --table, --count and --respond");
	return given <= 1;
}

static bool
read_job(const struct options *options, struct replay_job *job)
{
	if (options->operands_n != 1) {
		say("replay: one capture file, not %d; uptun replay --help", options->operands_n);
		return false;
	}
	job->file = options->operands[0];
	job->is_verbose = options_count(options, OPTION_VERBOSE) > 0;
	job->svg = options_value(options, OPTION_REPLAY_SVG);
	job->html = options_value(options, OPTION_REPLAY_HTML);
	return read_form(options, job);
}

static int
run(const struct options *options)
{
	const char *const secret_file = options_value(options, OPTION_DECODE_SECRET);
	struct l2tp_secret *const secret = host_memory_new(sizeof *secret);
	struct replay_job job = { .form = REPLAY_TEXT, .secret = secret };
	int status = REPLAY_UNREADABLE;

	if (secret == NULL)
		say("no memory");
	else if (options_count(options, OPTION_DECODE_SECRET) > 1)
		say("replay: one --secret-file for a capture");
	else if (read_job(options, &job) && (secret_file == NULL || secret_file_load(secret_file, secret)))
		status = replay_run(&job);
	host_memory_free(secret, sizeof *secret);
	return status;
}

int
main(int argc, char **argv)
{
	struct options options;
	struct option_error why;

	if (options_parse(COMMAND_REPLAY, argc, argv, &options, &why) != OPTIONS_OK) {
		say("replay: %s", why.text);
		return REPLAY_UNREADABLE;
	}
	if (options_count(&options, OPTION_HELP) > 0) {
		help_command(stdout, COMMAND_REPLAY);
		return REPLAY_OK;
	}
	return run(&options);
}
