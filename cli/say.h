/* say.h - sentences for people on standard error
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef CLI_SAY_H
#define CLI_SAY_H

/* "uptun: SENTENCE" and a newline; what came from outside is made safe to print. */
void say(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* A profile_listener's warn. */
void say_warning(void *arg, const char *sentence);

#endif
