/* host_slots.h - which of n numbers are in use: taken and given back in no time that depends on n
 * SPDX-License-Identifier: Apache-2.0
 *
 * A number given back is taken again before one that never was, so that memory behind numbers is touched as late as can
 * be; of those given back the oldest is first.
 */
#ifndef CLI_HOST_HOST_SLOTS_H
#define CLI_HOST_HOST_SLOTS_H

#include <stdbool.h>
#include <stdint.h>

enum { HOST_SLOT_NONE = 0xffff };

struct host_slots {
	uint16_t *free; /* a ring of what was given back; owned */
	unsigned head, n_free, n_fresh /* from there on never taken */, n;
};

/* Numbers 0 ... n - 1, all free; n below HOST_SLOT_NONE.  False: no memory. */
bool host_slots_init(struct host_slots *s, unsigned n);
void host_slots_fini(struct host_slots *s);

/* HOST_SLOT_NONE: all are in use. */
uint16_t host_slots_take(struct host_slots *s);
/* One that was taken. */
void host_slots_give(struct host_slots *s, uint16_t slot);

bool host_slots_has_room(const struct host_slots *s);

#endif
