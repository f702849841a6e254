/* run.c - brings profiles up and stays until they have ended
 * SPDX-License-Identifier: Apache-2.0
 */
#include "cli/run.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <unistd.h>

#include "cli/host/host_memory.h"
#include "cli/privilege.h"
#include "cli/prompt.h"
#include "cli/say.h"
#include "cli/signals.h"
#include "kernel-bridge/kb_child.h"

bool
run_init(struct run *run, size_t n)
{
	*run = (struct run){ .profiles = host_memory_new(n * sizeof *run->profiles), .n = n };
	if (run->profiles == NULL)
		return false;
	for (size_t i = 0; i < n; i++)
		profile_init_zeroed(&run->profiles[i]);
	return true;
}

void
run_fini(struct run *run)
{
	for (size_t i = 0; i < run->n; i++)
		profile_fini(&run->profiles[i]);
	host_memory_free(run->profiles, run->n * sizeof *run->profiles);
	*run = (struct run){ .n = 0 };
}

/* ---- before anything is sent ---- */

/* Tests without a kernel need no privilege. */
static bool
needs_privilege(const struct run *run)
{
	for (size_t i = 0; i < run->n; i++)
		if (run->profiles[i].data_path != PROFILE_DATA_NULL)
			return true;
	return false;
}

static bool
check_privilege(const struct run *run)
{
	const char *missing = needs_privilege(run) ? privilege_missing() : NULL;

	if (missing != NULL)
		say("%s", missing);
	return missing == NULL;
}

static bool
check_words(const struct profile *p)
{
	struct kb_error why;

	for (unsigned s = 0; s < p->sessions_n; s++)
		for (unsigned i = 0; i < p->sessions[s].options_n; i++)
			if (kb_pppd_check_option(p->sessions[s].options[i], &why) != 0) {
				say("%s: %s", p->name, why.text);
				return false;
			}
	return true;
}

/* ---- secrets ---- */

static bool
has_secret(const struct profile_secret *s)
{
	return s->n != 0 || s->file != NULL;
}

static bool
has_secrets(const struct profile *p)
{
	for (unsigned i = 0; i < p->sessions_n; i++)
		if (has_secret(&p->sessions[i].password))
			return true;
	return has_secret(&p->l2tp.secret);
}

/* Asks for a secret that is to come from standard input when that is a terminal. */
static enum prompt_result
ask(struct profile_secret *s, const char *question, const char *field, int signal_fd,
    struct profile_error *why)
{
	if (s->file == NULL || strcmp(s->file, "-") != 0 || isatty(STDIN_FILENO) != 1)
		return PROMPT_OK;
	return prompt_secret(question, signal_fd, s, field, why);
}

static enum prompt_result
ask_all(struct profile *p, int signal_fd, struct profile_error *why)
{
	char question[PROFILE_USER_MAX + PROFILE_NAME_MAX + 32];
	enum prompt_result result;

	(void)snprintf(question, sizeof question, "Tunnel secret of %s", p->name);
	result = ask(&p->l2tp.secret, question, "l2tp.secret_file", signal_fd, why);
	for (unsigned i = 0; result == PROMPT_OK && i < p->sessions_n; i++) {
		(void)snprintf(question, sizeof question, "Password of %s for %s", p->sessions[i].user,
			       p->name);
		result = ask(&p->sessions[i].password, question, "session.password_file", signal_fd, why);
	}
	return result;
}

static bool
load_secrets(struct profile *p, struct profile_error *why)
{
	const struct profile_listener listener = { .warn = say_warning };

	signals_release(); /* standard input may keep us waiting */
	const enum profile_result result = profile_load_secrets(p, listener, why);
	signals_hold();
	if (result == PROFILE_OK)
		return true;
	say("%s: %s", p->name, why->text);
	return false;
}

/* STATUS_OK, or how the program ends now. */
static int
get_secrets(struct run *run, int signal_fd)
{
	struct profile_error why = { .line = 0 };

	for (size_t i = 0; i < run->n; i++) {
		struct profile *p = &run->profiles[i];
		enum prompt_result asked;

		if (!has_secrets(p))
			continue;
		kb_hide_memory();
		host_memory_lock(p, sizeof *p);
		asked = ask_all(p, signal_fd, &why);
		if (asked == PROMPT_ENDED)
			return STATUS_USER;
		if (asked == PROMPT_BAD)
			say("%s: %s: %s", p->name, why.field, why.text);
		if (asked == PROMPT_BAD || !load_secrets(p, &why))
			return STATUS_SYSTEM;
	}
	return STATUS_OK;
}

/* The host has copies of its own. */
static void
forget_secrets(struct profile *p)
{
	ut_wipe(p->l2tp.secret.octets, sizeof p->l2tp.secret.octets);
	p->l2tp.secret.n = 0;
	for (unsigned i = 0; i < p->sessions_n; i++) {
		ut_wipe(p->sessions[i].password.octets, sizeof p->sessions[i].password.octets);
		p->sessions[i].password.n = 0;
	}
}

/* ---- the loop ---- */

struct run_front {
	const struct run_companion *companion; /* never NULL */
	struct ut_io io;
	struct host *host;
	struct output output;
	void *journal; /* NULL: none is kept */
	int signal_fd;
	int status; /* of the first profile that failed */
};

static void
on_report(void *ctx, const struct host_report *report)
{
	struct run_front *f = ctx;

	if (report->kind == HOST_ENDED && f->status == STATUS_OK)
		f->status = report->status;
	if (f->companion->report != NULL)
		f->companion->report(f->companion->ctx, report);
	if (!f->companion->is_voice)
		output_report(&f->output, report);
}

void
run_stop(struct run_front *front)
{
	host_stop(front->host, UINT_MAX);
}

static void
on_signal(void *ctx, int fd)
{
	struct run_front *f = ctx;

	for (int signal = signals_take(fd); signal != 0; signal = signals_take(fd)) {
		if (f->companion->signal != NULL)
			f->companion->signal(f->companion->ctx, signal);
		run_stop(f);
	}
}

static int
add_all(struct run_front *f, struct run *run, struct kb_error *why)
{
	unsigned index;

	for (size_t i = 0; i < run->n; i++) {
		const int err = host_add(f->host, &run->profiles[i], &index, why);

		if (err != 0)
			return err;
		forget_secrets(&run->profiles[i]);
	}
	return 0;
}

static unsigned
count_sessions(const struct run *run)
{
	unsigned n = 0;

	for (size_t i = 0; i < run->n; i++)
		n += run->profiles[i].sessions_n;
	return n;
}

/* Of PPTP: how many profiles, and how many sessions of theirs. */
static void
count_pptp(const struct run *run, struct host_config *config)
{
	for (size_t i = 0; i < run->n; i++) {
		if (run->profiles[i].protocol != PROFILE_PPTP)
			continue;
		config->pptp_profiles++;
		config->pptp_sessions += run->profiles[i].sessions_n;
	}
}

static int
open_host(struct run_front *f, struct run *run, struct kb_error *why)
{
	struct host_config config = { .io = f->io,
				      .report = on_report,
				      .report_ctx = f,
				      .max_profiles = (unsigned)run->n,
				      .max_sessions = count_sessions(run),
				      .trace = run->level == OUTPUT_STEPS,
				      .observer = f->companion->observer,
				      .observer_ctx = f->companion->observer_ctx };
	if (f->journal != NULL) {
		config.observer = run->recorder->observer;
		config.observer_ctx = f->journal;
	}
	count_pptp(run, &config);
	const int err = host_new(&config, &f->host, why);

	return err != 0 ? err : add_all(f, run, why);
}

static int
loop(struct run_front *f, struct run *run)
{
	struct kb_error why = { .err = 0 };
	int err = f->io.ops->watch(f->io.self, f->signal_fd, on_signal, f);

	if (err == 0 && f->companion->begin != NULL)
		err = f->companion->begin(f->companion->ctx, &f->io, f);
	if (err == 0 && run->journal != NULL)
		err = run->recorder->open(run->journal, run->profiles, run->n, &f->journal, &why);
	if (err == 0)
		err = open_host(f, run, &why);
	if (err == 0)
		err = host_run(f->host);
	if (err != 0 && why.text[0] != '\0')
		say("%s", why.text);
	else if (err != 0)
		say("cannot wait for events: %s", strerror(-err));
	if (f->companion->end != NULL)
		f->companion->end(f->companion->ctx);
	f->io.ops->unwatch(f->io.self, f->signal_fd);
	f->host = host_free(f->host);
	if (f->journal != NULL)
		run->recorder->close(f->journal);
	return err != 0 && f->status == STATUS_OK ? STATUS_SYSTEM : f->status;
}

static int
run_loop(struct run *run, int signal_fd)
{
	const struct run_companion nobody = { .ctx = NULL };
	struct run_front f = { .companion = run->companion != NULL ? run->companion : &nobody,
			       .signal_fd = signal_fd };
	const int err = ut_io_epoll_new(&f.io);
	int status;

	if (err != 0) {
		say("cannot make an event loop: %s", strerror(-err));
		return STATUS_SYSTEM;
	}
	output_init(&f.output, run->json ? &output_json : &output_text, run->level, stdout, stderr);
	output_set_profiles(&f.output, run->profiles, run->n);
	status = loop(&f, run);
	ut_io_epoll_free(&f.io);
	return status;
}

int
run_prepare(struct run *run, bool is_ours, int *signal_fd)
{
	int status;

	for (size_t i = 0; i < run->n; i++)
		if (!check_words(&run->profiles[i]))
			return STATUS_SYSTEM;
	if (is_ours && !check_privilege(run))
		return STATUS_SYSTEM;
	*signal_fd = signals_open();
	if (*signal_fd < 0) {
		say("cannot prepare for signals: %s", strerror(-*signal_fd));
		return STATUS_SYSTEM;
	}
	status = get_secrets(run, *signal_fd);
	if (status != STATUS_OK)
		(void)close(*signal_fd);
	return status;
}

int
run_all(struct run *run)
{
	int signal_fd;
	int status = run_prepare(run, true, &signal_fd);

	if (status != STATUS_OK)
		return status;
	status = run_loop(run, signal_fd);
	(void)close(signal_fd);
	return status;
}
