/* l2tp_auth.c - what the tunnel secret is for: challenge responses and hidden AVPs (RFC 2661 4.3, 5.1.1)
 * SPDX-License-Identifier: Apache-2.0
 */
#include "codec/l2tp_hiding.h"

#include <nettle/md5.h>

enum { BLOCK = MD5_DIGEST_SIZE };

void
l2tp_secret_wipe(struct l2tp_secret *secret)
{
	ut_wipe(secret, sizeof *secret);
}

void
l2tp_challenge_response(uint8_t out[L2TP_RESPONSE_OCTETS], enum l2tp_message_type type,
			const struct l2tp_secret *secret, struct ut_slice challenge)
{
	const uint8_t id = (uint8_t)type;
	struct md5_ctx md5;

	md5_init(&md5);
	md5_update(&md5, 1, &id);
	md5_update(&md5, secret->n, secret->octets);
	md5_update(&md5, challenge.n, challenge.p);
	md5_digest(&md5, L2TP_RESPONSE_OCTETS, out);
	ut_wipe(&md5, sizeof md5);
}

/* b1 = MD5(AV + S + RV) */
static void
first_pad(uint8_t pad[BLOCK], unsigned type, const struct l2tp_secret *secret, struct ut_slice vector)
{
	const uint8_t attribute[2] = { (uint8_t)(type >> 8), (uint8_t)type };
	struct md5_ctx md5;

	md5_init(&md5);
	md5_update(&md5, sizeof attribute, attribute);
	md5_update(&md5, secret->n, secret->octets);
	md5_update(&md5, vector.n, vector.p);
	md5_digest(&md5, BLOCK, pad);
	ut_wipe(&md5, sizeof md5);
}

/* bi = MD5(S + c(i-1)) */
static void
next_pad(uint8_t pad[BLOCK], const struct l2tp_secret *secret, const uint8_t *last_hidden_block)
{
	struct md5_ctx md5;

	md5_init(&md5);
	md5_update(&md5, secret->n, secret->octets);
	md5_update(&md5, BLOCK, last_hidden_block);
	md5_digest(&md5, BLOCK, pad);
	ut_wipe(&md5, sizeof md5);
}

static void
xor_block(uint8_t *out, const uint8_t *in, const uint8_t pad[BLOCK], size_t n)
{
	for (size_t i = 0; i < n; i++)
		out[i] = in[i] ^ pad[i];
}

static size_t
block_octets(size_t n, size_t at)
{
	return n - at < BLOCK ? n - at : BLOCK;
}

void
l2tp_hide_octets(uint8_t *at, size_t n, unsigned type, const struct l2tp_secret *secret,
		 struct ut_slice vector)
{
	uint8_t pad[BLOCK];

	for (size_t i = 0; i < n; i += BLOCK) {
		if (i == 0)
			first_pad(pad, type, secret, vector);
		else
			next_pad(pad, secret, at + i - BLOCK);
		xor_block(at + i, at + i, pad, block_octets(n, i));
	}
	ut_wipe(pad, sizeof pad);
}

void
l2tp_unhide_octets(uint8_t *out, struct ut_slice hidden, unsigned type, const struct l2tp_secret *secret,
		   struct ut_slice vector)
{
	uint8_t pad[BLOCK];

	for (size_t i = 0; i < hidden.n; i += BLOCK) {
		if (i == 0)
			first_pad(pad, type, secret, vector);
		else
			next_pad(pad, secret, hidden.p + i - BLOCK);
		xor_block(out + i, hidden.p + i, pad, block_octets(hidden.n, i));
	}
	ut_wipe(pad, sizeof pad);
}
