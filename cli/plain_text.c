/* plain_text.c - text from outside, character by character, for terminals and JSON
 * SPDX-License-Identifier: Apache-2.0
 */
#include "cli/plain_text.h"

#include <string.h>

#include "cli/utf8.h"

static const char replacement[] = "\xef\xbf\xbd"; /* U+FFFD */

static size_t
octets_announced(unsigned char first)
{
	if (first < 0x80)
		return 1;
	if (first >= 0xf0)
		return 4;
	return first >= 0xe0 ? 3 : 2;
}

bool
plain_text_next(const char **text, struct plain_character *out)
{
	const size_t wanted = octets_announced((unsigned char)**text);
	struct ut_slice octets;

	if (**text == '\0')
		return false;
	octets = ut_slice(*text, strnlen(*text, wanted));
	*out = (struct plain_character){ .at = *text, .octets = 1 };
	if (octets.n == wanted && utf8_is_valid(octets)) {
		out->octets = wanted;
		out->is_valid = true;
		out->is_control = !utf8_is_printable(octets);
	}
	*text += out->octets;
	return true;
}

static struct ut_slice
shown(const struct plain_character *c)
{
	if (!c->is_valid)
		return ut_slice_str(replacement);
	return c->is_control ? ut_slice_str("?") : ut_slice(c->at, c->octets);
}

void
plain_text_copy(const char *text, char *out, size_t cap)
{
	struct plain_character c;
	size_t n = 0;

	while (plain_text_next(&text, &c)) {
		const struct ut_slice s = shown(&c);

		if (cap - n <= s.n)
			break;
		memcpy(out + n, s.p, s.n);
		n += s.n;
	}
	out[n] = '\0';
}

size_t
plain_text_width(const char *text)
{
	struct plain_character c;
	size_t n = 0;

	while (plain_text_next(&text, &c))
		n++;
	return n;
}
