/* graph_svg.c - a machine's picture, drawn by Graphviz's dot
 * SPDX-License-Identifier: Apache-2.0
 *
 * dot reads our text from a memory file, so that nobody has to feed and drain it at once.
 */
#include "cli/inspect/graph_svg.h"

#include "cli/inspect/graph.h"
#include "cli/say.h"

#include <errno.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

/* A memory file with the picture's text, at its start; -1 and said why. */
static int
write_dot(const struct ut_machine *m)
{
	const int fd = memfd_create("dot", MFD_CLOEXEC);
	FILE *const out = fd >= 0 ? fdopen(dup(fd), "w") : NULL;
	bool ok = out != NULL;

	if (ok) {
		graph_dot(out, m);
		ok = !ferror(out);
		ok = fclose(out) == 0 && ok;
	}
	if (ok && lseek(fd, 0, SEEK_SET) == 0)
		return fd;
	say("the picture's text cannot be kept: %s", strerror(errno));
	if (fd >= 0)
		close(fd);
	return -1;
}

static int
spawn_dot(int in, pid_t *pid)
{
	char program[] = "dot", format[] = "-Tsvg";
	char *const argv[] = { program, format, NULL };
	posix_spawn_file_actions_t actions;
	int err = posix_spawn_file_actions_init(&actions);

	if (err != 0)
		return err;
	err = posix_spawn_file_actions_adddup2(&actions, in, STDIN_FILENO);
	if (err == 0)
		err = posix_spawnp(pid, program, &actions, NULL, argv, environ);
	posix_spawn_file_actions_destroy(&actions);
	return err;
}

bool
graph_svg(const struct ut_machine *m)
{
	const int in = write_dot(m);
	int err, status = -1;
	pid_t pid;

	if (in < 0)
		return false;
	err = spawn_dot(in, &pid);
	close(in);
	if (err != 0) {
		say("dot cannot be run: %s; it comes with the package graphviz", strerror(err));
		return false;
	}
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		continue;
	if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
		return true;
	say("dot could not draw %s", m->name);
	return false;
}
