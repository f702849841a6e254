/* textproto_map.c - where each value of a text stands
 * SPDX-License-Identifier: Apache-2.0
 */
#include "cli/textproto_map.h"

#include <stdio.h>
#include <stdlib.h>

struct entry {
	const ProtobufCFieldDescriptor *field;
	struct textproto_place at;
	uint16_t parent, index;
};

struct textproto_map {
	uint16_t n;
	struct entry entries[TEXTPROTO_FIELDS_MAX];
};

struct textproto_map *
textproto_map_new(void)
{
	struct textproto_map *map = malloc(sizeof *map);

	if (map != NULL)
		map->n = 0;
	return map;
}

struct textproto_map *
textproto_map_free(struct textproto_map *map)
{
	free(map);
	return NULL;
}

int
textproto_map_add(struct textproto_map *map, uint16_t parent, const ProtobufCFieldDescriptor *field,
		  size_t index, struct textproto_place at)
{
	if (map->n == TEXTPROTO_FIELDS_MAX)
		return -1;
	map->entries[map->n] =
	    (struct entry){ .field = field, .at = at, .parent = parent, .index = (uint16_t)index };
	return map->n++;
}

/* Appends one component; returns the new length, at most the last octet of `out`. */
static size_t
append(char out[TEXTPROTO_PATH_MAX], size_t len, const struct entry *e)
{
	const char *dot = len == 0 ? "" : ".";
	const size_t room = TEXTPROTO_PATH_MAX - len;
	int n;

	if (e->field->label == PROTOBUF_C_LABEL_REPEATED)
		n = snprintf(out + len, room, "%s%s[%u]", dot, e->field->name, e->index);
	else
		n = snprintf(out + len, room, "%s%s", dot, e->field->name);
	return (size_t)n < room ? len + (size_t)n : TEXTPROTO_PATH_MAX - 1;
}

void
textproto_map_path(const struct textproto_map *map, uint16_t id, char out[TEXTPROTO_PATH_MAX])
{
	uint16_t chain[TEXTPROTO_DEPTH_MAX + 1];
	size_t n = 0, len = 0;

	out[0] = '\0';
	for (; id != TEXTPROTO_MAP_ROOT && n <= TEXTPROTO_DEPTH_MAX; id = map->entries[id].parent)
		chain[n++] = id;
	while (n > 0)
		len = append(out, len, &map->entries[chain[--n]]);
}

static const struct entry *
find_exactly(const struct textproto_map *map, const char *path)
{
	char have[TEXTPROTO_PATH_MAX];

	for (uint16_t i = 0; i < map->n; i++) {
		textproto_map_path(map, i, have);
		if (strcmp(have, path) == 0)
			return &map->entries[i];
	}
	return NULL;
}

struct textproto_place
textproto_map_find(const struct textproto_map *map, const char *path)
{
	char around[TEXTPROTO_PATH_MAX];
	const struct entry *found = find_exactly(map, path);

	(void)snprintf(around, sizeof around, "%s", path);
	for (char *dot; found == NULL && (dot = strrchr(around, '.')) != NULL;) {
		*dot = '\0';
		found = find_exactly(map, around);
	}
	return found != NULL ? found->at : (struct textproto_place){ 1, 1 };
}
