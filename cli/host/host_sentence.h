/* host_sentence.h - a sentence being written; shared by the files that write the last word about a profile
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef CLI_HOST_HOST_SENTENCE_H
#define CLI_HOST_HOST_SENTENCE_H

#include "cli/host/host_state.h"

struct sentence {
	char *to; /* HOST_SENTENCE_OCTETS; what does not fit is cut off */
	size_t n; /* octets written, without the NUL */
};

void host_say(struct sentence *s, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Its address, or the name where none is known. */
void host_say_server(struct sentence *s, const struct host_profile *p);
/* "; it says ..." when it said something. */
void host_say_peer_text(struct sentence *s, const struct host_profile *p);
/* " (CDN 3: ...)" of a message with codes, of either protocol and direction; nothing without. */
void host_say_codes(struct sentence *s, struct ut_end end);
/* Is the end what the failed effect led to? */
bool host_is_explained(const struct host_profile *p, struct ut_end end);

/* ---- host_sentence_pptp.c ---- */

/* The whole sentence about an end that only PPTP has.  False: there is nothing peculiar about it. */
bool host_say_pptp(struct sentence *s, const struct host_profile *p, struct ut_end end);

#endif
