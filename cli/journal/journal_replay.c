/* journal_replay.c - a journal through the engine again: what came then must come now
 * SPDX-License-Identifier: Apache-2.0
 */
#include "cli/journal/journal_replay.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "cli/host/host_memory.h"
#include "cli/journal/journal_difference.h"
#include "cli/journal/journal_frame.h"
#include "cli/journal/journal_record.h"
#include "cli/journal/journal_stand_in.h"
#include "cli/journal/journal_story.h"
#include "cli/plain_text.h"
#include "fsm/machines.h"

enum {
	DATAGRAM_OCTETS_MAX = 65536,
	UNANSWERED_MAX = 4, /* steps in a row that may leave `more`: a host nests no deeper */
	MACHINES_MAX = 32
};

#define NO_MACHINE UINT32_MAX

/* Params may be set again when no client has them any more. */
struct params_slot {
	bool is_set;
	unsigned users;
};

struct client_slot {
	struct ut_ref ref;
	struct params_slot *params; /* NULL: it was given back */
};

struct replay {
	const struct journal_replay_config *config;
	struct journal_verdict *verdict;
	struct journal_reader reader;
	struct journal_story story;
	struct journal_stand_in stand_in;

	struct ut_engine_config engine_config;
	void *memory;
	size_t memory_octets;
	struct ut_engine *engine; /* NULL before the header */
	struct ut_effects out;
	struct journal_step_parts *parts;
	uint8_t *datagram;			   /* one with what was left out put back as zeros */
	struct params_slot *params[UT_PROTOCOL_N]; /* by protocol */
	struct client_slot *clients;
	uint32_t machines[MACHINES_MAX]; /* ours for each of the journal's */
	size_t n_machines;

	uint64_t records;
	unsigned n_authenticated, unanswered;
};

/* Returns false, for the caller to return. */
static bool __attribute__((format(printf, 3, 4)))
fail(struct replay *r, enum journal_replay_result result, const char *format, ...)
{
	char text[JOURNAL_TEXT_OCTETS];
	va_list args;

	va_start(args, format);
	(void)vsnprintf(text, sizeof text, format, args);
	va_end(args);
	plain_text_copy(text, r->verdict->text, sizeof r->verdict->text);
	r->verdict->result = result;
	return false;
}

static bool
fail_record(struct replay *r, const char *what)
{
	return fail(r, JOURNAL_DAMAGED, "record %" PRIu64 " at octet %" PRIu64 ": %s", r->records + 1,
		    r->reader.offset, what);
}

/* ---- the header ---- */

static bool
check_tables(struct replay *r, const Uptun__Journal__Header *h)
{
	if (r->config->force || h->tables == journal_tables_hash())
		return true;
	return fail(r, JOURNAL_OTHER_TABLES,
		    "uptun %s made it with other tables than this program's, uptun " UPTUN_VERSION
		    ": what differs may be the tables' doing",
		    h->version);
}

static void
map_machines(struct replay *r, const Uptun__Journal__Header *h)
{
	r->n_machines = h->n_machine < MACHINES_MAX ? h->n_machine : MACHINES_MAX;
	for (size_t i = 0; i < r->n_machines; i++) {
		const struct ut_machine *m;

		r->machines[i] = NO_MACHINE;
		for (unsigned k = 0; (m = journal_machine(k)) != NULL; k++)
			if (strcmp(m->name, h->machine[i]) == 0)
				r->machines[i] = k;
	}
}

static bool
allocate(struct replay *r, const Uptun__Journal__EngineConfig *c)
{
	const struct ut_engine_config *e = &r->engine_config;

	r->memory_octets = ut_engine_octets(e);
	r->memory = host_memory_new(r->memory_octets);
	r->out.cap = c->effects;
	r->out.v = calloc(c->effects, sizeof *r->out.v);
	r->out.octets_cap = c->effect_octets;
	r->out.octets = malloc(c->effect_octets);
	r->parts = malloc(sizeof *r->parts);
	r->datagram = malloc(DATAGRAM_OCTETS_MAX);
	r->params[UT_L2TP] = calloc(e->n_params + 1u, sizeof(struct params_slot));
	r->params[UT_PPTP] = calloc(e->n_pptp_params + 1u, sizeof(struct params_slot));
	r->clients = calloc(e->n_clients + 1u, sizeof(struct client_slot));
	return journal_stand_in_init(&r->stand_in, e->n_tunnels) && r->memory != NULL && r->out.v != NULL &&
	       r->out.octets != NULL && r->parts != NULL && r->datagram != NULL &&
	       r->params[UT_L2TP] != NULL && r->params[UT_PPTP] != NULL && r->clients != NULL;
}

static bool
take_header(struct replay *r, const Uptun__Journal__Header *h)
{
	if (strcmp(h->magic, journal_magic) != 0)
		return fail(r, JOURNAL_NOT_ONE, "this is no journal of uptun's");
	if (r->engine != NULL)
		return fail_record(r, "a second header");
	if (h->engine == NULL || !journal_get_engine(h->engine, &r->engine_config))
		return fail_record(r, "a configuration that no engine has");
	if (!check_tables(r, h))
		return false;
	map_machines(r, h);
	if (!allocate(r, h->engine))
		return fail(r, JOURNAL_UNREADABLE, "no memory for an engine of that size");
	r->engine = ut_engine_init(r->memory, &r->engine_config);
	return true;
}

/* ---- configuration ---- */

static void
give_secret(struct replay *r, struct l2tp_secret *to)
{
	const unsigned last = r->config->n_secrets - 1;

	if (r->config->n_secrets > 0) {
		*to = r->config->secrets[r->n_authenticated < last ? r->n_authenticated : last];
	} else {
		*to = r->stand_in.secret;
		r->stand_in.is_needed = true;
	}
	r->n_authenticated++;
}

static bool
take_l2tp_params(struct replay *r, const Uptun__Journal__L2tpParams *m)
{
	struct ut_l2tp_params params;

	if (m->index >= r->engine_config.n_params || r->params[UT_L2TP][m->index].users > 0 ||
	    !journal_get_l2tp_params(m, &params))
		return fail_record(r, "params that no engine takes");
	if (m->has_secret)
		give_secret(r, &params.secret);
	r->params[UT_L2TP][m->index].is_set = true;
	ut_engine_set_params(r->engine, (uint16_t)m->index, &params);
	ut_wipe(&params, sizeof params);
	return true;
}

static bool
take_pptp_params(struct replay *r, const Uptun__Journal__PptpParams *m)
{
	struct ut_pptp_params params;

	if (m->index >= r->engine_config.n_pptp_params || r->params[UT_PPTP][m->index].users > 0 ||
	    !journal_get_pptp_params(m, &params))
		return fail_record(r, "params that no engine takes");
	r->params[UT_PPTP][m->index].is_set = true;
	ut_engine_set_pptp_params(r->engine, (uint16_t)m->index, &params);
	return true;
}

static bool
is_client_possible(const struct replay *r, const struct ut_client_config *c)
{
	const struct ut_engine_config *e = &r->engine_config;
	const unsigned n = c->protocol == UT_PPTP ? e->n_pptp_params : e->n_params;

	return c->params < n && r->params[c->protocol][c->params].is_set && c->n_links <= e->n_links;
}

static bool
take_client(struct replay *r, const Uptun__Journal__Client *m)
{
	struct ut_client_config config;
	struct ut_ref client;
	uint16_t first_link;

	if (!journal_get_client(m, &config) || !is_client_possible(r, &config) ||
	    !ut_engine_client_new(r->engine, &config, &client, &first_link))
		return fail_record(r, "a client that this engine has no room for");
	if (journal_ref(client) != m->ref || first_link != m->first_link)
		return fail(r, JOURNAL_DIFFERS, "a client has another slot than it had then");
	r->clients[client.index] =
	    (struct client_slot){ .ref = client, .params = &r->params[config.protocol][config.params] };
	r->clients[client.index].params->users++;
	return true;
}

/* A client that was given back twice leaves them once. */
static void
leave_params(struct client_slot *c, struct ut_ref client)
{
	if (c->params == NULL || c->ref.generation != client.generation)
		return;
	c->params->users--;
	c->params = NULL;
}

static bool
take_client_freed(struct replay *r, const Uptun__Journal__ClientFreed *m)
{
	struct ut_ref client;

	if (!journal_ref_read(m->ref, &client) || client.index >= r->engine_config.n_clients)
		return fail_record(r, "no such client");
	if (ut_engine_client_state(r->engine, client) != ut_client_machine.states[UT_CLIENT_IDLE])
		return fail(r, JOURNAL_DIFFERS, "a client that was given back then has not ended now");
	ut_engine_client_free(r->engine, client);
	leave_params(&r->clients[client.index], client);
	return true;
}

/* ---- steps ---- */

/* Whose slot an event's ref names, and how many there are; 0: it names none. */
static unsigned
slots_for(const struct replay *r, enum ut_event_kind kind)
{
	const struct ut_engine_config *e = &r->engine_config;

	switch (kind) {
	case UT_EV_START:
	case UT_EV_STOP:
	case UT_EV_RESOLVED:
	case UT_EV_PROTECTED:
	case UT_EV_PROBED:
	case UT_EV_PATH_OPENED:
	case UT_EV_PATH_LOST:
	case UT_EV_NETWORK:
		return e->n_clients;
	case UT_EV_SESSION_RESERVED:
	case UT_EV_SESSION_OPENED:
	case UT_EV_SESSION_CLOSE:
		return (unsigned)e->n_sessions + e->n_calls;
	case UT_EV_TUNNEL_CLOSE:
	case UT_EV_CALL:
		return (unsigned)e->n_tunnels + e->n_connections;
	case UT_EV_PPP_STARTED:
	case UT_EV_PPP_UP:
	case UT_EV_PPP_ENDED:
		return e->n_links;
	case UT_EV_CONTINUE:
	case UT_EV_RANDOM:
	case UT_EV_DEADLINE:
	case UT_EV_DATAGRAM:
	case UT_EV_ACCEPTED:
	case UT_EV_STREAM:
	case UT_EV_STREAM_CLOSED:
	case UT_EVENT_N:
		break;
	}
	return UINT_MAX;
}

/* Could a host have fed this? */
static bool
is_event_possible(const struct replay *r, const struct ut_event *e, uint32_t left_out)
{
	if (e->ref.index >= slots_for(r, e->kind) || e->err < 0)
		return false;
	if (e->kind != UT_EV_DATAGRAM && left_out > 0)
		return false;
	return e->bytes.n <= DATAGRAM_OCTETS_MAX && left_out <= DATAGRAM_OCTETS_MAX - e->bytes.n;
}

static bool
was_refused(const struct replay *r, const journal_step *m)
{
	for (size_t i = 0; i < m->n_effect; i++) {
		const Uptun__Journal__Trace *t = m->effect[i]->trace;
		const struct ut_machine *machine =
		    t != NULL && t->machine < r->n_machines ? journal_machine(r->machines[t->machine]) : NULL;

		if (machine == &l2tp_cc_machine && t->answer == L2TP_ACCEPT_NO &&
		    (t->event == L2TP_CC_EV_RX_SCCRP || t->event == L2TP_CC_EV_RX_SCCCN))
			return true;
	}
	return false;
}

/* Puts back what the journal leaves out, and what the secret made. */
static bool
prepare_datagram(struct replay *r, const journal_step *m, struct ut_event *e)
{
	const size_t n = e->bytes.n;

	if (n > 0)
		memcpy(r->datagram, e->bytes.p, n);
	memset(r->datagram + n, 0, m->left_out);
	e->bytes = ut_slice(r->datagram, n + m->left_out);
	if (!r->stand_in.is_needed || journal_stand_in_receive(&r->stand_in, r->datagram, e->bytes.n,
							       !was_refused(r, m)) == JOURNAL_STAND_IN_OK)
		return true;
	return fail(r, JOURNAL_NEEDS_SECRET,
		    "step %" PRIu64 ": the peer hid what it says; from here on the tunnel secret is needed "
		    "(--secret-file)",
		    r->verdict->steps + 1);
}

/* The journal's numbers for machines become ours. */
static void
translate(const struct replay *r, journal_step *m)
{
	for (size_t i = 0; i < m->n_effect; i++) {
		Uptun__Journal__Trace *t = m->effect[i]->trace;

		if (t != NULL)
			t->machine = t->machine < r->n_machines ? r->machines[t->machine] : NO_MACHINE;
	}
}

static bool
compare(struct replay *r, journal_step *then, const struct ut_event *e)
{
	struct journal_difference d = { .field = "" };
	journal_step *now = &r->parts->step;

	journal_put_step(r->parts, e, &r->out);
	/* What went in is the same: only what came out is compared. */
	now->bytes = then->bytes;
	now->left_out = then->left_out;
	translate(r, then);
	if (r->stand_in.is_needed) {
		journal_stand_in_sent(&r->stand_in, &r->out);
		(void)journal_stand_in_mask(then);
		r->stand_in.masked += journal_stand_in_mask(now);
	}
	if (!journal_differ(&then->base, &now->base, &d))
		return true;
	return fail(r, JOURNAL_DIFFERS, "step %" PRIu64 " (%s): %s: then %s; now %s", r->verdict->steps + 1,
		    journal_event_words(e->kind), d.field, d.expected, d.came);
}

static bool
take_step(struct replay *r, journal_step *m)
{
	struct ut_event e;
	bool is_same;

	if (!journal_get_event(m, &e) || !is_event_possible(r, &e, m->left_out))
		return fail_record(r, "an event that no host feeds");
	if (r->unanswered >= UNANSWERED_MAX && e.kind != UT_EV_CONTINUE && e.kind != UT_EV_RANDOM)
		return fail_record(r, "an event where effects are still due");
	if (e.kind == UT_EV_DATAGRAM && !prepare_datagram(r, m, &e))
		return false;
	ut_engine_step(r->engine, &e, &r->out);
	r->unanswered = r->out.more ? r->unanswered + 1 : 0;
	journal_story_step(&r->story, &e, &r->out);
	is_same = compare(r, m, &e);
	r->verdict->steps += is_same;
	return is_same;
}

/* ---- records ---- */

static bool
take_end(struct replay *r, const Uptun__Journal__End *m)
{
	if (m->records != r->records)
		return fail_record(r, "records are missing before the end");
	r->verdict->has_end = true;
	return true;
}

static bool
take_record(struct replay *r, journal_record *record)
{
	if (r->verdict->has_end)
		return fail_record(r, "something follows the end");
	if (r->engine == NULL && record->what_case != UPTUN__JOURNAL__RECORD__WHAT_HEADER)
		return fail(r, JOURNAL_NOT_ONE, "this is no journal of uptun's");
	switch (record->what_case) {
	case UPTUN__JOURNAL__RECORD__WHAT_HEADER:
		return take_header(r, record->header);
	case UPTUN__JOURNAL__RECORD__WHAT_L2TP_PARAMS:
		return take_l2tp_params(r, record->l2tp_params);
	case UPTUN__JOURNAL__RECORD__WHAT_PPTP_PARAMS:
		return take_pptp_params(r, record->pptp_params);
	case UPTUN__JOURNAL__RECORD__WHAT_CLIENT:
		return take_client(r, record->client);
	case UPTUN__JOURNAL__RECORD__WHAT_CLIENT_FREED:
		return take_client_freed(r, record->client_freed);
	case UPTUN__JOURNAL__RECORD__WHAT_STEP:
		return take_step(r, record->step);
	case UPTUN__JOURNAL__RECORD__WHAT_END:
		return take_end(r, record->end);
	case UPTUN__JOURNAL__RECORD__WHAT__NOT_SET:
	case _UPTUN__JOURNAL__RECORD__WHAT__CASE_IS_INT_SIZE:
		break;
	}
	return fail_record(r, "a kind of record that this program does not know");
}

/* True: there is another. */
static bool
take_next(struct replay *r)
{
	switch (journal_reader_next(&r->reader)) {
	case JOURNAL_READ_OK:
		if (!take_record(r, r->reader.record))
			return false;
		r->records++;
		return true;
	case JOURNAL_READ_CUT:
		r->verdict->is_cut = true;
		break;
	case JOURNAL_READ_DAMAGED:
		if (r->engine == NULL)
			return fail(r, JOURNAL_NOT_ONE, "this is no journal of uptun's, or it is damaged");
		return fail_record(r, "damaged: its check does not agree");
	case JOURNAL_READ_UNREADABLE:
		return fail(r, JOURNAL_UNREADABLE, "%s", strerror(errno));
	case JOURNAL_READ_END:
	case JOURNAL_READ_N:
		break;
	}
	if (r->engine == NULL)
		return fail(r, JOURNAL_NOT_ONE, "empty, or cut off within its first record");
	return false;
}

static void
free_all(struct replay *r)
{
	if (r->engine != NULL)
		ut_engine_fini(r->engine);
	host_memory_free(r->memory, r->memory_octets);
	free(r->out.v);
	free(r->out.octets);
	free(r->parts);
	free(r->datagram);
	free(r->params[UT_L2TP]);
	free(r->params[UT_PPTP]);
	free(r->clients);
	journal_stand_in_fini(&r->stand_in);
	journal_reader_fini(&r->reader);
}

void
journal_replay(FILE *in, const struct journal_replay_config *config, struct journal_verdict *out)
{
	struct replay r = { .config = config,
			    .verdict = out,
			    .story = { .out = config->story, .is_long = config->is_long } };

	*out = (struct journal_verdict){ .result = JOURNAL_REPRODUCED };
	journal_reader_init(&r.reader, in);
	while (take_next(&r))
		continue;
	out->is_without_secret = r.stand_in.is_needed;
	out->verdicts = r.stand_in.verdicts;
	out->masked = r.stand_in.masked;
	free_all(&r);
}

bool
journal_is_file(const char *path)
{
	uint8_t octets[JOURNAL_TELLING_OCTETS];
	struct stat st;
	FILE *in;
	size_t n;

	/* What is read of a pipe is gone. */
	if (stat(path, &st) < 0 || !S_ISREG(st.st_mode) || (in = fopen(path, "rb")) == NULL)
		return false;
	n = fread(octets, 1, sizeof octets, in);
	fclose(in);
	return journal_is_begun_by(ut_slice(octets, n));
}
