/* names.h - finds what a packet belongs to: a hash table of names, kept inside what they name
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef CLI_REPLAY_NAMES_H
#define CLI_REPLAY_NAMES_H

#include "cli/replay/capture.h"

enum name_kind {
	NAME_TUNNEL,  /* receiver with port, sender's address, tunnel id */
	NAME_PAIR,    /* both ends: a connection of which an id is not known yet */
	NAME_SESSION, /* serial number of the connection, end, session id */
	NAME_TCP,     /* both ends */
	NAME_CALL     /* receiver's and sender's address, call id */
};

struct name_key {
	uint64_t a, b, c, d, e;
};

struct name {
	struct name_key key;
	struct name *next; /* in its chain */
	void *owner;
	uint8_t end;  /* whose name it is, of two */
	bool is_held; /* is in the table */
};

struct names {
	struct name **chains; /* owned */
	size_t chains_n;      /* a power of two; 0: none yet */
	size_t held;
};

struct name_key name_key_of_id(enum name_kind kind, const struct capture_end *receiver,
			       const struct capture_end *sender, unsigned id);
struct name_key name_key_of_pair(enum name_kind kind, const struct capture_end *from,
				 const struct capture_end *to);
struct name_key name_key_of_session(uint64_t connection, unsigned end, unsigned id);

/* NULL: there is none.  names_next(): another of the same key. */
struct name *names_find(const struct names *names, const struct name_key *key);
struct name *names_next(const struct name *name);

/* Holds `name` under `key`; anew when it was held.  Without memory the table stays as large as it is. */
bool names_hold(struct names *names, struct name *name, struct name_key key);
void names_drop(struct names *names, struct name *name);
void names_fini(struct names *names);

#endif
