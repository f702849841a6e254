/* daemon_state.h - what a daemon remembers; private to its files
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef CLI_DAEMON_DAEMON_STATE_H
#define CLI_DAEMON_DAEMON_STATE_H

#include "cli/api/frame.h"
#include "cli/api/message.h"
#include "cli/daemon/arena.h"
#include "cli/daemon/daemon.h"
#include "cli/daemon/outbox.h"
#include "cli/output.h"

enum {
	API_NUMBER = 1, /* Version's `api` */
	US_PER_S = 1000000,
	US_PER_MS = 1000,
	ARENA_OCTETS = 4 * 1024 * 1024,
	STATUS_ARENA_OCTETS = 256 * 1024 /* one tunnel's status never takes more */
};

enum milestone {
	MILESTONE_RESOLVED,
	MILESTONE_DIALLING,
	MILESTONE_TUNNEL,
	MILESTONE_SESSION,
	MILESTONE_PPP,
	MILESTONE_N
};

struct tunnel {
	uint32_t id;
	unsigned index; /* the host's */
	char name[PROFILE_NAME_MAX + 1];
	char server[PROFILE_SERVER_MAX + 1];
	char peer_name[160]; /* what the server calls itself */
	enum profile_protocol protocol;
	unsigned sessions_n;
	unsigned up; /* set of sessions whose interface can be used, bit = index */
	struct daemon_origin origin;

	uint64_t attempts, retransmissions;
	uint64_t attempt_unix_ms;
	uint64_t reached_us[MILESTONE_N]; /* since the attempt began; 0: not */
	uint64_t up_since_us, up_us;	  /* the host's clock, 0: not up; in all before that */

	char peer_text[160]; /* the server's own words in this attempt, the last ones */
	bool has_end;
	struct ut_end end; /* of the last attempt that ended, with the server's words then */
	char end_text[160];
};

struct connection {
	struct daemon *d;
	int fd; /* -1: the slot is free */
	uint64_t serial;
	struct rights_peer peer;
	struct frame_inbox inbox;
	struct outbox outbox;
	uint64_t amid_us;     /* since when a message is not whole; 0: there is none */
	uint64_t progress_us; /* when octets were last taken from the outbox, or put into the empty one */
	bool has_more;	      /* whole messages may be waiting in the inbox */
	bool is_closing;      /* no more is read; closed when the outbox is empty */
	bool reads, writes;   /* what the loop waits for */

	bool watches_all, wants_steps, wants_log;
	uint32_t *watched; /* owned, ascending */
	size_t watched_n, watched_cap;
	uint64_t lost; /* events */
	struct snapshot *metrics;
	size_t metrics_at;
};

/* Text of the metrics, as several clients may be reading it. */
struct snapshot {
	unsigned users;
	uint64_t taken_us;
	size_t n;
	char *text; /* owned */
};

struct daemon {
	struct daemon_config config;
	struct ut_io io;
	struct host *host;
	uint64_t started_unix_s;
	const char *const *sandbox;
	int listener;	       /* -1: none */
	bool is_listener_held; /* no descriptors are left: it is looked at again later */
	uint64_t listener_us;
	int err;

	struct tunnel **tunnels; /* ascending ids */
	unsigned tunnels_n, tunnels_up;
	struct tunnel **by_index; /* the host's */
	uint32_t last_id;
	unsigned stops;
	uint64_t goodbye_us; /* clients are given until then to take what is left; 0: not yet */

	struct connection clients[DAEMON_CLIENTS_MAX];
	unsigned clients_top; /* from here on slots are free */
	uint64_t last_serial;
	struct snapshot *metrics; /* the newest */

	struct log_ring ring;
	enum log_level level;
	struct output words;	   /* to print reports with */
	struct arena arena;	   /* of the message being made */
	struct host_status status; /* of the tunnel being looked at */
	struct {
		uint64_t requests, refused, clients, events, events_lost, cut_off;
		uint64_t ups, ends, attempts, retransmissions;
	} counts;
};

uint64_t daemon_now_us(const struct daemon *d);
uint64_t daemon_unix_ms(void);

/* ---- tunnels.c ---- */
struct tunnel *tunnel_find(const struct daemon *d, uint32_t id);
/* The first with this id or a later one; its place, tunnels_n: none. */
unsigned tunnel_place(const struct daemon *d, uint32_t id);
void tunnel_end(struct daemon *d, struct tunnel *t); /* gone from the tables, and freed */
/* Keeps account of what a report says. */
void tunnel_note(struct daemon *d, struct tunnel *t, const struct host_report *r);
/* All that end with this client's connection. */
void tunnels_stop_of(struct daemon *d, uint64_t client);

/* ---- status.c: messages in the arena ---- */
Uptun__TunnelStatus *status_of_tunnel(struct daemon *d, const struct tunnel *t);
Uptun__Ending *status_of_end(struct arena *a, struct ut_end end, const char *peer_text, const char *text);
Uptun__StatsReply *status_of_counters(struct daemon *d, const struct tunnel *t);
Uptun__LogLine *status_of_line(struct arena *a, const struct log_line *line);

/* ---- events.c ---- */
void events_report(void *ctx, const struct host_report *r); /* a host_report_fn */
void events_accepted(struct daemon *d, const struct tunnel *t);
void events_log(struct daemon *d, const struct log_line *line);

/* ---- orders.c ---- */
/* Obeys one request and answers it; false: the client is to be cut off, the answer says why. */
bool orders_take(struct connection *c, struct ut_slice octets);

/* ---- metrics.c ---- */
struct snapshot *metrics_take(struct daemon *d); /* counted; NULL: no memory */
void metrics_drop(struct snapshot *s);

/* ---- clients.c ---- */
void clients_tend(struct daemon *d, uint64_t now_us);
/* When clients_tend() is due; UINT64_MAX: not. */
uint64_t clients_next_us(const struct daemon *d, uint64_t now_us);
void clients_close_all(struct daemon *d);
bool clients_have_octets(const struct daemon *d);
bool client_watches(const struct connection *c, uint32_t tunnel);
bool client_watch(struct connection *c, uint32_t tunnel); /* false: no memory */
void clients_forget_tunnel(struct daemon *d, uint32_t tunnel);
/* A reply is kept until it is taken. */
void client_reply(struct connection *c, Uptun__Reply *reply);
/* To all who watch the tunnel (0: all tunnels) and want this kind.  `event` without `lost`. */
enum event_kind { EVENT_MILESTONE, EVENT_STEP, EVENT_LOG };
void clients_tell(struct daemon *d, uint32_t tunnel, enum event_kind kind, Uptun__Event *event);
bool clients_want(const struct daemon *d, uint32_t tunnel, enum event_kind kind);

#endif
