/* journal_frame.h - records in a file: length, message, check; private to the journal's files
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef CLI_JOURNAL_JOURNAL_FRAME_H
#define CLI_JOURNAL_JOURNAL_FRAME_H

#include <stdio.h>

#include "cli/quota.h"
#include "codec/bytes.h"
#include "journal.pb-c.h"

enum {
	JOURNAL_RECORD_MAX = 256 * 1024,	 /* octets of one record's message */
	JOURNAL_PREFIX_MAX = 3,			 /* octets of its length */
	JOURNAL_QUOTA_OCTETS = 32 * 1024 * 1024, /* protobuf-c may hold for one record */
	JOURNAL_TELLING_OCTETS = 32		 /* of a file, enough to tell a journal by */
};
extern const char journal_magic[];

/* ---- writing ---- */

/* Octets that a record takes in a file, its check not filled in yet. */
size_t journal_frame_octets(const Uptun__Journal__Record *record);

/* Writes it with its length and its check; `to` has journal_frame_octets(). */
void journal_frame_write(const Uptun__Journal__Record *record, uint8_t *to);

/* ---- reading ---- */

enum journal_read {
	JOURNAL_READ_OK,
	JOURNAL_READ_END,	 /* the file ends behind a whole record */
	JOURNAL_READ_CUT,	 /* it ends within one */
	JOURNAL_READ_DAMAGED,	 /* a length, a check or a message that cannot be right */
	JOURNAL_READ_UNREADABLE, /* the system says so (errno), or there is no memory */
	JOURNAL_READ_N
};

struct journal_reader {
	FILE *in; /* borrowed */
	uint8_t *octets;
	size_t cap;
	uint64_t offset; /* in the file, of the record read last or of what is wrong */
	uint64_t next;	 /* behind it */
	struct quota quota;
	Uptun__Journal__Record *record; /* the last one; dies with the next */
};

void journal_reader_init(struct journal_reader *r, FILE *in);
void journal_reader_fini(struct journal_reader *r);

/* The next record, in `r->record`. */
enum journal_read journal_reader_next(struct journal_reader *r) UT_MUST_USE;

/* Do these octets begin a journal? */
bool journal_is_begun_by(struct ut_slice octets);

#endif
