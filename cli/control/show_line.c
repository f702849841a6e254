/* show_line.c - lines of the log, and the end of a tunnel, for people
 * SPDX-License-Identifier: Apache-2.0
 */
#include "cli/control/show.h"

#include <string.h>

#include "cli/plain_text.h"

enum { TEXT_OCTETS = 2048, NAME_OCTETS = 128 };

/* The daemon puts the word before what is a tunnel's, and not before what it says itself. */
static bool
lacks_word(const Uptun__LogLine *line)
{
	static const char word[] = "warning: ";

	return line->warning && strncmp(line->text, word, sizeof word - 1) != 0;
}

void
show_line(const Uptun__LogLine *line, FILE *out)
{
	char moment[WORDS_OCTETS], name[NAME_OCTETS], text[TEXT_OCTETS];

	words_moment(line->unix_ms, moment);
	plain_text_copy(line->name, name, sizeof name);
	plain_text_copy(line->text, text, sizeof text);
	(void)fprintf(out, "%s  %s%s%s%s\n", moment, name, name[0] != '\0' ? ": " : "",
		      lacks_word(line) ? "warning: " : "", text);
}

void
show_ended(const Uptun__Event *event, FILE *out)
{
	char name[NAME_OCTETS], text[TEXT_OCTETS];

	plain_text_copy(event->name, name, sizeof name);
	plain_text_copy(event->ended->text, text, sizeof text);
	(void)fprintf(out, "%s has ended: %s\n", name, text);
}
