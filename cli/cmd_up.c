/* cmd_up.c - uptun up: tunnels from options or profiles, in the foreground
 * SPDX-License-Identifier: Apache-2.0
 */
#include "cli/argv_secret.h"
#include "cli/option.h"
#include "cli/program.h"
#include "cli/run.h"
#include "cli/say.h"
#include "cli/signals.h"
#include "cli/up.h"

/* A password behind "--" is overwritten before anything else is done with the line. */
static bool
refuse_passwords(int argc, char **argv)
{
	for (int i = 1; i < argc; i++) {
		if (strcmp(argv[i], "--") != 0)
			continue;
		if (!argv_secret_overwrite_passwords(argv + i + 1, argc - i - 1))
			return false;
		say("\"password\" among the pppd options would show the password to everybody; "
		    "put it into a file and name that with --password-file");
		return true;
	}
	return false;
}

/* ---- what the line asks for ---- */

/* PROFILE_PROTOCOL_N: there is none of that name. */
static enum profile_protocol
protocol_of(const char *word)
{
	if (strcmp(word, "l2tp") == 0)
		return PROFILE_L2TP;
	return strcmp(word, "pptp") == 0 ? PROFILE_PPTP : PROFILE_PROTOCOL_N;
}

static bool
check_operands(const struct options *options, size_t files)
{
	char **words = options->operands;
	const int n = options->operands_n;

	if (files > 0 && n > 0)
		say("give either a protocol and SERVER or --profile FILE, not both");
	else if (files == 0 && n == 0)
		say("which server? uptun up l2tp SERVER, uptun up pptp SERVER, or uptun up --profile FILE");
	else if (files == 0 && protocol_of(words[0]) == PROFILE_PROTOCOL_N)
		say("there is no protocol \"%s\"; wanted: uptun up l2tp SERVER, or uptun up pptp SERVER",
		    words[0]);
	else if (files == 0 && n == 1)
		say("which server? uptun up %s SERVER", words[0]);
	else if (files == 0 && n > 2)
		say("\"%s\" is one word too many; options for pppd come after --", words[2]);
	else
		return true;
	return false;
}

static bool
check_counts(const struct options *options, size_t files)
{
	const struct option_given *single = options_first_single(options);

	if (files > RUN_PROFILES_MAX)
		say("more than %d profiles", RUN_PROFILES_MAX);
	else if (files > 1 && single != NULL)
		say("--%s makes sense for one profile only, and there are %zu", single->spec->name, files);
	else
		return true;
	return false;
}

/* The path of the n-th --profile. */
static const char *
file_at(const struct options *options, size_t n)
{
	for (size_t i = 0; i < options->given_n; i++)
		if (options->given[i].spec->target == OPTION_PROFILE_FILE && n-- == 0)
			return options->given[i].value;
	return NULL;
}

/* ---- profiles ---- */

static void
explain(const struct options *options, const char *file, const struct profile_error *why)
{
	const struct option_spec *spec = why->line == 0 ? options_of_field(options, why->field) : NULL;
	char text[PROFILE_PATH_MAX];

	if (spec != NULL) {
		say("--%s: %s", spec->name, why->text);
		return;
	}
	profile_error_format(why, file, text, sizeof text);
	say("%s", text);
}

static enum profile_result
take_operands(const struct options *options, struct profile *p, struct profile_error *why)
{
	p->protocol = protocol_of(options->operands[0]);
	return profile_set_text(p->server, sizeof p->server, "server", ut_slice_str(options->operands[1]),
				why);
}

static enum profile_result
fill(const struct options *options, const char *file, struct profile *p, struct profile_source **source,
     struct profile_error *why)
{
	const struct profile_listener listener = { .warn = say_warning };
	enum profile_result result;

	if (file != NULL)
		result = profile_read(p, file, source, listener, why);
	else
		result = take_operands(options, p, why);
	if (result == PROFILE_OK)
		result = options_apply(options, p, *source, why);
	return result == PROFILE_OK ? profile_check(p, *source, why) : result;
}

static bool
make_profile(const struct options *options, const char *file, struct profile *p)
{
	struct profile_source *source = NULL;
	struct profile_error why = { .line = 0 };
	const enum profile_result result = fill(options, file, p, &source, &why);

	source = profile_source_free(source);
	if (result != PROFILE_OK)
		explain(options, file, &why);
	return result == PROFILE_OK;
}

/* What is said about a tunnel names it, so no two may have one name. */
static bool
check_name(const struct options *options, const struct run *run, size_t index)
{
	const char *name = run->profiles[index].name;

	for (size_t i = 0; i < index; i++)
		if (strcmp(run->profiles[i].name, name) == 0) {
			say("%s: its name, \"%s\", is that of %s too: give each profile a name of its own",
			    file_at(options, index), name, file_at(options, i));
			return false;
		}
	return true;
}

static bool
make_profiles(const struct options *options, struct run *run)
{
	for (size_t i = 0; i < run->n; i++)
		if (!make_profile(options, file_at(options, i), &run->profiles[i]) ||
		    !check_name(options, run, i))
			return false;
	return true;
}

/* ---- the command ---- */

static bool
is_for_daemon(const struct options *options)
{
	return options_count(options, OPTION_BY_DAEMON) > 0;
}

/* What makes sense only with the daemon, or only without. */
static bool
check_daemon(const struct options *options)
{
	const bool is_for = is_for_daemon(options);

	if (is_for && options_count(options, OPTION_JOURNAL) > 0)
		say("--journal: the daemon keeps none; leave out --daemon");
	else if (!is_for && options_count(options, OPTION_FOREGROUND) > 0)
		say("--foreground: makes sense with --daemon only; without it, uptun stays in any case");
	else if (!is_for && options_count(options, OPTION_SOCKET) > 0)
		say("--socket: makes sense with --daemon only");
	else
		return true;
	return false;
}

static int
up(const struct options *options, const struct up_hands *hands)
{
	const unsigned files = options_count(options, OPTION_PROFILE_FILE);
	const unsigned verbose = options_count(options, OPTION_VERBOSE);
	struct run run;
	int status = STATUS_SYSTEM;

	if (!check_operands(options, files) || !check_counts(options, files))
		return STATUS_SYSTEM;
	if (!run_init(&run, files > 0 ? files : 1)) {
		say("no memory");
		return STATUS_SYSTEM;
	}
	run.json = options_count(options, OPTION_JSON) > 0;
	run.journal = options_value(options, OPTION_JOURNAL);
	run.recorder = hands->recorder;
	run.level = verbose < OUTPUT_LEVEL_N ? (enum output_level)verbose : OUTPUT_LEVEL_N - 1;
	if (make_profiles(options, &run))
		status = hands->order != NULL && is_for_daemon(options) ? hands->order(&run, options)
									: run_all(&run);
	run_fini(&run);
	return status;
}

int
up_run(int argc, char **argv, const struct up_hands *hands)
{
	struct options options;
	struct option_error why;

	signals_end_at_once();
	if (refuse_passwords(argc, argv))
		return STATUS_SYSTEM;
	if (options_parse(COMMAND_UP, argc, argv, &options, &why) != OPTIONS_OK) {
		say("%s", why.text);
		return STATUS_SYSTEM;
	}
	if (options_count(&options, OPTION_HELP) > 0)
		return program_help(COMMAND_UP);
	if (!check_daemon(&options))
		return STATUS_SYSTEM;
	if (hands->recorder == NULL && options_count(&options, OPTION_JOURNAL) > 0)
		return program_start(PROGRAM_JOURNAL, argc, argv);
	if (hands->order == NULL && is_for_daemon(&options))
		return program_start(PROGRAM_CONTROL, argc, argv);
	return up(&options, hands);
}

int
cmd_up(int argc, char **argv)
{
	const struct up_hands none = { .recorder = NULL };

	return up_run(argc, argv, &none);
}
