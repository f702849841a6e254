/* textproto.h - protobuf's text format over protobuf-c's descriptors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Reads what `protoc --encode` reads of proto3 messages without float, double, group, map and Any, and is
 * stricter in a few places: a singular field given twice is refused also when the first value is 0; strings
 * are UTF-8 without NUL; octal escapes end at \377; a `reserved` field is an unknown field.
 */
#ifndef CLI_TEXTPROTO_H
#define CLI_TEXTPROTO_H

#include <protobuf-c/protobuf-c.h>

#include "codec/bytes.h"
#include "codec/put.h"

enum {
	TEXTPROTO_OCTETS_MAX = 65536, /* longest text read */
	TEXTPROTO_FIELDS_MAX = 4096,  /* values in one text, list elements counted one by one */
	TEXTPROTO_DEPTH_MAX = 8,      /* messages in messages */
	TEXTPROTO_PATH_MAX = 160      /* longest path of a field, with its NUL */
};

/* Line and column of an octet, from 1, the column in octets.  Line 0: nowhere. */
struct textproto_place {
	uint32_t line, column;
};

/* What is wrong and where.  `field` is the path of the field read at that moment ("session[1].mtu"), empty
 * outside of any. */
struct textproto_error {
	struct textproto_place at;
	char field[TEXTPROTO_PATH_MAX];
	char text[192];
};

/* Where each value of a text stands; asked for by path.  Holds no values.  Heap, _free(NULL) is fine. */
struct textproto_map;
struct textproto_map *textproto_map_new(void); /* NULL: no memory */
struct textproto_map *textproto_map_free(struct textproto_map *map);

/* The place of the field `path` ("l2tp.window", "route[3]"; elements are counted from 0), or of the nearest
 * message around it, or line 1 column 1. */
struct textproto_place textproto_map_find(const struct textproto_map *map, const char *path);

enum textproto_result { TEXTPROTO_OK, TEXTPROTO_BAD, TEXTPROTO_RESULT_N };

/* Reads a message of `type` from `text`.  On TEXTPROTO_OK `*out` is the caller's, to be given back with
 * protobuf_c_message_free_unpacked() and the same allocator, and `map`, fresh from _new, is filled in.  On
 * TEXTPROTO_BAD `*out` is untouched, nothing stays allocated, and `why` is filled in, always with a place. */
enum textproto_result textproto_read(const ProtobufCMessageDescriptor *type, struct ut_slice text,
				     ProtobufCAllocator *allocator, struct textproto_map *map,
				     ProtobufCMessage **out, struct textproto_error *why) UT_MUST_USE;

/* What becomes of `bytes` fields, which are secrets. */
enum textproto_secrets {
	TEXTPROTO_SECRETS_HIDDEN, /* a comment says how many octets there are */
	TEXTPROTO_SECRETS_WRITTEN,
	TEXTPROTO_SECRETS_N
};

/* Writes a message as text, one field a line, fields without presence only when not 0 or empty.  What
 * textproto_read() makes of it (TEXTPROTO_SECRETS_WRITTEN) packs to the same octets.  Overflow latches in
 * `w`. */
void textproto_write(const ProtobufCMessage *message, enum textproto_secrets secrets, struct ut_put *w);

#endif
