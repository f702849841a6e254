/* track.h - every connection and session of a capture, on both ends, through the tables
 * SPDX-License-Identifier: Apache-2.0
 *
 * A tracker only listens.  What an end received it has for certain once it acknowledges it: Nr says so, and TCP's
 * acknowledgments; only then does the table of that end see the message.  What an end decided itself (open, close,
 * accept) is inferred from what it sends.  What it sends and no row allows is a violation.  Where a capture begins in
 * the middle, states are learnt from what is seen, and nothing is held against anybody.
 *
 * Everything is told in `struct track_news`, one for each message or frame of data, in the order of the capture.
 * Memory grows with what is alive, up to a bound: beyond it the connection that was silent longest is given up.
 */
#ifndef CLI_REPLAY_TRACK_H
#define CLI_REPLAY_TRACK_H

#include "cli/replay/names.h"
#include "cli/replay/stream.h"
#include "codec/gre.h"
#include "codec/l2tp.h"
#include "codec/pptp.h"
#include "fsm/table.h"

enum track_protocol { TRACK_L2TP, TRACK_PPTP };

enum { TRACK_NOBODY = 2 }; /* an end that is not known */

/* clang-format off */
/* X(token, number, name): protocols inside PPP */
#define TRACK_PPP(X)                         \
	X(OTHER, 0, "other")                 \
	X(IP, 0x0021, "IP")                  \
	X(IPV6, 0x0057, "IPv6")              \
	X(VJ, 0x002d, "VJ compressed")       \
	X(VJ_NOT, 0x002f, "VJ uncompressed") \
	X(COMPRESSED, 0x00fd, "MPPE or compressed") \
	X(LCP, 0xc021, "LCP")                \
	X(PAP, 0xc023, "PAP")                \
	X(LQR, 0xc025, "LQR")                \
	X(CHAP, 0xc223, "CHAP")              \
	X(EAP, 0xc227, "EAP")                \
	X(IPCP, 0x8021, "IPCP")              \
	X(IPV6CP, 0x8057, "IPV6CP")          \
	X(CCP, 0x80fd, "CCP")
/* clang-format on */
enum track_ppp {
#define X(token, number, name) TRACK_PPP_##token,
	TRACK_PPP(X)
#undef X
	    TRACK_PPP_N
};
const char *track_ppp_name(enum track_ppp ppp);
unsigned track_ppp_number(enum track_ppp ppp);

/* What an end sent inside a session. */
struct track_flow {
	uint64_t frames, octets; /* octets of PPP */
	uint64_t ppp[TRACK_PPP_N];
	uint64_t missing, late; /* by the sequence numbers of data, where there are */
	uint32_t next;		/* sequence number */
	bool has_next;
};

/* A machine of one end. */
struct track_machine {
	const struct ut_machine *table; /* NULL: not known which */
	uint32_t owed;			/* set of actions: a row said to send this, and it was not seen yet */
	uint32_t sent;			/* set of message types */
	uint8_t state;
	uint8_t pending;  /* an event received whose answer is not known yet, plus 1; 0: none */
	bool is_learning; /* the state is a guess */
	bool is_over;
	bool has_fault; /* it received something faulty */
};

struct track_connection;

struct track_session {
	struct name names[2]; /* the id that this end assigned */
	struct track_connection *connection;
	struct track_session *previous, *next;
	uint64_t serial; /* within its connection, from 1 */
	uint16_t ids[2];
	bool has_id[2];
	bool is_outgoing, is_kind_known, is_learnt;
	struct track_machine machines[2];
	struct track_flow flows[2]; /* sent by this end */
	uint64_t began_ns, up_ns;   /* 0: not seen */
	uint64_t over_ns;
	bool is_told; /* that it is over */
	bool has_mppe_offer, is_mppe_refused;
};

/* A message on its way to an end. */
struct track_letter {
	uint64_t time_ns;
	struct track_session *session; /* NULL: of the connection */
	uint32_t position;	       /* L2TP: Ns; PPTP: the TCP sequence number behind it */
	uint8_t event;		       /* of the receiving machine */
	uint8_t answer;		       /* what the message itself answers; TRACK_NO_ANSWER */
	bool is_repeated, is_faulty;
};
enum { TRACK_LETTERS = 16, TRACK_NO_ANSWER = 0xff, TRACK_CHALLENGE_MAX = 64, TRACK_SEEN = 64 };

/* L2TP: a message by its number. */
struct track_said {
	uint16_t ns, sid;
	uint8_t type;
	bool is_known;
};

/* What the Challenge Responses of a tunnel say of the secret that was given. */
enum track_proof { TRACK_PROOF_NONE, TRACK_PROOF_RIGHT, TRACK_PROOF_WRONG };

struct track_end {
	struct capture_end at;
	struct name name; /* L2TP: the tunnel id it assigned */
	uint16_t id;
	bool has_id;
	struct track_machine machine;
	struct track_letter letters[TRACK_LETTERS]; /* to this end, by position */
	uint8_t letters_n;
	/* what it sent */
	bool is_numbered; /* next_ns is known */
	uint16_t next_ns;
	uint16_t window;		    /* L2TP: Receive Window Size it gave; 0: it has not said */
	uint64_t seen;			    /* bit i: next_ns - 1 - i was seen */
	struct track_said said[TRACK_SEEN]; /* by Ns, modulo their number */
	struct stream stream;
	struct pptp_stream pptp;
	size_t
	    challenge_n; /* L2TP: octets of the challenge it sent; those beyond CHALLENGE_MAX are not kept */
	uint8_t challenge[TRACK_CHALLENGE_MAX];
	bool is_in_step; /* PPTP: the stream's messages have been found */
	bool has_acknowledged;
	uint32_t acknowledged; /* PPTP: of the other end's stream, the highest TCP acknowledgment */
	uint64_t messages, zlbs, repeated, missing, late, faulty;
	uint64_t rtt_sum_ns, rtt_max_ns, rtt_n; /* of messages to this end: until acknowledged */
};

/* clang-format off */
#define TRACK_ENDINGS(X)                                   \
	X(OPEN, "still there at the end of the capture")   \
	X(STOPPED, "stopped")                              \
	X(TCP_CLOSED, "TCP closed, without StopCCRQ,")     \
	X(RESET, "TCP reset")                              \
	X(UNANSWERED, "never answered")                    \
	X(TIE, "lost the tie, discarded")                  \
	X(REPLACED, "the same ids were used anew")         \
	X(FORGOTTEN, "given up to stay within memory")
/* clang-format on */
enum track_ending {
#define X(token, words) TRACK_ENDING_##token,
	TRACK_ENDINGS(X)
#undef X
};
const char *track_ending_words(enum track_ending ending);

struct track_connection {
	uint64_t number; /* from 1 */
	enum track_protocol protocol;
	struct track_end ends[2];
	struct name pair;
	struct track_connection *newer, *older;	 /* by when they were heard of */
	struct track_session *sessions, *oldest; /* newest first */
	uint64_t sessions_n, sessions_ever;
	unsigned opener, caller; /* ends; caller: the LAC, or the PNS; TRACK_NOBODY */
	uint64_t began_ns, up_ns, last_ns, first_call_ns;
	uint64_t data_frames[2];
	uint64_t violations;
	enum track_ending ending;
	unsigned ended_by; /* end or TRACK_NOBODY */
	uint16_t result, error;
	bool is_learnt;			/* the capture began in its middle */
	struct track_connection *rival; /* whose SCCRQ crossed this one's; NULL: none, or forgotten */
	uint64_t tie_breaker;
	enum track_proof proof;
	bool has_result, has_tie_breaker;
	bool is_told; /* for who listens: that there is one */
	void *ladder; /* for who draws; NULL at first */
};

/* "LAC", "LNS", "PNS", ...; "initiator", "responder" as long as no call told. */
const char *track_role(const struct track_connection *c, unsigned end);

/* ---- news ---- */

/* What a machine did. */
struct track_step {
	const struct ut_machine *machine;
	const struct track_session *session; /* NULL: of the connection */
	const struct ut_row *row;	     /* NULL: the state was learnt */
	uint8_t end, from, event, answer, to;
	bool is_asked;
};

enum track_level { TRACK_NOTE, TRACK_KNOWN, TRACK_VIOLATION }; /* KNOWN: a fault that has a name */

enum { TRACK_STEPS = 24, TRACK_FINDINGS = 8, TRACK_SENTENCE = 200 };

struct track_finding {
	enum track_level level;
	const char *rule;	   /* "RFC 2661 7.4.2"; "" */
	char text[TRACK_SENTENCE]; /* printable */
};

/* clang-format off */
#define TRACK_WHATS(X)                                  \
	X(MESSAGE, "message")                           \
	X(REPEATED, "retransmission")                   \
	X(LATE, "late")                                 \
	X(ZLB, "zlb")                                   \
	X(DATA, "data")                                 \
	X(STRAY, "stray")                               \
	X(TCP, "tcp")                                   \
	X(END, "end of the capture")
/* clang-format on */
enum track_what {
#define X(token, word) TRACK_WHAT_##token,
	TRACK_WHATS(X)
#undef X
	    TRACK_WHAT_N
};
const char *track_what_word(enum track_what what);

struct track_news {
	const struct capture_packet *packet; /* NULL: the end of the capture */
	uint64_t time_ns;		     /* since the first frame */
	struct track_connection *connection; /* NULL: of none */
	struct track_session *session;	     /* NULL: of none */
	unsigned from;			     /* end that sent it */
	enum track_protocol protocol;
	enum track_what what;
	uint64_t missing; /* messages before it that are not in the capture; octets of a TCP stream */
	/* L2TP; the header of a datagram shorter than its Length has what there is for its payload */
	bool has_header, is_gre;
	struct ut_slice datagram;
	struct l2tp_header header;
	struct l2tp_message message; /* of control messages that are no ZLB */
	const struct l2tp_secret
	    *secret; /* what is hidden in it can be read with; NULL: there is nothing or no way */
	bool has_fault;
	struct l2tp_fault fault;
	/* PPTP */
	const struct pptp_message *pptp; /* NULL: none */
	uint32_t position;		 /* the sequence number behind it */
	struct gre_header gre;
	const char *ppp; /* of data: the protocol's name */
	size_t steps_n, steps_more;
	struct track_step steps[TRACK_STEPS];
	size_t findings_n;
	struct track_finding findings[TRACK_FINDINGS];
};

struct track_sink {
	void *ctx;
	/* `news` dies with the call. */
	void (*tell)(void *ctx, const struct track_news *news);
	/* A session or a connection goes; the connection's own sessions first. */
	void (*session_over)(void *ctx, const struct track_session *session);
	void (*connection_over)(void *ctx, const struct track_connection *connection);
	bool wants_data; /* frames of data and stray ones too */
};

/* ---- the tracker ---- */

struct track_totals {
	uint64_t frames;
	uint64_t kinds[CAPTURE_KIND_N];
	uint64_t l2tp_control, l2tp_data, l2tp_zlbs, l2tp_other_version, pptp_messages, gre_data, strays;
	uint64_t connections, sessions;
	uint64_t repeated, missing, late, lost_octets;
	uint64_t violations, known, notes;
};

struct tracker;

struct track_limits {
	size_t connections, sessions; /* alive at a time; 0: a default */
};

/* NULL: no memory.  What the sink points to is borrowed. */
struct tracker *tracker_new(const struct track_sink *sink, struct track_limits limits) UT_MUST_USE;

/* The secret of the L2TP tunnels: hidden AVPs are read and Challenge Responses verified with it.  Borrowed. */
void tracker_set_secret(struct tracker *t, const struct l2tp_secret *secret);

void tracker_take(struct tracker *t, const struct capture_packet *packet);

/* The capture is over: what was never acknowledged is delivered, and everything is told as over. */
void tracker_finish(struct tracker *t);

const struct track_totals *tracker_totals(const struct tracker *t);
void tracker_free(struct tracker *t);

#endif
