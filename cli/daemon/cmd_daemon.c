/* cmd_daemon.c - uptun daemon: what the command line says
 * SPDX-License-Identifier: Apache-2.0
 */
#include "cli/daemon/cmd_daemon.h"

#include "cli/api/client.h"
#include "cli/daemon/front.h"
#include "cli/daemon/service.h"
#include "cli/option.h"
#include "cli/run.h"
#include "cli/say.h"

enum { TUNNELS_USUAL = 64, EXTRA_MAX = 64 };

/* NULL-terminated. */
struct extra {
	const char *words[EXTRA_MAX + 1];
	size_t n;
};

static bool
take_one(const struct option_given *given, struct front_settings *s, struct extra *extra)
{
	if (given->spec->target == OPTION_ALLOW_UID) {
		if (s->uids_n == RIGHTS_UIDS_MAX) {
			say("more than %d users are allowed; make them members of a group", RIGHTS_UIDS_MAX);
			return false;
		}
		s->uids[s->uids_n++] = given->number;
	}
	if (given->spec->target == OPTION_ALLOW_PPPD) {
		if (extra->n == EXTRA_MAX) {
			say("more than %d words for pppd", EXTRA_MAX);
			return false;
		}
		extra->words[extra->n++] = given->value;
	}
	return true;
}

static uint32_t
number_of(const struct options *options, enum option_target target, uint32_t fallback)
{
	for (size_t i = options->given_n; i > 0; i--)
		if (options->given[i - 1].spec->target == target)
			return options->given[i - 1].number;
	return fallback;
}

static void
take_sockets(const struct options *options, struct front_settings *s)
{
	s->socket_path = options_value(options, OPTION_SOCKET);
	if (s->socket_path == NULL)
		s->socket_path = API_SOCKET_PATH;
	s->socket_fd = (int)number_of(options, OPTION_SOCKET_FD, UINT32_MAX);
}

static void
take_log(const struct options *options, struct front_settings *s)
{
	const unsigned verbose = options_count(options, OPTION_VERBOSE);
	const struct log_sink system_log = service_log();

	s->level = verbose < LOG_LEVEL_N ? (enum log_level)verbose : LOG_LEVEL_N - 1;
	s->sink = system_log.write != NULL ? system_log : log_sink_stderr;
	if (options_count(options, OPTION_JSON) > 0)
		s->sink = log_sink_json;
}

static bool
take_settings(const struct options *options, struct front_settings *s, struct extra *extra)
{
	*s = (struct front_settings){ .group = options_value(options, OPTION_GROUP),
				      .user = options_value(options, OPTION_USER),
				      .folder = options_value(options, OPTION_PROFILES),
				      .extra_options = extra->words };
	for (size_t i = 0; i < options->given_n; i++)
		if (!take_one(&options->given[i], s, extra))
			return false;
	take_sockets(options, s);
	take_log(options, s);
	s->max_tunnels = number_of(options, OPTION_MAX_TUNNELS, TUNNELS_USUAL);
	s->max_pptp = number_of(options, OPTION_MAX_PPTP, s->max_tunnels);
	s->has_gate = options_count(options, OPTION_SHIM_UID) > 0;
	s->gate = number_of(options, OPTION_SHIM_UID, 0);
	s->low_ports = options_count(options, OPTION_LOW_PORTS) > 0;
	s->without_launcher = options_count(options, OPTION_NO_LAUNCHER) > 0;
	return true;
}

int
cmd_daemon(int argc, char **argv)
{
	struct front_settings settings;
	struct extra extra = { .n = 0 };
	struct options options;
	struct option_error why;

	if (options_parse(COMMAND_DAEMON, argc, argv, &options, &why) != OPTIONS_OK) {
		say("%s", why.text);
		return STATUS_SYSTEM;
	}
	if (options.operands_n > 0 || options.rest_n > 0) {
		say("daemon: \"%s\" is one word too many; uptun daemon --help",
		    options.operands_n > 0 ? options.operands[0] : options.rest[0]);
		return STATUS_SYSTEM;
	}
	if (!take_settings(&options, &settings, &extra))
		return STATUS_SYSTEM;
	if (settings.socket_path[0] != '/') {
		say("--socket: %s is no absolute path", settings.socket_path);
		return STATUS_SYSTEM;
	}
	return front_run(&settings);
}
