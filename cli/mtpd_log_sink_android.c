/* mtpd_log_sink_android.c - the lines of mtpd's log in Android's own
 * SPDX-License-Identifier: Apache-2.0
 */
#include "cli/mtpd_log_sink.h"

#include <android/log.h>

static int
priority_of(char level)
{
	if (level == 'D')
		return ANDROID_LOG_DEBUG;
	if (level == 'W')
		return ANDROID_LOG_WARN;
	if (level == 'E')
		return ANDROID_LOG_ERROR;
	return level == 'F' ? ANDROID_LOG_FATAL : ANDROID_LOG_INFO;
}

void
mtpd_log_put(FILE *out, char level, const char *sentence)
{
	(void)out;
	(void)__android_log_print(priority_of(level), "mtpd", "%s", sentence);
}
