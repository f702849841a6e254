/* words.c - times and amounts as people read them
 * SPDX-License-Identifier: Apache-2.0
 */
#include "cli/control/words.h"

#include <inttypes.h>
#include <stdio.h>
#include <time.h>

enum {
	MS_PER_S = 1000,
	US_PER_MS = 1000,
	NS_PER_MS = 1000000,
	MINUTE = 60,
	HOUR = 60 * MINUTE,
	DAY = 24 * HOUR
};

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
words_time(uint64_t us, char out[WORDS_OCTETS])
{
	const uint64_t ms = us / US_PER_MS;

	if (ms < 10 * MS_PER_S)
		(void)snprintf(out, WORDS_OCTETS, "%" PRIu64 " ms", ms);
	else if (ms < MINUTE * MS_PER_S)
		(void)snprintf(out, WORDS_OCTETS, "%" PRIu64 ".%" PRIu64 " s", ms / MS_PER_S,
			       ms % MS_PER_S / 100);
	else
		words_age(ms, out);
}

void
words_octets(uint64_t n, char out[WORDS_OCTETS])
{
	static const char *const units[] = { "kB", "MB", "GB", "TB" };
	uint64_t tenths = n / 100;
	size_t unit = 0;

	if (n < 1000) {
		(void)snprintf(out, WORDS_OCTETS, "%" PRIu64 " octets", n);
		return;
	}
	for (; tenths >= 10000 && unit + 1 < sizeof units / sizeof units[0]; unit++)
		tenths /= 1000;
	(void)snprintf(out, WORDS_OCTETS, "%" PRIu64 ".%" PRIu64 " %s", tenths / 10, tenths % 10,
		       units[unit]);
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
