/* ladder_draw.c - message ladders as SVG, alone and in a page of HTML
 * SPDX-License-Identifier: Apache-2.0
 */
#include "cli/replay/ladder.h"

#include <string.h>

/* Pixels.  In a picture the heads come again every so many rungs, so that a long ladder can be read anywhere; in a page
 * they stay in sight. */
enum {
	FRAME_RIGHT = 52,
	TIME_RIGHT = 122,
	PAUSE_LEFT = 130,
	WIDTH = 1160,
	LEFT = 400,
	RIGHT = 800,
	RUNG = 30,
	WRONG = 16,
	HEAD = 34,
	CAPTION = 30,
	GAP = 20,
	HEADS_EVERY = 30
};

enum { PAUSE_MS = 500 };  /* longer ones are told */
enum { STATES_MAX = 40 }; /* letters between the times and a lifeline; all are told where the pointer rests */

static const char style[] =
    "text{font:12px "
    "sans-serif;fill:#222}.b{font-weight:bold}.i{fill:#666}.n{fill:#777;font-size:11px}.h{"
    "font-weight:bold}"
    ".s{fill:#0a5;font-size:11px}.w{fill:#c00;font-weight:bold;font-size:11px}"
    ".p{fill:#36a;font-size:11px}.r{fill:transparent}g:hover>.r{fill:#eef4ff}g:target>.r{fill:#fe9}"
    "line.life{stroke:#bbb;stroke-width:2}"
    ".plain{stroke:#222}.quiet{stroke:#999}.again{stroke:#e80;stroke-dasharray:6 3}"
    ".known{stroke:#b80;stroke-width:2}.wrong{stroke:#c00;stroke-width:2}"
    ".data{stroke:#39c;stroke-dasharray:2 3}";
static const char *const classes[] = { "plain", "quiet", "again", "known", "wrong" };

/* How often the ends' heads are drawn. */
static unsigned
heads_of(const struct ladder *l, bool is_page)
{
	return is_page ? 0 : l->rungs_n == 0 ? 1 : (unsigned)((l->rungs_n + HEADS_EVERY - 1) / HEADS_EVERY);
}

static unsigned
height_of(const struct ladder *l, bool is_page)
{
	unsigned height =
	    (is_page ? 0 : CAPTION) + heads_of(l, is_page) * HEAD + (unsigned)l->rungs_n * RUNG + GAP;

	for (const struct ladder_rung *r = l->first; r != NULL; r = r->next)
		height += r->wrong != NULL ? WRONG : 0;
	return height;
}

static void
put_text(struct writer *w, unsigned x, unsigned y, const char *anchor, const char *class, const char *text)
{
	if (text == NULL)
		return;
	writer_say(w, "<text x=\"%u\" y=\"%u\" text-anchor=\"%s\" class=\"%s\">", x, y, anchor, class);
	writer_xml(w, text);
	writer_text(w, "</text>\n");
}

static void
put_heads(struct writer *w, const struct ladder *l, unsigned y)
{
	put_text(w, LEFT, y + 20, "middle", "h", l->heads[0]);
	put_text(w, RIGHT, y + 20, "middle", "h", l->heads[1]);
}

static void
put_lifelines(struct writer *w, unsigned top, unsigned end)
{
	writer_say(w,
		   "<line x1=\"%d\" y1=\"%u\" x2=\"%d\" y2=\"%u\" class=\"life\"/>"
		   "<line x1=\"%d\" y1=\"%u\" x2=\"%d\" y2=\"%u\" class=\"life\"/>\n",
		   LEFT, top, LEFT, end, RIGHT, top, RIGHT, end);
}

static void
put_arrow(struct writer *w, const struct ladder_rung *r, unsigned y)
{
	const bool is_right = r->from == 0;

	if (r->is_data) {
		writer_say(w, "<line x1=\"%d\" y1=\"%u\" x2=\"%d\" y2=\"%u\" class=\"data\"/>", LEFT, y,
			   RIGHT, y);
		return;
	}
	writer_say(
	    w,
	    "<line x1=\"%d\" y1=\"%u\" x2=\"%d\" y2=\"%u\" class=\"%s\"/>"
	    "<path d=\"M%d %ul%d -4m%d 4l%d 4\" class=\"%s\" fill=\"none\" style=\"stroke-dasharray:none\"/>",
	    is_right ? LEFT : RIGHT, y, is_right ? RIGHT : LEFT, y, classes[r->colour],
	    is_right ? RIGHT : LEFT, y, is_right ? -8 : 8, is_right ? 8 : -8, is_right ? -8 : 8,
	    classes[r->colour]);
}

static void
put_text_title(struct writer *w, const char *text)
{
	if (strlen(text) <= STATES_MAX)
		return;
	writer_text(w, "<title>");
	writer_xml(w, text);
	writer_text(w, "</title>");
}

static void
put_states(struct writer *w, const struct ladder_rung *r, unsigned y)
{
	static const unsigned at[] = { LEFT, RIGHT };
	char text[STATES_MAX + 4];

	for (unsigned end = 0; end < 2; end++) {
		if (r->states[end] == NULL)
			continue;
		writer_say(w, "<circle cx=\"%u\" cy=\"%u\" r=\"4\" fill=\"#0a5\"/>", at[end], y);
		writer_text(w, "<g>");
		put_text_title(w, r->states[end]);
		(void)snprintf(text, sizeof text, "%.*s%s", STATES_MAX, r->states[end],
			       strlen(r->states[end]) > STATES_MAX ? "..." : "");
		if (end == 0)
			put_text(w, LEFT - 10, y + 4, "end", "s", text);
		else
			put_text(w, RIGHT + 10, y + 4, "start", "s", text);
		writer_text(w, "</g>");
	}
}

/* Frame, time, and how long nothing was said before, where that is long. */
static void
put_times(struct writer *w, const struct ladder_rung *r, uint64_t before_ns, unsigned y)
{
	const uint64_t pause_ms = r->time_ns > before_ns ? (r->time_ns - before_ns) / 1000000u : 0;
	char text[64];

	snprintf(text, sizeof text, "%llu", (unsigned long long)r->frame);
	put_text(w, FRAME_RIGHT, y, "end", "n", text);
	snprintf(text, sizeof text, "%llu.%06llu", (unsigned long long)(r->time_ns / 1000000000u),
		 (unsigned long long)(r->time_ns / 1000u % 1000000u));
	put_text(w, TIME_RIGHT, y, "end", "n", text);
	snprintf(text, sizeof text, "+%llu.%03llu s", (unsigned long long)(pause_ms / 1000),
		 (unsigned long long)(pause_ms % 1000));
	if (pause_ms >= PAUSE_MS)
		put_text(w, PAUSE_LEFT, y, "start", "p", text);
}

static void
put_label(struct writer *w, const struct ladder_rung *r, unsigned y)
{
	if (r->name == NULL) {
		put_text(w, (LEFT + RIGHT) / 2, y, "middle", "n", r->label);
		return;
	}
	writer_say(w, "<text x=\"%d\" y=\"%u\" text-anchor=\"middle\" class=\"m\"><tspan class=\"b\">",
		   (LEFT + RIGHT) / 2, y);
	writer_xml(w, r->name);
	writer_text(w, "</tspan><tspan dx=\"6\" class=\"i\">");
	writer_xml(w, r->label != NULL ? r->label : "");
	writer_text(w, "</tspan></text>\n");
}

/* What is wrong comes with the fields: it may be longer than its line. */
static void
put_title(struct writer *w, const struct ladder_rung *r)
{
	if (r->title == NULL && r->wrong == NULL)
		return;
	writer_text(w, "<title>");
	writer_xml(w, r->wrong != NULL ? r->wrong : "");
	writer_text(w, r->wrong != NULL && r->title != NULL ? "\n\n" : "");
	writer_xml(w, r->title != NULL ? r->title : "");
	writer_text(w, "</title>");
}

static unsigned
rung_height(const struct ladder_rung *r)
{
	return r->wrong != NULL ? RUNG + WRONG : RUNG;
}

static void
put_rung(struct writer *w, const struct ladder_rung *r, uint64_t before_ns, unsigned top)
{
	const unsigned y = top + RUNG - 8;

	writer_say(w, "<g id=\"r%zu\">", r->number);
	put_title(w, r);
	writer_say(w, "<rect class=\"r\" x=\"0\" y=\"%u\" width=\"%d\" height=\"%u\"/>", top + 4, WIDTH,
		   rung_height(r));
	put_lifelines(w, top + 4, top + 4 + rung_height(r));
	put_times(w, r, before_ns, y + 4);
	put_arrow(w, r, y);
	put_label(w, r, y - 5);
	put_states(w, r, y);
	put_text(w, (LEFT + RIGHT) / 2, y + WRONG, "middle", "w", r->wrong);
	writer_text(w, "</g>\n");
}

static void
put_ladder(struct writer *w, const struct ladder *l, unsigned top, bool is_page)
{
	unsigned y = is_page ? top : top + CAPTION, i = 0;
	uint64_t before_ns = l->first != NULL ? l->first->time_ns : 0;

	if (!is_page)
		put_text(w, 8, top + 20, "start", "h", l->caption);
	for (const struct ladder_rung *r = l->first; r != NULL; r = r->next, i++) {
		if (!is_page && i % HEADS_EVERY == 0) {
			put_heads(w, l, y);
			y += HEAD;
		}
		put_rung(w, r, before_ns, y);
		y += rung_height(r);
		before_ns = r->time_ns;
	}
}

static void
open_svg(struct writer *w, unsigned height)
{
	writer_say(
	    w,
	    "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%u\" viewBox=\"0 0 %d %u\">\n",
	    WIDTH, height, WIDTH, height);
	writer_text(w, "<style>");
	writer_text(w, style);
	writer_text(w, "</style>\n<rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>\n");
}

static void
put_left_out(char text[64], const struct ladders *all)
{
	snprintf(text, 64, "%llu messages more are not drawn", (unsigned long long)all->left_out);
}

void
ladders_draw_svg(const struct ladders *all, struct writer *w, const char *name)
{
	unsigned height = CAPTION, y = CAPTION;
	char left_out[64];

	for (const struct ladder *l = all->first; l != NULL; l = l->next)
		height += height_of(l, false);
	open_svg(w, height + CAPTION);
	put_text(w, 8, 20, "start", "h", name);
	for (const struct ladder *l = all->first; l != NULL; l = l->next) {
		put_ladder(w, l, y, false);
		y += height_of(l, false);
	}
	put_left_out(left_out, all);
	if (all->left_out != 0)
		put_text(w, 8, y + 20, "start", "w", left_out);
	writer_text(w, "</svg>\n");
}

/* ---- HTML ---- */

/* Links to what is wrong. */
static void
put_wrongs(struct writer *w, const struct ladders *all)
{
	bool has_one = false;

	for (const struct ladder *l = all->first; l != NULL; l = l->next) {
		for (const struct ladder_rung *r = l->first; r != NULL; r = r->next) {
			if (r->wrong == NULL)
				continue;
			writer_text(w, has_one ? "" : "<ul>\n");
			has_one = true;
			writer_say(w, "<li><a href=\"#r%zu\">frame %llu</a>: ", r->number,
				   (unsigned long long)r->frame);
			writer_xml(w, r->wrong);
			writer_text(w, "</li>\n");
		}
	}
	writer_text(w, has_one ? "</ul>\n" : "");
}

static void
put_section(struct writer *w, const struct ladder *l)
{
	writer_say(w, "<details open id=\"c%llu\"><summary>", (unsigned long long)l->connection);
	writer_xml(w, l->caption != NULL ? l->caption : "");
	writer_say(w, " (%zu rungs)</summary>\n<div class=\"heads\">", l->rungs_n);
	open_svg(w, HEAD);
	put_heads(w, l, 0);
	writer_text(w, "</svg></div>\n");
	open_svg(w, height_of(l, true));
	put_ladder(w, l, 0, true);
	writer_text(w, "</svg>\n</details>\n");
}

static void
put_totals(struct writer *w, const struct track_totals *t)
{
	const struct {
		const char *what;
		uint64_t n;
	} counts[] = { { "frame", t->frames },	       { "connection", t->connections },
		       { "call", t->sessions },	       { "retransmission", t->repeated },
		       { "violation", t->violations }, { "known fault", t->known } };

	for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++)
		writer_say(w, "%s%llu %s%s", i != 0 ? ", " : "", (unsigned long long)counts[i].n,
			   counts[i].what, counts[i].n == 1 ? "" : "s");
}

void
ladders_draw_html(const struct ladders *all, struct writer *w, const char *name,
		  const struct track_totals *totals)
{
	char left_out[64];

	writer_text(w, "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>");
	writer_xml(w, name);
	writer_text(
	    w,
	    "</title>\n<style>body{font:14px sans-serif;margin:1em}summary{font-weight:bold;cursor:pointer;"
	    "margin:.5em 0}svg{display:block}.heads{position:sticky;top:0;border-bottom:1px solid #bbb}"
	    "g{scroll-margin-top:50px}</style></head><body>\n<h1>");
	writer_xml(w, name);
	writer_text(w, "</h1>\n<p>");
	put_totals(w, totals);
	writer_text(
	    w,
	    ".</p>\n<p>Green: states. Orange: retransmitted or late. Red: violations. Blue: pauses and data. "
	    "A message's fields show where the pointer rests on it.</p>\n");
	put_wrongs(w, all);
	for (const struct ladder *l = all->first; l != NULL; l = l->next)
		put_section(w, l);
	put_left_out(left_out, all);
	if (all->left_out != 0)
		writer_say(w, "<p>%s</p>\n", left_out);
	writer_text(w, "</body></html>\n");
}
