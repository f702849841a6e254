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

/* Where asked for, else beside the program, else where it is installed. */
static void
find(struct host *h)
{
	char directory[200];

	const char *given =
	    h->config.plugin_dir != NULL ? h->config.plugin_dir : secure_getenv("UPTUN_PLUGIN_DIR");

	if (given != NULL) {
		snprintf(h->plugin_path, sizeof h->plugin_path, "%s/" PLUGIN_NAME, given);
		return;
	}
	const ssize_t n = readlink("/proc/self/exe", directory, sizeof directory - 1);
	if (n > 0) {
		directory[n] = '\0';
		char *slash = strrchr(directory, '/');
		if (slash != NULL)
			*slash = '\0';
		snprintf(h->plugin_path, sizeof h->plugin_path, "%s/" PLUGIN_NAME, directory);
		if (is_there(h->plugin_path))
			return;
	}
	snprintf(h->plugin_path, sizeof h->plugin_path, "%s/" PLUGIN_NAME, UPTUN_PLUGIN_INSTALL_DIR);
}

const char *
host_plugin_path(struct host *h)
{
	if (h->plugin_path[0] == '\0')
		find(h);
	return h->plugin_path;
}
