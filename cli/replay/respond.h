/* respond.h - what our own client would have done in the place of a captured one
 * SPDX-License-Identifier: Apache-2.0
 *
 * The captured server's messages are fed to the engine when they came, under the ids of our own client; what it sends
 * is laid beside what the captured client sent: which messages, when, and of L2TP how often.
 */
#ifndef CLI_REPLAY_RESPOND_H
#define CLI_REPLAY_RESPOND_H

#include "cli/replay/capture.h"
#include "cli/replay/stream.h"
#include "codec/l2tp.h"
#include "codec/pptp.h"
#include "fsm/engine.h"

enum {
	RESPOND_TALKS_MAX = 64,	    /* connections of one capture */
	RESPOND_LETTERS_MAX = 4096, /* control messages of one connection and direction */
	RESPOND_CALLS_MAX = 16,
	RESPOND_TCP_CLOSED = 0xffff /* of a letter of PPTP: no message, but the end of its sender's stream */
};

/* A control message: captured, or of our own client. */
struct respond_letter {
	uint64_t time_us; /* since the connection began */
	bool is_of_client;
	uint16_t type;		   /* L2TP_ZLB, or a number that RFC 2661 or RFC 2637 may not know */
	struct l2tp_header header; /* its payload is not kept; of PPTP only Ns, which counts */
	unsigned times;		   /* it was sent */
	uint64_t present;	   /* L2TP_HAS() of its AVPs, hidden ones too */
	bool has_hidden;
	uint16_t
	    assigned; /* Assigned Tunnel or Session ID, also hidden, if the secret reads it; 0: none; Call ID */
	uint16_t result, error;
	uint8_t *octets; /* owned; NULL: not kept */
	size_t n;
};

struct respond_letters {
	struct respond_letter *v; /* owned */
	size_t n;
	bool is_full; /* there were more */
};

/* One direction of a connection of PPTP. */
struct respond_stream {
	struct stream stream;
	uint8_t message[PPTP_MESSAGE_OCTETS];
	uint16_t have, messages;
	bool is_lost, is_closed;
};

/* A connection from its SCCRQ, or SYN, on. */
struct respond_talk {
	enum ut_protocol protocol;
	struct capture_end client, server;
	uint64_t began_ns;
	uint16_t client_tid, server_tid;  /* 0: not known */
	struct respond_letters letters;	  /* both ends', in order */
	struct respond_stream streams[2]; /* of PPTP: the client's, the server's */
};

struct respond_talks {
	struct respond_talk v[RESPOND_TALKS_MAX];
	size_t n;
};

/* `secret`, which may be empty, is for what is hidden.  False: it is no control message of L2TPv2. */
bool respond_letter_read(struct respond_letter *out, struct ut_slice datagram,
			 const struct l2tp_secret *secret) UT_MUST_USE;

/* False: no memory. */
bool respond_letters_add(struct respond_letters *to, const struct respond_letter *letter,
			 struct ut_slice octets) UT_MUST_USE;
void respond_letters_fini(struct respond_letters *letters);

/* ---- PPTP: respond_streams.c ---- */

struct respond_letter respond_pptp_letter(const struct pptp_message *message, uint16_t number);

/* A segment.  False: no memory. */
bool respond_streams_take(struct respond_talks *talks, const struct capture_packet *packet) UT_MUST_USE;

/* ---- what a secret is to a connection: respond_secret.c ---- */

/* RFC 2661 5.1.1 and 4.3 */
enum respond_secret {
	RESPOND_SECRET_IDLE,	/* nothing in it depends on a secret */
	RESPOND_SECRET_MISSING, /* none was given */
	RESPOND_SECRET_FITS,
	RESPOND_SECRET_FOREIGN, /* nothing was proved or hidden with this one */
	RESPOND_SECRET_UNUSABLE /* it fits, but the captured client's challenge has a length that ours has never */
};

struct respond_authentication {
	enum respond_secret secret;
	bool is_challenged; /* by the captured client; with this: */
	uint8_t challenge[L2TP_VECTOR_OCTETS];
};

/* `secret` may be empty. */
struct respond_authentication respond_authentication_of(const struct respond_talk *talk,
							const struct l2tp_secret *secret);

/* ---- our client in its place: respond_client.c ---- */
struct respond_answer {
	struct respond_letters sent; /* owned; without repetitions, acknowledgements and HELLOs */
	enum respond_secret
	    secret;	   /* unless it fits, proofs were judged as the captured client judged them */
	bool is_hidden;	   /* the server hid what it said, at: */
	uint64_t until_us; /* nothing was fed from there on */
};

/* `secret` may be empty.  False: no memory. */
bool respond_client_run(const struct respond_talk *talk, const struct l2tp_secret *secret,
			struct respond_answer *out) UT_MUST_USE;

/* ---- side by side: respond_compare.c ---- */

/* Prints both and adds how many messages differ.  False: no memory. */
bool respond_compare(FILE *out, const struct respond_talk *talk, const struct respond_answer *answer,
		     unsigned *differences) UT_MUST_USE;

/* ---- all of it ---- */

/* Prints to `out`; sets `*differences` to how many there are.  `secret`, which may be empty, is that of the tunnels.
 * 0; -1 when the capture is damaged, 1 without memory. */
int respond_capture(struct capture *capture, const struct l2tp_secret *secret, FILE *out,
		    unsigned *differences) UT_MUST_USE;

#endif
