/* test_daemon_metrics.c - the metrics are OpenMetrics text, and say what is so
 * SPDX-License-Identifier: Apache-2.0
 */
#include "tests/cli/daemon/office.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

/* The whole text, put together from its pieces; the caller's. */
static char *
fetch(struct office *o, int fd, unsigned *pieces)
{
	Uptun__Request request = UPTUN__REQUEST__INIT;
	Uptun__Metrics metrics = UPTUN__METRICS__INIT;
	char *text = NULL;
	size_t n = 0;
	FILE *out = open_memstream(&text, &n);

	request.order_case = UPTUN__REQUEST__ORDER_METRICS;
	request.metrics = &metrics;
	*pieces = 0;
	do {
		struct api_message *m = office_ask(o, fd, &request);

		assert_int_equal(api_reply(m)->result_case, UPTUN__REPLY__RESULT_METRICS);
		(void)fputs(api_reply(m)->metrics->text, out);
		metrics.from = api_reply(m)->metrics->next;
		(*pieces)++;
		(void)api_message_free(m);
	} while (metrics.from != 0);
	assert_int_equal(fclose(out), 0);
	return text;
}

/* ---- a parser of what we need of OpenMetrics 1.0 ---- */

struct family {
	char name[64], type[16];
	bool has_help;
};

/* The name of a sample may be the family's with the suffix of its type, and nothing else. */
static bool
is_of_family(const struct family *f, const char *name, size_t n)
{
	const char *suffix = "";

	if (strcmp(f->type, "counter") == 0)
		suffix = "_total";
	if (strcmp(f->type, "info") == 0)
		suffix = "_info";
	return strlen(f->name) + strlen(suffix) == n && strncmp(name, f->name, strlen(f->name)) == 0 &&
	       strncmp(name + strlen(f->name), suffix, strlen(suffix)) == 0;
}

static void
take_sample(const struct family *f, const char *line)
{
	const size_t n = strcspn(line, "{ ");
	const char *value = line + n;
	char *end;

	if (!is_of_family(f, line, n))
		fail_msg("not of the family %s (%s): %s", f->name, f->type, line);
	if (*value == '{') {
		value = strchr(value, '}');
		assert_non_null(value);
		value++;
	}
	assert_int_equal(*value, ' ');
	(void)strtod(value + 1, &end);
	assert_true(end > value + 1 && *end == '\0');
}

static void
take_comment(struct family *f, const char *line, char seen[][64], unsigned *seen_n)
{
	char unit[32], name[64];

	if (sscanf(line, "# TYPE %63s %15s", f->name, f->type) == 2) {
		for (unsigned i = 0; i < *seen_n; i++)
			assert_string_not_equal(seen[i], f->name);
		memcpy(seen[(*seen_n)++], f->name, sizeof f->name);
		f->has_help = false;
	} else if (sscanf(line, "# UNIT %63s %31s", name, unit) == 2) {
		assert_string_equal(name, f->name);
		assert_string_equal(name + strlen(name) - strlen(unit), unit);
	} else {
		assert_int_equal(sscanf(line, "# HELP %63s", name), 1);
		assert_string_equal(name, f->name);
		f->has_help = true;
	}
}

/* How many samples. */
static unsigned
parse(const char *text)
{
	static char seen[64][64];
	char *copy = strdup(text), *rest = copy, *line;
	struct family f = { .name = "" };
	unsigned samples = 0, seen_n = 0;

	assert_non_null(copy);
	while ((line = strsep(&rest, "\n")) != NULL && strcmp(line, "# EOF") != 0) {
		if (line[0] == '#') {
			take_comment(&f, line, seen, &seen_n);
			continue;
		}
		assert_true(f.has_help);
		take_sample(&f, line);
		samples++;
	}
	assert_non_null(line); /* # EOF, and nothing after it */
	assert_string_equal(rest, "");
	free(copy);
	return samples;
}

static void
the_text_is_well_formed_with_tunnels_and_without(void **state)
{
	struct office *o = office_new();
	unsigned none, some, pieces;
	char *text;
	int fd;

	(void)state;
	office_open(o);
	fd = office_client(o);
	text = fetch(o, fd, &pieces);
	none = parse(text);
	assert_non_null(strstr(text, "\nuptun_tunnels 0\n"));
	free(text);
	(void)office_up(o, fd, 1, false);
	(void)office_up(o, fd, 2, false);
	office_run(o, 3 * OFFICE_SECOND);
	text = fetch(o, fd, &pieces);
	some = parse(text);
	assert_int_equal(some - none, 2 * (4 + 4)); /* of each tunnel, and of its session */
	assert_non_null(strstr(text, "\nuptun_tunnels_up 2\n"));
	assert_non_null(strstr(text, "\nuptun_tunnel_up{tunnel=\"2\",name=\"t2\"} 1\n"));
	assert_non_null(strstr(text, "\nuptun_attempts_total 2\n"));
	free(text);
	(void)close(fd);
	office_end(o);
}

static void
a_long_text_comes_in_pieces_of_one_moment(void **state)
{
	enum { TUNNELS = 300 };
	struct office *o = office_new();
	unsigned pieces;
	char *text;
	int fd;

	(void)state;
	o->max_tunnels = TUNNELS;
	office_open(o);
	fd = office_client(o);
	for (unsigned i = 0; i < TUNNELS; i++)
		(void)office_up(o, fd, i, false);
	office_run(o, 5 * OFFICE_SECOND);
	text = fetch(o, fd, &pieces);
	assert_true(pieces > 1);
	assert_true(parse(text) > 8 * TUNNELS);
	free(text);
	(void)close(fd);
	office_end(o);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_text_is_well_formed_with_tunnels_and_without),
		cmocka_unit_test(a_long_text_comes_in_pieces_of_one_moment),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
