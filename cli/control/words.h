/* words.h - ages and moments as people read them
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef CLI_CONTROL_WORDS_H
#define CLI_CONTROL_WORDS_H

#include <stddef.h>
#include <stdint.h>

enum { WORDS_OCTETS = 48 };

/* How long something has lasted: "42 s", "3 min 05 s", "2 h 03 min", "3 d 04 h". */
void words_age(uint64_t ms, char out[WORDS_OCTETS]);

/* A moment in local time: "2026-11-22 22:50:01.123". */
void words_moment(uint64_t unix_ms, char out[WORDS_OCTETS]);

/* Milliseconds since 1970. */
uint64_t words_now_ms(void);

#endif
