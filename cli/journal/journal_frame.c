/* journal_frame.c - records in a file: length, message, check
 * SPDX-License-Identifier: Apache-2.0
 */
#include "cli/journal/journal_frame.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>

const char journal_magic[] = "uptun journal";

/* The last field of each record, always sent: its tag, then the check, least octet first. */
enum { CHECK_FIELD = 15, WIRE_FIXED32 = 5, CHECK_TAG = CHECK_FIELD << 3 | WIRE_FIXED32, CHECK_OCTETS = 5 };

/* CRC-32 of IEEE 802.3, bit by bit: a journal is small. */
static uint32_t
crc32_of(struct ut_slice s)
{
	uint32_t crc = UINT32_MAX;

	for (size_t i = 0; i < s.n; i++) {
		crc ^= s.p[i];
		for (unsigned bit = 0; bit < 8; bit++)
			crc = crc >> 1 ^ (UINT32_C(0xedb88320) & (0 - (crc & 1)));
	}
	return ~crc;
}

/* ---- writing ---- */

static size_t
put_varint(size_t v, uint8_t *to)
{
	size_t n = 0;

	for (; v >= 0x80; v >>= 7)
		to[n++] = (uint8_t)(v | 0x80);
	to[n++] = (uint8_t)v;
	return n;
}

size_t
journal_frame_octets(const Uptun__Journal__Record *record)
{
	const size_t n = uptun__journal__record__get_packed_size(record) + CHECK_OCTETS;
	uint8_t prefix[10];

	assert(record->check == 0);
	return put_varint(n, prefix) + n;
}

void
journal_frame_write(const Uptun__Journal__Record *record, uint8_t *to)
{
	const size_t n = uptun__journal__record__get_packed_size(record);
	uint8_t *at = to + put_varint(n + CHECK_OCTETS, to);
	uint32_t crc;

	(void)uptun__journal__record__pack(record, at);
	crc = crc32_of(ut_slice(at, n));
	at += n;
	*at++ = CHECK_TAG;
	for (unsigned i = 0; i < 4; i++)
		*at++ = (uint8_t)(crc >> 8 * i);
}

/* ---- reading ---- */

void
journal_reader_init(struct journal_reader *r, FILE *in)
{
	memset(r, 0, sizeof *r);
	r->in = in;
	quota_init(&r->quota, JOURNAL_QUOTA_OCTETS);
}

static void
drop_record(struct journal_reader *r)
{
	if (r->record != NULL)
		uptun__journal__record__free_unpacked(r->record, &r->quota.pb);
	r->record = NULL;
}

void
journal_reader_fini(struct journal_reader *r)
{
	drop_record(r);
	free(r->octets);
	r->octets = NULL;
}

static enum journal_read
at_end_of_file(const struct journal_reader *r, bool is_within)
{
	if (ferror(r->in))
		return JOURNAL_READ_UNREADABLE;
	return is_within ? JOURNAL_READ_CUT : JOURNAL_READ_END;
}

static enum journal_read
read_length(struct journal_reader *r, size_t *n)
{
	*n = 0;
	for (unsigned i = 0; i < JOURNAL_PREFIX_MAX; i++) {
		const int c = fgetc(r->in);

		if (c == EOF)
			return at_end_of_file(r, i > 0);
		r->next++;
		*n |= (size_t)(c & 0x7f) << 7 * i;
		if (c < 0x80)
			return *n > CHECK_OCTETS && *n <= JOURNAL_RECORD_MAX ? JOURNAL_READ_OK
									     : JOURNAL_READ_DAMAGED;
	}
	return JOURNAL_READ_DAMAGED;
}

static bool
make_room(struct journal_reader *r, size_t n)
{
	uint8_t *room;

	if (n <= r->cap)
		return true;
	room = realloc(r->octets, n);
	if (room == NULL)
		return false;
	r->octets = room;
	r->cap = n;
	return true;
}

static bool
is_check_right(struct ut_slice s)
{
	const uint8_t *check = s.p + s.n - CHECK_OCTETS;
	const uint32_t crc = crc32_of(ut_slice(s.p, s.n - CHECK_OCTETS));

	for (unsigned i = 0; i < 4; i++)
		if (check[1 + i] != (uint8_t)(crc >> 8 * i))
			return false;
	return check[0] == CHECK_TAG;
}

enum journal_read
journal_reader_next(struct journal_reader *r)
{
	enum journal_read result;
	size_t n;

	drop_record(r);
	r->offset = r->next;
	result = read_length(r, &n);
	if (result != JOURNAL_READ_OK)
		return result;
	if (!make_room(r, n)) {
		errno = ENOMEM;
		return JOURNAL_READ_UNREADABLE;
	}
	if (fread(r->octets, 1, n, r->in) != n)
		return at_end_of_file(r, true);
	r->next += n;
	if (!is_check_right(ut_slice(r->octets, n)))
		return JOURNAL_READ_DAMAGED;
	r->record = uptun__journal__record__unpack(&r->quota.pb, n, r->octets);
	return r->record != NULL ? JOURNAL_READ_OK : JOURNAL_READ_DAMAGED;
}

/* Length, tag and length of the header, tag and length of the magic. */
bool
journal_is_begun_by(struct ut_slice octets)
{
	enum { HEADER_TAG = 1 << 3 | 2, MAGIC_TAG = 1 << 3 | 2 };
	const size_t n = strlen(journal_magic);
	size_t at = 0;

	while (at < octets.n && at < JOURNAL_PREFIX_MAX && octets.p[at] >= 0x80)
		at++;
	at++;
	if (at >= octets.n || octets.p[at] != HEADER_TAG)
		return false;
	for (at++; at < octets.n && octets.p[at] >= 0x80; at++)
		continue;
	at++;
	return at + 2 + n <= octets.n && octets.p[at] == MAGIC_TAG && octets.p[at + 1] == n &&
	       memcmp(octets.p + at + 2, journal_magic, n) == 0;
}
