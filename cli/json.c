/* json.c - writes one flat JSON object a line
 * SPDX-License-Identifier: Apache-2.0
 */
#include "cli/json.h"

#include <inttypes.h>
#include <string.h>

#include "cli/plain_text.h"

/* A control character is one octet below U+0080, or C2 and one more. */
static void
put_escaped(FILE *out, const struct plain_character *c)
{
	static const char names[] = "\b\f\n\r\t", letters[] = "bfnrt";
	const char *named = strchr(names, c->at[0]);

	if (named != NULL)
		(void)fprintf(out, "\\%c", letters[named - names]);
	else
		(void)fprintf(out, "\\u%04x", (unsigned char)c->at[c->octets - 1]);
}

static void
put_string(FILE *out, const char *text)
{
	struct plain_character c;

	(void)fputc('"', out);
	while (plain_text_next(&text, &c)) {
		if (!c.is_valid)
			(void)fputs("\\ufffd", out);
		else if (c.is_control)
			put_escaped(out, &c);
		else if (c.at[0] == '"' || c.at[0] == '\\')
			(void)fprintf(out, "\\%c", c.at[0]);
		else
			(void)fwrite(c.at, 1, c.octets, out);
	}
	(void)fputc('"', out);
}

static void
put_name(struct json *j, const char *name)
{
	(void)fprintf(j->out, "%s\"%s\":", j->has_members ? "," : "", name);
	j->has_members = true;
}

void
json_open(struct json *j, FILE *out)
{
	*j = (struct json){ .out = out };
	(void)fputc('{', out);
}

void
json_close(struct json *j)
{
	(void)fputs("}\n", j->out);
}

void
json_text(struct json *j, const char *name, const char *text)
{
	put_name(j, name);
	if (text == NULL)
		(void)fputs("null", j->out);
	else
		put_string(j->out, text);
}

void
json_number(struct json *j, const char *name, uint64_t v)
{
	put_name(j, name);
	(void)fprintf(j->out, "%" PRIu64, v);
}

void
json_integer(struct json *j, const char *name, int64_t v)
{
	put_name(j, name);
	(void)fprintf(j->out, "%" PRId64, v);
}

void
json_bool(struct json *j, const char *name, bool v)
{
	put_name(j, name);
	(void)fputs(v ? "true" : "false", j->out);
}

void
json_texts(struct json *j, const char *name, const char *const *texts, size_t n)
{
	put_name(j, name);
	(void)fputc('[', j->out);
	for (size_t i = 0; i < n; i++) {
		if (i > 0)
			(void)fputc(',', j->out);
		put_string(j->out, texts[i]);
	}
	(void)fputc(']', j->out);
}
