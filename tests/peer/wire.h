/* wire.h - a datagram being changed on its way, octet by octet (RFC 2661 3.1, 4.1)
 * SPDX-License-Identifier: Apache-2.0
 *
 * Everything here expects a control message that our own codec wrote, and keeps Length right.
 */
#ifndef TESTS_PEER_WIRE_H
#define TESTS_PEER_WIRE_H

#include "codec/l2tp.h"

enum { WIRE_OCTETS = 2000, WIRE_HEADER = 12, WIRE_NO_AVP = 0xffff };

struct wire {
	uint8_t octets[WIRE_OCTETS];
	size_t n;
};

/* Takes a copy.  False: not a control message, or longer than WIRE_OCTETS. */
bool wire_load(struct wire *w, struct ut_slice datagram) UT_MUST_USE;
struct ut_slice wire_slice(const struct wire *w);

/* L2TP_ZLB for a message without AVPs. */
unsigned wire_type(const struct wire *w);

uint16_t wire_tid(const struct wire *w);
uint16_t wire_sid(const struct wire *w);
uint16_t wire_ns(const struct wire *w);
uint16_t wire_nr(const struct wire *w);
void wire_set_tid(struct wire *w, uint16_t tid);
void wire_set_sid(struct wire *w, uint16_t sid);
void wire_set_ns(struct wire *w, uint16_t ns);

/* Where the AVP's header starts, or WIRE_NO_AVP. */
size_t wire_find(const struct wire *w, uint16_t type);
/* Octets of the AVP at `at`, its header included. */
size_t wire_avp_octets(const struct wire *w, size_t at);
void wire_set_value16(struct wire *w, size_t at, size_t offset, uint16_t value);
/* Cuts the AVP's value after `octets`, or makes it longer by zeros. */
void wire_resize(struct wire *w, size_t at, size_t octets);
void wire_remove(struct wire *w, size_t at);
/* Adds an AVP at the end; nothing when there is no room. */
void wire_append(struct wire *w, uint16_t bits, uint16_t vendor, uint16_t type, struct ut_slice value);

#endif
