/* host_groups.h - who has something to do with an interface or an address, found without asking everybody
 * SPDX-License-Identifier: Apache-2.0
 *
 * A group is a key and its members; it is there as long as it has some.  A member is in one group at most.
 */
#ifndef CLI_HOST_HOST_GROUPS_H
#define CLI_HOST_HOST_GROUPS_H

#include "cli/host/host_list.h"
#include "cli/host/host_slots.h"
#include "fsm/index.h"

enum host_group_kind {
	HOST_GROUP_WAY,	    /* profiles whose way to the server goes out of this interface */
	HOST_GROUP_ADDRESS, /* profiles whose socket has this address */
	HOST_GROUP_LINK	    /* the link whose ppp interface this is */
};

struct host_key {
	uint8_t kind, family; /* of addresses: AF_INET or AF_INET6 */
	uint8_t octets[16];
};

struct host_member {
	struct host_list list;
	uint16_t group; /* in a group: which one */
};

struct host_group {
	struct host_key key;
	struct host_list members;
};

struct host_groups {
	struct host_group *v; /* owned, as the next ones */
	struct host_slots slots;
	uint16_t *buckets, *next;
	uint32_t mask;
};

struct host_key host_key_of_interface(enum host_group_kind kind, uint32_t ifindex);
struct host_key host_key_of_address(uint8_t family, const void *octets);

/* Room for n members.  False: no memory; host_groups_fini() is to follow in any case. */
bool host_groups_init(struct host_groups *g, unsigned n);
void host_groups_fini(struct host_groups *g);

/* Leaves the group it is in, if that is another. */
void host_groups_join(struct host_groups *g, struct host_member *m, struct host_key key);
void host_groups_leave(struct host_groups *g, struct host_member *m);

/* The head of its members; NULL: there is no such group. */
const struct host_list *host_groups_find(const struct host_groups *g, struct host_key key);

#endif
