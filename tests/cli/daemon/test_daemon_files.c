/* test_daemon_files.c - the folder of profiles, and the socket as a file
 * SPDX-License-Identifier: Apache-2.0
 */
#include "tests/cli/daemon/office.h"

#include <errno.h>
#include <grp.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "cli/daemon/folder.h"
#include "cli/daemon/socket_file.h"

enum { PATH = 128 };

static void
make_folder(char path[PATH])
{
	(void)snprintf(path, PATH, "/tmp/uptun-files-XXXXXX");
	assert_non_null(mkdtemp(path));
}

static void
write_file(const char *folder, const char *name, const char *text, mode_t mode)
{
	char path[2 * PATH];
	FILE *out;

	(void)snprintf(path, sizeof path, "%s/%s", folder, name);
	out = fopen(path, "w");
	assert_non_null(out);
	(void)fputs(text, out);
	assert_int_equal(fclose(out), 0);
	assert_int_equal(chmod(path, mode), 0);
}

static void
remove_file(const char *folder, const char *name)
{
	char path[2 * PATH];

	(void)snprintf(path, sizeof path, "%s/%s", folder, name);
	(void)unlink(path);
}

/* ---- the folder ---- */

struct lines {
	char text[8192];
};

static void
keep_line(void *ctx, const struct log_line *line)
{
	struct lines *lines = ctx;
	const size_t n = strlen(lines->text);

	(void)snprintf(lines->text + n, sizeof lines->text - n, "%s\n", line->text);
}

static void
what_is_sound_in_the_folder_comes_up_and_the_rest_is_named(void **state)
{
	static const struct {
		const char *name, *text;
		mode_t mode;
		const char *said; /* NULL: it comes up */
	} files[] = {
		{ "a.textproto", "name: \"a\" server: \"203.0.113.1\" reconnect { enabled: true }", 0600,
		  NULL },
		{ "b.txtpb", "name: \"b\" server: \"203.0.113.1\"", 0644, NULL },
		{ "c.textproto", "name: \"c\" server: \"203.0.113.1\"", 0666, "written by others" },
		{ "d.textproto", "name: \"d\" serwer: \"x\"", 0600, "serwer" },
		{ "e.textproto", "name: \"a\" server: \"203.0.113.1\"", 0600, "already" },
		{ "f.textproto", "name: \"f\" server: \"203.0.113.1\" session { option: \"plugin\" }", 0600,
		  "session[0].option[0]" },
		{ "g.txt", "name: \"g\" server: \"203.0.113.1\"", 0600, NULL },
	};
	struct lines lines = { "" };
	struct office *o = office_new();
	struct kb_error why;
	char folder[PATH];

	(void)state;
	make_folder(folder);
	for (size_t i = 0; i < sizeof files / sizeof files[0]; i++)
		write_file(folder, files[i].name, files[i].text, files[i].mode);
	o->sink = (struct log_sink){ .write = keep_line, .ctx = &lines };
	office_open(o);
	assert_int_equal(folder_load(o->daemon, folder, &why), 0);
	assert_int_equal(daemon_n_tunnels(o->daemon), 2);
	for (size_t i = 0; i < sizeof files / sizeof files[0]; i++)
		if (files[i].said != NULL &&
		    (strstr(lines.text, files[i].said) == NULL || strstr(lines.text, files[i].name) == NULL))
			fail_msg("%s: %s", files[i].name, lines.text);
	office_run(o, 3 * OFFICE_SECOND);
	assert_int_equal(daemon_n_up(o->daemon), 2);
	for (size_t i = 0; i < sizeof files / sizeof files[0]; i++)
		remove_file(folder, files[i].name);
	assert_int_equal(chmod(folder, 0777), 0);
	assert_int_equal(folder_load(o->daemon, folder, &why), -EPERM);
	assert_int_equal(rmdir(folder), 0);
	assert_int_equal(folder_load(o->daemon, folder, &why), -ENOENT);
	office_end(o);
}

/* ---- the socket ---- */

static void
a_socket_nobody_listens_at_is_replaced_and_no_other(void **state)
{
	struct kb_error why;
	struct stat st;
	char folder[PATH], path[2 * PATH];
	int first, second;

	(void)state;
	make_folder(folder);
	(void)snprintf(path, sizeof path, "%s/sock", folder);
	first = socket_file_open(path, (gid_t)-1, &why);
	assert_true(first >= 0);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0660);
	assert_int_equal(socket_file_open(path, (gid_t)-1, &why), -EADDRINUSE);
	(void)close(first);
	second = socket_file_open(path, getgid(), &why);
	assert_true(second >= 0);
	(void)close(second);
	socket_file_remove(path);
	assert_int_equal(stat(path, &st), -1);
	write_file(folder, "sock", "precious", 0600);
	assert_int_equal(socket_file_open(path, (gid_t)-1, &why), -EEXIST);
	socket_file_remove(path);
	assert_int_equal(stat(path, &st), 0);
	remove_file(folder, "sock");
	assert_int_equal(rmdir(folder), 0);
	memset(path, 'x', sizeof path - 1);
	path[sizeof path - 1] = '\0';
	assert_int_equal(socket_file_open(path, (gid_t)-1, &why), -ENAMETOOLONG);
}

/* In a process without rights, which may give a file to its own group only.  The exit status. */
static int
try_without_rights(const char *path)
{
	enum { NOBODY = 65534, STRANGERS = 12345 };
	struct kb_error why;

	if (geteuid() == 0 && (setgroups(0, NULL) < 0 || setgid(NOBODY) < 0 || setuid(NOBODY) < 0))
		return 1;
	if (socket_file_open(path, STRANGERS, &why) != -EPERM)
		return 2;
	return access(path, F_OK) < 0 && errno == ENOENT ? 0 : 3;
}

static void
a_socket_that_cannot_be_given_to_its_group_is_not_left_behind(void **state)
{
	char folder[PATH], path[PATH + 16];
	int wstatus = 0;

	(void)state;
	make_folder(folder);
	assert_int_equal(chmod(folder, 0777), 0);
	(void)snprintf(path, sizeof path, "%s/socket", folder);
	const pid_t pid = fork();
	if (pid == 0)
		_exit(try_without_rights(path));
	assert_int_equal(waitpid(pid, &wstatus, 0), pid);
	(void)unlink(path);
	(void)rmdir(folder);
	assert_int_equal(wstatus, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_sound_in_the_folder_comes_up_and_the_rest_is_named),
		cmocka_unit_test(a_socket_nobody_listens_at_is_replaced_and_no_other),
		cmocka_unit_test(a_socket_that_cannot_be_given_to_its_group_is_not_left_behind),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
