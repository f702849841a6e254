/* table.c - aligned columns for people
 * SPDX-License-Identifier: Apache-2.0
 */
#include "cli/control/table.h"

#include <assert.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>

#include "cli/plain_text.h"

enum { CELL_OCTETS = 128, COLUMNS_MAX = 16, CELLS_FIRST = 64, GAP = 2 };

struct table_cell {
	char text[CELL_OCTETS];
};

/* ---- how wide ---- */

struct range {
	uint32_t first, last;
};

static bool
is_in(uint32_t c, const struct range *ranges, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (c >= ranges[i].first && c <= ranges[i].last)
			return true;
	return false;
}

/* East Asian wide forms and pictures take two columns, what combines with the character before it none. */
static size_t
width_of(uint32_t c)
{
	static const struct range wide[] = {
		{ 0x1100, 0x115f },   { 0x2e80, 0x303e },   { 0x3041, 0xa4cf },	  { 0xac00, 0xd7a3 },
		{ 0xf900, 0xfaff },   { 0xfe30, 0xfe6f },   { 0xff00, 0xff60 },	  { 0xffe0, 0xffe6 },
		{ 0x1f300, 0x1f64f }, { 0x1f900, 0x1f9ff }, { 0x20000, 0x3fffd },
	};
	static const struct range none[] = {
		{ 0x0300, 0x036f }, { 0x200b, 0x200f }, { 0x20d0, 0x20ff },
		{ 0xfe00, 0xfe0f }, { 0xfe20, 0xfe2f },
	};

	if (is_in(c, none, sizeof none / sizeof none[0]))
		return 0;
	return is_in(c, wide, sizeof wide / sizeof wide[0]) ? 2 : 1;
}

/* The code point of a valid character. */
static uint32_t
code_point(const struct plain_character *c)
{
	const unsigned char *at = (const unsigned char *)c->at;
	uint32_t v = at[0];

	if (c->octets > 1)
		v &= 0x7fu >> c->octets;
	for (size_t i = 1; i < c->octets; i++)
		v = v << 6 | (at[i] & 0x3fu);
	return v;
}

size_t
table_width(const char *text)
{
	struct plain_character c;
	size_t n = 0;

	while (plain_text_next(&text, &c))
		n += c.is_valid ? width_of(code_point(&c)) : 1;
	return n;
}

/* ---- cells ---- */

void
table_init(struct table *t, const struct table_column *columns, size_t n)
{
	assert(n > 0 && n <= COLUMNS_MAX);
	*t = (struct table){ .columns = columns, .columns_n = n };
}

void
table_fini(struct table *t)
{
	free(t->cells);
	*t = (struct table){ .columns_n = 0 };
}

static bool
make_room(struct table *t)
{
	const size_t cap = t->cells_cap > 0 ? 2 * t->cells_cap : CELLS_FIRST;
	struct table_cell *cells;

	if (t->cells_n < t->cells_cap)
		return true;
	cells = realloc(t->cells, cap * sizeof *cells);
	if (cells == NULL)
		return false;
	t->cells = cells;
	t->cells_cap = cap;
	return true;
}

void
table_add(struct table *t, const char *format, ...)
{
	char raw[CELL_OCTETS];
	va_list args;

	if (t->lacks_memory || !make_room(t)) {
		t->lacks_memory = true;
		return;
	}
	va_start(args, format);
	(void)vsnprintf(raw, sizeof raw, format, args);
	va_end(args);
	plain_text_copy(raw, t->cells[t->cells_n++].text, CELL_OCTETS);
}

/* ---- printing ---- */

static void
measure(const struct table *t, size_t widths[COLUMNS_MAX])
{
	for (size_t i = 0; i < t->columns_n; i++)
		widths[i] = table_width(t->columns[i].title);
	for (size_t i = 0; i < t->cells_n; i++) {
		const size_t width = table_width(t->cells[i].text);

		if (width > widths[i % t->columns_n])
			widths[i % t->columns_n] = width;
	}
}

/* Nothing follows the last column, so that lines end with what is in them. */
static void
put_cell(const struct table *t, const char *text, size_t column, size_t width, FILE *out)
{
	const bool is_last = column + 1 == t->columns_n, is_right = t->columns[column].is_number;
	const int blanks = (int)(width - table_width(text));

	if (is_right)
		(void)fprintf(out, "%*s%s", blanks, "", text);
	else
		(void)fprintf(out, "%s%*s", text, is_last ? 0 : blanks, "");
	(void)fprintf(out, "%*s", is_last ? 0 : GAP, "");
	if (is_last)
		(void)fputc('\n', out);
}

bool
table_print(const struct table *t, FILE *out)
{
	size_t widths[COLUMNS_MAX];

	assert(t->columns_n > 0);
	measure(t, widths);
	for (size_t i = 0; i < t->columns_n; i++)
		put_cell(t, t->columns[i].title, i, widths[i], out);
	for (size_t i = 0; i < t->cells_n - t->cells_n % t->columns_n; i++)
		put_cell(t, t->cells[i].text, i % t->columns_n, widths[i % t->columns_n], out);
	return !t->lacks_memory;
}
