/* mtpd_log_sink.c - the lines of mtpd's log as logcat prints them
 * SPDX-License-Identifier: Apache-2.0
 */
#include "cli/mtpd_log_sink.h"

void
mtpd_log_put(FILE *out, char level, const char *sentence)
{
	(void)fprintf(out, "%c mtpd    : %s\n", level, sentence);
	(void)fflush(out);
}
