/* utf8.c - is this UTF-8? (RFC 3629)
 * SPDX-License-Identifier: Apache-2.0
 */
#include "cli/utf8.h"

/* RFC 3629 section 4: lead octets, the range of the second octet, and how many follow the lead. */
static const struct row {
	uint8_t lead_min, lead_max, second_min, second_max, follow;
} rows[] = {
	{ 0x00, 0x7f, 0x00, 0x00, 0 }, { 0xc2, 0xdf, 0x80, 0xbf, 1 }, { 0xe0, 0xe0, 0xa0, 0xbf, 2 },
	{ 0xe1, 0xec, 0x80, 0xbf, 2 }, { 0xed, 0xed, 0x80, 0x9f, 2 }, { 0xee, 0xef, 0x80, 0xbf, 2 },
	{ 0xf0, 0xf0, 0x90, 0xbf, 3 }, { 0xf1, 0xf3, 0x80, 0xbf, 3 }, { 0xf4, 0xf4, 0x80, 0x8f, 3 },
};

static const struct row *
find_row(uint8_t lead)
{
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		if (lead >= rows[i].lead_min && lead <= rows[i].lead_max)
			return &rows[i];
	return NULL;
}

/* Octets of the character at the start of `text`, which is not empty; 0: not UTF-8. */
static size_t
character_octets(struct ut_slice text)
{
	const struct row *row = find_row(text.p[0]);

	if (row == NULL || text.n <= row->follow)
		return 0;
	if (row->follow != 0 && (text.p[1] < row->second_min || text.p[1] > row->second_max))
		return 0;
	for (size_t i = 2; i <= row->follow; i++)
		if ((text.p[i] & 0xc0) != 0x80)
			return 0;
	return row->follow + 1u;
}

static bool
is_control(const uint8_t *p, size_t n)
{
	if (n == 1)
		return p[0] < 0x20 || p[0] == 0x7f;
	return n == 2 && p[0] == 0xc2 && p[1] < 0xa0;
}

bool
utf8_is_valid(struct ut_slice text)
{
	for (size_t n; text.n != 0; text = ut_slice(text.p + n, text.n - n)) {
		n = character_octets(text);
		if (n == 0)
			return false;
	}
	return true;
}

bool
utf8_is_printable(struct ut_slice text)
{
	for (size_t n; text.n != 0; text = ut_slice(text.p + n, text.n - n)) {
		n = character_octets(text);
		if (n == 0 || is_control(text.p, n))
			return false;
	}
	return true;
}
