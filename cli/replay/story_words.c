/* story_words.c - words that all forms of the story share
 * SPDX-License-Identifier: Apache-2.0
 */
#include "cli/replay/story.h"

#include <stdarg.h>

static bool
is_pptp(const struct ut_machine *machine)
{
	return strncmp(machine->name, "pptp", 4) == 0;
}

__attribute__((format(printf, 2, 3))) static void
add(struct story_words *words, const char *format, ...)
{
	const size_t n = strlen(words->text);
	va_list args;

	va_start(args, format);
	(void)vsnprintf(words->text + n, sizeof words->text - n, format, args);
	va_end(args);
}

const char *
story_source(struct story_words *words, const struct ut_machine *machine, const char *source)
{
	const bool is_section = source[0] >= '0' && source[0] <= '9';
	const char *const document = is_pptp(machine) ? "RFC 2637 " : "RFC 2661 ";

	words->text[0] = '\0';
	add(words, "%s%s", is_section ? document : "", source);
	return words->text;
}

const char *
story_actions(struct story_words *words, const struct ut_machine *machine, const struct ut_row *row)
{
	words->text[0] = '\0';
	if (row->actions[0] == 0)
		add(words, "%s", machine->actions[0]);
	for (unsigned i = 0; i < UT_ROW_ACTIONS && row->actions[i] != 0; i++)
		add(words, "%s%s", i != 0 ? ", " : "", machine->actions[row->actions[i]]);
	return words->text;
}

bool
story_step_is_idle(const struct track_step *step)
{
	return step->row != NULL && step->row->actions[0] == 0 && step->from == step->to;
}

static const char *
l2tp_name(const struct track_news *n, char room[24])
{
	const char *name;
	struct l2tp_avp_walk walk;
	struct l2tp_avp avp;

	if (!n->has_header)
		return "L2TP?";
	if (!n->header.is_control)
		return "data";
	if (n->header.version != 2)
		return "control";
	name = n->message.type != L2TP_MESSAGE_N ? l2tp_message_name(n->message.type) : NULL;
	if (name != NULL && (n->message.type != L2TP_ZLB || n->header.payload.n == 0))
		return name;
	l2tp_avp_walk_init(&walk, &n->header, n->datagram);
	if (!l2tp_avp_walk_next(&walk, &avp) || avp.type != 0 || avp.value.n != 2)
		return "control?";
	snprintf(room, 24, "message %u", ut_get_u16(avp.value.p));
	return room;
}

const char *
story_name(const struct track_news *n, char room[24])
{
	if (n->pptp != NULL)
		return pptp_message_letters(n->pptp->type);
	if (n->is_gre)
		return n->what == TRACK_WHAT_DATA && n->ppp == NULL ? "GRE acknowledgment" : "GRE";
	if (n->protocol == TRACK_PPTP)
		return "TCP";
	return l2tp_name(n, room);
}

static const char *
l2tp_result(const struct track_news *n, unsigned *result)
{
	if ((n->message.present & L2TP_HAS(RESULT_CODE)) == 0)
		return NULL;
	*result = n->message.result;
	return n->message.type == L2TP_CDN ? l2tp_cdn_result_name(*result)
					   : l2tp_stopccn_result_name(*result);
}

static bool
has_result(enum pptp_message_type type)
{
	return type == PPTP_SCCRP || type == PPTP_STOPCCRQ || type == PPTP_STOPCCRP || type == PPTP_ECHORP ||
	       type == PPTP_OCRP || type == PPTP_ICRP || type == PPTP_CDN;
}

const char *
story_result(const struct track_news *n, unsigned *result)
{
	if (n->protocol == TRACK_L2TP)
		return n->has_header && n->header.is_control ? l2tp_result(n, result) : NULL;
	if (n->pptp == NULL || !has_result(n->pptp->type))
		return NULL;
	*result = n->pptp->result;
	return pptp_result_name(n->pptp->type, *result);
}

const char *
story_ending(struct story_words *words, const struct track_connection *c)
{
	words->text[0] = '\0';
	add(words, "%s", track_ending_words(c->ending));
	if (c->ended_by != TRACK_NOBODY)
		add(words, " by %s", track_role(c, c->ended_by));
	if (c->ending != TRACK_ENDING_STOPPED || !c->has_result)
		return words->text;
	add(words, ": result %u, %s", c->result,
	    c->protocol == TRACK_L2TP ? l2tp_stopccn_result_name(c->result)
				      : pptp_result_name(PPTP_STOPCCRQ, c->result));
	if (c->error != 0)
		add(words, "; error %u, %s", c->error, l2tp_error_name(c->error));
	return words->text;
}
