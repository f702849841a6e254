/* journal.c - keeping a journal: every event an engine is fed, and all that comes out
 * SPDX-License-Identifier: Apache-2.0
 */
#include "cli/journal/journal.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "cli/host/host_memory.h"
#include "cli/journal/journal_frame.h"
#include "cli/journal/journal_record.h"
#include "cli/say.h"

enum { MACHINES_MAX = 32 };

struct journal {
	int fd; /* -1: a write failed, nothing more is written */
	char *path;
	const struct profile *profiles;
	size_t n_profiles;
	uint64_t records;
	uint8_t *octets;
	size_t cap;
	struct journal_step_parts parts;
};

/* ---- writing ---- */

static void
give_up(struct journal *j, int err)
{
	say("%s: %s; the journal ends here", j->path, strerror(err));
	(void)close(j->fd);
	j->fd = -1;
}

static bool
make_room(struct journal *j, size_t n)
{
	uint8_t *room;

	if (n <= j->cap)
		return true;
	room = realloc(j->octets, n);
	if (room == NULL)
		return false;
	j->octets = room;
	j->cap = n;
	return true;
}

static void
put(struct journal *j, const journal_record *record)
{
	const size_t n = j->fd >= 0 ? journal_frame_octets(record) : 0;
	ssize_t written;

	if (j->fd < 0)
		return;
	if (n > JOURNAL_RECORD_MAX || !make_room(j, n)) {
		give_up(j, n > JOURNAL_RECORD_MAX ? EMSGSIZE : ENOMEM);
		return;
	}
	journal_frame_write(record, j->octets);
	written = write(j->fd, j->octets, n);
	if (written != (ssize_t)n)
		give_up(j, written < 0 ? errno : ENOSPC);
	else
		j->records++;
}

/* ---- the header ---- */

/* The profile as text.  Its copy is without secrets and without where they come from.  NULL: no memory. */
static char *
profile_text(const struct profile *profile)
{
	struct profile *bare = host_memory_new(sizeof *bare);
	char *text = malloc(PROFILE_FILE_MAX + 1);
	struct ut_put w = ut_put_into(text, text != NULL ? PROFILE_FILE_MAX : 0);
	bool is_written = false;

	if (bare != NULL && text != NULL) {
		*bare = *profile;
		bare->l2tp.secret = (struct profile_secret){ .n = 0 };
		for (unsigned i = 0; i < bare->sessions_n; i++)
			bare->sessions[i].password = (struct profile_secret){ .n = 0 };
		is_written = profile_write(bare, &w);
		text[w.len] = '\0';
	}
	host_memory_free(bare, sizeof *bare);
	if (is_written)
		return text;
	free(text);
	return NULL;
}

static size_t
fill_machines(char *names[MACHINES_MAX])
{
	const struct ut_machine *m;
	size_t n = 0;

	for (; (m = journal_machine((unsigned)n)) != NULL; n++) {
		assert(n < MACHINES_MAX);
		names[n] = (char *)(uintptr_t)m->name;
	}
	return n;
}

static void
put_header(struct journal *j, Uptun__Journal__Header *header)
{
	journal_record record = UPTUN__JOURNAL__RECORD__INIT;

	record.what_case = UPTUN__JOURNAL__RECORD__WHAT_HEADER;
	record.header = header;
	put(j, &record);
}

static void
on_engine(void *ctx, const struct ut_engine_config *config, size_t effects, size_t effect_octets)
{
	struct journal *j = ctx;
	Uptun__Journal__Header header = UPTUN__JOURNAL__HEADER__INIT;
	Uptun__Journal__EngineConfig engine;
	char *names[MACHINES_MAX], **profiles = calloc(j->n_profiles, sizeof *profiles);

	for (size_t i = 0; profiles != NULL && i < j->n_profiles; i++) {
		profiles[header.n_profile] = profile_text(&j->profiles[i]);
		header.n_profile += profiles[header.n_profile] != NULL;
	}
	header.magic = (char *)(uintptr_t)journal_magic;
	header.version = (char *)(uintptr_t)UPTUN_VERSION;
	header.tables = journal_tables_hash();
	header.n_machine = fill_machines(names);
	header.machine = names;
	header.started_s = (uint64_t)time(NULL);
	journal_put_engine(&engine, config, effects, effect_octets);
	header.engine = &engine;
	header.profile = profiles;
	put_header(j, &header);
	for (size_t i = 0; profiles != NULL && i < header.n_profile; i++)
		free(profiles[i]);
	free(profiles);
	j->profiles = NULL;
	j->n_profiles = 0;
}

/* ---- what follows ---- */

static void
on_l2tp_params(void *ctx, uint16_t index, const struct ut_l2tp_params *params)
{
	journal_record record = UPTUN__JOURNAL__RECORD__INIT;
	Uptun__Journal__L2tpParams m;

	journal_put_l2tp_params(&m, index, params);
	record.what_case = UPTUN__JOURNAL__RECORD__WHAT_L2TP_PARAMS;
	record.l2tp_params = &m;
	put(ctx, &record);
}

static void
on_pptp_params(void *ctx, uint16_t index, const struct ut_pptp_params *params)
{
	journal_record record = UPTUN__JOURNAL__RECORD__INIT;
	Uptun__Journal__PptpParams m;

	journal_put_pptp_params(&m, index, params);
	record.what_case = UPTUN__JOURNAL__RECORD__WHAT_PPTP_PARAMS;
	record.pptp_params = &m;
	put(ctx, &record);
}

static void
on_client(void *ctx, const struct ut_client_config *config, struct ut_ref client, uint16_t first_link)
{
	journal_record record = UPTUN__JOURNAL__RECORD__INIT;
	Uptun__Journal__Client m;

	journal_put_client(&m, config, client, first_link);
	record.what_case = UPTUN__JOURNAL__RECORD__WHAT_CLIENT;
	record.client = &m;
	put(ctx, &record);
}

static void
on_client_freed(void *ctx, struct ut_ref client)
{
	journal_record record = UPTUN__JOURNAL__RECORD__INIT;
	Uptun__Journal__ClientFreed m = UPTUN__JOURNAL__CLIENT_FREED__INIT;

	m.ref = journal_ref(client);
	record.what_case = UPTUN__JOURNAL__RECORD__WHAT_CLIENT_FREED;
	record.client_freed = &m;
	put(ctx, &record);
}

static void
on_step(void *ctx, const struct ut_event *event, const struct ut_effects *effects)
{
	struct journal *j = ctx;
	journal_record record = UPTUN__JOURNAL__RECORD__INIT;

	if (j->fd < 0)
		return;
	journal_put_step(&j->parts, event, effects);
	record.what_case = UPTUN__JOURNAL__RECORD__WHAT_STEP;
	record.step = &j->parts.step;
	put(j, &record);
}

const struct host_observer journal_observer = {
	.engine = on_engine,
	.l2tp_params = on_l2tp_params,
	.pptp_params = on_pptp_params,
	.client = on_client,
	.client_freed = on_client_freed,
	.step = on_step,
};

/* ---- its life ---- */

int
journal_open(const char *path, const struct profile *profiles, size_t n, struct journal **out,
	     struct kb_error *why)
{
	struct journal *j = calloc(1, sizeof *j);

	if (j == NULL || (j->path = strdup(path)) == NULL) {
		free(j);
		return kb_fail(why, ENOMEM, "no memory for a journal");
	}
	j->profiles = profiles;
	j->n_profiles = n;
	j->fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (j->fd < 0) {
		const int err = errno;

		(void)journal_close(j);
		if (err == EEXIST)
			return kb_fail(why, err,
				       "%s is there already, and a journal is never written over: "
				       "name another file",
				       path);
		return kb_fail(why, err, "the journal %s cannot be made: %s", path, strerror(err));
	}
	*out = j;
	return 0;
}

static void
put_end(struct journal *j)
{
	journal_record record = UPTUN__JOURNAL__RECORD__INIT;
	Uptun__Journal__End m = UPTUN__JOURNAL__END__INIT;

	m.records = j->records;
	record.what_case = UPTUN__JOURNAL__RECORD__WHAT_END;
	record.end = &m;
	put(j, &record);
}

struct journal *
journal_close(struct journal *j)
{
	if (j == NULL)
		return NULL;
	if (j->fd >= 0)
		put_end(j);
	if (j->fd >= 0)
		(void)close(j->fd);
	free(j->octets);
	free(j->path);
	free(j);
	return NULL;
}
