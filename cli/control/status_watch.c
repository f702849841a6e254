/* status_watch.c - uptun status --watch: all tunnels, by what the daemon tells of them
 * SPDX-License-Identifier: Apache-2.0
 *
 * However many there are, an event costs its own tunnel only.  Once a second a screen asks for the tunnels that it has
 * room for, since no event tells what they have carried.
 */
#include "cli/control/status_watch.h"

#include <stdlib.h>

#include "cli/control/roster.h"
#include "cli/control/screen.h"
#include "cli/control/show.h"
#include "cli/say.h"

struct all {
	struct talk *talk;
	struct roster roster;
	bool json, is_screen;
	uint64_t fetched_ms; /* since 1970 */
};

/* ---- what is shown ---- */

/* Of the first `limit` rows all, or those with news.  NULL: no memory, which is said. */
static const Uptun__TunnelStatus **
pick(const struct roster *r, size_t limit, bool only_news, size_t *n)
{
	const Uptun__TunnelStatus **picked = malloc((limit + 1) * sizeof *picked);

	*n = 0;
	if (picked == NULL) {
		say("no memory for all tunnels");
		return NULL;
	}
	for (size_t i = 0; i < limit; i++) {
		if (!only_news || r->rows[i].is_news)
			picked[(*n)++] = r->rows[i].tunnel;
	}
	return picked;
}

static void
show(const struct all *a, const Uptun__TunnelStatus *const *tunnels, size_t n, FILE *out)
{
	for (size_t i = 0; a->json && i < n; i++)
		show_json(tunnels[i], words_now_ms(), false, out);
	if (!a->json && !show_table(tunnels, n, words_now_ms(), out))
		say("no memory for all of them");
}

static size_t
lines_behind(const struct roster *r, size_t first)
{
	size_t n = 0;

	for (size_t i = first; i < r->n; i++)
		n += r->rows[i].tunnel->n_session > 1 ? r->rows[i].tunnel->n_session : 1;
	return n;
}

static int
draw(struct all *a)
{
	const size_t rows = screen_rows(stdout), limit = a->roster.n < rows ? a->roster.n : rows;
	char *text = NULL;
	size_t octets = 0, n;
	const Uptun__TunnelStatus **shown = pick(&a->roster, limit, false, &n);
	FILE *out = shown != NULL ? open_memstream(&text, &octets) : NULL;

	if (out != NULL && n == 0)
		(void)fputs(SHOW_NOTHING, out);
	else if (out != NULL)
		show(a, shown, n, out);
	const bool is_drawn = out != NULL && fclose(out) == 0;
	if (is_drawn)
		screen_draw(stdout, text, lines_behind(&a->roster, limit));
	free(text);
	free(shown);
	return is_drawn ? STATUS_OK : STATUS_SYSTEM;
}

/* What has changed; at first that is everything. */
static int
append(struct all *a, bool is_first)
{
	size_t n;
	const Uptun__TunnelStatus **news = pick(&a->roster, a->roster.n, true, &n);

	if (news == NULL)
		return STATUS_SYSTEM;
	if (!is_first && !a->json && n > 0)
		(void)fputc('\n', stdout);
	if (n > 0)
		show(a, news, n, stdout);
	else if (is_first && !a->json)
		(void)fputs(SHOW_NOTHING, stdout);
	(void)fflush(stdout);
	free(news);
	roster_forget_news(&a->roster);
	return STATUS_OK;
}

/* ---- what is heard ---- */

static void
hear(void *arg, const Uptun__Event *event)
{
	const struct all *a = arg;

	if (a->is_screen || event->what_case != UPTUN__EVENT__WHAT_ENDED)
		return;
	if (a->json)
		show_ended_json(event, stdout);
	else
		show_ended(event, stdout);
}

static bool
take(struct all *a, struct api_message *m)
{
	hear(a, api_event(m));
	if (roster_take_event(&a->roster, m) == ROSTER_TAKEN)
		return true;
	say("no memory for all tunnels");
	return false;
}

/* Until something changes, or it is time anyway; a change after the other is waited for, but not for ever. */
static int
wait_for_change(struct all *a)
{
	const uint64_t since = words_now_ms();
	struct api_message *m;
	int r = talk_next(a->talk, a->is_screen ? STATUS_REDRAW_MS : STATUS_FOR_EVER, &m);

	while (r > 0) {
		if (!take(a, m))
			return STATUS_SYSTEM;
		r = words_now_ms() - since < STATUS_REDRAW_MS ? talk_next(a->talk, STATUS_CALM_MS, &m) : 0;
	}
	return r < 0 ? STATUS_SYSTEM : STATUS_OK;
}

static int
fetch(struct all *a, size_t wanted)
{
	const struct roster_listener listener = { .heard = hear, .arg = a };

	a->fetched_ms = words_now_ms();
	return roster_fetch(&a->roster, a->talk, wanted, &listener);
}

static int
refresh(struct all *a)
{
	if (a->roster.is_stale)
		return fetch(a, SIZE_MAX);
	if (a->is_screen && words_now_ms() - a->fetched_ms >= STATUS_REDRAW_MS)
		return fetch(a, screen_rows(stdout));
	return STATUS_OK;
}

int
status_watch_all(struct talk *t, bool json)
{
	struct all a = { .talk = t, .json = json, .is_screen = !json && screen_is_there(stdout) };
	const Uptun__Watch everything = UPTUN__WATCH__INIT;
	int status = talk_watch(t, &everything);

	if (status == STATUS_OK)
		status = fetch(&a, SIZE_MAX);
	for (bool is_first = true; status == STATUS_OK; is_first = false) {
		status = a.is_screen ? draw(&a) : append(&a, is_first);
		if (status == STATUS_OK)
			status = wait_for_change(&a);
		if (status == STATUS_OK)
			status = refresh(&a);
	}
	roster_fini(&a.roster);
	return status;
}
