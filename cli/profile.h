/* profile.h - what to bring up: the plain form of uptun.Profile (proto-defs/uptun.proto)
 * SPDX-License-Identifier: Apache-2.0
 *
 * One life: profile_init(); profile_read() from a file, or the command line's options with the setters, or
 * both, options last; profile_check(), which validates and fills in defaults; profile_load_secrets();
 * profile_fini().  Field paths in messages are those of the schema: "session[1].mtu".
 */
#ifndef CLI_PROFILE_H
#define CLI_PROFILE_H

#include "codec/bytes.h"
#include "codec/put.h"

enum {
	PROFILE_NAME_MAX = 64, /* octets, like the next ones */
	PROFILE_SERVER_MAX = 255,
	PROFILE_HOST_NAME_MAX = 255,
	PROFILE_PPTP_NAME_MAX = 64,
	PROFILE_USER_MAX = 255,
	PROFILE_SECRET_MAX = 255,
	PROFILE_IFNAME_MAX = 15,
	PROFILE_PATH_MAX = 4095,
	PROFILE_OPTION_MAX = 1023,
	PROFILE_FILE_MAX = 65536,
	PROFILE_SESSIONS_MAX = 16, /* pieces, like the next ones */
	PROFILE_ROUTES_MAX = 64,
	PROFILE_OPTIONS_MAX = 64
};

/* "Not given" of the fields where 0 says something. */
#define PROFILE_UNSET UINT32_MAX

/* ---- what is wrong, and where ---- */
struct profile_error {
	char field[160];       /* path in the schema; empty: none concerned */
	char text[256];	       /* "70 is below 128" */
	uint32_t line, column; /* in the file that was read, from 1; line 0: not in a file */
};

enum profile_result { PROFILE_OK, PROFILE_BAD, PROFILE_RESULT_N };

/* One line for people: "FILE:3:7: session[1].mtu: 70 is below 128", without the parts that are not known.
 * `file` may be NULL.  Cut off at `cap`, always ended with NUL. */
void profile_error_format(const struct profile_error *why, const char *file, char *out, size_t cap);

/* Hears about what is not wrong but should be told.  The sentence dies with the call. */
struct profile_listener {
	void (*warn)(void *arg, const char *sentence); /* NULL: nobody listens */
	void *arg;
};

/* ---- the profile ---- */

/* Octets given in place or, with `file`, to be read by profile_load_secrets().  Never print it. */
struct profile_secret {
	uint8_t octets[PROFILE_SECRET_MAX];
	uint8_t n;  /* 0: none */
	char *file; /* owned; NULL: none; "-": standard input */
};

enum profile_protocol { PROFILE_L2TP, PROFILE_PPTP, PROFILE_PROTOCOL_N };
enum profile_ppp_plugin { PROFILE_PLUGIN_UPTUN, PROFILE_PLUGIN_PPPOL2TP, PROFILE_PLUGIN_N };
enum profile_mppe {
	PROFILE_MPPE_UNSAID,
	PROFILE_MPPE_OFF,
	PROFILE_MPPE_ALLOW,
	PROFILE_MPPE_REQUIRE,
	PROFILE_MPPE_N
};
enum profile_dns { PROFILE_DNS_REPORT, PROFILE_DNS_NONE, PROFILE_DNS_N };
enum profile_data_path {
	PROFILE_DATA_AUTO,
	PROFILE_DATA_OL2TP,
	PROFILE_DATA_OLAC,
	PROFILE_DATA_PPTP,
	PROFILE_DATA_OPNS,
	PROFILE_DATA_NULL,
	PROFILE_DATA_NETLINK,
	PROFILE_DATA_N
};

struct profile_l2tp {
	char host_name[PROFILE_HOST_NAME_MAX + 1];
	struct profile_secret secret;
	bool hide_avps;
	uint32_t window;	   /* control messages */
	uint32_t tries;		   /* transmissions of one message */
	uint32_t hello_interval_s; /* 0: no HELLO; PROFILE_UNSET before profile_check() */
};

struct profile_pptp {
	char host_name[PROFILE_PPTP_NAME_MAX + 1];
	uint32_t echo_interval_s; /* 0: no Echo-Request; PROFILE_UNSET before profile_check() */
	uint32_t reply_timeout_s;
	uint32_t window; /* packets */
};

struct profile_session {
	char user[PROFILE_USER_MAX + 1];
	struct profile_secret password;
	uint32_t mtu, mru;			     /* octets */
	char interface_name[PROFILE_IFNAME_MAX + 1]; /* empty: the kernel's choice */
	char *options[PROFILE_OPTIONS_MAX + 1];	     /* owned words for pppd, NULL-terminated */
	unsigned options_n;
	enum profile_mppe mppe; /* UNSAID after profile_check(): pppd is told nothing */
};

struct profile_route {
	uint8_t family;	     /* 4 or 6 */
	uint8_t length;	     /* bits */
	uint8_t address[16]; /* network order, the first 4 with family 4, the rest 0 */
};

struct profile_timeouts {
	uint32_t setup_s; /* start to usable interface */
	uint32_t close_s; /* longest graceful end */
};

struct profile_reconnect {
	bool enabled;
	uint32_t first_delay_ms, max_delay_s;
	uint32_t max_attempts; /* in a row; 0: no end */
};

/* Numbers are 0 for "not given" until profile_check(), where not said otherwise. */
struct profile {
	char name[PROFILE_NAME_MAX + 1];
	char server[PROFILE_SERVER_MAX + 1];
	uint32_t server_port;
	uint32_t local_port;			/* 0: the kernel picks one */
	char interface[PROFILE_IFNAME_MAX + 1]; /* empty: none */
	uint32_t fwmark;			/* 0: none */
	enum profile_protocol protocol;
	struct profile_l2tp l2tp;
	struct profile_pptp pptp;
	enum profile_ppp_plugin ppp_plugin;
	bool default_route;
	enum profile_dns dns;
	enum profile_data_path data_path;
	struct profile_timeouts timeouts;
	struct profile_reconnect reconnect;
	bool require_ipsec;

	/* Last, so that what is not given is memory never touched. */
	unsigned sessions_n, routes_n;
	struct profile_session sessions[PROFILE_SESSIONS_MAX];
	struct profile_route routes[PROFILE_ROUTES_MAX];
};

/* Nothing given.  Some 20 KiB: keep it off deep stacks. */
void profile_init(struct profile *p);
/* The same for memory that is all 0 already, as from calloc(). */
void profile_init_zeroed(struct profile *p);

/* Wipes the secrets and frees what is owned; the profile is then as after profile_init(). */
void profile_fini(struct profile *p);

/* ---- setters: check length, UTF-8 and control characters, copy, replace what was there.
 * On PROFILE_BAD nothing changes and `why` names `field`. ---- */
enum profile_result profile_set_text(char *to, size_t cap, const char *field, struct ut_slice from,
				     struct profile_error *why) UT_MUST_USE;

/* Each forgets the other kind.  1 to PROFILE_SECRET_MAX octets of any value; a path, or "-". */
enum profile_result profile_set_secret(struct profile_secret *to, const char *field, struct ut_slice octets,
				       struct profile_error *why) UT_MUST_USE;
enum profile_result profile_set_secret_file(struct profile_secret *to, const char *field,
					    struct ut_slice path, struct profile_error *why) UT_MUST_USE;

/* Session `index`, made with those before it when not there; NULL from PROFILE_SESSIONS_MAX on. */
struct profile_session *profile_session_at(struct profile *p, unsigned index);

/* Adds one word for pppd to session `index`, which exists. */
enum profile_result profile_add_option(struct profile *p, unsigned index, struct ut_slice word,
				       struct profile_error *why) UT_MUST_USE;

/* Adds a route, "192.0.2.0/24" or "2001:db8::/32"; bits behind the length must be 0. */
enum profile_result profile_add_route(struct profile *p, struct ut_slice cidr,
				      struct profile_error *why) UT_MUST_USE;

/* ---- files ---- */

/* Remembers where each field stood, for profile_check(). */
struct profile_source;
struct profile_source *profile_source_free(struct profile_source *source); /* returns NULL */

/* The field no longer comes from the file ("l2tp.tries", "session[0]", "route"): an error in it, or in what
 * is below it, gets no line.  At most 64; later ones are not remembered. */
void profile_source_override(struct profile_source *source, const char *field);

/* Reads a binary (.pb) or text (.textproto, .txtpb) profile of at most PROFILE_FILE_MAX octets into `p`,
 * which is fresh from profile_init(); other names are told by content, "-" is standard input.  Warns of
 * secrets that others can read.  Does not validate beyond what the setters do.  On PROFILE_OK the caller
 * owns `*source`; on PROFILE_BAD `p` is as after profile_init(). */
enum profile_result profile_read(struct profile *p, const char *path, struct profile_source **source,
				 struct profile_listener listener, struct profile_error *why) UT_MUST_USE;

/* The same from memory; what a file's content is told by when its name does not say. */
enum profile_result profile_read_binary(struct profile *p, struct ut_slice octets,
					struct profile_error *why) UT_MUST_USE;
enum profile_result profile_read_text(struct profile *p, struct ut_slice text, struct profile_source **source,
				      struct profile_error *why) UT_MUST_USE;
bool profile_is_text(struct ut_slice content) UT_MUST_USE;

/* ---- the rules ---- */

/* Validates every field and fills in the defaults of the schema; a profile that passed passes again and
 * stays as it is.  `source` (may be NULL) gives line and column of a field that came from a file. */
enum profile_result profile_check(struct profile *p, const struct profile_source *source,
				  struct profile_error *why) UT_MUST_USE;

/* Where `field` stands in the file; fills in line and column of `why`, or 0 when it is not from there. */
void profile_source_locate(const struct profile_source *source, struct profile_error *why);

/* Reads the files of all secrets into their octets, without one newline at the end, and forgets the paths.
 * Warns of a file others can read, and of a carriage return at the end.  Blocks on pipes and terminals. */
enum profile_result profile_load_secrets(struct profile *p, struct profile_listener listener,
					 struct profile_error *why) UT_MUST_USE;

/* Writes the profile as text that profile_read_text() takes, with its defaults when it was checked; of a
 * secret held in place only the length, in a comment.  Overflow latches in `w`.  False: no memory. */
bool profile_write(const struct profile *p, struct ut_put *w) UT_MUST_USE;

#endif
