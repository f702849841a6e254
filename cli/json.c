/* json.c - writes one JSON object a line
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

static size_t
plain_octets(const char *text)
{
	size_t n = 0;

	while (text[n] >= ' ' && text[n] <= '~' && text[n] != '"' && text[n] != '\\')
		n++;
	return n;
}

/* What needs no second look, which is most, is written at once. */
static void
put_string(FILE *out, const char *text)
{
	struct plain_character c;
	size_t plain;

	(void)putc_unlocked('"', out);
	for (;;) {
		plain = plain_octets(text);
		(void)fwrite_unlocked(text, 1, plain, out);
		text += plain;
		if (!plain_text_next(&text, &c))
			break;
		if (!c.is_valid)
			(void)fputs_unlocked("\\ufffd", out);
		else if (c.is_control)
			put_escaped(out, &c);
		else if (c.at[0] == '"' || c.at[0] == '\\')
			(void)fprintf(out, "\\%c", c.at[0]);
		else
			(void)fwrite_unlocked(c.at, 1, c.octets, out);
	}
	(void)putc_unlocked('"', out);
}

static void
put_name(struct json *j, const char *name)
{
	if (j->has_members)
		(void)putc_unlocked(',', j->out);
	j->has_members = true;
	if (name == NULL)
		return;
	(void)putc_unlocked('"', j->out);
	(void)fputs_unlocked(name, j->out);
	(void)fputs_unlocked("\":", j->out);
}

static void
put_number(FILE *out, uint64_t v)
{
	char digits[20];
	size_t n = sizeof digits;

	do {
		digits[--n] = (char)('0' + v % 10);
		v /= 10;
	} while (v != 0);
	(void)fwrite_unlocked(digits + n, 1, sizeof digits - n, out);
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
	(void)fputs_unlocked("}\n", j->out);
}

static void
open_member(struct json *j, const char *name, char bracket)
{
	put_name(j, name);
	j->has_members = false;
	(void)putc_unlocked(bracket, j->out);
}

static void
close_member(struct json *j, char bracket)
{
	j->has_members = true;
	(void)putc_unlocked(bracket, j->out);
}

void
json_object_open(struct json *j, const char *name)
{
	open_member(j, name, '{');
}

void
json_object_close(struct json *j)
{
	close_member(j, '}');
}

void
json_array_open(struct json *j, const char *name)
{
	open_member(j, name, '[');
}

void
json_array_close(struct json *j)
{
	close_member(j, ']');
}

void
json_text(struct json *j, const char *name, const char *text)
{
	put_name(j, name);
	if (text == NULL)
		(void)fputs_unlocked("null", j->out);
	else
		put_string(j->out, text);
}

void
json_number(struct json *j, const char *name, uint64_t v)
{
	put_name(j, name);
	put_number(j->out, v);
}

void
json_integer(struct json *j, const char *name, int64_t v)
{
	put_name(j, name);
	(void)fprintf(j->out, "%" PRId64, v);
}

void
json_seconds(struct json *j, const char *name, uint64_t us)
{
	enum { US_IN_S = 1000000 };

	put_name(j, name);
	(void)fprintf(j->out, "%" PRIu64 ".%06" PRIu64, us / US_IN_S, us % US_IN_S);
}

void
json_bool(struct json *j, const char *name, bool v)
{
	put_name(j, name);
	(void)fputs_unlocked(v ? "true" : "false", j->out);
}

void
json_texts(struct json *j, const char *name, const char *const *texts, size_t n)
{
	json_array_open(j, name);
	for (size_t i = 0; i < n; i++)
		json_text(j, NULL, texts[i]);
	json_array_close(j);
}
