/* cmd_mtpd.c - uptun mtpd: the command line of Android's mtpd
 * SPDX-License-Identifier: Apache-2.0
 *
 * mtpd INTERFACE l2tp SERVER PORT SECRET [PPPD-OPTION...]
 * mtpd INTERFACE pptp SERVER PORT [PPPD-OPTION...]
 *
 * Under Android's init the words come through a socket (mtpd_framework.h).
 */
#include "cli/argv_secret.h"
#include "cli/command.h"
#include "cli/mtpd_framework.h"
#include "cli/say.h"
#include "cli/signals.h"

#include <stdlib.h>

enum { AT_INTERFACE = 1, AT_PROTOCOL, AT_SERVER, AT_PORT, AT_SECRET };

/* The two forms of the line. */
struct form {
	const char *word, *usage;
	enum profile_protocol protocol;
	bool has_secret;
	int words_at; /* where the words for pppd begin */
};

static const struct form forms[] = {
	{ "l2tp", "wanted: mtpd INTERFACE l2tp SERVER PORT SECRET [PPPD-OPTION...]", PROFILE_L2TP, true,
	  AT_SECRET + 1 },
	{ "pptp", "wanted: mtpd INTERFACE pptp SERVER PORT [PPPD-OPTION...]", PROFILE_PPTP, false,
	  AT_SECRET },
};

/* NULL: no protocol of that name. */
static const struct form *
form_of(int argc, char **argv)
{
	for (size_t i = 0; argc > AT_PROTOCOL && i < sizeof forms / sizeof forms[0]; i++)
		if (strcmp(argv[AT_PROTOCOL], forms[i].word) == 0)
			return &forms[i];
	return NULL;
}

/* ---- secrets, before anything else ---- */

/* Moves SECRET and the last password into the profile; every one of them is overwritten, come what may.  A line
 * too short or of no known form may have its password anywhere behind the second word. */
static enum profile_result
take_secrets(int argc, char **argv, struct profile *p, struct profile_error *why)
{
	const struct form *form = form_of(argc, argv);
	struct profile_session *session = profile_session_at(p, 0);
	enum profile_result result = PROFILE_OK;

	if ((form == NULL || form->has_secret) && argc > AT_SECRET && argv[AT_SECRET][0] != '\0')
		result = argv_secret_move(argv[AT_SECRET], &p->l2tp.secret, "SECRET", why);
	for (int i = form != NULL && form->has_secret ? AT_SECRET + 1 : AT_SERVER + 1; i + 1 < argc; i++) {
		if (strcmp(argv[i], "password") != 0 || argv[++i][0] == '\0')
			continue;
		if (argv_secret_move(argv[i], &session->password, "password", why) != PROFILE_OK)
			result = PROFILE_BAD;
	}
	return result;
}

/* ---- the words for pppd ---- */

static enum profile_result
bad_word(struct profile_error *why, const char *field, const char *text)
{
	*why = (struct profile_error){ .line = 0 };
	(void)snprintf(why->field, sizeof why->field, "%s", field);
	(void)snprintf(why->text, sizeof why->text, "%s", text);
	return PROFILE_BAD;
}

static bool
is_number(const char *word)
{
	return word[0] != '\0' && strspn(word, "0123456789") == strlen(word);
}

/* Decimal digits; the range is profile_check()'s business, except that 0 is not "not given" here. */
static enum profile_result
set_number(uint32_t *to, const char *field, const char *word, struct profile_error *why)
{
	const unsigned long v = is_number(word) ? strtoul(word, NULL, 10) : 0;

	if (v == 0 || v > UINT16_MAX)
		return bad_word(why, field, "not a number between 1 and 65535");
	*to = (uint32_t)v;
	return PROFILE_OK;
}

/* Spelt by Android's pppd and by others than the one that is installed here; a bare "mppe" may have a list of
 * what is wanted behind it.  PROFILE_MPPE_UNSAID: another word. */
static enum profile_mppe
mppe_of(const char *word)
{
	static const struct {
		const char *word;
		enum profile_mppe mppe;
	} words[] = {
		{ "mppe", PROFILE_MPPE_REQUIRE },
		{ "+mppe", PROFILE_MPPE_REQUIRE },
		{ "require-mppe", PROFILE_MPPE_REQUIRE },
		{ "nomppe", PROFILE_MPPE_OFF },
		{ "-mppe", PROFILE_MPPE_OFF },
	};

	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
		if (strcmp(word, words[i].word) == 0)
			return words[i].mppe;
	return PROFILE_MPPE_UNSAID;
}

/* "required,no40,no56,stateless": what stands behind a bare "mppe". */
static bool
is_mppe_list(const char *word)
{
	static const char *const items[] = { "required", "stateless", "no40", "no56", "no128" };

	while (*word != '\0') {
		const size_t n = strcspn(word, ",");
		bool is_known = false;

		for (size_t i = 0; i < sizeof items / sizeof items[0]; i++)
			is_known |= strlen(items[i]) == n && strncmp(word, items[i], n) == 0;
		if (!is_known)
			return false;
		word += n + (word[n] == ',');
	}
	return true;
}

/* Takes one word, with its argument where it is ours; returns how many words were taken, 0: `why`. */
static int
take_word(struct profile *p, char **words, int n, struct profile_error *why)
{
	struct profile_session *session = &p->sessions[0];
	enum profile_result result = PROFILE_OK;
	const char *word = words[0], *next = n > 1 ? words[1] : NULL;
	const enum profile_mppe mppe = mppe_of(word);

	if (strcmp(word, "usepeerdns") == 0) {
		p->dns = PROFILE_DNS_REPORT;
		return 1;
	}
	if (mppe != PROFILE_MPPE_UNSAID) {
		session->mppe = mppe;
		return strcmp(word, "mppe") == 0 && next != NULL && is_mppe_list(next) ? 2 : 1;
	}
	if (next != NULL && (strcmp(word, "name") == 0 || strcmp(word, "user") == 0))
		result = profile_set_text(session->user, sizeof session->user, word, ut_slice_str(next), why);
	else if (next != NULL && strcmp(word, "mtu") == 0)
		result = set_number(&session->mtu, word, next, why);
	else if (next != NULL && strcmp(word, "mru") == 0)
		result = set_number(&session->mru, word, next, why);
	else if (next == NULL || strcmp(word, "password") != 0)
		return profile_add_option(p, 0, ut_slice_str(word), why) == PROFILE_OK ? 1 : 0;
	return result == PROFILE_OK ? 2 : 0;
}

static enum profile_result
take_words(const struct form *form, int argc, char **argv, struct profile *p, struct profile_error *why)
{
	p->dns = PROFILE_DNS_NONE;
	for (int i = form->words_at; i < argc;) {
		const int taken = take_word(p, argv + i, argc - i, why);

		if (taken == 0)
			return PROFILE_BAD;
		i += taken;
	}
	return PROFILE_OK;
}

/* ---- the line ---- */

/* "pptp 1723 linkname ...": the server was left out, and the port stands in its place. */
static bool
lacks_server(char **argv)
{
	return is_number(argv[AT_SERVER]) && !is_number(argv[AT_PORT]);
}

static enum profile_result
take_line(int argc, char **argv, struct profile *p, struct profile_error *why)
{
	const struct form *form = form_of(argc, argv);

	if (form == NULL)
		return bad_word(why, "", "the second word names the protocol, and there are: l2tp, pptp");
	if (argc <= (form->has_secret ? AT_SECRET : AT_PORT) || lacks_server(argv))
		return bad_word(why, "", form->usage);
	p->protocol = form->protocol;
	if (profile_set_text(p->interface, sizeof p->interface, "INTERFACE", ut_slice_str(argv[AT_INTERFACE]),
			     why) != PROFILE_OK ||
	    profile_set_text(p->server, sizeof p->server, "SERVER", ut_slice_str(argv[AT_SERVER]), why) !=
		PROFILE_OK ||
	    set_number(&p->server_port, "PORT", argv[AT_PORT], why) != PROFILE_OK ||
	    take_words(form, argc, argv, p, why) != PROFILE_OK)
		return PROFILE_BAD;
	return profile_check(p, NULL, why);
}

/* The line becomes the run's one profile.  False: it has been said what is wrong. */
static bool
take_all(const struct mtpd_framework *framework, int argc, char **argv, struct profile *p)
{
	struct profile_error why;
	char text[sizeof why.field + sizeof why.text + 8];
	enum profile_result result = take_secrets(argc, argv, p, &why);

	if (result == PROFILE_OK)
		result = take_line(argc, argv, p, &why);
	if (result == PROFILE_OK)
		return true;
	profile_error_format(&why, NULL, text, sizeof text);
	mtpd_framework_tell(framework, 'F', "%s", text);
	return false;
}

int
cmd_mtpd(int argc, char **argv)
{
	struct mtpd_framework framework;
	struct run run;
	int status = STATUS_SYSTEM;

	signals_end_at_once();
	mtpd_framework_init(&framework);
	if (!run_init(&run, 1)) {
		say("no memory");
		return STATUS_SYSTEM;
	}
	if (mtpd_framework_arguments(&framework, &argc, &argv) &&
	    take_all(&framework, argc, argv, &run.profiles[0])) {
		mtpd_framework_join(&framework, &run);
		status = run_all(&run);
	}
	run_fini(&run);
	mtpd_framework_end(&framework, status);
	return status;
}
