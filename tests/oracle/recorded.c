/* recorded.c - messages that others recorded, for the oracles of both protocols
 * SPDX-License-Identifier: Apache-2.0
 */
#include "tests/oracle/recorded.h"

#include <glob.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

enum { PATH_OCTETS = 4096, LINE_OCTETS = 1 << 17, CAPTURE_SEED = 2661 };

uint32_t
recorded_noise(uint64_t *seed)
{
	*seed ^= *seed << 13;
	*seed ^= *seed >> 7;
	*seed ^= *seed << 17;
	return (uint32_t)(*seed >> 16);
}

static glob_t
find_files(const char *variable, const char *otherwise, const char *pattern)
{
	const char *const folder = getenv(variable) != NULL ? getenv(variable) : otherwise;
	char path[PATH_OCTETS];
	glob_t found = { .gl_pathc = 0 };

	snprintf(path, sizeof path, "%s/%s", folder, pattern);
	if (glob(path, 0, NULL, &found) != 0)
		print_message("skipped: there is no %s\n", path);
	return found;
}

size_t
recorded_bench(const char *pattern, recorded_fn take, void *ctx)
{
	glob_t found = find_files("UPTUN_BENCH", "../shared/bench", pattern);
	const size_t files = found.gl_pathc;
	uint8_t octets[UINT16_MAX];
	uint8_t length[2];

	for (size_t i = 0; i < files; i++) {
		FILE *const in = fopen(found.gl_pathv[i], "rb");

		assert_non_null(in);
		while (fread(length, sizeof length, 1, in) == 1) {
			const size_t n = ut_get_u16(length);

			assert_int_equal(fread(octets, 1, n, in), n);
			take(ctx, ut_slice(octets, n), i + n + 1);
		}
		fclose(in);
	}
	globfree(&found);
	return files;
}

static size_t
octets_of_hex(const char *hex, uint8_t *out)
{
	size_t n = 0;
	unsigned octet;

	while (sscanf(hex + 2 * n, "%2x", &octet) == 1)
		out[n++] = (uint8_t)octet;
	return n;
}

static bool
is_of_kind(const char *line, const char *const *kinds)
{
	const char *const kind = strchr(line, '\t');

	for (; kind != NULL && *kinds != NULL; kinds++)
		if (strncmp(kind + 1, *kinds, strlen(*kinds)) == 0 && kind[1 + strlen(*kinds)] == '\t')
			return true;
	return false;
}

static void
take_capture(const char *path, const char *const *kinds, recorded_fn take, void *ctx)
{
	FILE *const in = fopen(path, "r");
	char *const line = malloc(LINE_OCTETS);
	uint8_t *const octets = malloc(LINE_OCTETS);

	assert_true(in != NULL && line != NULL && octets != NULL);
	while (fgets(line, LINE_OCTETS, in) != NULL)
		if (is_of_kind(line, kinds))
			take(ctx, ut_slice(octets, octets_of_hex(strrchr(line, '\t') + 1, octets)),
			     CAPTURE_SEED);
	free(octets);
	free(line);
	fclose(in);
}

size_t
recorded_captures(const char *pattern, const char *const *kinds, recorded_fn take, void *ctx)
{
	glob_t found = find_files("UPTUN_CAPTURES", "../shared/captures", pattern);
	const size_t files = found.gl_pathc;

	for (size_t i = 0; i < files; i++)
		take_capture(found.gl_pathv[i], kinds, take, ctx);
	globfree(&found);
	return files;
}
