/* track_internal.h - what the files of the tracker share
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef CLI_REPLAY_TRACK_INTERNAL_H
#define CLI_REPLAY_TRACK_INTERNAL_H

#include "cli/replay/track.h"
#include "fsm/machines.h"

enum { TRACK_DATAGRAM_MAX = 65536, TRACK_OVER = 8 };

struct tracker {
	struct track_sink sink; /* of the caller, copied */
	struct track_limits limits;
	struct names names;
	struct track_connection *newest, *oldest;
	struct track_connection *spare; /* to be used again; linked by `older` */
	struct track_session *spare_sessions;
	size_t connections_n, sessions_n;
	uint64_t now_ns, first_ns; /* of the packet under way, of the first */
	struct track_totals totals;
	struct track_news news;			/* of the packet under way */
	struct track_session *over[TRACK_OVER]; /* to be told after it */
	size_t over_n;
	const struct l2tp_secret *secret; /* borrowed; NULL: none */
	size_t plaintexts_n;		  /* of hidden AVPs of the packet under way */
	uint8_t plaintexts[TRACK_DATAGRAM_MAX];
};

/* ---- track.c: what is alive ---- */

/* NULL: no memory. */
struct track_connection *track_connection_new(struct tracker *t, enum track_protocol protocol,
					      const struct capture_end *from, const struct capture_end *to);
struct track_session *track_session_new(struct tracker *t, struct track_connection *c);

/* Heard of now. */
void track_touch(struct tracker *t, struct track_connection *c);

/* Says that it is over, if that was not said yet, once the news of the packet were told. */
void track_session_say_over(struct tracker *t, struct track_session *s);
void track_say_all_over(struct tracker *t);

/* Says that it is over and forgets it. */
void track_connection_end(struct tracker *t, struct track_connection *c, enum track_ending ending);
void track_session_end(struct tracker *t, struct track_session *s);

/* An end's id has become known. */
void track_set_tunnel_id(struct tracker *t, struct track_connection *c, unsigned end, unsigned id);
void track_set_session_id(struct tracker *t, struct track_session *s, unsigned end, unsigned id);
void track_set_call_id(struct tracker *t, struct track_session *s, unsigned end, unsigned id);

/* The session of which `end` has that id, or one whose id of that end is not known yet. */
struct track_session *track_find_session(struct tracker *t, const struct track_connection *c, unsigned end,
					 unsigned id);
struct track_session *track_find_half_session(const struct track_connection *c, unsigned end);

/* ---- track_news.c: what is told ---- */

struct track_news *track_news_begin(struct tracker *t, const struct capture_packet *packet,
				    enum track_protocol protocol);
void track_news_tell(struct tracker *t);

/* `rule` is a constant.  Text from outside must be printable. */
__attribute__((format(printf, 4, 5))) void track_find(struct tracker *t, enum track_level level,
						      const char *rule, const char *format, ...);

/* ---- track_machine.c: one end's machine ---- */

/* How a table is used by who only listens. */
struct track_words {
	uint32_t sends;	      /* set of actions that send a message */
	const uint8_t *local; /* events an end has by itself */
	uint8_t local_n;
	uint8_t fault;		   /* the event of something faulty; TRACK_NO_EVENT */
	uint8_t clean_up;	   /* the action that ends it; 0: none */
	const uint8_t *favourable; /* by question: the answer that lets things go on */
};
enum { TRACK_NO_EVENT = 0xff };
const struct track_words *track_words_of(const struct ut_machine *table);

struct track_actor {
	struct tracker *t;
	const struct track_connection *connection;
	const struct track_session *session; /* NULL: the connection's machine */
	unsigned end;
	struct track_machine *machine;
};

void track_machine_init(struct track_machine *m, const struct ut_machine *table, bool is_learning);

/* The end has received what makes `event`; `answer` as the message says it, or TRACK_NO_ANSWER. */
void track_machine_receive(const struct track_actor *a, uint8_t event, uint8_t answer);

enum track_sent { TRACK_SENT_ALLOWED, TRACK_SENT_NOT_ALLOWED };

/* The end has sent what `action` sends.  NOT_ALLOWED: no row does that here; nothing was changed. */
enum track_sent track_machine_send(const struct track_actor *a, uint8_t action);

/* Tells that no row lets the end send this, and goes on as if one did; one mistake is told once. */
void track_violation(const struct track_actor *a, uint8_t action, unsigned type, const char *name);

/* The state is what it must be in who sent that; more is learnt from what follows. */
void track_machine_learn(const struct track_actor *a, uint8_t action);

/* Row's words: "RFC 2661 7.4.2", made from "7.4.2 r7". */
const char *track_rule_of(const struct ut_machine *table);

/* ---- track_letter.c: on the way ---- */

void track_letter_post(struct tracker *t, struct track_connection *c, unsigned to,
		       const struct track_letter *letter);

/* `end` acknowledges everything before `position`: 16 bits of Ns, or 32 of TCP. */
void track_letters_receive(struct tracker *t, struct track_connection *c, unsigned end, uint32_t position);
void track_letters_receive_all(struct tracker *t, struct track_connection *c, unsigned end);
void track_letter_repeated(struct track_connection *c, unsigned to, uint32_t position);
void track_letters_forget(struct track_connection *c, const struct track_session *s);

/* Messages are missing: from here on states are guesses, until what is seen tells them. */
void track_lose(struct track_connection *c);

/* A machine of `end` has moved: what follows for the connection and its sessions. */
void track_after(struct tracker *t, struct track_connection *c, struct track_session *s, unsigned end);

/* ---- protocols ---- */

void track_l2tp(struct tracker *t, const struct capture_packet *packet);
bool track_l2tp_is_ours(const struct tracker *t, const struct capture_packet *packet);

/* Reads what is hidden in the message under way, if there is a secret and nothing says that it is wrong. */
void track_l2tp_unhide(struct tracker *t, const struct track_connection *c, struct track_news *news);
/* Forgets what was unhidden. */
void track_l2tp_wipe(struct tracker *t);
/* Keeps its challenge and judges its response. */
void track_l2tp_prove(struct tracker *t, struct track_connection *c, const struct track_news *news);

/* A tunnel was asked for: is it while the other end asks too?  Who loses is told, and followed no further. */
void track_l2tp_tie(struct tracker *t, struct track_connection *c, const struct l2tp_message *request);
/* An id becomes known: the tunnel that was discarded gives its own back. */
void track_l2tp_tie_free_ids(struct tracker *t, const struct track_connection *c);
void track_l2tp_tie_check(struct tracker *t, const struct track_connection *c, const struct track_news *news);

void track_l2tp_check(struct tracker *t, const struct track_news *news);
/* True: its sender is to blame, not the capture, nor that the secret is not known. */
bool track_l2tp_is_faulty(const struct track_news *news);
void track_l2tp_session_send(struct tracker *t, struct track_connection *c, struct track_news *news);

/* A session of which the capture has the data only; NULL: no memory. */
struct track_session *track_l2tp_session_of_data(struct tracker *t, struct track_connection *c, unsigned to,
						 unsigned id);

/* A machine's end has sent a message: by a row, learnt, or a violation, which is told. */
void track_l2tp_send(const struct track_actor *a, uint8_t action, enum l2tp_message_type type, unsigned nr);
void track_pptp_send(const struct track_actor *a, uint8_t action, enum pptp_message_type type);
void track_pptp_call_send(struct tracker *t, struct track_connection *c, struct track_news *news);
/* A message that the other end has had for long: of it only the names of its call are new. */
void track_pptp_call_late(struct tracker *t, struct track_connection *c, struct track_news *news);
void track_pptp(struct tracker *t, const struct capture_packet *packet);
void track_pptp_close(struct tracker *t, struct track_connection *c);
void track_gre(struct tracker *t, const struct capture_packet *packet);

/* Counts a PPP frame that `end` sent, and looks for what goes wrong in it. */
void track_frame(struct tracker *t, struct track_session *s, unsigned end, struct ut_slice frame);

#endif
