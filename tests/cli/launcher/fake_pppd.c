/* fake_pppd.c - stands in for pppd: tells how it was started, and ends as its user's name says
 * SPDX-License-Identifier: Apache-2.0
 *
 * What it tells are reports of phases, one each: every word of its options file, then "fds N" (what it has besides the
 * five it should have), "env N" and "uid N".  Users: "exits-N" ends with that status, "stubborn" ignores SIGTERM, anybody
 * else ends with 5 at SIGTERM, as pppd does.
 */
#include "kernel-bridge/kb_pppd_record.h"

#include <dirent.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

extern char **environ;

static void
tell(const char *phase)
{
	struct kb_pppd_record record;

	memset(&record, 0, sizeof record);
	record.magic = KB_PPPD_RECORD_MAGIC;
	record.kind = KB_PPPD_RECORD_PHASE;
	strncpy(record.phase, phase, sizeof record.phase - 1);
	if (send(KB_PPPD_REPORT_FD, &record, sizeof record, MSG_NOSIGNAL) < 0)
		exit(1);
}

static void
tell_number(const char *what, long number)
{
	char text[24];

	snprintf(text, sizeof text, "%s %ld", what, number);
	tell(text);
}

/* No word of the tests has a blank in it, or a quote. */
static const char *
tell_words(char *options)
{
	const char *user = "", *before = "";

	for (char *word = strtok(options, " \n\""); word != NULL; word = strtok(NULL, " \n\"")) {
		tell(word);
		if (strcmp(before, "user") == 0)
			user = word;
		before = word;
	}
	return user;
}

static long
count_descriptors(void)
{
	enum { EXPECTED = 6, LISTING = 1 };
	DIR *directory = opendir("/proc/self/fd");
	const struct dirent *entry;
	long n = 0;

	while (directory != NULL && (entry = readdir(directory)) != NULL)
		n += entry->d_name[0] != '.' ? 1 : 0;
	if (directory != NULL)
		closedir(directory);
	return n - EXPECTED - LISTING;
}

static long
count_variables(void)
{
	long n = 0;

	while (environ[n] != NULL)
		n++;
	return n;
}

static void
end_as_pppd_does(int signal)
{
	(void)signal;
	_exit(5);
}

int
main(int argc, char **argv)
{
	static char options[32769];
	FILE *file = argc == 3 && strcmp(argv[1], "file") == 0 ? fopen(argv[2], "r") : NULL;

	if (file == NULL || fread(options, 1, sizeof options - 1, file) == 0)
		return 2;
	fclose(file);
	const char *user = tell_words(options);
	tell_number("fds", count_descriptors());
	tell_number("env", count_variables());
	tell_number("uid", (long)geteuid());
	signal(SIGTERM, strcmp(user, "stubborn") == 0 ? SIG_IGN : end_as_pppd_does);
	tell("ready");
	if (strncmp(user, "exits-", 6) == 0)
		return atoi(user + 6);
	for (;;)
		pause();
}
