/* host.h - feeds an engine and carries out its effects; prints nothing
 * SPDX-License-Identifier: Apache-2.0
 *
 * One host drives one engine and any number of profiles in one process.  Sockets, kernel tunnels, pppd, routes
 * and the keeper are its business; what people should know comes out as reports.  Everything it made is undone
 * when a profile ends, when host_free() runs, and (by the keeper and pppd's plugin) when the process is killed.
 */
#ifndef CLI_HOST_HOST_H
#define CLI_HOST_HOST_H

#include "cli/host/io.h"
#include "cli/host/system.h"
#include "cli/profile.h"
#include "fsm/engine.h"
#include "kernel-bridge/kb_datapath.h"
#include "kernel-bridge/kb_net.h"

enum host_report_kind {
	HOST_ATTEMPT,	/* number */
	HOST_RESOLVED,	/* address */
	HOST_DATA_PATH, /* text: the driver that carries the frames */
	HOST_IPSEC,	/* text: what protects the way to the server, or what is waited for */
	HOST_DIALLING,
	HOST_TUNNEL_UP,	    /* ids, text: the server's host name */
	HOST_SESSION_UP,    /* session, ids */
	HOST_PPP_UP,	    /* session, interface, local, remote, dns, mtu, mppe_bits */
	HOST_ROUTE,	    /* text: "10.0.0.0/8 via ppp0" or the guard's; number: 1 added, 0 removed */
	HOST_SESSION_ENDED, /* session, end, text */
	HOST_TUNNEL_ENDED,  /* end, text: the server's own words */
	HOST_PPP_ENDED,	    /* session, end, text */
	HOST_BACKOFF,	    /* number: ms; end */
	HOST_ENDED,	    /* end, status, text: one sentence - what happened, what to do next */
	HOST_WARNING, /* text: what was asked for and could not be done, or is lacking; the tunnel stands */
	HOST_NOTE,    /* text: worth knowing with -v (retransmissions, ICMP errors, pppd phases) */
	HOST_TRACE,   /* trace: a step of a machine, with -v -v */
	HOST_REPORT_N
};

/* Everything a report may carry; strings are borrowed for the call. */
struct host_report {
	enum host_report_kind kind;
	struct ut_time now;
	uint64_t since_start_us; /* of this attempt */
	unsigned profile;	 /* as host_add() numbered it */
	const char *profile_name;
	enum profile_protocol protocol;
	unsigned session; /* index in the profile */
	uint16_t local_tid, peer_tid, local_sid,
	    peer_sid; /* PPTP: no tunnel ids; the session's are call ids */
	union kb_sockaddr address;
	const char *interface;
	char local[64], remote[64], dns[2][64]; /* "" where there is none */
	unsigned mtu;				/* octets */
	bool has_mppe;				/* it is known whether MPPE is on */
	unsigned mppe_bits;			/* 0: not encrypted */
	uint64_t tx_octets, rx_octets; /* HOST_SESSION_ENDED, HOST_PPP_ENDED: what the session carried */
	uint32_t number;
	struct ut_end end;
	int status; /* exit status, HOST_ENDED */
	const char *text;
	const struct ut_trace *trace;
};

typedef void host_report_fn(void *ctx, const struct host_report *report);

/* Sees all that goes into the engine and comes out, in order; everything is borrowed for the call.  Of params the
 * secret's octets are 0 and only its length is as it is. */
struct host_observer {
	/* `effects`, `effect_octets`: the room that every step is given. */
	void (*engine)(void *ctx, const struct ut_engine_config *config, size_t effects,
		       size_t effect_octets);
	void (*l2tp_params)(void *ctx, uint16_t index, const struct ut_l2tp_params *params);
	void (*pptp_params)(void *ctx, uint16_t index, const struct ut_pptp_params *params);
	void (*client)(void *ctx, const struct ut_client_config *config, struct ut_ref client,
		       uint16_t first_link);
	void (*client_freed)(void *ctx, struct ut_ref client);
	void (*step)(void *ctx, const struct ut_event *event, const struct ut_effects *effects);
};

struct host_config {
	struct ut_io io;
	struct host_system system; /* all zero: the machine itself */
	host_report_fn *report;
	void *report_ctx;
	const struct kb_driver *driver; /* NULL: by the profiles' preference */
	const char *
	    plugin_dir; /* where uptun-pppox.so is; NULL: $UPTUN_PLUGIN_DIR, beside the program, or the installed place */
	unsigned max_profiles,
	    max_sessions; /* in all; 0: 1 profile, PROFILE_SESSIONS_MAX sessions a profile */
	unsigned pptp_profiles, pptp_sessions; /* how many of these are of PPTP */
	bool trace;
	const struct host_observer *observer; /* NULL: nobody; borrowed while the host lives */
	void *observer_ctx;
};

/* Where uptun-pppox.so is: in `directory`, unless that is NULL, as host_config.plugin_dir. */
enum { HOST_PATH_MAX = 256 };
void host_plugin_find(const char *directory, char out[HOST_PATH_MAX]);

struct host;

/* 0 or -errno; `why` says more. */
int host_new(const struct host_config *config, struct host **out, struct kb_error *why);
struct host *host_free(struct host *h); /* undoes everything; returns NULL */

/* Copies what it needs of a validated profile whose secrets are loaded; starts it with the loop.  `*index`
 * numbers it.  0 or -errno: no room, or something asked for that cannot be had here. */
int host_add(struct host *h, const struct profile *profile, unsigned *index, struct kb_error *why);

/* Asks a profile (or, UINT_MAX, all) to end: first gracefully, asked again at once.  May be called from a
 * report; not from a signal handler. */
void host_stop(struct host *h, unsigned index);

/* Tries every driver now, so that none needs /dev/ppp, or a module loaded, when the process has no rights left. */
void host_probe_drivers(struct host *h);

/* Runs until every profile has ended.  0 or -errno. */
int host_run(struct host *h);

/* One turn of the loop: false when every profile has ended. */
bool host_turn(struct host *h);

#endif
