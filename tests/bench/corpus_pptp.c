/* corpus_pptp.c - PPTP messages and GRE packets of our own making
 * SPDX-License-Identifier: Apache-2.0
 */
#include "codec/gre.h"
#include "tests/bench/corpus.h"

#include <stdlib.h>

enum { MADE = 256, MADE_MIXED = 4096, FRAME_OCTETS = 64 };

static struct ut_slice
text(uint64_t *seed, size_t min, size_t max)
{
	static const char letters[] = "a-long-host-name-0123456789.example";

	return ut_slice(letters, min + corpus_noise(seed) % (max - min + 1));
}

/* Fields that the type does not have are not written. */
static void
make_message(struct corpus *c, enum pptp_message_type type, uint64_t *seed)
{
	const struct pptp_message m = { .type = type,
					.protocol_version = 0x0100,
					.result = 1,
					.framing = 3,
					.bearer = 3,
					.maximum_channels = 1,
					.firmware_revision = (uint16_t)corpus_noise(seed),
					.host_name = text(seed, 4, 24),
					.vendor_name = text(seed, 8, 16),
					.identifier = corpus_noise(seed),
					.call_id = { (uint16_t)corpus_noise(seed) },
					.peer_call_id = { (uint16_t)corpus_noise(seed) },
					.call_serial = (uint16_t)corpus_noise(seed),
					.minimum_bps = 2400,
					.maximum_bps = 10000000,
					.connect_speed = 10000000,
					.window = 64,
					.phone_number = text(seed, 0, 14),
					.statistics = text(seed, 0, 20),
					.receive_accm = 0xffffffff };
	uint8_t octets[PPTP_MESSAGE_OCTETS];
	struct ut_put w = ut_put_into(octets, sizeof octets);

	pptp_message_encode(&w, &m);
	if (w.full)
		abort();
	corpus_add(c, octets, w.len);
}

static void
make_packet(struct corpus *c, bool has_frame, bool has_acknowledgment, uint64_t *seed)
{
	static const uint8_t frame[FRAME_OCTETS] = { 0xff, 0x03, 0x00, 0x21 };
	const struct gre_header h = { .has_sequence = has_frame,
				      .has_acknowledgment = has_acknowledgment,
				      .call_id = { (uint16_t)corpus_noise(seed) },
				      .sequence = corpus_noise(seed),
				      .acknowledgment = corpus_noise(seed),
				      .payload = ut_slice(frame, has_frame ? sizeof frame : 0) };
	uint8_t octets[GRE_HEADER_MAX + sizeof frame];
	struct ut_put w = ut_put_into(octets, sizeof octets);

	gre_header_encode(&w, &h);
	ut_put_slice(&w, h.payload);
	if (w.full)
		abort();
	corpus_add(c, octets, w.len);
}

static void
make_any_packet(struct corpus *c, uint64_t *seed)
{
	const uint32_t any = corpus_noise(seed);
	const bool has_frame = any % 4 != 0;

	make_packet(c, has_frame, !has_frame || any % 3 == 0, seed);
}

/* The life of a connection with a call, in natural proportion and no order. */
static enum pptp_message_type
any_type(uint64_t *seed)
{
	static const enum pptp_message_type life[] = { PPTP_SCCRQ,  PPTP_SCCRP,	 PPTP_OCRQ,   PPTP_OCRP,
						       PPTP_SLI,    PPTP_SLI,	 PPTP_ECHORQ, PPTP_ECHORQ,
						       PPTP_ECHORQ, PPTP_ECHORQ, PPTP_ECHORP, PPTP_ECHORP,
						       PPTP_ECHORP, PPTP_ECHORP, PPTP_CCRQ,   PPTP_CDN };

	return life[corpus_noise(seed) % (sizeof life / sizeof life[0])];
}

static bool
make_one_type(struct corpus *c, const char *name, uint64_t *seed)
{
	static const struct {
		const char *name;
		enum pptp_message_type type;
	} kinds[] = { { "pptp_sccrq", PPTP_SCCRQ },   { "pptp_sccrp", PPTP_SCCRP },
		      { "pptp_ocrq", PPTP_OCRQ },     { "pptp_ocrp", PPTP_OCRP },
		      { "pptp_echorq", PPTP_ECHORQ }, { "pptp_echorp", PPTP_ECHORP } };

	for (size_t k = 0; k < sizeof kinds / sizeof kinds[0]; k++) {
		if (strcmp(name, kinds[k].name) != 0)
			continue;
		for (size_t i = 0; i < MADE; i++)
			make_message(c, kinds[k].type, seed);
		return true;
	}
	return false;
}

void
corpus_make_pptp(struct corpus *c, const char *name)
{
	uint64_t seed = 2637;

	if (make_one_type(c, name, &seed))
		return;
	for (size_t i = 0; strcmp(name, "pptp_mixed") == 0 && i < MADE_MIXED; i++)
		make_message(c, any_type(&seed), &seed);
	for (size_t i = 0; strcmp(name, "gre_frame") == 0 && i < MADE; i++)
		make_packet(c, true, false, &seed);
	for (size_t i = 0; strcmp(name, "gre_ack") == 0 && i < MADE; i++)
		make_packet(c, false, true, &seed);
	for (size_t i = 0; strcmp(name, "gre_mixed") == 0 && i < MADE_MIXED; i++)
		make_any_packet(c, &seed);
}
