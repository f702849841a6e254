/* textproto_map.h - where each value of a text stands: how the reader fills it in
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef CLI_TEXTPROTO_MAP_H
#define CLI_TEXTPROTO_MAP_H

#include "cli/textproto.h"

enum { TEXTPROTO_MAP_ROOT = UINT16_MAX };

/* Adds a value of the message added as `parent`; `index` counts the elements of a repeated field.  Returns
 * the number of the value, or -1 when there are TEXTPROTO_FIELDS_MAX already. */
int textproto_map_add(struct textproto_map *map, uint16_t parent, const ProtobufCFieldDescriptor *field,
		      size_t index, struct textproto_place at) UT_MUST_USE;

/* Writes the path of value `id` (TEXTPROTO_MAP_ROOT: "") into `out`, cut off where it does not fit. */
void textproto_map_path(const struct textproto_map *map, uint16_t id, char out[TEXTPROTO_PATH_MAX]);

#endif
