/* mtpd_framework.c - what goes along with a run in mtpd's place: control socket, abort file, state file, log
 * SPDX-License-Identifier: Apache-2.0
 */
#include "cli/mtpd_framework.h"

#include <stdarg.h>
#include <stdlib.h>

#include "cli/say.h"
#include "kernel-bridge/kb_child.h"

#define ANDROID_ABORT "/data/misc/vpn/abort"
#define ANDROID_STATE "/data/misc/vpn/state"

void
mtpd_framework_tell(const struct mtpd_framework *f, char level, const char *format, ...)
{
	char sentence[512];
	va_list args;

	va_start(args, format);
	(void)vsnprintf(sentence, sizeof sentence, format, args);
	va_end(args);
	if (f->has_log)
		mtpd_log_line(&f->log, level, "%s", sentence);
	else
		say("mtpd: %s", sentence);
}

/* ---- what is asked for ---- */

static const char *
path_of(const char *variable, const char *fallback)
{
	const char *path = secure_getenv(variable);

	if (path == NULL)
		return fallback;
	return path[0] != '\0' ? path : NULL;
}

static bool
wants_log(bool fallback)
{
	const char *word = secure_getenv("UPTUN_MTPD_LOG");

	return word == NULL || word[0] == '\0' ? fallback : strcmp(word, "0") != 0;
}

void
mtpd_framework_init(struct mtpd_framework *f)
{
	const bool has_control = mtpd_control_is_asked_for();

	*f = (struct mtpd_framework){ .control = MTPD_CONTROL_NULL,
				      .has_control = has_control,
				      .has_log = wants_log(has_control),
				      .log = { .out = stderr },
				      .state_path =
					  path_of("UPTUN_MTPD_STATE", has_control ? ANDROID_STATE : NULL) };
	mtpd_abort_begin(&f->abort, path_of("UPTUN_MTPD_ABORT", has_control ? ANDROID_ABORT : NULL));
}

bool
mtpd_framework_arguments(struct mtpd_framework *f, int *argc, char ***argv)
{
	if (!f->has_control)
		return true;
	kb_hide_memory(); /* a password comes */
	if (f->has_log)
		mtpd_log_line(&f->log, 'D', "Waiting for control socket");
	if (!mtpd_control_receive(&f->control)) {
		mtpd_framework_tell(f, 'F', "%s", f->control.why);
		return false;
	}
	if (f->has_log)
		mtpd_log_line(&f->log, 'D', "Received %zu arguments", f->control.arguments.n);
	f->words[0] = *argc > 0 ? (*argv)[0] : NULL;
	mtpd_arguments_words(&f->control.arguments, f->control.octets, f->words + 1);
	*argc = (int)f->control.arguments.n + 1;
	*argv = f->words;
	return true;
}

/* ---- the end that others ask for ---- */

static void
stop(struct mtpd_framework *f)
{
	if (!f->is_stopping)
		run_stop(f->front);
	f->is_stopping = true;
}

/* Nothing more is to come there: it is the end, whatever else it may be. */
static void
on_control(void *ctx, int fd)
{
	struct mtpd_framework *f = ctx;

	f->io.ops->unwatch(f->io.self, fd);
	mtpd_framework_tell(f, 'I', "The control socket was closed: the tunnel ends");
	stop(f);
}

static void
look_for_abort(struct mtpd_framework *f)
{
	if (f->is_stopping || !mtpd_abort_is_fresh(&f->abort))
		return;
	mtpd_framework_tell(f, 'I', "%s has appeared: the tunnel ends", f->abort.path);
	stop(f);
}

static void
on_abort(void *ctx, int fd)
{
	struct mtpd_framework *f = ctx;

	mtpd_abort_heard(&f->abort, fd);
	look_for_abort(f);
}

static void
on_signal(void *ctx, int signal)
{
	const struct mtpd_framework *f = ctx;

	if (f->has_log)
		mtpd_log_line(&f->log, 'I', "Received signal %d", signal);
}

/* ---- the state file ---- */

static void
write_state(struct mtpd_framework *f, const struct host_report *report)
{
	char text[MTPD_STATE_OCTETS];
	const size_t n = mtpd_state_format(report, text);
	int err;

	if (n == 0)
		return;
	err = mtpd_state_write(f->state_path, text, n);
	if (err != 0)
		mtpd_framework_tell(f, 'E', "cannot write %s: %s", f->state_path, strerror(-err));
	f->wrote_state |= err == 0;
}

static void
remove_state(struct mtpd_framework *f)
{
	int err;

	if (!f->wrote_state)
		return;
	f->wrote_state = false;
	err = mtpd_state_remove(f->state_path);
	if (err != 0)
		mtpd_framework_tell(f, 'E', "cannot remove %s: %s", f->state_path, strerror(-err));
}

static void
on_report(void *ctx, const struct host_report *report)
{
	struct mtpd_framework *f = ctx;

	if (f->has_log)
		mtpd_log_report(&f->log, report);
	if (f->state_path == NULL)
		return;
	if (report->kind == HOST_PPP_UP)
		write_state(f, report);
	else if (report->kind == HOST_PPP_ENDED)
		remove_state(f);
}

/* ---- the loop ---- */

static int
watch(struct mtpd_framework *f, int fd, ut_io_ready_fn *ready)
{
	return fd >= 0 ? f->io.ops->watch(f->io.self, fd, ready, f) : 0;
}

static int
on_begin(void *ctx, const struct ut_io *io, struct run_front *front)
{
	struct mtpd_framework *f = ctx;
	int err = f->abort.path != NULL ? mtpd_abort_open(&f->abort) : 0;

	f->io = *io;
	f->front = front;
	if (err == 0)
		err = watch(f, f->abort.timer_fd, on_abort);
	if (err == 0)
		err = watch(f, f->abort.notice_fd, on_abort);
	return err == 0 ? watch(f, f->control.fd, on_control) : err;
}

static void
unwatch(const struct mtpd_framework *f, int fd)
{
	if (fd >= 0)
		f->io.ops->unwatch(f->io.self, fd);
}

static void
on_end(void *ctx)
{
	struct mtpd_framework *f = ctx;

	unwatch(f, f->control.fd);
	unwatch(f, f->abort.timer_fd);
	unwatch(f, f->abort.notice_fd);
	f->front = NULL;
}

void
mtpd_framework_join(struct mtpd_framework *f, struct run *run)
{
	f->observer = (struct host_observer){ .step = mtpd_log_step };
	f->companion = (struct run_companion){ .ctx = f,
					       .begin = on_begin,
					       .report = on_report,
					       .signal = on_signal,
					       .end = on_end,
					       .is_voice = f->has_log };
	if (f->has_log) {
		f->companion.observer = &f->observer;
		f->companion.observer_ctx = &f->log;
		mtpd_log_begin(&f->log, stderr, &run->profiles[0]);
	}
	if (f->abort.is_stale_there)
		mtpd_framework_tell(f, 'W', "%s was there before us: it is stale, and ignored",
				    f->abort.path);
	if (f->has_control)
		mtpd_control_accept(&f->control);
	mtpd_control_forget(&f->control);
	run->companion = &f->companion;
}

void
mtpd_framework_end(struct mtpd_framework *f, int status)
{
	remove_state(f);
	mtpd_abort_close(&f->abort);
	mtpd_control_close(&f->control);
	if (f->has_log)
		mtpd_log_end(&f->log, status);
}
