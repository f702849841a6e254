/* rig.h - a host on a machine made of memory, with a server made of an engine at the other end
 * SPDX-License-Identifier: Apache-2.0
 *
 * Every call of the host into its machine is counted and can be made to fail, once, at any of its occurrences.
 */
#ifndef TESTS_CLI_HOST_RIG_H
#define TESTS_CLI_HOST_RIG_H

#include "cli/host/host.h"
#include "cli/host/io_virtual.h"
#include "tests/cli/host/sham_pppd.h"

#define RIG_CALLS(X)        \
	X(RESOLVE)          \
	X(RESOLVED)         \
	X(PROBE)            \
	X(UDP_OPEN)         \
	X(UDP_CONNECT)      \
	X(UDP_LOCAL)        \
	X(WATCH)            \
	X(SEND)             \
	X(WATCH_FOR)        \
	X(TCP_CONNECT)      \
	X(TCP_CONNECTED)    \
	X(TCP_LOCAL)        \
	X(TCP_SEND)         \
	X(TCP_RECEIVE)      \
	X(SESSION_RESERVE)  \
	X(TUNNEL_OPEN)      \
	X(SESSION_OPEN)     \
	X(STATS)            \
	X(PPP_START)        \
	X(PPP_REPORT)       \
	X(LINK_GET)         \
	X(LINK_BY_INDEX)    \
	X(ROUTE_ADD)        \
	X(ROUTE_DEL)        \
	X(ROUTE_LOOKUP)     \
	X(MONITOR)          \
	X(PROTECTION)       \
	X(PROTECTION_HOLD)  \
	X(PROTECTION_WATCH) \
	X(DRIVER_WATCH)

enum rig_call {
#define X(name) RIG_##name,
	RIG_CALLS(X)
#undef X
	    RIG_CALL_N
};
const char *rig_call_name(enum rig_call call);

enum { RIG_STREAMS = 8, RIG_STREAM_OCTETS = 4096 };
enum { RIG_PPPS = 16, RIG_ROUTES = 64, RIG_CHANGES = 32, RIG_WAN = 2, RIG_WAN2 = 3, RIG_PPP0 = 10 };

struct rig_ppp {
	struct rig *rig;
	struct sham_pppd pppd;
	struct kb_pppd_report reports[4];
	unsigned n_reports;
	uint32_t ifindex;
};

/* A control connection of PPTP that the server accepted. */
struct rig_stream {
	bool used, is_closing, has_fin;
	int fd;
	struct ut_path path;
	size_t out_n; /* octets to be sent */
	uint8_t out[RIG_STREAM_OCTETS];
};

struct rig_server {
	struct ut_engine *engine;
	void *memory;
	struct ut_io io;
	int fd;
	struct ut_path path;
	struct ut_effects out;
	struct ut_effect effects[64];
	uint8_t octets[16384];
	uint64_t alarm_us; /* of the appointment under way; 0: none */
	bool is_silent;
	bool refuses_calls;
	bool refuses_connections; /* PPTP: nobody listens; set before rig_start() */
	bool refuses_starts;	  /* PPTP: its answer to the start request is no; likewise */
	bool keeps_open;	  /* PPTP: it never closes TCP */
	int listener;
	struct ut_path pptp_path;
	struct rig_stream streams[RIG_STREAMS];
	struct rig_stream *accepted; /* has no name yet */
	struct ut_ref tunnel;	     /* the last one */
	struct ut_ref session;	     /* the last one */
	bool has_session;
};

struct journal;

struct rig {
	struct ut_world *world;
	struct ut_io io, world_io; /* the first fails when told to */
	struct ut_io_ops io_ops;
	struct host *host;
	struct profile *profile;
	struct rig_server server;
	struct l2tp_secret server_secret;
	const struct host_observer *observer; /* NULL: nobody; set before rig_start() */
	void *observer_ctx;
	host_report_fn *listener; /* NULL: nobody; set before rig_start() */
	void *listener_ctx;
	struct journal *journal; /* NULL: this program keeps none */
	char journal_path[64];

	/* what is made to fail */
	unsigned calls[RIG_CALL_N];
	enum rig_call fail_call; /* RIG_CALL_N: nothing */
	unsigned fail_at;	 /* occurrence, from 1 */

	/* the machine */
	bool answers_at_once; /* the resolver */
	unsigned n_addresses;
	union kb_sockaddr addresses[2];
	struct rig_ppp ppps[RIG_PPPS];
	bool ppp_is_peer;     /* PPP's peer has the server's own address */
	bool ppp_is_stubborn; /* does not end when asked */
	bool ppp_is_mute;     /* says nothing, neither what phase it is in nor that it is up */
	unsigned mppe_bits;
	bool mppe_is_refused; /* reported instead of its being up: for this reason */
	enum kb_mppe_end mppe_end;
	enum kb_mppe mppe; /* what the last one was asked for */
	int ppp_wstatus;   /* what it ends with by itself, soon after its start; -1: it does not */
	struct kb_route routes[RIG_ROUTES];
	unsigned n_routes;
	uint32_t way; /* RIG_WAN, RIG_WAN2, or 0: no way */
	struct kb_change changes[RIG_CHANGES];
	unsigned n_changes;
	int monitor_fd;
	unsigned sent_before_looking; /* datagrams, when changes were first listened to or a way looked up */
	bool has_looked;
	bool has_ipsec;
	struct kb_protection protection;
	struct kb_flow flow; /* that was last asked about */
	unsigned holds;
	int protection_fd;    /* 0: nobody listens */
	unsigned open_kernel; /* tunnels and sessions of the driver */
	struct kb_tunnel_spec last_tunnel;
	unsigned busy_ids; /* so many reservations find their id taken */
	int losses_fd;
	unsigned n_losses; /* news that waits to be read */
	struct kb_loss loss;
	unsigned checks; /* of sessions, by the host */
	int lost_at;	 /* the number of the check that finds a session lost, from 1; 0: none does */

	/* what was told */
	unsigned told[HOST_REPORT_N];
	char ended[1024], notes[8192], warning[512];
	int status;
	struct ut_end end;
	uint64_t ended_us;
	char last_route[160];
	bool stop_when_up;
	unsigned ended_profile; /* the number of the one that ended last */
	void (*on_report)(struct rig *rig, const struct host_report *report); /* NULL: nobody else listens */

	/* a daemon's host; set before rig_start() */
	unsigned max_profiles; /* of either protocol; 0: one, of the profile's */
	bool stays;
};

/* A host with one profile, that is not started yet; the profile may still be changed. */
struct rig *rig_new(const struct ut_world_spec *spec);
/* Makes the host and adds the profile. */
void rig_start(struct rig *rig);
/* Makes the host. */
void rig_open(struct rig *rig);
/* The machine made of memory. */
struct host_system rig_system(struct rig *rig);
/* Adds the profile, as it is now: its number.  It must fit. */
unsigned rig_add(struct rig *rig);
/* Ends it and checks that nothing is left. */
void rig_end(struct rig *rig);

/* Turns until this much time has passed or every profile has ended; true when ended. */
bool rig_run(struct rig *rig, uint64_t us);
/* ... or until a report of this kind has come `n` times in all. */
bool rig_run_until(struct rig *rig, enum host_report_kind kind, unsigned n, uint64_t us);

/* Policies demand ESP both ways; the association is there, or not yet.  News of it is told. */
void rig_protect(struct rig *rig, bool is_associated);
/* The policy for what goes out is deleted. */
void rig_unprotect(struct rig *rig);

void rig_stop_in(struct rig *rig, uint64_t us);
/* pppd tells once more that it is up. */
void rig_ppp_report(struct rig *rig, unsigned index, unsigned mppe_bits);
/* ... that IPv6 is up, too. */
void rig_ppp_ipv6(struct rig *rig, unsigned index);
void rig_ppp_end(struct rig *rig, unsigned index, int wstatus);
void rig_change(struct rig *rig, const struct kb_change *change);
/* The driver has `n` pieces of news of this loss. */
void rig_lose(struct rig *rig, struct kb_loss loss, unsigned n);
/* The server ends the session, or the tunnel it is in. */
void rig_server_hangs_up(struct rig *rig);
void rig_server_closes(struct rig *rig);
/* PPTP: its control connections break, by RST or FIN. */
void rig_server_breaks(struct rig *rig, bool by_reset);

#endif
