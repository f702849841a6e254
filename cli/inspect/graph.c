/* graph.c - going through a table cell by cell
 * SPDX-License-Identifier: Apache-2.0
 */
#include "cli/inspect/graph.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

static const struct ut_machine *const machines[] = {
#define X(machine) &machine,
	UT_MACHINES(X)
#undef X
};

const struct ut_machine *
graph_machine_at(unsigned i)
{
	return i < UT_COUNT(machines) ? machines[i] : NULL;
}

const struct ut_machine *
graph_machine_find(const char *name)
{
	for (unsigned i = 0; i < UT_COUNT(machines); i++)
		if (strcmp(machines[i]->name, name) == 0)
			return machines[i];
	return NULL;
}

static bool
is_in(uint32_t set, uint8_t member)
{
	return (set & UT_BIT(member)) != 0;
}

/* The cursor's next cell, or past the last row. */
static void
advance(const struct ut_machine *m, struct graph_cursor *c)
{
	if (++c->event < m->n_events)
		return;
	c->event = 0;
	if (++c->state < m->n_states)
		return;
	c->state = 0;
	c->row++;
}

bool
graph_next(const struct ut_machine *m, struct graph_cursor *c, struct graph_cell *out)
{
	for (; c->row < m->n_rows; advance(m, c)) {
		const struct ut_row *row = &m->rows[c->row];

		if (!is_in(row->states, c->state) || !is_in(row->events, c->event))
			continue;
		*out = (struct graph_cell){ .state = c->state,
					    .event = c->event,
					    .answer = row->answer,
					    .is_asked = row->question != 0,
					    .row = row };
		advance(m, c);
		return true;
	}
	return false;
}

uint8_t
graph_target(const struct graph_cell *cell)
{
	return cell->row->next == UT_SAME ? cell->state : cell->row->next;
}

bool
graph_row_is_idle(const struct ut_row *row)
{
	const bool does_nothing = row->actions[0] == 0;
	const bool stays = row->next == UT_SAME || row->states == UT_BIT(row->next);

	return does_nothing && stays;
}

void
graph_actions(FILE *out, const struct ut_machine *m, const struct ut_row *row)
{
	if (row->actions[0] == 0)
		fputs(m->actions[0], out);
	for (unsigned k = 0; k < UT_ROW_ACTIONS && row->actions[k] != 0; k++)
		fprintf(out, "%s%s", k > 0 ? ", " : "", m->actions[row->actions[k]]);
}

/* ---- names as one word ---- */

struct word {
	const char *p;
	size_t n;
};

/* The next run of letters, digits and hyphens; false at the end. */
static bool
next_word(const char **rest, struct word *out)
{
	const char *p = *rest;

	p += strcspn(p, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789");
	*out = (struct word){ p, strcspn(p, " ,():") };
	*rest = p + out->n;
	return out->n > 0;
}

static bool
is_word(struct word w, const char *text)
{
	return strlen(text) == w.n && strncasecmp(w.p, text, w.n) == 0;
}

/* "SCCRQ", "StopCCN", "PPP": a second capital makes it letters of a message or protocol; "Call-Clear-Request" is
 * spelt as it is, too. */
static bool
is_letters(struct word w)
{
	size_t capitals = 0;

	for (size_t i = 0; i < w.n; i++)
		capitals += isupper((unsigned char)w.p[i]) != 0;
	return capitals > 1;
}

static void
print_word(FILE *out, struct word w, bool is_first)
{
	const bool keep = is_letters(w);

	if (!is_first)
		fputc('-', out);
	for (size_t i = 0; i < w.n; i++)
		fputc(keep ? w.p[i] : tolower((unsigned char)w.p[i]), out);
}

void
graph_word(FILE *out, const char *name)
{
	struct word w;

	for (bool first = true; next_word(&name, &w); first = false)
		print_word(out, w, first);
}

static bool
is_filler(struct word w)
{
	return is_word(w, "receive") || is_word(w, "request") || is_word(w, "a") || is_word(w, "the");
}

void
graph_event_word(FILE *out, const char *name)
{
	bool first = true;
	struct word w;

	while (next_word(&name, &w) && !is_word(w, "or")) {
		if (is_filler(w))
			continue;
		print_word(out, w, first);
		first = false;
	}
}
