/* replay_journal.c - uptun replay of a journal
 * SPDX-License-Identifier: Apache-2.0
 */
#include "cli/inspect/replay_journal.h"

#include <errno.h>
#include <inttypes.h>

#include "cli/host/host_memory.h"
#include "cli/journal/journal_replay.h"
#include "cli/run.h"
#include "cli/say.h"
#include "cli/inspect/secret_file.h"

enum { STATUS_DIFFERS = 3, SECRETS_MAX = RUN_PROFILES_MAX };

/* ---- secrets ---- */

static const char *
secret_file_at(const struct options *options, unsigned n)
{
	for (size_t i = 0; i < options->given_n; i++)
		if (options->given[i].spec->target == OPTION_DECODE_SECRET && n-- == 0)
			return options->given[i].value;
	return NULL;
}

static bool
load_secrets(const struct options *options, struct l2tp_secret secrets[SECRETS_MAX], unsigned *n)
{
	const char *path;

	for (*n = 0; *n < SECRETS_MAX && (path = secret_file_at(options, *n)) != NULL; ++*n)
		if (!secret_file_load(path, &secrets[*n]))
			return false;
	return true;
}

/* ---- the verdict ---- */

static void
say_what_is_missing(const char *path, const struct journal_verdict *v)
{
	if (v->is_without_secret)
		say("%s: without the tunnel secret: %u judgements of the peer's response are those of the "
		    "journal, and "
		    "%" PRIu64
		    " octets made with the secret were compared by length only; --secret-file does better",
		    path, v->verdicts, v->masked);
	if (v->is_cut)
		say("%s: cut off within a record; replayed to the last whole one", path);
	else if (!v->has_end && v->result == JOURNAL_REPRODUCED)
		say("%s: has no end: uptun was killed, or still runs", path);
}

static int
say_verdict(const char *path, const struct journal_verdict *v)
{
	say_what_is_missing(path, v);
	switch (v->result) {
	case JOURNAL_REPRODUCED:
		say("%s: reproduced, %" PRIu64 " steps", path, v->steps);
		return STATUS_OK;
	case JOURNAL_DIFFERS:
		say("%s: differs: %s", path, v->text);
		return STATUS_DIFFERS;
	case JOURNAL_OTHER_TABLES:
		say("%s: %s; --force replays it all the same", path, v->text);
		break;
	case JOURNAL_NEEDS_SECRET:
	case JOURNAL_DAMAGED:
	case JOURNAL_NOT_ONE:
	case JOURNAL_UNREADABLE:
		say("%s: %s; %" PRIu64 " steps before it are reproduced", path, v->text, v->steps);
		break;
	case JOURNAL_REPLAY_N:
		break;
	}
	return STATUS_SYSTEM;
}

/* ---- the command ---- */

static int
replay(const struct options *options, const char *path, const struct l2tp_secret *secrets, unsigned n)
{
	const struct journal_replay_config config = {
		.secrets = secrets,
		.n_secrets = n,
		.force = options_count(options, OPTION_FORCE) > 0,
		.story = stdout,
		.is_long = options_count(options, OPTION_VERBOSE) > 0,
	};
	struct journal_verdict verdict;
	FILE *in = fopen(path, "rb");

	if (in == NULL) {
		say("%s: %s", path, strerror(errno));
		return STATUS_SYSTEM;
	}
	journal_replay(in, &config, &verdict);
	fclose(in);
	if (fflush(stdout) != 0 || ferror(stdout)) {
		say("standard output: %s", strerror(errno));
		return STATUS_SYSTEM;
	}
	return say_verdict(path, &verdict);
}

int
replay_journal(const struct options *options, const char *path)
{
	const size_t octets = SECRETS_MAX * sizeof(struct l2tp_secret);
	struct l2tp_secret *secrets = host_memory_new(octets);
	int status = STATUS_SYSTEM;
	unsigned n;

	if (secrets == NULL)
		say("no memory");
	else if (load_secrets(options, secrets, &n))
		status = replay(options, path, secrets, n);
	host_memory_free(secrets, octets);
	return status;
}
