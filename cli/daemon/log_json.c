/* log_json.c - the daemon's log as JSON objects, one a line, on standard output
 * SPDX-License-Identifier: Apache-2.0
 */
#include "cli/daemon/log.h"

#include "cli/json.h"

static void
write_json(void *ctx, const struct log_line *line)
{
	static const char *const levels[LOG_LEVEL_N] = {
		[LOG_LEVEL_MILESTONES] = "milestone", [LOG_LEVEL_NOTES] = "note", [LOG_LEVEL_STEPS] = "step"
	};
	struct json j;

	(void)ctx;
	json_open(&j, stdout);
	json_number(&j, "unix_ms", line->unix_ms);
	json_number(&j, "tunnel", line->tunnel);
	json_text(&j, "name", line->name);
	json_text(&j, "level", line->is_warning ? "warning" : levels[line->level]);
	json_text(&j, "event", line->what);
	json_text(&j, "text", line->text);
	json_close(&j);
	(void)fflush(stdout);
}

const struct log_sink log_sink_json = { .write = write_json };
