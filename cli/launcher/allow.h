/* allow.h - which words the daemon's users may give to pppd
 * SPDX-License-Identifier: Apache-2.0
 *
 * pppd runs as root, and many of its options run programs, open files or read root's own secrets.  So it is a list of
 * what may be asked, each with the kind of its argument; everything else is refused.  The daemon asks it when a profile
 * comes in, the launcher once more before pppd starts.
 *
 * Root may allow more when the daemon starts: "WORD", or "WORD:N" for a word with N arguments, 1 to 3, which are
 * passed as they are.  What would hand out root itself (plugin, file, call, ...) cannot be allowed at all.
 */
#ifndef CLI_LAUNCHER_ALLOW_H
#define CLI_LAUNCHER_ALLOW_H

#include "kernel-bridge/kb.h"

/* `extra`: NULL-terminated, or NULL.  0, or -EINVAL with a sentence that names the word and what is allowed instead. */

/* One word of its own, not an argument. */
int launcher_check_option(const char *word, const char *const *extra, struct kb_error *why) KB_MUST_USE;

/* All words of a session with their arguments, NULL-terminated or NULL; `*bad` (may be NULL) is the index of the word
 * that was refused. */
int launcher_check_options(const char *const *words, const char *const *extra, size_t *bad,
			   struct kb_error *why) KB_MUST_USE;

/* May root allow this? */
int launcher_check_extra(const char *extra, struct kb_error *why) KB_MUST_USE;

struct launcher_word {
	const char *name, *argument; /* "mtu", "octets"; a flag has "" */
	const char *because;	     /* it is harmless; the same for neighbours of a kind */
};

/* The i-th word of the list, for documentation; false after the last. */
bool launcher_allowed_word(size_t i, struct launcher_word *out);

#endif
