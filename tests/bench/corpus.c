/* corpus.c - messages from a file or of our own making
 * SPDX-License-Identifier: Apache-2.0
 */
#include "tests/bench/corpus.h"

#include "codec/l2tp.h"

#include <stdio.h>
#include <stdlib.h>

enum { MADE = 256, MADE_MIXED = 4096, MESSAGE_MAX = 1024, PATH_OCTETS = 4096 };

static void *
need(void *p)
{
	if (p == NULL)
		abort();
	return p;
}

void
corpus_add(struct corpus *c, const uint8_t *octets, size_t n)
{
	uint8_t *const copy = need(malloc(n + 1));

	memcpy(copy, octets, n);
	c->messages = need(realloc(c->messages, (c->n + 1) * sizeof *c->messages));
	c->messages[c->n++] = ut_slice(copy, n);
	c->octets += n;
}

static bool
read_file(struct corpus *c, const char *name)
{
	const char *const folder = getenv("UPTUN_BENCH") != NULL ? getenv("UPTUN_BENCH") : "../shared/bench";
	uint8_t octets[UINT16_MAX], length[2];
	char path[PATH_OCTETS];
	FILE *in;

	snprintf(path, sizeof path, "%s/%s.bin", folder, name);
	in = fopen(path, "rb");
	if (in == NULL)
		return false;
	while (fread(length, sizeof length, 1, in) == 1 &&
	       fread(octets, 1, ut_get_u16(length), in) == ut_get_u16(length))
		corpus_add(c, octets, ut_get_u16(length));
	fclose(in);
	return c->n > 0;
}

/* ---- messages of our own ---- */

uint32_t
corpus_noise(uint64_t *seed)
{
	*seed ^= *seed << 13;
	*seed ^= *seed >> 7;
	*seed ^= *seed << 17;
	return (uint32_t)(*seed >> 16);
}

#define HAS(token) L2TP_HAS(token)
#define SET_SCCRQ                                                                               \
	(HAS(PROTOCOL_VERSION) | HAS(FRAMING_CAPABILITIES) | HAS(BEARER_CAPABILITIES) |         \
	 HAS(FIRMWARE_REVISION) | HAS(HOST_NAME) | HAS(VENDOR_NAME) | HAS(ASSIGNED_TUNNEL_ID) | \
	 HAS(RECEIVE_WINDOW_SIZE) | HAS(CHALLENGE))

/* What messages of a type carry here. */
static uint64_t
avps_of(enum l2tp_message_type type)
{
	switch ((int)type) {
	case L2TP_SCCRQ:
		return SET_SCCRQ;
	case L2TP_SCCRP:
		return SET_SCCRQ | HAS(CHALLENGE_RESPONSE);
	case L2TP_SCCCN:
		return HAS(CHALLENGE_RESPONSE);
	case L2TP_STOPCCN:
		return HAS(ASSIGNED_TUNNEL_ID) | HAS(RESULT_CODE);
	case L2TP_ICRQ:
		return HAS(ASSIGNED_SESSION_ID) | HAS(CALL_SERIAL_NUMBER) | HAS(BEARER_TYPE) |
		       HAS(PHYSICAL_CHANNEL_ID) | HAS(CALLING_NUMBER) | HAS(CALLED_NUMBER);
	case L2TP_ICRP:
		return HAS(ASSIGNED_SESSION_ID);
	case L2TP_ICCN:
		return HAS(TX_CONNECT_SPEED) | HAS(FRAMING_TYPE) | HAS(RX_CONNECT_SPEED) |
		       HAS(PROXY_AUTHEN_TYPE);
	case L2TP_CDN:
		return HAS(RESULT_CODE) | HAS(ASSIGNED_SESSION_ID);
	default:
		return 0;
	}
}

static struct ut_slice
text(uint64_t *seed, size_t min, size_t max)
{
	static const char letters[] = "a-long-host-name-0123456789.example";

	return ut_slice(letters, min + corpus_noise(seed) % (max - min + 1));
}

static struct l2tp_message
message_of(enum l2tp_message_type type, uint64_t *seed)
{
	return (struct l2tp_message){ .type = type,
				      .present = avps_of(type),
				      .result = 1,
				      .protocol_version = 0x0100,
				      .framing_capabilities = 3,
				      .firmware_revision = 0x0690,
				      .host_name = text(seed, 4, 24),
				      .vendor_name = text(seed, 8, 16),
				      .assigned_tid = { (uint16_t)(1 + corpus_noise(seed) % UINT16_MAX) },
				      .assigned_sid = { (uint16_t)(1 + corpus_noise(seed) % UINT16_MAX) },
				      .receive_window = 8,
				      .challenge = text(seed, 16, 16),
				      .challenge_response = text(seed, 16, 16),
				      .call_serial = corpus_noise(seed),
				      .bearer_type = 1,
				      .framing_type = 1,
				      .physical_channel = corpus_noise(seed),
				      .called_number = text(seed, 7, 14),
				      .calling_number = text(seed, 7, 14),
				      .tx_connect_speed = 1000000000,
				      .rx_connect_speed = 100000000,
				      .proxy_type = 4 };
}

static void
make(struct corpus *c, enum l2tp_message_type type, const struct l2tp_hide *hide, uint64_t *seed)
{
	struct l2tp_message m = message_of(type, seed);
	uint8_t octets[MESSAGE_MAX];
	struct ut_put w = ut_put_into(octets, sizeof octets);

	if (hide != NULL)
		m.hidden = HAS(FRAMING_CAPABILITIES) | HAS(BEARER_CAPABILITIES) | HAS(VENDOR_NAME) |
			   HAS(ASSIGNED_TUNNEL_ID) | HAS(CHALLENGE);
	l2tp_message_encode(&w,
			    &(struct l2tp_header){ .tid = { (uint16_t)corpus_noise(seed) },
						   .ns = (uint16_t)corpus_noise(seed),
						   .nr = (uint16_t)corpus_noise(seed) },
			    &m, hide);
	if (w.full)
		abort();
	corpus_add(c, octets, w.len);
}

/* The life of a tunnel with a session, in natural proportion and no order. */
static enum l2tp_message_type
any_type(uint64_t *seed)
{
	static const enum l2tp_message_type life[] = { L2TP_SCCRQ, L2TP_SCCRP, L2TP_SCCCN,   L2TP_ICRQ,
						       L2TP_ICRP,  L2TP_ICCN,  L2TP_HELLO,   L2TP_HELLO,
						       L2TP_HELLO, L2TP_CDN,   L2TP_STOPCCN, L2TP_ZLB,
						       L2TP_ZLB,   L2TP_ZLB,   L2TP_ZLB,     L2TP_ZLB };

	return life[corpus_noise(seed) % (sizeof life / sizeof life[0])];
}

static void
make_all(struct corpus *c, const char *name)
{
	static const struct {
		const char *name;
		enum l2tp_message_type type;
	} kinds[] = { { "sccrq", L2TP_SCCRQ }, { "sccrq_hidden", L2TP_SCCRQ }, { "icrq", L2TP_ICRQ },
		      { "iccn", L2TP_ICCN },   { "hello", L2TP_HELLO },	       { "zlb", L2TP_ZLB } };
	static const struct l2tp_secret secret = { .octets = "secret", .n = 6 };
	const struct l2tp_hide hide = { .secret = &secret, .vector = "a random vector" };
	const struct l2tp_hide *const how = strcmp(name, "sccrq_hidden") == 0 ? &hide : NULL;
	uint64_t seed = 2661;

	corpus_make_pptp(c, name);
	for (size_t i = 0; strcmp(name, "mixed") == 0 && i < MADE_MIXED; i++)
		make(c, any_type(&seed), NULL, &seed);
	for (size_t k = 0; k < sizeof kinds / sizeof kinds[0]; k++)
		for (size_t i = 0; strcmp(name, kinds[k].name) == 0 && i < MADE; i++)
			make(c, kinds[k].type, how, &seed);
}

struct corpus
corpus_load(const char *name)
{
	struct corpus c = { .n = 0 };

	c.is_made = !read_file(&c, name);
	if (c.is_made)
		make_all(&c, name);
	if (c.n == 0)
		abort();
	return c;
}

void
corpus_free(struct corpus *c)
{
	for (size_t i = 0; i < c->n; i++)
		free((uint8_t *)(uintptr_t)c->messages[i].p);
	free(c->messages);
}
