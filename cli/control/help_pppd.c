/* help_pppd.c - the words that users of the daemon may give to pppd
 * SPDX-License-Identifier: Apache-2.0
 */
#include <string.h>

#include "cli/control/help.h"
#include "cli/launcher/allow.h"

static void
put_words_text(FILE *out, const char *because, size_t first)
{
	struct launcher_word word;

	(void)fprintf(out, "%s:\n", because);
	for (size_t i = first; launcher_allowed_word(i, &word) && strcmp(word.because, because) == 0; i++)
		(void)fprintf(out, "    %s%s%s\n", word.name, word.argument[0] != '\0' ? " " : "",
			      word.argument);
}

/* A word that begins with a sign, or has one in it, is one to mdoc too when it is quoted. */
static void
put_words_mdoc(FILE *out, const char *because, size_t first)
{
	struct launcher_word word;

	(void)fprintf(out, ".It %s\n", because);
	for (size_t i = first; launcher_allowed_word(i, &word) && strcmp(word.because, because) == 0; i++) {
		(void)fprintf(out, "%s.Cm \"%s\"", i > first ? " ,\n" : "", word.name);
		if (word.argument[0] != '\0')
			(void)fprintf(out, " Ar \"%s\"", word.argument);
	}
	(void)fputs(" .\n", out);
}

static void
put_kinds(FILE *out, void (*put)(FILE *out, const char *because, size_t first))
{
	struct launcher_word word;
	const char *before = "";

	for (size_t i = 0; launcher_allowed_word(i, &word); i++) {
		if (strcmp(word.because, before) != 0)
			put(out, word.because, i);
		before = word.because;
	}
}

void
help_pppd(FILE *out)
{
	(void)fputs("What users of the daemon may give to pppd, and what each kind is about.\n\n", out);
	put_kinds(out, put_words_text);
}

void
help_mdoc_pppd(FILE *out)
{
	(void)fputs(".Bl -tag -width Ds\n", out);
	put_kinds(out, put_words_mdoc);
	(void)fputs(".El\n", out);
}
