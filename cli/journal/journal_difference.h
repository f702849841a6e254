/* journal_difference.h - the first place where two messages of one type differ; private to the journal's files
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef CLI_JOURNAL_JOURNAL_DIFFERENCE_H
#define CLI_JOURNAL_JOURNAL_DIFFERENCE_H

#include <protobuf-c/protobuf-c.h>
#include <stdbool.h>

struct journal_difference {
	char field[96];		       /* "effect[2].end.cause", elements counted from 0 */
	char expected[192], came[192]; /* safe to print */
};

/* True, and fills in `out`, when they differ.  Fields without presence, messages, strings, bytes and lists; no
 * oneof. */
bool journal_differ(const ProtobufCMessage *expected, const ProtobufCMessage *came,
		    struct journal_difference *out);

#endif
