/* load.h - a machine and a server made of memory for a host of thousands of tunnels, with virtual time
 * SPDX-License-Identifier: Apache-2.0
 *
 * Every tunnel is a whole one: its socket, its control connection to an engine that answers, a data path that carries
 * nothing, a pppd that comes up.  Descriptors are the world's, so that ten thousand tunnels need none of the process.
 * A data path's calls have no context: one load at a time.
 */
#ifndef TESTS_CLI_HOST_LOAD_H
#define TESTS_CLI_HOST_LOAD_H

#include "cli/host/host.h"
#include "cli/host/io_virtual.h"

struct load;

struct load_spec {
	unsigned tunnels; /* most at a time */
	uint64_t seed;
	bool trace; /* the host reports every step of its machines */
	/* Hears what the host reports; NULL: nobody. */
	host_report_fn *report;
	void *report_ctx;
};

/* A world with a server and no host yet.  NULL: no memory. */
struct load *load_new(const struct load_spec *spec);
/* The host, if it is there, and all else.  Checks that no descriptor is left; returns NULL. */
struct load *load_free(struct load *l);

/* What a host needs to live in it: clock, machine, data path, sizes. */
struct host_config load_config(struct load *l);
struct ut_world *load_world(struct load *l);
/* A profile of this world that dials again; owned by the load. */
const struct profile *load_profile(const struct load *l);

/* Makes the host; counts on its reports. */
void load_open(struct load *l);
struct host *load_host(struct load *l);
/* Adds `n` profiles. */
void load_add(struct load *l, unsigned n);

/* Turns for so long. */
void load_run(struct load *l, uint64_t us);
/* ... or until so many are up, or until as many have ended in all.  False: not in that time. */
bool load_run_until_up(struct load *l, unsigned n, uint64_t us);
bool load_run_until_ended(struct load *l, unsigned n, uint64_t us);

/* Trouble, each for `n` tunnels by the seed: no datagram passes for two minutes; the server closes the tunnel;
 * pppd ends. */
void load_cut(struct load *l, unsigned n);
void load_close(struct load *l, unsigned n);
void load_hang_up(struct load *l, unsigned n);
/* The server forgets everything. */
void load_restart_server(struct load *l);

struct load_counts {
	unsigned up, ended; /* profiles: with PPP up now; that ended, in all */
	uint64_t attempts;  /* in all */
	unsigned kernel;    /* tunnels and sessions of the data path, now */
	unsigned ppps;	    /* pppds, now */
	uint64_t datagrams; /* from the host to its server, in all */
	uint64_t server_ns; /* spent by the server, in all */
};
struct load_counts load_counts(const struct load *l);

#endif
