/* host_plugin.c - where pppd's plugin is
 * SPDX-License-Identifier: Apache-2.0
 */
#include "cli/host/host_state.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define PLUGIN_NAME "uptun-pppox.so"

static bool
is_there(const char *path)
{
	return access(path, R_OK) == 0;
}

static void
put_path(const char *directory, char *out, size_t n)
{
	snprintf(out, n, "%s/" PLUGIN_NAME, directory);
}

static bool
find_beside_program(char *out, size_t n)
{
	char directory[200];
	const ssize_t octets = readlink("/proc/self/exe", directory, sizeof directory - 1);

	if (octets <= 0)
		return false;
	directory[octets] = '\0';
	char *slash = strrchr(directory, '/');
	if (slash != NULL)
		*slash = '\0';
	put_path(directory, out, n);
	return is_there(out);
}

void
host_plugin_find(const char *directory, char out[HOST_PATH_MAX])
{
	const char *given = directory != NULL ? directory : secure_getenv("UPTUN_PLUGIN_DIR");

	if (given != NULL)
		put_path(given, out, HOST_PATH_MAX);
	else if (!find_beside_program(out, HOST_PATH_MAX))
		put_path(UPTUN_PLUGIN_INSTALL_DIR, out, HOST_PATH_MAX);
}

const char *
host_plugin_path(struct host *h)
{
	if (h->plugin_path[0] == '\0')
		host_plugin_find(h->config.plugin_dir, h->plugin_path);
	return h->plugin_path;
}
