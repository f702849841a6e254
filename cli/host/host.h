/* host.h - feeds an engine and carries out its effects; prints nothing
 * SPDX-License-Identifier: Apache-2.0
 *
 * One host drives one engine and any number of profiles in one process.  Sockets, kernel tunnels, pppd, routes
 * and the keeper are its business; what people should know comes out as reports.  Everything it made is undone
 * when a profile ends, when host_free() runs, and (by the keeper and pppd's plugin) when the process is killed.
 *
 * Profiles come and go as long as it lives.  What a turn costs depends on what happens in it, not on how many
 * profiles there are.
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
	HOST_ENDED,   /* end, status, text: one sentence - what happened, what to do next; the last of it */
	HOST_WARNING, /* text: what was asked for and could not be done, or is lacking; the tunnel stands */
	HOST_NOTE, /* text: worth knowing with -v (retransmissions, ICMP errors, pppd phases); number: of the
		       * process when pppd has just been started, 0 otherwise */
	HOST_TRACE, /* trace: a step of a machine, with -v -v; of a session's machines also session, has_session */
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
	bool has_session; /* of HOST_TRACE: the step is one session's */
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
	unsigned transmission; /* HOST_NOTE about a retransmission: which one, from 2; else 0 */
	struct ut_end end;
	int status; /* exit status, HOST_ENDED */
	const char *text;
	const struct ut_trace *trace;
};

typedef void host_report_fn(void *ctx, const struct host_report *report);

/* Sees all that goes into the engine and comes out, in order; what is NULL is not wanted; everything is borrowed for
 * the call.  Of params the secret's octets are 0 and only its length is as it is. */
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

enum { HOST_PROFILES_MAX = 16384, HOST_SESSIONS_MAX = 16384 };

struct host_config {
	struct ut_io io;
	struct host_system system; /* all zero: the machine itself */
	host_report_fn *report;
	void *report_ctx;
	const struct kb_driver *driver; /* NULL: by the profiles' preference */
	const char *
	    plugin_dir; /* where uptun-pppox.so is; NULL: $UPTUN_PLUGIN_DIR, beside the program, or the installed place */
	unsigned max_profiles,
	    max_sessions; /* at a time; 0: 1 profile, PROFILE_SESSIONS_MAX sessions a profile */
	unsigned pptp_profiles,
	    pptp_sessions; /* how many of these are of PPTP; with `any_protocol` not read */
	bool any_protocol; /* each of them may be of either protocol */
	bool stays;	   /* host_turn() waits although there is no profile, as a daemon does */
	bool trace;
	const struct host_observer *observer; /* NULL: nobody; borrowed while the host lives */
	void *observer_ctx;
};

/* Where uptun-pppox.so is: in `directory`, unless that is NULL, as host_config.plugin_dir. */
enum { HOST_PATH_MAX = 256 };
void host_plugin_find(const char *directory, char out[HOST_PATH_MAX]);

struct host;

/* 0 or -errno; `why` says more.  -E2BIG: more than HOST_PROFILES_MAX profiles, or more than the engine has timers for
 * (65534: with L2TP four a profile of one session, with PPTP as well five, and some). */
int host_new(const struct host_config *config, struct host **out, struct kb_error *why);
struct host *host_free(struct host *h); /* undoes everything; returns NULL */

/* Copies what it needs of a validated profile whose secrets are loaded; starts it with the loop.  At any time, also
 * from a report.  `*index`, below max_profiles, numbers it until its HOST_ENDED; from the turn after that on another
 * profile may have the number.  0 or -errno: no room (-ENOSPC), or something asked for that cannot be had here. */
int host_add(struct host *h, const struct profile *profile, unsigned *index, struct kb_error *why);

/* Asks a profile (or, UINT_MAX, all) to end: first gracefully, asked again at once.  A number that no profile has is
 * nobody's.  May be called from a report; not from a signal handler. */
void host_stop(struct host *h, unsigned index);

/* Tries every driver now, so that none needs /dev/ppp, or a module loaded, when the process has no rights left. */
void host_probe_drivers(struct host *h);

/* Runs until every profile has ended.  0 or -errno. */
int host_run(struct host *h);

/* One turn of the loop: false when every profile has ended (unless the host stays), or waiting failed. */
bool host_turn(struct host *h);
/* The same, waiting no longer than `until` (NULL: as long as it likes). */
bool host_turn_until(struct host *h, const struct ut_time *until);

/* ---- looking in ---- */

/* One session of a profile.  Times are those of the host's clock; 0: not in this attempt. */
struct host_status_session {
	const char *state;			/* of its machine client-link, as its table prints it */
	const char *session_state;		/* of the session's or call's own; NULL: there is none */
	bool is_up;				/* its ppp interface can be used */
	uint16_t local_sid, peer_sid;		/* PPTP: call ids; 0: there is none */
	char interface[IF_NAMESIZE];		/* "": none, or not known yet */
	char local[64], remote[64], dns[2][64]; /* as in a report */
	unsigned mtu;				/* octets; 0: not known */
	bool has_mppe;
	unsigned mppe_bits;
	uint64_t session_us, up_us; /* when the session was established, and PPP up */
	struct kb_session_stats
	    stats; /* as the kernel counts them now; of the last session where there is none */
};

enum { HOST_STATUS_ROUTES_MAX = PROFILE_ROUTES_MAX + 7, HOST_ROUTE_TEXT = 160 };

/* A profile as it is now.  Strings that are pointed to live as long as the profile. */
struct host_status {
	const char *name;
	enum profile_protocol protocol;
	const char *state;	      /* of its machine client, as its table prints it */
	const char *tunnel_state;     /* of its control connection; NULL: there is none */
	uint16_t local_tid, peer_tid; /* 0: there is none, or PPTP */
	const char *data_path;	      /* the driver; NULL: not known yet */
	bool has_server;
	union kb_sockaddr server;
	uint32_t attempt;	  /* in a row without success, from 1; 0: not started */
	uint64_t added_us;	  /* when host_add() took it */
	uint64_t attempt_us;	  /* when this attempt began */
	uint64_t dialled_us;	  /* when its first message went out */
	uint64_t tunnel_us;	  /* when its control connection was established */
	uint64_t next_attempt_us; /* when the next one begins; 0: it does not wait */
	struct ut_end last_end;	  /* of the attempt before; cause UT_CAUSE_NONE: there was none */
	unsigned sessions_n, routes_n;
	struct host_status_session sessions[PROFILE_SESSIONS_MAX];
	char routes[HOST_STATUS_ROUTES_MAX]
		   [HOST_ROUTE_TEXT]; /* "10.0.0.0/8 via ppp0": in the kernel, made by us */
};

/* False: no profile has this number. */
bool host_status(struct host *h, unsigned index, struct host_status *out);

/* How many profiles there are, and what they take of the engine: its pools are full again when there is none. */
unsigned host_n_profiles(const struct host *h);
struct ut_engine_counts host_engine_counts(const struct host *h);

#endif
