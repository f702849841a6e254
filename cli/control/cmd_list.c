/* cmd_list.c - uptun list: which tunnels the daemon has
 * SPDX-License-Identifier: Apache-2.0
 */
#include "cli/control/show.h"
#include "cli/control/talk.h"
#include "cli/plain_text.h"
#include "cli/say.h"

static void
print_names(const struct tunnels *tunnels)
{
	char name[PROFILE_NAME_MAX + 1];

	for (size_t i = 0; i < tunnels->n; i++) {
		plain_text_copy(tunnels->at[i]->name, name, sizeof name);
		(void)puts(name);
	}
}

static void
print(const struct tunnels *tunnels, const struct options *options)
{
	const bool json = options_count(options, OPTION_JSON) > 0;

	for (size_t i = 0; json && i < tunnels->n; i++)
		show_json(tunnels->at[i], words_now_ms(), true, stdout);
	if (json)
		return;
	if (options_count(options, OPTION_QUIET) > 0)
		print_names(tunnels);
	else if (tunnels->n == 0)
		(void)puts("There are no tunnels.");
	else if (!show_list(tunnels->at, tunnels->n, stdout))
		say("no memory for all of them");
}

int
cmd_list(int argc, char **argv)
{
	struct talk talk = { .client = NULL };
	struct options options;
	struct tunnels tunnels;
	int status = talk_options(COMMAND_LIST, argc, argv, 0, &options);

	if (status == STATUS_OK)
		status = talk_open(&talk, &options);
	if (status != STATUS_OK)
		return status;
	status = talk_list(&talk, &tunnels);
	if (status == STATUS_OK) {
		print(&tunnels, &options);
		tunnels_fini(&tunnels);
	}
	talk_close(&talk);
	return status;
}
