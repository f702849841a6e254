/* roster.c - all tunnels of the daemon, for somebody who watches: listed once, then kept by what events tell
 * SPDX-License-Identifier: Apache-2.0
 */
#include "cli/control/roster.h"

#include <stdlib.h>
#include <string.h>

#include "cli/say.h"

struct roster_source {
	struct api_message *message;
	size_t users; /* rows, and whoever is filling them */
};

enum { ROWS_FIRST = 64 };

/* ---- messages that rows look into ---- */

/* The message is the source's from now on, also on failure. */
static struct roster_source *
source_new(struct api_message *message)
{
	struct roster_source *s = malloc(sizeof *s);

	if (s == NULL) {
		(void)api_message_free(message);
		return NULL;
	}
	*s = (struct roster_source){ .message = message, .users = 1 };
	return s;
}

static void
source_release(struct roster_source *s)
{
	if (--s->users > 0)
		return;
	(void)api_message_free(s->message);
	free(s);
}

/* ---- rows ---- */

/* Where the row of this tunnel is, or would be. */
static size_t
place_of(const struct roster *r, uint32_t tunnel)
{
	size_t low = 0, high = r->n;

	while (low < high) {
		const size_t middle = low + (high - low) / 2;

		if (r->rows[middle].tunnel->tunnel < tunnel)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static bool
has_row(const struct roster *r, size_t place, uint32_t tunnel)
{
	return place < r->n && r->rows[place].tunnel->tunnel == tunnel;
}

static bool
make_room(struct roster *r, size_t place)
{
	if (r->n == r->cap) {
		const size_t cap = r->cap == 0 ? ROWS_FIRST : 2 * r->cap;
		struct roster_row *rows = realloc(r->rows, cap * sizeof *rows);

		if (rows == NULL)
			return false;
		r->rows = rows;
		r->cap = cap;
	}
	memmove(&r->rows[place + 1], &r->rows[place], (r->n - place) * sizeof *r->rows);
	r->n++;
	return true;
}

static bool
put(struct roster *r, const Uptun__TunnelStatus *tunnel, struct roster_source *source)
{
	const size_t place = place_of(r, tunnel->tunnel);
	struct roster_source *before = NULL;

	if (has_row(r, place, tunnel->tunnel))
		before = r->rows[place].source;
	else if (!make_room(r, place))
		return false;
	r->rows[place] = (struct roster_row){ .tunnel = tunnel, .source = source, .is_news = true };
	source->users++;
	if (before != NULL)
		source_release(before);
	return true;
}

static void
drop(struct roster *r, uint32_t tunnel)
{
	const size_t place = place_of(r, tunnel);

	if (!has_row(r, place, tunnel))
		return;
	source_release(r->rows[place].source);
	r->n--;
	memmove(&r->rows[place], &r->rows[place + 1], (r->n - place) * sizeof *r->rows);
}

/* Of the rows [first, end) those stay that are of this source: the others' tunnels are gone. */
static void
drop_others(struct roster *r, size_t first, size_t end, const struct roster_source *source)
{
	size_t kept = first;

	for (size_t i = first; i < end; i++) {
		if (r->rows[i].source == source)
			r->rows[kept++] = r->rows[i];
		else
			source_release(r->rows[i].source);
	}
	memmove(&r->rows[kept], &r->rows[end], (r->n - end) * sizeof *r->rows);
	r->n -= end - kept;
}

void
roster_fini(struct roster *r)
{
	for (size_t i = 0; i < r->n; i++)
		source_release(r->rows[i].source);
	free(r->rows);
	*r = (struct roster){ .n = 0 };
}

void
roster_forget_news(struct roster *r)
{
	for (size_t i = 0; i < r->n; i++)
		r->rows[i].is_news = false;
}

/* ---- what comes ---- */

enum roster_result
roster_take_page(struct roster *r, uint32_t from, struct api_message *page)
{
	const Uptun__ListReply *list = api_reply(page)->list;
	struct roster_source *source = source_new(page);

	if (source == NULL)
		return ROSTER_NO_MEMORY;
	for (size_t i = 0; i < list->n_tunnel; i++) {
		if (put(r, list->tunnel[i], source))
			continue;
		source_release(source);
		return ROSTER_NO_MEMORY;
	}
	const size_t end = list->next > from ? place_of(r, list->next) : r->n;
	drop_others(r, place_of(r, from), end, source);
	source_release(source);
	return ROSTER_TAKEN;
}

enum roster_result
roster_take_event(struct roster *r, struct api_message *message)
{
	struct roster_source *source = source_new(message);
	bool is_put = true;

	if (source == NULL)
		return ROSTER_NO_MEMORY;
	const Uptun__Event *event = api_event(message);
	r->is_stale |= event->lost > 0;
	if (event->what_case == UPTUN__EVENT__WHAT_ENDED)
		drop(r, event->tunnel);
	else if (event->what_case == UPTUN__EVENT__WHAT_CHANGE && event->change->tunnel != NULL)
		is_put = put(r, event->change->tunnel, source);
	source_release(source);
	return is_put ? ROSTER_TAKEN : ROSTER_NO_MEMORY;
}

/* ---- asking ---- */

static int
say_no_memory(void)
{
	say("no memory for all tunnels");
	return STATUS_SYSTEM;
}

/* What the daemon said before the page is older than the page. */
static int
take_older(struct roster *r, struct talk *t, const struct roster_listener *listener)
{
	for (unsigned n = api_client_kept(t->client); n > 0; n--) {
		struct api_message *m;

		if (talk_next(t, 0, &m) <= 0)
			return STATUS_SYSTEM;
		listener->heard(listener->arg, api_event(m));
		if (roster_take_event(r, m) != ROSTER_TAKEN)
			return say_no_memory();
	}
	return STATUS_OK;
}

int
roster_fetch(struct roster *r, struct talk *t, size_t wanted, const struct roster_listener *listener)
{
	uint32_t from = 0, next = 0;
	size_t n = 0;

	if (wanted == SIZE_MAX)
		r->is_stale = false;
	do {
		struct api_message *page;
		int status = talk_page(t, from, &next, &page);

		if (status != STATUS_OK)
			return status;
		n += api_reply(page)->list->n_tunnel;
		status = take_older(r, t, listener);
		if (status != STATUS_OK) {
			(void)api_message_free(page);
			return status;
		}
		if (roster_take_page(r, from, page) != ROSTER_TAKEN)
			return say_no_memory();
		from = next;
	} while (from != 0 && n < wanted);
	return STATUS_OK;
}
