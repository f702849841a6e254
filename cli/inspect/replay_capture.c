/* replay_capture.c - uptun replay of a capture: the options become a job
 * SPDX-License-Identifier: Apache-2.0
 */
#include "cli/inspect/replay_capture.h"

#include "cli/host/host_memory.h"
#include "cli/inspect/secret_file.h"
#include "cli/replay/replay.h"
#include "cli/say.h"

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

/* Without --secret-file the secret stays empty. */
static bool
read_secret(const struct options *options, struct l2tp_secret *secret)
{
	const char *const file = options_value(options, OPTION_DECODE_SECRET);

	if (options_count(options, OPTION_DECODE_SECRET) > 1) {
		say("replay: one --secret-file for a capture");
		return false;
	}
	return file == NULL || secret_file_load(file, secret);
}

int
replay_capture(const struct options *options, const char *path)
{
	struct l2tp_secret *const secret = host_memory_new(sizeof *secret);
	struct replay_job job = { .file = path,
				  .form = REPLAY_TEXT,
				  .is_verbose = options_count(options, OPTION_VERBOSE) > 0,
				  .svg = options_value(options, OPTION_REPLAY_SVG),
				  .html = options_value(options, OPTION_REPLAY_HTML),
				  .secret = secret };
	int status = REPLAY_UNREADABLE;

	if (secret == NULL)
		say("no memory");
	else if (read_form(options, &job) && read_secret(options, secret))
		status = replay_run(&job);
	host_memory_free(secret, sizeof *secret);
	return status;
}
