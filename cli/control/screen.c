/* screen.c - a text that stays in its place on a terminal while it changes
 * SPDX-License-Identifier: Apache-2.0
 */
#include "cli/control/screen.h"

#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "cli/plain_text.h"

enum { LINE_OCTETS = 4096, ROWS_USUAL = 24, COLUMNS_USUAL = 80 };

#define HOME "\033[H"
#define CLEAR_LINE "\033[K"
#define CLEAR_REST "\033[J"

bool
screen_is_there(FILE *out)
{
	const char *term = getenv("TERM");

	return isatty(fileno(out)) == 1 && term != NULL && strcmp(term, "dumb") != 0;
}

static struct winsize
size_of(FILE *out)
{
	struct winsize size = { .ws_row = 0 };

	if (ioctl(fileno(out), TIOCGWINSZ, &size) != 0 || size.ws_row == 0 || size.ws_col == 0)
		size = (struct winsize){ .ws_row = ROWS_USUAL, .ws_col = COLUMNS_USUAL };
	return size;
}

/* What of a line n octets long takes no more than `columns`; `to` has LINE_OCTETS. */
static void
cut_line(const char *line, size_t n, size_t columns, char *to)
{
	const size_t kept = n < LINE_OCTETS - 1 ? n : LINE_OCTETS - 1;
	const char *rest = to;
	struct plain_character c;
	char *end = to;

	memcpy(to, line, kept);
	to[kept] = '\0';
	while (columns-- > 0 && plain_text_next(&rest, &c))
		end = to + (rest - to);
	*end = '\0';
}

static size_t
count_lines(const char *text)
{
	size_t n = 0;

	for (const char *c = text; *c != '\0'; c++)
		n += *c == '\n';
	return n;
}

size_t
screen_rows(FILE *out)
{
	return size_of(out).ws_row;
}

void
screen_draw(FILE *out, const char *text, size_t more)
{
	const struct winsize size = size_of(out);
	const size_t given = count_lines(text), lines = given + more, room = size.ws_row - 1u;
	const size_t fits = lines <= room ? lines : room > 0 ? room - 1 : 0;
	const size_t shown = fits < given ? fits : given;
	char line[LINE_OCTETS];

	(void)fputs(HOME, out);
	for (size_t i = 0; i < shown; i++) {
		const size_t n = strcspn(text, "\n");

		cut_line(text, n, size.ws_col, line);
		(void)fprintf(out, "%s" CLEAR_LINE "\n", line);
		text += n + 1;
	}
	if (shown < lines)
		(void)fprintf(out, "and %zu more lines" CLEAR_LINE "\n", lines - shown);
	(void)fputs(CLEAR_REST, out);
	(void)fflush(out);
}
