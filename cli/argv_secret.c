/* argv_secret.c - secrets that came on the command line leave it
 * SPDX-License-Identifier: Apache-2.0
 */
#include "cli/argv_secret.h"

void
argv_secret_overwrite(char *word)
{
	const size_t n = strlen(word);

	ut_wipe(word, n);
	memset(word, 'x', n);
}

bool
argv_secret_overwrite_passwords(char **words, int n)
{
	bool found = false;

	for (int i = 0; i < n; i++) {
		if (strcmp(words[i], "password") != 0)
			continue;
		found = true;
		if (i + 1 < n)
			argv_secret_overwrite(words[++i]);
	}
	return found;
}

enum profile_result
argv_secret_move(char *word, struct profile_secret *to, const char *field, struct profile_error *why)
{
	const enum profile_result result = profile_set_secret(to, field, ut_slice_str(word), why);

	argv_secret_overwrite(word);
	return result;
}
