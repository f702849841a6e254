/* words.c - ages and moments as people read them
 * SPDX-License-Identifier: Apache-2.0
 */
#include "cli/control/words.h"

#include <inttypes.h>
#include <stdio.h>
#include <time.h>

enum { MS_PER_S = 1000, NS_PER_MS = 1000000, MINUTE = 60, HOUR = 60 * MINUTE, DAY = 24 * HOUR };

void
words_age(uint64_t ms, char out[WORDS_OCTETS])
{
	const uint64_t s = ms / MS_PER_S;

	if (s < MINUTE)
		(void)snprintf(out, WORDS_OCTETS, "%" PRIu64 " s", s);
	else if (s < HOUR)
		(void)snprintf(out, WORDS_OCTETS, "%" PRIu64 " min %02" PRIu64 " s", s / MINUTE, s % MINUTE);
	else if (s < DAY)
		(void)snprintf(out, WORDS_OCTETS, "%" PRIu64 " h %02" PRIu64 " min", s / HOUR,
			       s % HOUR / MINUTE);
	else
		(void)snprintf(out, WORDS_OCTETS, "%" PRIu64 " d %02" PRIu64 " h", s / DAY, s % DAY / HOUR);
}

void
words_moment(uint64_t unix_ms, char out[WORDS_OCTETS])
{
	const time_t s = (time_t)(unix_ms / MS_PER_S);
	struct tm parts;
	size_t n = 0;

	if (localtime_r(&s, &parts) != NULL)
		n = strftime(out, WORDS_OCTETS, "%Y-%m-%d %H:%M:%S", &parts);
	(void)snprintf(out + n, WORDS_OCTETS - n, ".%03u", (unsigned)(unix_ms % MS_PER_S));
}

uint64_t
words_now_ms(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_REALTIME, &t);
	return (uint64_t)t.tv_sec * MS_PER_S + (uint64_t)t.tv_nsec / NS_PER_MS;
}
