/* folder.c - profiles that the daemon brings up when it starts
 * SPDX-License-Identifier: Apache-2.0
 */
#include "cli/daemon/folder.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/host/host_memory.h"

/* NULL: it is safe; else why it is not. */
static const char *
distrust(const struct stat *st)
{
	if (st->st_uid != 0 && st->st_uid != geteuid())
		return "belongs neither to root nor to the daemon's user";
	if ((st->st_mode & (S_IWGRP | S_IWOTH)) != 0)
		return "can be written by others";
	return NULL;
}

static int
is_profile(const struct dirent *entry)
{
	static const char *const suffixes[] = { ".textproto", ".txtpb", ".pb" };
	const size_t n = strlen(entry->d_name);

	for (size_t i = 0; i < sizeof suffixes / sizeof suffixes[0]; i++) {
		const size_t m = strlen(suffixes[i]);

		if (n > m && entry->d_name[0] != '.' && strcmp(entry->d_name + n - m, suffixes[i]) == 0)
			return 1;
	}
	return 0;
}

static void
warn(void *arg, const char *sentence)
{
	struct daemon *d = arg;

	daemon_say(d, true, "%s", sentence);
}

/* ---- one file ---- */

static enum profile_result
read_profile(struct daemon *d, const char *path, struct profile *p, struct profile_error *why)
{
	const struct profile_listener listener = { .warn = warn, .arg = d };
	struct profile_source *source = NULL;
	enum profile_result result = profile_read(p, path, &source, listener, why);

	if (result == PROFILE_OK)
		result = profile_check(p, source, why);
	source = profile_source_free(source);
	return result == PROFILE_OK ? profile_load_secrets(p, listener, why) : result;
}

static void
bring_up(struct daemon *d, const char *path, struct profile *p)
{
	const struct daemon_origin origin = { .owner = geteuid(), .is_configured = true };
	struct profile_error why = { .line = 0 };
	struct daemon_fault fault;
	char text[PROFILE_PATH_MAX];
	uint32_t id;

	if (read_profile(d, path, p, &why) != PROFILE_OK) {
		profile_error_format(&why, path, text, sizeof text);
		daemon_say(d, true, "%s", text);
	} else if (daemon_add(d, p, &origin, &id, &fault) != DAEMON_ADDED) {
		daemon_say(d, true, "%s: %s%s%s", path, fault.field, fault.field[0] != '\0' ? ": " : "",
			   fault.text);
	}
}

static void
load(struct daemon *d, const char *path)
{
	const char *doubt = NULL;
	struct profile *p;
	struct stat st;

	if (lstat(path, &st) < 0)
		doubt = strerror(errno);
	else if (!S_ISREG(st.st_mode))
		doubt = "is not a file";
	else
		doubt = distrust(&st);
	if (doubt != NULL) {
		daemon_say(d, true, "%s: %s; it is not brought up", path, doubt);
		return;
	}
	p = host_memory_new(sizeof *p);
	if (p == NULL) {
		daemon_say(d, true, "%s: no memory; it is not brought up", path);
		return;
	}
	host_memory_lock(p, sizeof *p);
	profile_init_zeroed(p);
	bring_up(d, path, p);
	profile_fini(p);
	(void)host_memory_free(p, sizeof *p);
}

/* ---- the folder ---- */

static int
check_folder(const char *path, struct kb_error *why)
{
	const char *doubt;
	struct stat st;

	if (stat(path, &st) < 0)
		return kb_fail(why, errno, "--profiles: %s cannot be read: %s", path, strerror(errno));
	if (!S_ISDIR(st.st_mode))
		return kb_fail(why, ENOTDIR, "%s is not a folder", path);
	doubt = distrust(&st);
	return doubt != NULL ? kb_fail(why, EPERM, "%s %s", path, doubt) : 0;
}

int
folder_load(struct daemon *d, const char *path, struct kb_error *why)
{
	struct dirent **entries;
	char file[PROFILE_PATH_MAX];
	int r = check_folder(path, why), n;

	if (r < 0)
		return r;
	n = scandir(path, &entries, is_profile, alphasort);
	if (n < 0)
		return kb_fail(why, errno, "--profiles: %s cannot be read: %s", path, strerror(errno));
	for (int i = 0; i < n; i++) {
		r = snprintf(file, sizeof file, "%s/%s", path, entries[i]->d_name);
		if (r > 0 && (size_t)r < sizeof file)
			load(d, file);
		else
			daemon_say(d, true, "%s: too long a path; it is not brought up", entries[i]->d_name);
		free(entries[i]);
	}
	free(entries);
	return 0;
}
