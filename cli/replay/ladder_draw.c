/* ladder_draw.c - message ladders as SVG, alone and in a page of HTML
 * SPDX-License-Identifier: Apache-2.0
 */
#include "cli/replay/ladder.h"

/* Pixels.  The heads come again every so many rungs, so that a long ladder can be read anywhere. */
enum {
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

static const char style[] =
    "text{font:12px sans-serif;fill:#222}.n{fill:#777;font-size:11px}.h{font-weight:bold}"
    ".s{fill:#0a5;font-size:11px}.w{fill:#c00;font-weight:bold;font-size:11px}"
    "line.life{stroke:#bbb;stroke-width:2}"
    ".plain{stroke:#222}.quiet{stroke:#999}.again{stroke:#e80;stroke-dasharray:6 3}"
    ".known{stroke:#b80;stroke-width:2}.wrong{stroke:#c00;stroke-width:2}"
    ".data{stroke:#39c;stroke-dasharray:2 3}";
static const char *const classes[] = { "plain", "quiet", "again", "known", "wrong" };

static unsigned
heads_of(const struct ladder *l)
{
	return l->rungs_n == 0 ? 1 : (unsigned)((l->rungs_n + HEADS_EVERY - 1) / HEADS_EVERY);
}

static unsigned
height_of(const struct ladder *l)
{
	unsigned height = CAPTION + heads_of(l) * HEAD + (unsigned)l->rungs_n * RUNG + GAP;

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
put_states(struct writer *w, const struct ladder_rung *r, unsigned y)
{
	static const unsigned at[] = { LEFT, RIGHT };

	for (unsigned end = 0; end < 2; end++) {
		if (r->states[end] == NULL)
			continue;
		writer_say(w, "<circle cx=\"%u\" cy=\"%u\" r=\"4\" fill=\"#0a5\"/>", at[end], y);
		if (end == 0)
			put_text(w, LEFT - 10, y + 4, "end", "s", r->states[end]);
		else
			put_text(w, RIGHT + 10, y + 4, "start", "s", r->states[end]);
	}
}

/* Returns the rung's height. */
static unsigned
put_rung(struct writer *w, const struct ladder_rung *r, unsigned top)
{
	const unsigned y = top + RUNG - 8;

	writer_text(w, "<g>");
	if (r->title != NULL) {
		writer_text(w, "<title>");
		writer_xml(w, r->title);
		writer_text(w, "</title>");
	}
	writer_say(w, "<text x=\"8\" y=\"%u\" class=\"n\">%llu  %llu.%06llu</text>", y + 4,
		   (unsigned long long)r->frame, (unsigned long long)(r->time_ns / 1000000000u),
		   (unsigned long long)(r->time_ns / 1000u % 1000000u));
	put_arrow(w, r, y);
	put_text(w, (LEFT + RIGHT) / 2, y - 5, "middle", r->is_data ? "n" : "m", r->label);
	put_states(w, r, y);
	put_text(w, (LEFT + RIGHT) / 2, y + WRONG, "middle", "w", r->wrong);
	writer_text(w, "</g>\n");
	return r->wrong != NULL ? RUNG + WRONG : RUNG;
}

static void
put_ladder(struct writer *w, const struct ladder *l, unsigned top)
{
	const unsigned end = top + height_of(l) - GAP;
	unsigned y = top + CAPTION, i = 0;

	put_text(w, 8, top + 20, "start", "h", l->caption);
	writer_say(w,
		   "<line x1=\"%d\" y1=\"%u\" x2=\"%d\" y2=\"%u\" class=\"life\"/>"
		   "<line x1=\"%d\" y1=\"%u\" x2=\"%d\" y2=\"%u\" class=\"life\"/>\n",
		   LEFT, y + HEAD - 8, LEFT, end, RIGHT, y + HEAD - 8, RIGHT, end);
	for (const struct ladder_rung *r = l->first; r != NULL; r = r->next, i++) {
		if (i % HEADS_EVERY == 0) {
			put_heads(w, l, y);
			y += HEAD;
		}
		y += put_rung(w, r, y);
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
		height += height_of(l);
	open_svg(w, height + CAPTION);
	put_text(w, 8, 20, "start", "h", name);
	for (const struct ladder *l = all->first; l != NULL; l = l->next) {
		put_ladder(w, l, y);
		y += height_of(l);
	}
	put_left_out(left_out, all);
	if (all->left_out != 0)
		put_text(w, 8, y + 20, "start", "w", left_out);
	writer_text(w, "</svg>\n");
}

/* ---- HTML ---- */

static void
put_section(struct writer *w, const struct ladder *l)
{
	writer_say(w, "<details open id=\"c%llu\"><summary>", (unsigned long long)l->connection);
	writer_xml(w, l->caption != NULL ? l->caption : "");
	writer_say(w, " (%zu rungs)</summary>\n", l->rungs_n);
	open_svg(w, height_of(l));
	put_ladder(w, l, 0);
	writer_text(w, "</svg>\n</details>\n");
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
	    "margin:.5em 0}svg{max-width:100%;height:auto}</style></head><body>\n<h1>");
	writer_xml(w, name);
	writer_say(
	    w, "</h1>\n<p>%llu frames, %llu connections, %llu calls, %llu retransmissions, %llu violations, ",
	    (unsigned long long)totals->frames, (unsigned long long)totals->connections,
	    (unsigned long long)totals->sessions, (unsigned long long)totals->repeated,
	    (unsigned long long)totals->violations);
	writer_say(w,
		   "%llu known faults.</p>\n<p>Green: states. Orange: retransmissions. Red: violations. "
		   "A message's fields show where the pointer rests on it.</p>\n",
		   (unsigned long long)totals->known);
	for (const struct ladder *l = all->first; l != NULL; l = l->next)
		put_section(w, l);
	put_left_out(left_out, all);
	if (all->left_out != 0)
		writer_say(w, "<p>%s</p>\n", left_out);
	writer_text(w, "</body></html>\n");
}
