/* make_journal_corpus.c - writes the seeds of fuzz_journal: what a host of today keeps of short lives in virtual time
 * SPDX-License-Identifier: Apache-2.0
 *
 * usage: make_journal_corpus DIRECTORY
 *
 * The build does it, for a journal of yesterday's engine ends at the first thing that today's does otherwise.
 */
#include "tests/cli/host/rig.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/journal/journal.h"

#define S (UINT64_C(1000000))

enum { PATH_OCTETS = 4096, SERVER_PORT_PPTP = 1723 };

/* The secret "secret" is the one that fuzz_journal.c knows. */
static const struct life {
	const char *name, *secret, *server_secret;
	bool is_pptp, hides, reconnects;
	uint64_t stop_us; /* after the start; 0: a second after PPP is up */
} lives[] = {
	{ .name = "plain" },
	{ .name = "authenticated", .secret = "secret", .server_secret = "secret" },
	{ .name = "unknown-secret", .secret = "another", .server_secret = "another" },
	{ .name = "hidden", .secret = "secret", .server_secret = "secret", .hides = true },
	{ .name = "refused", .secret = "secret", .server_secret = "another", .stop_us = 5 * S },
	{ .name = "reconnect", .secret = "secret", .server_secret = "secret", .reconnects = true },
	{ .name = "stopped", .stop_us = 12000 },
	{ .name = "pptp", .is_pptp = true },
	{ .name = "pptp-stopped", .is_pptp = true, .stop_us = 12000 },
};

static uint8_t
put_secret(uint8_t *to, const char *secret)
{
	const size_t n = secret != NULL ? strlen(secret) : 0;

	if (n > 0)
		memcpy(to, secret, n);
	return (uint8_t)n;
}

static void
make_pptp(struct rig *rig)
{
	rig->profile->protocol = PROFILE_PPTP;
	rig->profile->server_port = SERVER_PORT_PPTP;
	rig->profile->pptp = (struct profile_pptp){
		.host_name = "client", .echo_interval_s = 60, .reply_timeout_s = 20, .window = 64
	};
	rig->addresses[0].in.sin_port = htons(SERVER_PORT_PPTP);
}

static struct rig *
rig_for(const struct life *life)
{
	static const struct ut_world_spec calm = { .seed = 1, .delay_us = 5000 };
	struct rig *rig = rig_new(&calm);
	struct profile *p = rig->profile;

	if (life->is_pptp)
		make_pptp(rig);
	p->l2tp.secret.n = put_secret(p->l2tp.secret.octets, life->secret);
	p->l2tp.hide_avps = life->hides;
	p->reconnect.enabled = life->reconnects;
	rig->server_secret.n = put_secret(rig->server_secret.octets, life->server_secret);
	return rig;
}

static bool
is_lived(struct rig *rig, const struct life *life)
{
	rig_start(rig);
	if (life->stop_us == 0 && !rig_run_until(rig, HOST_PPP_UP, 1, 5 * S))
		return false;
	if (life->reconnects) {
		rig_server_hangs_up(rig);
		if (!rig_run_until(rig, HOST_PPP_UP, 2, 60 * S))
			return false;
	}
	rig_stop_in(rig, life->stop_us != 0 ? life->stop_us : S);
	return rig_run(rig, 60 * S);
}

static int
write_life(const struct life *life, const char *folder)
{
	struct rig *rig = rig_for(life);
	struct kb_error why = { .err = 0 };
	struct journal *journal;
	char path[PATH_OCTETS];
	bool ok;

	(void)snprintf(path, sizeof path, "%s/%s", folder, life->name);
	(void)unlink(path);
	if (journal_open(path, rig->profile, 1, &journal, &why) < 0) {
		fprintf(stderr, "%s: %s\n", path, why.text);
		return EXIT_FAILURE;
	}
	rig->observer = &journal_observer;
	rig->observer_ctx = journal;
	ok = is_lived(rig, life);
	rig_end(rig);
	(void)journal_close(journal);
	if (!ok)
		fprintf(stderr, "%s: this life does not end as it should\n", life->name);
	return ok ? EXIT_SUCCESS : EXIT_FAILURE;
}

int
main(int argc, char **argv)
{
	int status = EXIT_SUCCESS;

	if (argc != 2) {
		fprintf(stderr, "usage: make_journal_corpus DIRECTORY\n");
		return EXIT_FAILURE;
	}
	for (size_t i = 0; status == EXIT_SUCCESS && i < sizeof lives / sizeof lives[0]; i++)
		status = write_life(&lives[i], argv[1]);
	return status;
}
