/* host_state.h - what a host knows; shared by its files and by nobody else
 * SPDX-License-Identifier: Apache-2.0
 *
 * Slots are found by the engine's own indexes: links, sessions and tunnels by the index of their ref, sockets by
 * their path.  The ref in a slot carries the generation, so that an effect for something gone finds nothing.
 */
#ifndef CLI_HOST_HOST_STATE_H
#define CLI_HOST_HOST_STATE_H

#include "cli/host/host.h"
#include "cli/host/host_groups.h"
#include "cli/host/host_list.h"
#include "cli/host/host_slots.h"
#include "cli/host/host_timers.h"
#include "fsm/index.h"

enum {
	HOST_ADDRESSES_MAX = 8, /* of one server */
	HOST_STEPS = 4,		/* a failing effect's event is fed inside the step it belongs to */
	HOST_EFFECTS = 64,
	HOST_EFFECT_OCTETS = 16384,
	HOST_DATAGRAM_OCTETS = 65536,
	HOST_RECEIVE_BURST = 32, /* datagrams, reports and changes taken in one go, per descriptor */
	HOST_ROUTES_MAX = HOST_STATUS_ROUTES_MAX - 1, /* and the guard */
	HOST_SENTENCE_OCTETS = 768,
	HOST_NETWORK_PAUSE_US = 1000000, /* between two UT_EV_NETWORK of one client */
	HOST_ADDRESS_GONE_US = 2000000,	 /* an address may be taken away and given again */
	HOST_DRIVERS = 6,		 /* of kernel-bridge, the null one among them */
	HOST_IPSEC_WAIT_US = 10000000,	 /* for an association, before the first message */
	HOST_LOOKS = 5,			 /* at the sessions, after news that one may be lost ... */
	HOST_LOOK_PAUSE_US = 200000,	 /* ... this far apart */
	HOST_VANISHED_US = 1000000,	 /* pppd's time to end after its interface has vanished */
	HOST_TAIL_OCTETS = 16384,	 /* of a stream, waiting to be sent */
	HOST_STREAM_CLOSE_US = 1000000,	 /* for the peer's FIN after ours */
	HOST_GRE_SILENCE_US = 8000000	 /* without any answer to PPP it is GRE that does not get through */
};

/* A stream that is being closed has no name any more: the engine has forgotten it. */
struct host_path {
	struct host *host;
	bool is_open, is_connected;
	struct ut_path id;
	int fd;
	struct host_profile *profile; /* NULL: it has ended */
	struct host_list of_profile;  /* in its list, the newest last */
	struct host_list tunnels;     /* the kernel's that stand on it */
	union kb_sockaddr peer, local;
	int told_err; /* the last error a note was written about */

	/* of streams */
	bool is_stream, is_connecting;
	bool has_fin;		  /* the peer has sent its last */
	bool is_shut;		  /* so have we */
	bool is_broken;		  /* and the engine knows */
	int send_err;		  /* sending failed so; what the peer had to say is read nevertheless */
	uint64_t closing_us;	  /* since when it is being closed; 0: it is not */
	struct host_list closing; /* in the host's list */
	uint8_t *tail;		  /* what short writes left; HOST_TAIL_OCTETS, owned; NULL: never any */
	size_t tail_n;
};

struct host_tunnel {
	struct ut_ref ref;
	struct host_list of_path;	/* in the list of the path it stands on */
	const struct kb_driver *driver; /* NULL: never opened */
	struct kb_tunnel kernel;
};

struct host_session {
	struct ut_ref ref, dead;	/* `dead`: the last one that was closed */
	struct ut_ref link;		/* whose it is; no ref: nobody's */
	struct host_list open;		/* in the host's list of those that the kernel has */
	const struct kb_driver *driver; /* NULL: never opened */
	struct kb_session kernel;
	struct kb_session_stats stats; /* as last read */
	bool is_lost;		       /* the kernel has it no more, and the engine was told */
	bool is_doubted;	       /* news could mean it: it is looked at again */
};

struct host_link {
	struct host *host;
	struct host_profile *profile; /* NULL: it is free */
	unsigned number;	      /* of its session in the profile */
	struct ut_ref ref, session;
	uint16_t local_sid, peer_sid; /* of the session that is up; 0: none is */
	uint64_t session_us, up_us;   /* when it came up, and PPP; 0: they are not */
	struct kb_pppd ppp;
	bool is_running, is_up, is_ipv6_up, auth_failed, is_gone, was_asked_to_end;
	char ifname[IF_NAMESIZE];
	uint32_t ifindex;	/* 0: not known */
	struct host_member own; /* in the group of it */
	struct host_list
	    looking; /* in the host's list, while it waits for its interface without being told */
	struct in_addr local, peer, dns[2];
	unsigned mtu, mppe_bits;
	enum kb_mppe_end mppe_end; /* KB_MPPE_END_N: it does not end for want of encryption */
	uint64_t vanished_us;	   /* 0: its interface is there */
};

/* A route we want; `is_ours` while it is in the kernel and ours to delete. */
struct host_route {
	struct kb_route route;
	bool is_ours;
};

struct host_routes {
	struct host_route guard;
	char guard_interface[IF_NAMESIZE]; /* as it was called when the guard was made */
	bool has_guard;
	struct host_route *v; /* room for HOST_ROUTES_MAX */
	unsigned n;
	bool is_suspended; /* there is no way to the server but through the tunnel itself */
};

/* A socket opened to look at its protection, until the engine asks for it. */
struct host_reserved {
	int fd; /* -1: none */
	bool is_connected;
	union kb_sockaddr peer;
	uint64_t waits_since_us; /* for an association; 0: not */
};
#define HOST_RESERVED_NULL ((struct host_reserved){ .fd = -1 })

/* Reports that may wait (host_report_soon()) are of kinds below this. */
enum { HOST_SOON_KINDS = HOST_DIALLING + 1 };

struct host_profile {
	struct host *host;
	unsigned index;
	const struct kb_driver *driver; /* as probed; NULL: not yet */
	struct ut_ref client;
	uint16_t params; /* its slot in the engine, of its protocol */
	uint16_t first_link;
	bool is_ended, wants_start;
	struct host_list all;	  /* in the host's list of all ... */
	struct host_list ordered; /* ... of those with an order for the engine ... */
	struct host_list
	    catch_up;		/* ... of those with something that the first message does not wait for ... */
	struct host_list ended; /* ... of those to be forgotten */
	struct host_list awaiting; /* ... of those that wait for an association of IPsec */
	struct host_member by_way,
	    by_address;		/* in the groups of its way's interface and its socket's address */
	struct host_list paths; /* its sockets, the newest last */
	unsigned to_tell;	/* set of enum host_report_kind: reports that wait, in that order */
	uint64_t to_tell_us[HOST_SOON_KINDS]; /* when it was that they tell of */
	unsigned stops_asked;

	uint64_t added_us, attempt_us;			 /* when it was taken, and when this attempt began */
	uint64_t dialled_us, tunnel_us, next_attempt_us; /* milestones of it; 0: not passed */
	uint32_t attempt;
	struct ut_ref tunnel; /* its control connection; no ref: none is up */
	uint16_t local_tid, peer_tid;
	struct ut_end last_end;
	struct host_query *query;
	int query_fd;
	union kb_sockaddr addresses[HOST_ADDRESSES_MAX], server;
	unsigned n_addresses, next_address;

	/* of this attempt, for the sentence at its end */
	bool has_server, has_dialled, was_tunnel_up, was_ppp_up;
	bool was_ppp_heard;	   /* the peer answered to LCP */
	enum kb_mppe_end mppe_end; /* of a session; KB_MPPE_END_N: none ended for want of encryption */
	uint64_t session_us;	   /* when a session came up; 0: none did */
	unsigned failed_link;	   /* number of the session that ended last */
	uint32_t transmissions;
	uint64_t first_send_us;
	int icmp_err;
	struct kb_error why; /* the bridge's sentence about the effect that failed last */
	char peer_text[160]; /* the server's own words */

	struct host_reserved reserved;

	/* the way to the server, as the kernel would choose it */
	struct host_routes routes;
	bool has_way, wants_way, way_link_down, path_is_dead;
	uint64_t address_gone_us; /* 0: the address our socket has is there */
	struct kb_route way;
	uint64_t network_us; /* when UT_EV_NETWORK was last fed; 0: never */
	bool network_waits;

	struct profile config; /* our own copy; it and the routes are last: much of them is never touched */
	struct host_route wanted[HOST_ROUTES_MAX];
};

/* A driver that was probed, and what came out. */
struct host_probed {
	const struct kb_driver *driver; /* NULL: none */
	int result;
	struct kb_error why;
};

/* One step's effects, being carried out. */
struct host_step {
	struct ut_effects out;
	struct ut_effect effects[HOST_EFFECTS];
	uint8_t octets[HOST_EFFECT_OCTETS];
};

/* One piece: pages are there when they are touched, and most never are. */
struct host_buffers {
	struct host_step steps[HOST_STEPS];
	uint8_t datagram[HOST_DATAGRAM_OCTETS];
};

/* What all profiles are gone through for. */
enum host_sweep_for {
	HOST_SWEEP_WAY = 1,   /* is the way to the server another? */
	HOST_SWEEP_IPSEC = 2, /* is the socket still protected? */
	HOST_SWEEP_ASK = 4    /* the server is asked for a sign of life */
};

struct host_sweep {
	unsigned what, next; /* under way: a set of enum host_sweep_for, 0: none is; the next profile */
	unsigned wanted;     /* after it */
	uint64_t began_us;   /* the last one; 0: never */
};

struct host {
	struct host_config config;
	struct ut_io io;
	const struct host_system_ops *system;
	void *system_self;
	bool owns_system;

	void *memory; /* the engine's: it holds secrets */
	size_t memory_octets;
	struct ut_engine *engine;
	struct ut_engine_config engine_config;

	struct host_buffers *buffers;
	unsigned depth;
	bool has_deadline;
	struct ut_time deadline;
	size_t random_wanted;

	struct ut_event *queue; /* results, fed when the step that asked for them is done */
	unsigned queue_head, queue_n, queue_cap;

	struct host_slots slots;				  /* of profiles */
	struct host_profile **profiles;				  /* by slot; NULL: free */
	struct host_profile **clients;				  /* by the engine's index of the client */
	unsigned n_profiles;					  /* there are */
	struct host_list all, ordered, catch_up, ended, awaiting; /* profiles */
	struct host_list looking;				  /* links */
	struct host_groups groups;
	struct host_timers timers;
	struct host_sweep sweep;
	struct host_slots params[PROFILE_PROTOCOL_N]; /* of the engine */
	struct host_path *paths;
	unsigned n_paths;
	struct host_slots path_slots;
	uint16_t *path_buckets, *path_next; /* the index by which their names are found */
	uint32_t path_mask;
	struct host_list closing; /* streams, the oldest first */
	struct host_list open_sessions;
	struct host_tunnel *tunnels;
	struct host_session *sessions;
	struct host_link *links;

	int monitor_fd, ipsec_fd;
	bool is_watching;			     /* the network's changes, or it was tried */
	struct host_probed probed[HOST_DRIVERS + 1]; /* ends with none */
	const struct kb_driver *watched;	     /* whose losses are told on losses_fd; NULL: nobody's */
	int losses_fd;
	uint64_t look_since_us; /* 0: there is nothing to look at again */
	unsigned looks;
	char plugin_path[HOST_PATH_MAX]; /* "": not looked for yet */
	int err;			 /* of the loop; ends it */
};

static inline bool
host_ref_is_same(struct ut_ref a, struct ut_ref b)
{
	return a.index == b.index && a.generation == b.generation;
}

/* PPTP's connections and calls follow L2TP's tunnels and sessions. */
static inline unsigned
host_n_tunnels(const struct host *h)
{
	return (unsigned)h->engine_config.n_tunnels + h->engine_config.n_connections;
}

static inline unsigned
host_n_sessions(const struct host *h)
{
	return (unsigned)h->engine_config.n_sessions + h->engine_config.n_calls;
}

#define HOST_NO_REF ((struct ut_ref){ .index = UT_REF_NONE })

/* ---- host_feed.c: events in, effects out ---- */

/* Steps the engine and carries out what comes out. */
void host_feed(struct host *h, struct ut_event event);
/* Octets of a stream, as many of them as the engine takes in one step: how many. */
size_t host_feed_stream(struct host *h, struct ut_path path, struct ut_slice octets);
/* A result that can wait until the running step's effects are done. */
void host_queue(struct host *h, struct ut_event event);
/* An effect failed: told at once, before any later effect (design 9). */
void host_effect_failed(struct host *h, enum ut_event_kind kind, struct ut_ref ref, int err);
void host_effect_done(struct host *h, enum ut_event_kind kind, struct ut_ref ref);
/* The same of a stream: it is of no use any more. */
void host_stream_failed(struct host *h, struct ut_path path, int err);
/* Feeds everything that waits. */
void host_drain(struct host *h);

/* ---- host_effects.c ---- */
void host_carry_out(struct host *h, const struct ut_effect *effect);

/* ---- host_observe.c: nothing when nobody observes ---- */
void host_observe_engine(const struct host *h);
void host_observe_l2tp_params(const struct host *h, uint16_t index, const struct ut_l2tp_params *params);
void host_observe_pptp_params(const struct host *h, uint16_t index, const struct ut_pptp_params *params);
void host_observe_client(const struct host *h, const struct ut_client_config *config, struct ut_ref client,
			 uint16_t first_link);
void host_observe_client_freed(const struct host *h, struct ut_ref client);
void host_observe_step(const struct host *h, const struct ut_event *event, const struct ut_effects *effects);

/* ---- who is who ---- */
struct host_profile *host_profile_of_client(struct host *h, struct ut_ref client);
struct host_link *host_link_of(struct host *h, struct ut_ref link);

/* ---- host_profile.c ---- */
/* Everything this profile made is undone; the engine is not told. */
void host_profile_undo(struct host_profile *p);
/* Ends its pppds without telling the engine. */
void host_profile_drop_ppp(struct host_profile *p);
/* Undone, forgotten and freed; its slots are given back if it has ended. */
void host_profile_free(struct host_profile *p);

/* ---- host_resolve.c ---- */
void host_resolve(struct host_profile *p);
void host_resolve_cancel(struct host_profile *p);

/* ---- host_paths.c ---- */
void host_path_open(struct host *h, struct host_profile *p, const struct ut_effect *effect);
void host_path_connect(struct host *h, const struct ut_effect *effect);
/* A UDP socket to the peer, as the profile wants it; nothing is sent. */
int host_udp_open(const struct host_profile *p, const union kb_sockaddr *peer, int *fd, struct kb_error *why);
void host_path_close(struct host *h, struct ut_path id);
void host_path_send(struct host *h, const struct ut_effect *effect);
struct host_path *host_path_find(struct host *h, struct ut_path id);
/* The newest open socket of a profile; NULL: none. */
struct host_path *host_path_of_profile(const struct host_profile *p);
void host_peer_to_sockaddr(const struct ut_peer *peer, union kb_sockaddr *out);
void host_sockaddr_to_peer(const union kb_sockaddr *address, struct ut_peer *out);

/* The table of sockets; host_paths_fini() is to follow in any case. */
bool host_paths_init(struct host *h);
void host_paths_fini(struct host *h);
/* One more of a profile's, not open yet; NULL: there is no slot. */
struct host_path *host_path_new(struct host_profile *p, const struct ut_effect *effect);
/* Its descriptor is closed: the slot is free. */
void host_path_forget(struct host_path *path);
/* The kernel's tunnels that stand on it. */
void host_path_close_tunnels(struct host_path *path);
/* A note to whose it is, if anybody's. */
void host_path_note(const struct host_path *path, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* ---- host_streams.c ---- */
void host_stream_open(struct host *h, struct host_profile *p, const struct ut_effect *effect);
void host_stream_send(struct host *h, const struct ut_effect *effect);
/* What is left is sent, then FIN, then the peer's is waited for. */
void host_stream_close(struct host *h, struct host_path *path);
void host_stream_reset(struct host *h, struct ut_path id);
/* Closes at once what is still being closed for profiles that have ended. */
void host_streams_hurry(struct host *h);
void host_streams_end(struct host *h);
void host_streams_timers(struct host *h, uint64_t now_us);

/* ---- host_protect.c ---- */
void host_protect(struct host_profile *p, const struct ut_effect *effect);
/* Ends a wait for protection that was cancelled, or has lasted long enough. */
void host_protect_cancel(struct host_profile *p);
void host_protect_give_up(struct host_profile *p);
void host_protect_release(struct host_profile *p);
/* Policies have changed: one that requires protection and has it no more is cut. */
void host_protect_check(struct host_profile *p);
/* Where the profile requires it: is the open socket protected?  0, and from then on the kernel sees to it, or
 * -errno. */
int host_protect_path(const struct host_profile *p, const struct host_path *path, struct kb_error *why);

/* ---- host_drivers.c ---- */
void host_probe(struct host *h, struct host_profile *p);
bool host_has_driver(enum profile_protocol protocol, enum profile_data_path choice);
/* Looks again at the sessions that may be lost, when it is time. */
void host_drivers_look(struct host *h, uint64_t now_us);
void host_drivers_end(struct host *h);

/* ---- host_sessions.c ---- */
void host_session_reserve(struct host *h, const struct ut_effect *effect);
void host_session_open(struct host *h, const struct ut_effect *effect);
void host_session_close(struct host *h, struct ut_ref session);
void host_tunnel_close(struct host *h, struct ut_ref tunnel);
struct host_session *host_session_find(struct host *h, struct ut_ref session);
bool host_session_is_dead(const struct host *h, struct ut_ref session);
/* Reads the kernel's counters once more, if it still carries the session. */
void host_session_read_stats(struct host *h, struct host_session *s);

/* ---- host_status.c ---- */
/* "" for 0.0.0.0, which is none. */
void host_print_address(struct in_addr a, char out[64]);

/* ---- host_ppp.c ---- */
void host_ppp_start(struct host *h, const struct ut_effect *effect);
void host_ppp_stop(struct host *h, struct ut_ref link);
void host_ppp_hang_up(struct host *h, struct ut_ref link);
void host_ppp_kill(struct host *h, struct ut_ref link);
/* Ends pppd without telling the engine; for the end of the host. */
void host_ppp_drop(struct host_link *link);
/* What the session carried, as counted now or last. */
void host_ppp_read_stats(const struct host_link *link, struct kb_session_stats *out);
/* With the stock plugin nobody reports: looks whether the interface is usable by now. */
void host_ppp_look(struct host_link *link);

/* ---- host_plugin.c ---- */
const char *host_plugin_path(struct host *h);

/* ---- host_routes.c ---- */
void host_routes_up(struct host_profile *p, const struct host_link *link);
void host_routes_up6(struct host_profile *p, const struct host_link *link);
void host_routes_down(struct host_profile *p);
/* The network changed: does the way to the server still stay clear of the tunnel?  True when another way had
 * to be found and was. */
bool host_routes_check(struct host_profile *p);
/* Finds out how the kernel sends to the server.  False: not at all. */
bool host_way_find(const struct host_profile *p, struct kb_route *out);
bool host_is_own_link(const struct host_profile *p, uint32_t ifindex);

/* "10.0.0.0/8 via 192.0.2.1 dev eth0" */
void host_route_text(const struct host_profile *p, const struct kb_route *route, char *out, size_t cap);

/* ---- host_network.c ---- */
int host_network_watch(struct host *h, struct kb_error *why);
/* There is a new socket: the way to the server is to be found, soon. */
void host_network_want_way(struct host_profile *p);
void host_network_find_way(struct host_profile *p);
/* What is known of the way; NULL: there is none. */
void host_network_know_way(struct host_profile *p, const struct kb_route *way);
/* The socket has its address. */
void host_network_know_address(struct host_profile *p, const union kb_sockaddr *local);
/* The kernel is asked for the way: news of another one is told, the guard put right. */
void host_network_check_profile(struct host_profile *p);
/* A sign of life is asked for; at most one a second. */
void host_network_ask(struct host_profile *p);
/* The address has been gone for long enough. */
void host_network_address_is_lost(struct host_profile *p);
/* pppd has not ended although its interface is gone. */
void host_network_link_is_lost(struct host_link *l);

/* ---- host_sweep.c ---- */
/* All profiles are to be checked: a few at once, many soon. */
void host_sweep_want(struct host *h, unsigned what);
/* The next slice, if one is due. */
void host_sweep_turn(struct host *h);
bool host_sweep_is_under_way(const struct host *h);

/* ---- host_waits.c ---- */
unsigned host_timer_own(const struct host *h, enum host_own_timer timer);
unsigned host_timers_count(const struct host *h);
/* The profile waits for something that it did not wait for. */
void host_waits_changed(struct host_profile *p);
void host_waits_for_pppd(struct host_link *l);
/* Unless it is set already. */
void host_waits_own(struct host *h, enum host_own_timer timer, uint64_t at_us);
/* Does what is due; writes when the next one is due into `*until`, true if there is one. */
void host_waits_run(struct host *h);
bool host_waits_next(const struct host *h, struct ut_time *until);

/* ---- host_params.c ---- */
struct ut_l2tp_params host_params(const struct profile *profile);
struct ut_pptp_params host_pptp_params(const struct profile *profile);
struct ut_client_config host_client_config(const struct profile *profile, uint16_t params);

/* ---- host_report.c ---- */
void host_report(struct host_profile *p, struct host_report *report);
/* HOST_RESOLVED, HOST_DATA_PATH or HOST_DIALLING, once the first message is on its way or before the next report; with
 * the time it is now. */
void host_report_soon(struct host_profile *p, enum host_report_kind kind);
/* What was held back. */
void host_report_now(struct host_profile *p);
void host_note(struct host_profile *p, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* The same for what is told without being asked. */
void host_warn(struct host_profile *p, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Keeps the sentence about an effect that failed, for the profile's last word. */
void host_blame(struct host_profile *p, const struct kb_error *why);
void host_engine_report(struct host *h, const struct ut_effect *effect);
void host_engine_trace(struct host *h, const struct ut_effect *effect);

/* ---- host_sentence.c ---- */
void host_end_sentence(const struct host_profile *p, struct ut_end end, char out[HOST_SENTENCE_OCTETS]);
const char *host_address_text(const union kb_sockaddr *address, char out[64]);

#endif
