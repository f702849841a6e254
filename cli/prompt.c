/* prompt.c - asks for a secret on the terminal without showing it
 * SPDX-License-Identifier: Apache-2.0
 */
#include "cli/prompt.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <termios.h>
#include <unistd.h>

enum { LINE_OCTETS = 1024 };

/* Waits for a line or a signal: true when there is a line. */
static bool
wait_for_line(int signal_fd)
{
	struct pollfd fds[2] = { { .fd = STDIN_FILENO, .events = POLLIN },
				 { .fd = signal_fd, .events = POLLIN } };

	while (poll(fds, 2, -1) < 0)
		if (errno != EINTR)
			return false;
	return fds[1].revents == 0;
}

/* In the terminal's line mode a read gives one line. */
static enum prompt_result
read_line(int signal_fd, struct profile_secret *to, const char *field, struct profile_error *why)
{
	char line[LINE_OCTETS];
	enum profile_result result;
	ssize_t n;

	if (!wait_for_line(signal_fd))
		return PROMPT_ENDED;
	n = read(STDIN_FILENO, line, sizeof line);
	if (n <= 0)
		return PROMPT_ENDED;
	if (line[n - 1] == '\n')
		n--;
	result = profile_set_secret(to, field, ut_slice(line, (size_t)n), why);
	ut_wipe(line, sizeof line);
	return result == PROFILE_OK ? PROMPT_OK : PROMPT_BAD;
}

enum prompt_result
prompt_secret(const char *question, int signal_fd, struct profile_secret *to, const char *field,
	      struct profile_error *why)
{
	struct termios shown, hidden;
	enum prompt_result result;

	if (tcgetattr(STDIN_FILENO, &shown) != 0)
		return PROMPT_ENDED;
	hidden = shown;
	hidden.c_lflag &= ~(tcflag_t)ECHO;
	(void)fprintf(stderr, "%s: ", question);
	(void)fflush(stderr);
	(void)tcsetattr(STDIN_FILENO, TCSAFLUSH, &hidden);
	result = read_line(signal_fd, to, field, why);
	(void)tcsetattr(STDIN_FILENO, TCSAFLUSH, &shown);
	(void)fputc('\n', stderr);
	return result;
}
