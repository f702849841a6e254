/* json.h - writes one JSON object (RFC 8259) a line
 * SPDX-License-Identifier: Apache-2.0
 *
 * Text from outside may be anything: what is not UTF-8 becomes U+FFFD, one for each octet, and every control
 * character is escaped, so that a line is always valid JSON and safe to look at.
 */
#ifndef CLI_JSON_H
#define CLI_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

struct json {
	FILE *out; /* borrowed; failures show in ferror() */
	bool has_members;
};

void json_open(struct json *j, FILE *out); /* { */
void json_close(struct json *j);	   /* } and a newline */

/* Members that have members: what is written between open and close is theirs.  In an array a member's name is NULL. */
void json_object_open(struct json *j, const char *name);
void json_object_close(struct json *j);
void json_array_open(struct json *j, const char *name);
void json_array_close(struct json *j);

/* Members.  `name` is ours and needs no escaping; `text` may be NULL, which is written as null. */
void json_text(struct json *j, const char *name, const char *text);
void json_number(struct json *j, const char *name, uint64_t v);
void json_integer(struct json *j, const char *name, int64_t v);
void json_seconds(struct json *j, const char *name, uint64_t us); /* with six decimals */
void json_bool(struct json *j, const char *name, bool v);
void json_texts(struct json *j, const char *name, const char *const *texts, size_t n);

#endif
