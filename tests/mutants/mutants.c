/* mutants.c - puts one fault after another into the tables, and asks that a test notices each
 * SPDX-License-Identifier: Apache-2.0
 *
 *   mutants [--machine NAME] [--killer PROGRAM]... [--sample N] [--part I/N] [--excused] [--list FILE] FOLDER
 *
 * FOLDER holds the test programs built with redirect.h.  --sample takes one mutant of N.  --excused tries those, too, that
 * equivalent.c says nobody can notice, by every test.  Prints each mutant with the program and the test case that
 * noticed it first, into FILE if there is one; fails if one survives and equivalent.c does not say why.
 */
#define _POSIX_C_SOURCE 200809L
#include "fsm/machines.h"
#include "tests/mutants/equivalent.h"
#include "tests/mutants/killers.h"
#include "tests/mutants/mutant.h"

#include <getopt.h>
#include <stdlib.h>
#include <string.h>

static const struct ut_machine *const machines[] = {
#define X(machine) &machine,
	UT_MACHINES(X)
#undef X
};
enum { MACHINES = UT_COUNT(machines), KILLERS_MAX = 24 };

struct tally {
	unsigned faults, excused, survived, by[KILLERS_MAX];
};

struct hunt {
	const char *folder, *machine;
	const char *killers[KILLERS_MAX]; /* only these; none: all */
	unsigned n_killers;
	unsigned sample; /* one of so many */
	unsigned part, parts;
	bool excused; /* also those that equivalent.c lists */
	FILE *list;
	struct tally tally[MACHINES];
};

static bool
is_asked(const struct hunt *h, const struct killer *k)
{
	for (unsigned i = 0; i < h->n_killers; i++)
		if (strcmp(h->killers[i], k->program) == 0)
			return true;
	return h->n_killers == 0;
}

/* The killer that notices first, or NULL; of a fault that nobody need notice only those that cost nothing are asked. */
static const struct killer *
find_killer(const struct hunt *h, const char *mutant, bool is_excused, char how[KILLER_HOW])
{
	for (const struct killer *k = killers; k->program != NULL; k++)
		if (is_asked(h, k) && (!is_excused || h->excused || k->looks_at_rows) &&
		    killer_notices(k, h->folder, mutant, how))
			return k;
	return NULL;
}

/* A fixed seed, so that a sample is the same every time and spread over all kinds. */
static bool
is_in_sample(const struct hunt *h, unsigned machine, const struct mutant *m)
{
	uint32_t x = machine << 24 ^ (uint32_t)m->row << 16 ^ (uint32_t)m->kind << 12 ^ m->argument;

	x = (x ^ x >> 16) * UINT32_C(0x45d9f3b);
	x = (x ^ x >> 16) * UINT32_C(0x45d9f3b);
	x ^= x >> 16;
	return x % h->sample == 0 && x / h->sample % h->parts == h->part;
}

static void
try(struct hunt *h, unsigned machine, const struct mutant *mutant)
{
	const struct ut_machine *const m = machines[machine];
	struct tally *const t = &h->tally[machine];
	const char *const excuse = mutant_excuse(m, mutant);
	const struct killer *killer;
	char how[KILLER_HOW], name[64];

	snprintf(name, sizeof name, "%u %u %u %u", machine, mutant->row, mutant->kind, mutant->argument);
	killer = find_killer(h, name, excuse != NULL, how);
	t->faults++;
	mutant_print(h->list, m, mutant);
	if (killer != NULL) {
		t->by[killer - killers]++;
		fprintf(h->list, ": %s, %s\n", killer->program, how);
	} else if (excuse != NULL) {
		t->excused++;
		fprintf(h->list, ": no difference, %s\n", excuse);
	} else {
		t->survived++;
		fprintf(h->list, ": SURVIVES [UT_MUTANT=\"%s\"]\n", name);
		if (h->list != stdout)
			printf("%s row %u survives [UT_MUTANT=\"%s\"]\n", m->name, mutant->row, name);
	}
}

static void
hunt_in(struct hunt *h, unsigned machine)
{
	const struct ut_machine *const m = machines[machine];
	struct mutant mutant = { .row = 0 };

	if (h->machine != NULL && strcmp(h->machine, m->name) != 0)
		return;
	do {
		if (is_in_sample(h, machine, &mutant) && mutant_is_fault(m, &mutant))
			try(h, machine, &mutant);
	} while (mutant_advance(m, &mutant));
}

/* A test that fails without a fault notices nothing. */
static bool
is_sound(const struct hunt *h)
{
	char how[KILLER_HOW];

	for (const struct killer *k = killers; k->program != NULL; k++) {
		if (!is_asked(h, k) || !killer_notices(k, h->folder, NULL, how))
			continue;
		fprintf(stderr, "mutants: %s fails without any fault: %s\n", k->program, how);
		return false;
	}
	return true;
}

/* How many survived. */
static unsigned
summarize(const struct hunt *h)
{
	struct tally all = { 0 };

	printf("\n%-24s %6s %6s %9s\n", "machine", "faults", "equal", "survivors");
	for (unsigned i = 0; i < MACHINES; i++) {
		const struct tally *const t = &h->tally[i];

		if (t->faults == 0)
			continue;
		printf("%-24s %6u %6u %9u\n", machines[i]->name, t->faults, t->excused, t->survived);
		all.faults += t->faults;
		all.excused += t->excused;
		all.survived += t->survived;
		for (unsigned k = 0; k < KILLERS_MAX; k++)
			all.by[k] += t->by[k];
	}
	printf("%-24s %6u %6u %9u\n\n", "all", all.faults, all.excused, all.survived);
	for (unsigned k = 0; killers[k].program != NULL; k++)
		printf("%-24s %6u\n", killers[k].program, all.by[k]);
	return all.survived;
}

static bool
read_options(struct hunt *h, int argc, char **argv)
{
	static const struct option options[] = { { "machine", required_argument, NULL, 'm' },
						 { "killer", required_argument, NULL, 'k' },
						 { "sample", required_argument, NULL, 's' },
						 { "part", required_argument, NULL, 'p' },
						 { "excused", no_argument, NULL, 'x' },
						 { "list", required_argument, NULL, 'l' },
						 { NULL, 0, NULL, 0 } };
	int c;

	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (c == 'm')
			h->machine = optarg;
		else if (c == 'k' && h->n_killers < KILLERS_MAX)
			h->killers[h->n_killers++] = optarg;
		else if (c == 's' && atoi(optarg) > 0)
			h->sample = (unsigned)atoi(optarg);
		else if (c == 'x')
			h->excused = true;
		else if (c == 'l')
			h->list = fopen(optarg, "w");
		else if (c != 'p' || sscanf(optarg, "%u/%u", &h->part, &h->parts) != 2 || h->parts == 0)
			return false;
	}
	h->folder = argv[optind];
	return argc == optind + 1 && h->list != NULL;
}

int
main(int argc, char **argv)
{
	struct hunt h = { .sample = 1, .parts = 1, .list = stdout };

	if (!read_options(&h, argc, argv)) {
		fprintf(stderr,
			"usage: mutants [--machine NAME] [--killer PROGRAM]... [--sample N] [--part I/N] "
			"[--excused] [--list FILE] FOLDER\n");
		return EXIT_FAILURE;
	}
	if (!is_sound(&h))
		return EXIT_FAILURE;
	for (unsigned i = 0; i < MACHINES; i++)
		hunt_in(&h, i);
	return summarize(&h) == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
