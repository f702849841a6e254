/* show_state.c - how a tunnel is, in a few words and numbers
 * SPDX-License-Identifier: Apache-2.0
 */
#include "cli/control/show_state.h"

#include <string.h>

struct word {
	const char *state, *word;
};

static const char *
word_of(const char *state, const struct word *words, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(words[i].state, state) == 0)
			return words[i].word;
	return state;
}

const char *
show_session_state(const Uptun__SessionStatus *session)
{
	static const struct word words[] = {
		{ "idle", "waiting" },
		{ "session", "opening session" },
		{ "link", "starting PPP" },
		{ "ppp", "starting PPP" },
		{ "up", "up" },
		{ "stopping", "closing" },
		{ "backoff", "will retry" },
	};

	return word_of(session->state, words, sizeof words / sizeof words[0]);
}

static const char *
client_word(const char *state)
{
	static const struct word words[] = {
		{ "", "ending" },	    { "idle", "ending" },
		{ "resolve", "resolving" }, { "protect", "waiting for IPsec" },
		{ "probe", "probing" },	    { "dial", "dialling" },
		{ "closing", "closing" },   { "backoff", "will retry" },
	};

	return word_of(state, words, sizeof words / sizeof words[0]);
}

static size_t
count_up(const Uptun__TunnelStatus *tunnel)
{
	size_t n = 0;

	for (size_t i = 0; i < tunnel->n_session; i++)
		n += strcmp(tunnel->session[i]->state, "up") == 0;
	return n;
}

static bool
has_tunnel(const Uptun__TunnelStatus *tunnel)
{
	return strcmp(tunnel->state, "tunnel") == 0;
}

void
show_state(const Uptun__TunnelStatus *tunnel, char out[SHOW_STATE_OCTETS])
{
	const size_t up = has_tunnel(tunnel) ? count_up(tunnel) : 0;
	char pause[WORDS_OCTETS];

	if (tunnel->backoff_ms > 0) {
		words_age(tunnel->backoff_ms + 999, pause);
		(void)snprintf(out, SHOW_STATE_OCTETS, "retry in %s", pause);
	} else if (!has_tunnel(tunnel)) {
		(void)snprintf(out, SHOW_STATE_OCTETS, "%s", client_word(tunnel->state));
	} else if (up > 0 && up < tunnel->n_session) {
		(void)snprintf(out, SHOW_STATE_OCTETS, "%zu of %zu up", up, tunnel->n_session);
	} else {
		(void)snprintf(out, SHOW_STATE_OCTETS, "%s",
			       tunnel->n_session > 0 ? show_session_state(tunnel->session[0]) : "up");
	}
}

bool
show_is_up(const Uptun__TunnelStatus *tunnel)
{
	return has_tunnel(tunnel) && tunnel->n_session > 0 && count_up(tunnel) == tunnel->n_session;
}

uint64_t
show_up_ms(const Uptun__TunnelStatus *tunnel, uint64_t now_ms)
{
	const uint64_t us = tunnel->milestones != NULL ? tunnel->milestones->ppp_up_us : 0;
	const uint64_t since = tunnel->attempt_unix_ms + us / 1000;

	return show_is_up(tunnel) && now_ms > since ? now_ms - since : 0;
}
