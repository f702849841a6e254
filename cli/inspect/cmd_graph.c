/* cmd_graph.c - uptun graph: the tables of the machines, printed
 * SPDX-License-Identifier: Apache-2.0
 */
#include "cli/command.h"
#include "cli/inspect/graph.h"
#include "cli/inspect/graph_svg.h"
#include "cli/option.h"
#include "cli/program.h"
#include "cli/run.h"
#include "cli/say.h"

#include <errno.h>
#include <string.h>

typedef void graph_format_fn(FILE *out, const struct ut_machine *m);

static const struct {
	const char *name;
	graph_format_fn *print; /* NULL: its own way */
	bool is_for_one;	/* makes one document of one machine */
} formats[] = {
	/* clang-format off */
	{ "tsv", graph_tsv, false },
	{ "dot", graph_dot, false },
	{ "md", graph_markdown, false },
	{ "promela", graph_promela, true },
	{ "svg", NULL, true },
	/* clang-format on */
};
enum { FORMATS = sizeof formats / sizeof formats[0], NO_FORMAT = FORMATS };

static unsigned
find_format(const char *name)
{
	unsigned i = 0;

	while (i < FORMATS && strcmp(formats[i].name, name) != 0)
		i++;
	if (i == NO_FORMAT)
		say("there is no format \"%s\"; uptun graph --help lists them", name);
	return i;
}

static const struct ut_machine *
find_machine(const char *name)
{
	const struct ut_machine *const m = graph_machine_find(name);

	if (m == NULL)
		say("there is no machine \"%s\"; uptun graph --list names them", name);
	return m;
}

static int
list_machines(void)
{
	const struct ut_machine *m;

	for (unsigned i = 0; (m = graph_machine_at(i)) != NULL; i++)
		puts(m->name);
	return STATUS_OK;
}

/* `only` NULL: all of them. */
static int
print_machines(unsigned format, const struct ut_machine *only)
{
	const struct ut_machine *m;

	if (formats[format].is_for_one && only == NULL) {
		say("--format %s needs the name of one machine; uptun graph --list names them",
		    formats[format].name);
		return STATUS_SYSTEM;
	}
	if (formats[format].print == NULL)
		return graph_svg(only) ? STATUS_OK : STATUS_SYSTEM;
	if (formats[format].print == graph_tsv)
		fputs(graph_tsv_header, stdout);
	for (unsigned i = 0; (m = graph_machine_at(i)) != NULL; i++) {
		if (only == NULL || only == m)
			formats[format].print(stdout, m);
	}
	return STATUS_OK;
}

static int
run(const struct options *options)
{
	const char *const name = options_value(options, OPTION_FORMAT);
	const struct ut_machine *only = NULL;
	unsigned format;

	if (options_count(options, OPTION_LIST) > 0)
		return list_machines();
	if (options->operands_n > 1) {
		say("one machine, not %d", options->operands_n);
		return STATUS_SYSTEM;
	}
	format = find_format(name != NULL ? name : "tsv");
	if (options->operands_n == 1)
		only = find_machine(options->operands[0]);
	if (format == NO_FORMAT || (options->operands_n == 1 && only == NULL))
		return STATUS_SYSTEM;
	return print_machines(format, only);
}

int
cmd_graph(int argc, char **argv)
{
	struct options options;
	struct option_error why;
	int status;

	if (options_parse(COMMAND_GRAPH, argc, argv, &options, &why) != OPTIONS_OK) {
		say("%s", why.text);
		return STATUS_SYSTEM;
	}
	if (options_count(&options, OPTION_HELP) > 0)
		return program_help(COMMAND_GRAPH);
	status = run(&options);
	if (fflush(stdout) != 0 || ferror(stdout)) {
		say("standard output: %s", strerror(errno));
		return STATUS_SYSTEM;
	}
	return status;
}
