/* killers.c - running a test program on a mutant
 * SPDX-License-Identifier: Apache-2.0
 */
#define _POSIX_C_SOURCE 200809L
#include "tests/mutants/killers.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

/* Of processor time; the slowest needs two on a machine of this decade. */
enum { SECONDS_MAX = 20 };
enum { SKIPPED = 77 }; /* exit status of a program that lacks what it needs */

const struct killer killers[] = {
	/* clang-format off */
	{ "test_table", true },
	{ "test_table_laws", true },
	{ "test_pptp_table", true },
	{ "test_transcript", false },
	{ "test_pptp_transcript", false },
	{ "test_engine_matrix", false },
	{ "test_pptp_matrix", false },
	{ "test_engine_peer", false },
	{ "test_engine_words", false },
	{ "test_engine_links", false },
	{ "test_pptp_peer", false },
	{ "test_engine_faults", false },
	{ "test_engine_life", false },
	{ "test_pptp_life", false },
	{ "test_engine_news", false },
	{ "test_explore_pptp", false },
	{ "test_explore", false },
	{ "promela", false },
	{ NULL, false },
	/* clang-format on */
};

static void
become(const struct killer *killer, const char *folder, const char *mutant, int out)
{
	const struct rlimit time_limit = { SECONDS_MAX, SECONDS_MAX + 1 };
	const struct rlimit no_core = { 0, 0 };
	char path[512];

	snprintf(path, sizeof path, "%s/mutable_%s", folder, killer->program);
	if (mutant != NULL && setenv("UT_MUTANT", mutant, 1) != 0)
		_exit(126);
	if (setrlimit(RLIMIT_CPU, &time_limit) != 0 || setrlimit(RLIMIT_CORE, &no_core) != 0 ||
	    dup2(out, STDOUT_FILENO) < 0 || dup2(out, STDERR_FILENO) < 0)
		_exit(126);
	execl(path, path, (char *)NULL);
	_exit(127);
}

/* What cmocka says of a test that failed, without its brackets. */
static void
find_case(FILE *out, char how[KILLER_HOW])
{
	static const char failed[] = "[  FAILED  ] ";
	char line[1024];

	while (fgets(line, sizeof line, out) != NULL) {
		if (how[0] != '\0' || strncmp(line, failed, sizeof failed - 1) != 0 ||
		    strstr(line, "test(s)") != NULL)
			continue;
		snprintf(how, KILLER_HOW, "%.*s", KILLER_HOW - 1, line + sizeof failed - 1);
		how[strcspn(how, "\n")] = '\0';
	}
}

static bool
judge(const struct killer *killer, int status, char how[KILLER_HOW])
{
	if (WIFEXITED(status) && (WEXITSTATUS(status) == 126 || WEXITSTATUS(status) == 127)) {
		fprintf(stderr, "mutants: mutable_%s cannot be run\n", killer->program);
		exit(EXIT_FAILURE);
	}
	if (WIFEXITED(status) && (WEXITSTATUS(status) == 0 || WEXITSTATUS(status) == SKIPPED))
		return false;
	if (WIFSIGNALED(status) && WTERMSIG(status) == SIGXCPU)
		snprintf(how, KILLER_HOW, "it does not end");
	else if (how[0] == '\0' && WIFSIGNALED(status))
		snprintf(how, KILLER_HOW, "%s", WTERMSIG(status) == SIGABRT ? "an assertion" : "a signal");
	return true;
}

bool
killer_notices(const struct killer *killer, const char *folder, const char *mutant, char how[KILLER_HOW])
{
	int ends[2], status;
	FILE *out;
	pid_t child;

	how[0] = '\0';
	fflush(NULL);
	if (pipe(ends) != 0 || (child = fork()) < 0) {
		perror("mutants");
		exit(EXIT_FAILURE);
	}
	if (child == 0) {
		close(ends[0]);
		become(killer, folder, mutant, ends[1]);
	}
	close(ends[1]);
	out = fdopen(ends[0], "r");
	if (out == NULL)
		exit(EXIT_FAILURE);
	find_case(out, how);
	fclose(out);
	while (waitpid(child, &status, 0) < 0 && errno == EINTR)
		;
	return judge(killer, status, how);
}
