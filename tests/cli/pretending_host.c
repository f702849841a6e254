/* pretending_host.c - a host that tells what it was given and ends as it is told, for the tests of the front
 * SPDX-License-Identifier: Apache-2.0
 *
 * PRETEND_STATUSES ("0 51"): how the profiles end, in order.  PRETEND_WAIT: not before it was
 * asked so often, 1 or 2 times.  PRETEND_PPP: PPP comes up before, and ends then.
 */
#include "cli/host/host.h"
#include "cli/privilege.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PROFILES_MAX = 8, CMDLINE_OCTETS = 4096 };

struct host {
	struct host_config config;
	unsigned profiles, stops;
};

const char *
privilege_missing(void)
{
	return getenv("PRETEND_NO_PRIVILEGE") != NULL ? "no privilege, pretends the test" : NULL;
}

/* In the place of kb_hide_memory(): the linker is told so. */
void __wrap_kb_hide_memory(void);

void
__wrap_kb_hide_memory(void)
{
	(void)puts("memory hidden");
}

int
host_new(const struct host_config *config, struct host **out, struct kb_error *why)
{
	*out = calloc(1, sizeof **out);
	if (*out == NULL)
		return kb_fail(why, 12, "no memory");
	(*out)->config = *config;
	return 0;
}

struct host *
host_free(struct host *h)
{
	free(h);
	return NULL;
}

static void
print_command_line(void)
{
	char line[CMDLINE_OCTETS];
	FILE *in = fopen("/proc/self/cmdline", "r");
	const size_t n = fread(line, 1, sizeof line, in);

	(void)fclose(in);
	(void)printf("cmdline:");
	for (size_t i = 0; i < n; i += strnlen(line + i, n - i) + 1)
		(void)printf(" [%.*s]", (int)(n - i), line + i);
	(void)puts("");
}

/* The test's secrets are no secrets. */
int
host_add(struct host *h, const struct profile *p, unsigned *index, struct kb_error *why)
{
	const struct profile_session *s = &p->sessions[0];

	(void)why;
	*index = h->profiles++;
	print_command_line();
	(void)printf("protocol %s echo %u mppe %d\n", p->protocol == PROFILE_PPTP ? "pptp" : "l2tp",
		     (unsigned)p->pptp.echo_interval_s, (int)s->mppe);
	(void)printf("profile %s server %s port %u interface [%s] secret %.*s dns %d\n", p->name, p->server,
		     (unsigned)p->server_port, p->interface, p->l2tp.secret.n,
		     (const char *)p->l2tp.secret.octets, (int)p->dns);
	(void)printf("session user [%s] password %.*s mtu %u mru %u options", s->user, s->password.n,
		     (const char *)s->password.octets, (unsigned)s->mtu, (unsigned)s->mru);
	for (unsigned i = 0; i < s->options_n; i++)
		(void)printf(" [%s]", s->options[i]);
	(void)puts("");
	(void)fflush(stdout);
	return 0;
}

void
host_stop(struct host *h, unsigned index)
{
	(void)printf("stop %s\n", index == UINT_MAX ? "all" : "one");
	(void)fflush(stdout);
	h->stops++;
}

static void
tell_ppp(const struct host *h, enum host_report_kind kind)
{
	const struct host_report report = { .kind = kind,
					    .profile_name = "pretended",
					    .interface = "ppp7",
					    .local = "10.0.0.2",
					    .remote = "10.0.0.1",
					    .dns = { "192.0.2.53", "192.0.2.54" },
					    .mtu = 1400 };

	if (getenv("PRETEND_PPP") != NULL)
		h->config.report(h->config.report_ctx, &report);
}

/* Until it was asked often enough; 0 or -errno. */
static int
wait_for_stops(struct host *h)
{
	const char *wanted = getenv("PRETEND_WAIT");
	const unsigned n = wanted == NULL ? 0 : strcmp(wanted, "1") == 0 ? 1 : 2;

	while (h->stops < n)
		if (h->config.io.ops->wait(h->config.io.self, NULL) != 0)
			return -5;
	return 0;
}

static void
end_one(struct host *h, unsigned index, int status)
{
	const struct host_report report = { .kind = HOST_ENDED,
					    .profile = index,
					    .profile_name = "pretended",
					    .status = status,
					    .end = { .cause =
							 status == 5 ? UT_CAUSE_USER : UT_CAUSE_NETWORK },
					    .text = "the pretended end" };

	h->config.report(h->config.report_ctx, &report);
}

int
host_run(struct host *h)
{
	const char *statuses = getenv("PRETEND_STATUSES");
	char *rest = NULL;

	tell_ppp(h, HOST_PPP_UP);
	if (wait_for_stops(h) != 0)
		return -5;
	tell_ppp(h, HOST_PPP_ENDED);
	for (unsigned i = 0; i < h->profiles; i++) {
		const long status = statuses != NULL ? strtol(statuses, &rest, 10) : 0;

		end_one(h, i, (int)status);
		statuses = statuses != NULL ? rest : NULL;
	}
	return 0;
}
