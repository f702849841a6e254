/* respond_client.c - our own client, in virtual time, in the place of a captured one
 * SPDX-License-Identifier: Apache-2.0
 */
#include "cli/host/host_memory.h"
#include "cli/replay/respond_stand.h"

enum { TURNS_MAX = 100000 /* of the engine's timers, between two messages */ };

/* ---- what the engine wants done ---- */

struct ut_peer
stand_server(const struct stand *s)
{
	const struct capture_end *e = &s->talk->server;
	struct ut_peer peer = { .family = e->is_v6 ? 6 : 4, .port = e->port };

	for (unsigned i = 0; i < 8 && e->is_v6; i++) {
		peer.address[i] = (uint8_t)(e->hi >> (56 - 8 * i));
		peer.address[8 + i] = (uint8_t)(e->lo >> (56 - 8 * i));
	}
	for (unsigned i = 0; i < 4 && !e->is_v6; i++)
		peer.address[i] = (uint8_t)(e->lo >> (24 - 8 * i));
	return peer;
}

static void
answer(struct stand *s, enum ut_event_kind kind, struct ut_ref ref)
{
	struct ut_event *e;

	if (s->queued == STAND_QUEUE_MAX)
		return;
	e = &s->queue[(s->queue_head + s->queued++) % STAND_QUEUE_MAX];
	*e = (struct ut_event){ .kind = kind, .ref = ref };
	if (kind == UT_EV_RESOLVED)
		e->peer = stand_server(s);
}

void
stand_keep(struct stand *s, struct respond_letter *letter)
{
	letter->is_of_client = true;
	letter->times = 1;
	letter->time_us = s->now.us - STAND_BEGIN_US;
	s->has_memory &= respond_letters_add(&s->answer->sent, letter, ut_slice(NULL, 0));
}

/* What is done at once, and answered so. */
static bool
answer_of(enum ut_effect_kind effect, enum ut_event_kind *event)
{
	static const struct {
		enum ut_effect_kind effect;
		enum ut_event_kind event;
	} pairs[] = {
		{ UT_FX_RESOLVE, UT_EV_RESOLVED },
		{ UT_FX_PROTECT, UT_EV_PROTECTED },
		{ UT_FX_PROBE, UT_EV_PROBED },
		{ UT_FX_OPEN_PATH, UT_EV_PATH_OPENED },
		{ UT_FX_RESERVE_SESSION, UT_EV_SESSION_RESERVED },
		{ UT_FX_OPEN_SESSION, UT_EV_SESSION_OPENED },
		{ UT_FX_START_PPP, UT_EV_PPP_STARTED },
		{ UT_FX_STOP_PPP, UT_EV_PPP_ENDED },
		{ UT_FX_HANGUP_PPP, UT_EV_PPP_ENDED },
		{ UT_FX_KILL_PPP, UT_EV_PPP_ENDED },
	};

	for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++) {
		if (pairs[i].effect != effect)
			continue;
		*event = pairs[i].event;
		return true;
	}
	return false;
}

static void
carry_out(struct stand *s, const struct ut_effect *fx)
{
	enum ut_event_kind event;

	if (fx->kind == UT_FX_OPEN_PATH)
		s->path = fx->path;
	if (answer_of(fx->kind, &event))
		answer(s, event, fx->ref);
	if (fx->kind == UT_FX_START_PPP)
		answer(s, UT_EV_PPP_UP, fx->ref);
	else if (fx->kind == UT_FX_SEND)
		stand_l2tp_send(s, fx->bytes);
	else if (fx->kind == UT_FX_SEND_STREAM)
		stand_pptp_send(s, fx->bytes);
}

static void
step(struct stand *s, struct ut_event event)
{
	bool is_first = true;

	event.now = s->now;
	do {
		ut_engine_step(s->engine, &event, &s->out);
		s->taken = is_first ? s->out.taken : s->taken;
		is_first = false;
		for (size_t i = 0; i < s->out.n; i++)
			carry_out(s, &s->out.v[i]);
		journal_stand_in_sent(&s->secret, &s->out);
		event = (struct ut_event){ .kind = UT_EV_CONTINUE, .now = s->now };
	} while (s->out.more && s->out.random_wanted == 0);
}

uint8_t
stand_noise(const struct stand *s, size_t at)
{
	const struct respond_authentication *const a = &s->authentication;

	if (a->is_challenged && at >= s->challenge_at && at - s->challenge_at < sizeof a->challenge)
		return a->challenge[at - s->challenge_at];
	return (uint8_t)((uint32_t)(at + 1) * 2654435761U >> 24); /* any 16 of the first thousand differ */
}

static void
feed_random(struct stand *s)
{
	uint8_t octets[64];

	for (size_t i = 0; i < sizeof octets; i++)
		octets[i] = stand_noise(s, s->noise_n++);
	step(s, (struct ut_event){ .kind = UT_EV_RANDOM, .bytes = ut_slice(octets, sizeof octets) });
}

void
stand_feed(struct stand *s, struct ut_event event)
{
	size_t taken;

	step(s, event);
	taken = s->taken;
	for (unsigned turns = 0;
	     turns < TURNS_MAX && (s->queued > 0 || s->out.random_wanted > 0 || s->out.more); turns++) {
		if (s->out.random_wanted > 0) {
			feed_random(s);
		} else if (s->out.more) {
			step(s, (struct ut_event){ .kind = UT_EV_CONTINUE });
		} else {
			s->queued--;
			event = s->queue[s->queue_head];
			s->queue_head = (s->queue_head + 1) % STAND_QUEUE_MAX;
			step(s, event);
		}
	}
	s->taken = taken;
}

static void
advance(struct stand *s, uint64_t to_us)
{
	for (unsigned turns = 0; turns < TURNS_MAX && s->out.has_deadline && s->out.deadline.us <= to_us;
	     turns++) {
		if (s->now.us < s->out.deadline.us)
			s->now = s->out.deadline;
		stand_feed(s, (struct ut_event){ .kind = UT_EV_DEADLINE });
	}
	if (s->now.us < to_us)
		s->now.us = to_us;
}

/* ---- its life ---- */

void
stand_stop(struct stand *s)
{
	if (s->is_stopped)
		return;
	s->is_stopped = true;
	stand_feed(s, (struct ut_event){ .kind = UT_EV_STOP, .ref = s->client, .end.cause = UT_CAUSE_USER });
}

void
stand_add_call(struct stand *s, uint16_t ns, uint16_t id)
{
	struct stand_calls *const c = &s->calls;

	for (unsigned k = 0; k < c->n_captured; k++)
		if (c->captured_ns[k] == ns)
			return; /* sent again */
	if (c->n_captured == RESPOND_CALLS_MAX)
		return;
	c->captured_ns[c->n_captured] = ns;
	c->captured[c->n_captured++] = id;
}

static void
configure(struct stand *s, struct ut_engine_config *config, struct ut_client_config *client)
{
	client->protocol = s->talk->protocol;
	client->n_links = (uint16_t)(s->calls.n_captured > 0 ? s->calls.n_captured : 1);
	config->n_links = client->n_links;
	if (s->talk->protocol == UT_PPTP) {
		config->n_pptp_params = 1;
		config->n_connections = STAND_TUNNELS;
		config->n_calls = (uint16_t)(2 * client->n_links);
	} else {
		config->n_params = 1;
		config->n_tunnels = STAND_TUNNELS;
		config->n_blocks = 128;
		config->n_sessions = (uint16_t)(2 * client->n_links);
	}
}

static bool
begin(struct stand *s)
{
	struct ut_l2tp_params params = ut_l2tp_params_default();
	struct ut_pptp_params pptp = ut_pptp_params_default();
	struct ut_engine_config config = { .n_clients = 1 };
	struct ut_client_config client = {
		.needs_data_path = true, .close_ms = 2000, .stop_ms = 3000, .settle_ms = 1000
	};
	uint16_t first_link;

	params.hello_s = pptp.echo_s = 0; /* nobody would answer it */
	if (s->talk->protocol == UT_PPTP)
		stand_pptp_look_ahead(s);
	else
		stand_l2tp_look_ahead(s, &params);
	configure(s, &config, &client);
	s->memory_octets = ut_engine_octets(&config);
	s->memory = host_memory_new(s->memory_octets);
	if (s->memory == NULL)
		return false;
	s->engine = ut_engine_init(s->memory, &config);
	if (s->talk->protocol == UT_PPTP)
		ut_engine_set_pptp_params(s->engine, 0, &pptp);
	else
		ut_engine_set_params(s->engine, 0, &params);
	l2tp_secret_wipe(&params.secret);
	return ut_engine_client_new(s->engine, &client, &s->client, &first_link);
}

static void
hear(struct stand *s, const struct respond_letter *m)
{
	if (s->talk->protocol == UT_PPTP && m->is_of_client)
		stand_pptp_from_client(s, m);
	else if (s->talk->protocol == UT_PPTP)
		stand_pptp_from_server(s, m);
	else if (m->is_of_client)
		stand_l2tp_from_client(s, m);
	else
		stand_l2tp_from_server(s, m);
}

/* Until our client has said its first word. */
static void
start(struct stand *s)
{
	s->out = (struct ut_effects){
		.v = s->effects, .cap = STAND_EFFECTS, .octets = s->octets, .octets_cap = STAND_EFFECT_OCTETS
	};
	s->now.us = STAND_BEGIN_US;
	for (unsigned i = 0; i < 4; i++)
		feed_random(s);
	stand_feed(s, (struct ut_event){ .kind = UT_EV_START, .ref = s->client });
}

static void
go_on(struct stand *s)
{
	for (size_t i = 0; i < s->talk->letters.n && !s->answer->is_hidden; i++) {
		const struct respond_letter *m = &s->talk->letters.v[i];

		advance(s, STAND_BEGIN_US + m->time_us);
		hear(s, m);
	}
}

static struct stand *
stand_free(struct stand *s)
{
	if (s == NULL)
		return NULL;
	journal_stand_in_fini(&s->secret);
	host_memory_free(s->memory, s->memory_octets);
	return host_memory_free(s, sizeof *s);
}

/* NULL: no memory. */
static struct stand *
stand_new(const struct respond_talk *talk, const struct l2tp_secret *secret, struct respond_answer *answer)
{
	struct stand *const s = host_memory_new(sizeof *s);

	if (s == NULL)
		return NULL;
	s->talk = talk;
	s->answer = answer;
	s->has_memory = true;
	s->challenge_at = SIZE_MAX;
	s->authentication = respond_authentication_of(talk, secret);
	if (!journal_stand_in_init(&s->secret, STAND_TUNNELS))
		return stand_free(s);
	if (s->authentication.secret == RESPOND_SECRET_FITS)
		s->secret.secret = *secret;
	return begin(s) ? s : stand_free(s);
}

/* Which of the octets that it is fed the engine makes its challenge of.  False: no memory. */
static bool
rehearse(const struct respond_talk *talk, const struct l2tp_secret *secret, size_t *challenge_at)
{
	struct respond_answer answer = { .is_hidden = false };
	struct stand *const s = stand_new(talk, secret, &answer);

	if (s == NULL)
		return false;
	if (s->authentication.is_challenged)
		start(s);
	*challenge_at = s->challenge_at;
	stand_free(s);
	respond_letters_fini(&answer.sent);
	return true;
}

bool
respond_client_run(const struct respond_talk *talk, const struct l2tp_secret *secret,
		   struct respond_answer *out)
{
	size_t challenge_at;
	struct stand *s;
	bool is_run;

	if (!rehearse(talk, secret, &challenge_at))
		return false;
	s = stand_new(talk, secret, out);
	if (s == NULL)
		return false;
	s->challenge_at = challenge_at;
	out->secret = s->authentication.secret;
	start(s);
	go_on(s);
	is_run = s->has_memory;
	stand_free(s);
	return is_run;
}
