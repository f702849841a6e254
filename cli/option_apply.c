/* option_apply.c - the options given become fields of a profile
 * SPDX-License-Identifier: Apache-2.0
 */
#include "cli/option.h"

#include <assert.h>
#include <stdio.h>

enum { FIELD_OCTETS = 64 };

/* Where an option's value goes: a field of the profile or of one session, and its path. */
struct place {
	uint8_t *at;
	size_t octets;
	const char *field; /* borrowed */
};

static void
set_octets(const struct place *to, const void *value, size_t octets)
{
	assert(to->octets == octets);
	memcpy(to->at, value, octets);
}

static enum profile_result
set_value(const struct option_given *given, const struct place *to, struct profile *p,
	  struct profile_error *why)
{
	const struct option_spec *spec = given->spec;
	const bool yes = true;

	switch (spec->kind) {
	case OPTION_FLAG:
		set_octets(to, &yes, sizeof yes);
		break;
	case OPTION_NUMBER:
	case OPTION_CHOICE: /* an enum has the size of its number */
		set_octets(to, &given->number, sizeof given->number);
		break;
	case OPTION_TEXT:
		return profile_set_text((char *)to->at, to->octets, to->field, ut_slice_str(given->value),
					why);
	case OPTION_FILE:
		return profile_set_secret_file((void *)to->at, to->field, ut_slice_str(given->value), why);
	case OPTION_ROUTE:
		return profile_add_route(p, ut_slice_str(given->value), why);
	case OPTION_KIND_N:
		break;
	}
	return PROFILE_OK;
}

/* What is added to keeps its place in the file. */
static void
forget_place(const struct option_spec *spec, const char *field, struct profile_source *source)
{
	if (source != NULL && spec->kind != OPTION_ROUTE)
		profile_source_override(source, field);
}

static bool
has_twin(const struct option_spec *spec, const struct profile *p)
{
	return spec->pptp.field[0] != '\0' && p->protocol == PROFILE_PPTP;
}

static enum profile_result
refuse_protocol(const struct option_spec *spec, const struct profile *p, struct profile_error *why)
{
	*why = (struct profile_error){ .line = 0 };
	(void)snprintf(why->field, sizeof why->field, "%s", spec->field);
	(void)snprintf(why->text, sizeof why->text, "makes sense with %s only",
		       p->protocol == PROFILE_PPTP ? "L2TP" : "PPTP");
	return PROFILE_BAD;
}

static enum profile_result
apply_to_profile(const struct option_given *given, struct profile *p, struct profile_source *source,
		 struct profile_error *why)
{
	const struct option_spec *spec = given->spec;
	const bool is_twin = has_twin(spec, p);
	const struct place to = { .at = (uint8_t *)p + (is_twin ? spec->pptp.offset : spec->offset),
				  .octets = is_twin ? spec->pptp.octets : spec->octets,
				  .field = is_twin ? spec->pptp.field : spec->field };

	if (spec->protocols != 0 && (spec->protocols & 1u << p->protocol) == 0)
		return refuse_protocol(spec, p, why);
	forget_place(given->spec, to.field, source);
	return set_value(given, &to, p, why);
}

static enum profile_result
apply_to_session(const struct option_given *given, unsigned index, struct profile *p,
		 struct profile_source *source, struct profile_error *why)
{
	char field[FIELD_OCTETS];
	const struct place to = { .at = (uint8_t *)&p->sessions[index] + given->spec->offset,
				  .octets = given->spec->octets,
				  .field = field };

	(void)snprintf(field, sizeof field, "session[%u].%s", index, given->spec->field);
	forget_place(given->spec, to.field, source);
	return set_value(given, &to, p, why);
}

static enum profile_result
apply_one(const struct option_given *given, struct profile *p, struct profile_source *source,
	  struct profile_error *why)
{
	const unsigned last = given->spec->target == OPTION_OF_SESSIONS ? p->sessions_n : 1;

	if (given->spec->target == OPTION_OF_PROFILE)
		return apply_to_profile(given, p, source, why);
	if (given->spec->target != OPTION_OF_SESSIONS && given->spec->target != OPTION_OF_FIRST_SESSION)
		return PROFILE_OK;
	for (unsigned i = 0; i < last; i++)
		if (apply_to_session(given, i, p, source, why) != PROFILE_OK)
			return PROFILE_BAD;
	return PROFILE_OK;
}

static enum profile_result
apply_rest(const struct options *options, struct profile *p, struct profile_error *why)
{
	for (unsigned i = 0; i < p->sessions_n; i++)
		for (int word = 0; word < options->rest_n; word++)
			if (profile_add_option(p, i, ut_slice_str(options->rest[word]), why) != PROFILE_OK)
				return PROFILE_BAD;
	return PROFILE_OK;
}

enum profile_result
options_apply(const struct options *options, struct profile *p, struct profile_source *source,
	      struct profile_error *why)
{
	(void)profile_session_at(p, 0);
	for (size_t i = 0; i < options->given_n; i++)
		if (apply_one(&options->given[i], p, source, why) != PROFILE_OK)
			return PROFILE_BAD;
	return apply_rest(options, p, why);
}

/* "session[3].mtu" -> "mtu"; NULL when the path is not a session's. */
static const char *
within_session(const char *field)
{
	const char *dot;

	if (strncmp(field, "session[", strlen("session[")) != 0)
		return NULL;
	dot = strchr(field, '.');
	return dot != NULL ? dot + 1 : NULL;
}

/* "route[2]" is "route". */
static bool
is_field(const char *path, const char *field)
{
	const size_t n = strlen(field);

	return strncmp(path, field, n) == 0 && (path[n] == '\0' || path[n] == '[');
}

const struct option_spec *
options_of_field(const struct options *options, const char *field)
{
	const char *inner = within_session(field);

	for (size_t i = 0; i < options->given_n; i++) {
		const struct option_spec *spec = options->given[i].spec;
		const char *path = spec->target == OPTION_OF_PROFILE ? field : inner;

		if (spec->field[0] != '\0' && path != NULL && is_field(path, spec->field))
			return spec;
		if (spec->pptp.field[0] != '\0' && is_field(field, spec->pptp.field))
			return spec;
	}
	return NULL;
}
