/* show_table.c - tunnels as tables
 * SPDX-License-Identifier: Apache-2.0
 */
#include "cli/control/show_state.h"
#include "cli/control/table.h"
#include "cli/output.h"

/* ---- the table of sessions ---- */

static void
add_tunnel(struct table *t, const Uptun__TunnelStatus *tunnel, uint64_t now_ms)
{
	char state[SHOW_STATE_OCTETS], age[WORDS_OCTETS];

	show_state(tunnel, state);
	words_age(show_up_ms(tunnel, now_ms), age);
	table_add(t, "%u", (unsigned)tunnel->tunnel);
	table_add(t, "%s", tunnel->name);
	table_add(t, "%s", tunnel->protocol);
	table_add(t, "%s", tunnel->server);
	table_add(t, "%s", state);
	table_add(t, "%s", show_is_up(tunnel) ? age : "");
}

/* The tunnel's columns in the rows of its further sessions. */
static void
add_further(struct table *t, const Uptun__SessionStatus *session)
{
	table_add(t, "%s", "");
	table_add(t, "  %u.", (unsigned)session->session + 1);
	table_add(t, "%s", "");
	table_add(t, "%s", "");
	table_add(t, "%s", show_session_state(session));
	table_add(t, "%s", "");
}

static void
add_octets(struct table *t, const Uptun__SessionStatus *session, uint64_t octets)
{
	char amount[WORDS_OCTETS];

	output_octets(octets, amount, sizeof amount);
	table_add(t, "%s", session->interface[0] != '\0' || octets > 0 ? amount : "");
}

static void
add_session(struct table *t, const Uptun__SessionStatus *session)
{
	const Uptun__Counters none = UPTUN__COUNTERS__INIT;
	const Uptun__Counters *counters = session->counters != NULL ? session->counters : &none;

	table_add(t, "%s", session->interface);
	table_add(t, "%s", session->local);
	add_octets(t, session, counters->tx_octets);
	add_octets(t, session, counters->rx_octets);
}

static void
add_rows(struct table *t, const Uptun__TunnelStatus *tunnel, uint64_t now_ms)
{
	const Uptun__SessionStatus none = UPTUN__SESSION_STATUS__INIT;

	add_tunnel(t, tunnel, now_ms);
	add_session(t, tunnel->n_session > 0 ? tunnel->session[0] : &none);
	for (size_t i = 1; i < tunnel->n_session; i++) {
		add_further(t, tunnel->session[i]);
		add_session(t, tunnel->session[i]);
	}
}

bool
show_table(const Uptun__TunnelStatus *const *tunnels, size_t n, uint64_t now_ms, FILE *out)
{
	static const struct table_column columns[] = {
		{ "ID", true },	    { "NAME", false },	  { "PROTOCOL", false },  { "SERVER", false },
		{ "STATE", false }, { "FOR", true },	  { "INTERFACE", false }, { "ADDRESS", false },
		{ "SENT", true },   { "RECEIVED", true },
	};
	struct table t;
	bool is_whole;

	table_init(&t, columns, sizeof columns / sizeof columns[0]);
	for (size_t i = 0; i < n; i++)
		add_rows(&t, tunnels[i], now_ms);
	is_whole = table_print(&t, out);
	table_fini(&t);
	return is_whole;
}

/* ---- the short one ---- */

bool
show_list(const Uptun__TunnelStatus *const *tunnels, size_t n, FILE *out)
{
	static const struct table_column columns[] = {
		{ "ID", true },	     { "NAME", false },	 { "PROTOCOL", false },
		{ "SERVER", false }, { "STATE", false },
	};
	char state[SHOW_STATE_OCTETS];
	struct table t;
	bool is_whole;

	table_init(&t, columns, sizeof columns / sizeof columns[0]);
	for (size_t i = 0; i < n; i++) {
		show_state(tunnels[i], state);
		table_add(&t, "%u", (unsigned)tunnels[i]->tunnel);
		table_add(&t, "%s", tunnels[i]->name);
		table_add(&t, "%s", tunnels[i]->protocol);
		table_add(&t, "%s", tunnels[i]->server);
		table_add(&t, "%s", state);
	}
	is_whole = table_print(&t, out);
	table_fini(&t);
	return is_whole;
}
