/* screen.h - a text that stays in its place on a terminal while it changes
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef CLI_CONTROL_SCREEN_H
#define CLI_CONTROL_SCREEN_H

#include <stdbool.h>
#include <stdio.h>

/* Can `out` be drawn upon: a terminal, and TERM not "dumb"? */
bool screen_is_there(FILE *out);

/* How many lines it has room for. */
size_t screen_rows(FILE *out);

/* Draws lines over what was there: as many and as much of each as the terminal has room for; the last line then says how
 * many are missing.  `more`: so many lines would follow, which are not in the text. */
void screen_draw(FILE *out, const char *text, size_t more);

#endif
