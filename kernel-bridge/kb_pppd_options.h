/* kb_pppd_options.h - the options file pppd gets: what is in it, and how its words are quoted
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef KERNEL_BRIDGE_KB_PPPD_OPTIONS_H
#define KERNEL_BRIDGE_KB_PPPD_OPTIONS_H

#include "kernel-bridge/kb_pppd.h"

/* Limits of pppd, in octets without the NUL. */
enum {
	KB_PPPD_WORD_MAX = 1023,
	KB_PPPD_NAME_MAX = 255,
	KB_PPPD_PASSWORD_MAX = 255,
	KB_PPPD_OPTIONS_MAX = 32768 /* the whole file */
};

/* A text being written.  After `full` is set nothing is added. */
struct kb_pppd_text {
	char *base;
	size_t len, cap;
	bool full;
};

/* Adds one word, quoted so that pppd reads exactly these octets, and a blank.  -EINVAL for control
 * characters and words longer than pppd's. */
int kb_pppd_put_word(struct kb_pppd_text *out, const uint8_t *word, size_t octets,
		     struct kb_error *why) KB_MUST_USE;

/* Writes the whole options file of a request: ours first, the user's last, so that theirs win.  The text holds
 * the password: the caller wipes it. */
int kb_pppd_put_options(struct kb_pppd_text *out, const struct kb_pppd_request *request,
			struct kb_error *why) KB_MUST_USE;

#endif
