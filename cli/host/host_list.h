/* host_list.h - doubly linked lists of what is there anyway: nothing is allocated, everything is at once
 * SPDX-License-Identifier: Apache-2.0
 *
 * A list is a ring through its own head.  Members that are in no list point nowhere; all zero is such a one.
 */
#ifndef CLI_HOST_HOST_LIST_H
#define CLI_HOST_HOST_LIST_H

#include <stdbool.h>
#include <stddef.h>

struct host_list {
	struct host_list *next, *prev;
};

/* The struct that has `list` as its `member`. */
#define HOST_OF(list, type, member) ((type *)(void *)((char *)(list)-offsetof(type, member)))

static inline void
host_list_init(struct host_list *head)
{
	head->next = head->prev = head;
}

static inline bool
host_list_is_empty(const struct host_list *head)
{
	return head->next == head;
}

static inline bool
host_list_is_in(const struct host_list *member)
{
	return member->next != NULL;
}

/* At the end; what is in a list already stays where it is. */
static inline void
host_list_add(struct host_list *head, struct host_list *member)
{
	if (host_list_is_in(member))
		return;
	member->next = head;
	member->prev = head->prev;
	head->prev->next = member;
	head->prev = member;
}

static inline void
host_list_remove(struct host_list *member)
{
	if (!host_list_is_in(member))
		return;
	member->next->prev = member->prev;
	member->prev->next = member->next;
	member->next = member->prev = NULL;
}

/* The first one, taken out; NULL: the list is empty. */
static inline struct host_list *
host_list_take(struct host_list *head)
{
	struct host_list *first = head->next;

	if (first == head)
		return NULL;
	host_list_remove(first);
	return first;
}

#endif
