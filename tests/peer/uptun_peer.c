/* uptun_peer.c - uptun-peer: an L2TP or PPTP server for tests, with the habits of real ones
 * SPDX-License-Identifier: Apache-2.0
 *
 * Prints one line an event: "ready PORT", "tunnel-up ID", "session-up ID", "ppp-up NAME", "session-ended RESULT",
 * "tunnel-ended RESULT", and on SIGUSR1 and at its end "counts NAME=VALUE ...".  SIGUSR2 hangs all calls up (CDN);
 * SIGTERM closes all tunnels (StopCCN, StopCCRQ) and ends it.
 */
#include "tests/peer/peer.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

static void
help(void)
{
	puts("usage: uptun-peer [OPTION...]\n"
	     "  --pptp               PPTP, as PAC and PNS; first of all options\n"
	     "  --address ADDRESS    PPTP: where to listen (0.0.0.0)\n"
	     "  --ring               PPTP: send each client an Incoming-Call-Request\n"
	     "  --refuse-calls       PPTP: take no call\n"
	     "  --port N             UDP port, IPv4 and IPv6 (1701); TCP port (1723)\n"
	     "  --tunnels N          room for so many, with one session each (64)\n"
	     "  --kernel PLUGIN      carry frames: pppd with this uptun-pppox.so for each session\n"
	     "  --ppp WORD           one more pppd option, in order\n"
	     "  --ppp-local ADDRESS  our end of each link (10.10.0.1)\n"
	     "  --ppp-remote ADDRESS the first client's end, others count up (10.10.0.10)\n"
	     "  --secret-file FILE   tunnel secret; the client is challenged\n"
	     "  --hide               hide AVPs; needs a secret\n"
	     "  --hello SECONDS      silence before HELLO, or Echo-Request (60)\n"
	     "  --tries N            transmissions of one message (6)\n"
	     "  --quiet              counts only\n"
	     "  --behave NAME[,NAME] one or more of:");
	for (unsigned k = 0; k < BEHAVE_N; k++) {
		const struct behave_rule *rule = behave_rule((enum behaviour)k);

		printf("      %-16s rule %u: %s\n", rule->name, rule->rule, rule->what);
	}
	puts("  with --pptp, of:");
	for (unsigned k = 0; k < PPTP_BEHAVE_N; k++) {
		const struct pptp_behave_rule *rule = pptp_behave_rule((enum pptp_behaviour)k);

		printf("      %-18s rule %u: %s\n", rule->name, rule->rule, rule->what);
	}
}

static bool
read_secret(const char *file, struct l2tp_secret *out)
{
	const int fd = open(file, O_RDONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? -1 : read(fd, out->octets, sizeof out->octets);

	if (fd >= 0)
		close(fd);
	if (n <= 0)
		return false;
	out->n = (uint8_t)(out->octets[n - 1] == '\n' ? n - 1 : n);
	return out->n > 0;
}

static bool
read_number(const char *text, unsigned long max, unsigned long *out)
{
	char *end;

	*out = strtoul(text, &end, 10);
	return end != text && *end == '\0' && *out <= max;
}

enum {
	PPTP = 1,
	ADDRESS,
	RING,
	REFUSE_CALLS,
	PORT,
	TUNNELS,
	KERNEL,
	PPP,
	PPP_LOCAL,
	PPP_REMOTE,
	SECRET,
	HIDE,
	HELLO,
	TRIES,
	QUIET,
	BEHAVE,
	HELP
};

static const struct option long_options[] = {
	{ "pptp", no_argument, NULL, PPTP },
	{ "address", required_argument, NULL, ADDRESS },
	{ "ring", no_argument, NULL, RING },
	{ "refuse-calls", no_argument, NULL, REFUSE_CALLS },
	{ "port", required_argument, NULL, PORT },
	{ "tunnels", required_argument, NULL, TUNNELS },
	{ "kernel", required_argument, NULL, KERNEL },
	{ "ppp", required_argument, NULL, PPP },
	{ "ppp-local", required_argument, NULL, PPP_LOCAL },
	{ "ppp-remote", required_argument, NULL, PPP_REMOTE },
	{ "secret-file", required_argument, NULL, SECRET },
	{ "hide", no_argument, NULL, HIDE },
	{ "hello", required_argument, NULL, HELLO },
	{ "tries", required_argument, NULL, TRIES },
	{ "quiet", no_argument, NULL, QUIET },
	{ "behave", required_argument, NULL, BEHAVE },
	{ "help", no_argument, NULL, HELP },
	{ NULL, 0, NULL, 0 },
};

static bool
take_number(struct peer_config *c, int option, const char *text)
{
	unsigned long v;

	if (!read_number(text, option == TRIES ? UINT8_MAX : option == TUNNELS ? 30000 : UINT16_MAX, &v))
		return false;
	if (option == PORT)
		c->port = (uint16_t)v;
	else if (option == TUNNELS)
		c->max_tunnels = (uint16_t)v;
	else if (option == HELLO)
		c->params.hello_s = c->pptp_params.echo_s = (uint16_t)v;
	else
		c->params.tries = (uint8_t)v;
	return v > 0 || option == HELLO;
}

static bool
take_address(struct ut_peer *out, const char *text)
{
	memset(out, 0, sizeof *out);
	out->family = strchr(text, ':') != NULL ? 6 : 4;
	return inet_pton(out->family == 6 ? AF_INET6 : AF_INET, text, out->address) == 1;
}

static bool
take_pptp_option(struct peer_config *c, int option, const char *text)
{
	switch (option) {
	case PPTP:
		c->is_pptp = true;
		c->port = PPTP_PORT;
		return true;
	case ADDRESS:
		return take_address(&c->address, text);
	case RING:
		c->rings = c->pptp_params.is_pac = true;
		return true;
	case REFUSE_CALLS:
		c->pptp_params.accept_calls = false;
		return true;
	default:
		return false;
	}
}

static bool
take_option(struct peer_config *c, int option, const char *text)
{
	switch (option) {
	case PORT:
	case TUNNELS:
	case HELLO:
	case TRIES:
		return take_number(c, option, text);
	case KERNEL:
		c->is_kernel = true;
		c->plugin = text;
		return true;
	case PPP:
		if (c->n_ppp_options == PEER_PPP_OPTIONS)
			return false;
		c->ppp_options[c->n_ppp_options++] = text;
		return true;
	case PPP_LOCAL:
		return inet_pton(AF_INET, text, &c->ppp_local) == 1;
	case PPP_REMOTE:
		return inet_pton(AF_INET, text, &c->ppp_remote) == 1;
	case SECRET:
		c->params.authenticate_peer = true;
		return read_secret(text, &c->params.secret);
	case HIDE:
		c->params.hide_avps = true;
		return true;
	case QUIET:
		c->is_quiet = true;
		return true;
	case BEHAVE:
		return (c->is_pptp ? pptp_behave_parse(&c->pptp_behave, text)
				   : behave_parse(&c->behave, text)) == NULL;
	default:
		return take_pptp_option(c, option, text);
	}
}

static struct peer_config
default_config(void)
{
	struct peer_config c;

	memset(&c, 0, sizeof c);
	c.params = ut_l2tp_params_default();
	c.params.accept_tunnels = c.params.accept_calls = true;
	c.params.host_name_octets = 4;
	memcpy(c.params.host_name, "peer", 4);
	c.pptp_params = ut_pptp_params_default();
	c.pptp_params.accept_connections = c.pptp_params.accept_calls = true;
	c.pptp_params.host_name_octets = 4;
	memcpy(c.pptp_params.host_name, "peer", 4);
	c.address.family = 4;
	c.port = L2TP_PORT;
	c.max_tunnels = 64;
	inet_pton(AF_INET, "10.10.0.1", &c.ppp_local);
	inet_pton(AF_INET, "10.10.0.10", &c.ppp_remote);
	return c;
}

/* 0, or the exit status. */
static int
read_options(int argc, char **argv, struct peer_config *c)
{
	int option;

	while ((option = getopt_long(argc, argv, "", long_options, NULL)) != -1) {
		if (option == HELP) {
			help();
			exit(0);
		}
		if (option == '?' || !take_option(c, option, optarg)) {
			fprintf(stderr, "uptun-peer: not understood; --help tells\n");
			return 2;
		}
	}
	c->behave.secret = c->params.secret;
	if (c->params.hide_avps && c->params.secret.n == 0) {
		fprintf(stderr, "uptun-peer: --hide needs --secret-file\n");
		return 2;
	}
	return optind < argc ? 2 : 0;
}

/* ---- signals ---- */

struct orders {
	struct peer *peer;
	unsigned stops;
};

static void
on_signal(void *ctx, int fd)
{
	struct orders *o = ctx;
	struct signalfd_siginfo info;

	while (read(fd, &info, sizeof info) == (ssize_t)sizeof info) {
		if (info.ssi_signo == SIGUSR1)
			peer_tell(o->peer);
		else if (info.ssi_signo == SIGUSR2)
			peer_hang_up(o->peer);
		else
			o->stops++;
	}
}

static int
watch_signals(struct orders *o)
{
	const struct ut_io *io = &o->peer->turn.io;
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGUSR1);
	sigaddset(&set, SIGUSR2);
	sigprocmask(SIG_BLOCK, &set, NULL);
	const int fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	return fd < 0 ? -errno : io->ops->watch(io->self, fd, on_signal, o);
}

static int
serve(struct peer *p, struct orders *o)
{
	int r = 0;

	while (r == 0 && o->stops == 0)
		r = peer_turn(p, NULL);
	return r;
}

/* StopCCN to all, and a while to hear that it came; a second signal ends it at once. */
static int
say_goodbye(struct peer *p, struct orders *o)
{
	enum { GOODBYE_US = 3000000 };
	const struct ut_time until = { turn_now(&p->turn).us + GOODBYE_US };
	int r = 0;

	peer_stop(p);
	while (r == 0 && o->stops == 1 && !peer_is_done(p) && turn_now(&p->turn).us < until.us)
		r = peer_turn(p, &until);
	return r;
}

int
main(int argc, char **argv)
{
	struct peer_config config = default_config();
	struct kb_error why = { 0 };
	int r = read_options(argc, argv, &config);
	struct peer *p = r == 0 ? calloc(1, sizeof *p) : NULL;
	struct orders orders = { .peer = p };

	if (p == NULL)
		return r != 0 ? r : 1;
	r = peer_open(p, &config, &why);
	if (r == 0)
		r = watch_signals(&orders);
	if (r == 0) {
		printf("ready %u\n", config.port);
		fflush(stdout);
		r = serve(p, &orders);
	}
	if (r == 0)
		r = say_goodbye(p, &orders);
	if (r < 0)
		fprintf(stderr, "uptun-peer: %s\n", why.text[0] != '\0' ? why.text : strerror(-r));
	if (p->turn.engine != NULL)
		peer_tell(p);
	peer_close(p);
	free(p);
	return r < 0 ? 1 : 0;
}
