/* replay_main.c - runs a fuzz target over files: corpus and crashes as a unit test
 * SPDX-License-Identifier: Apache-2.0
 *
 * usage: replay_TARGET CORPUS_DIRECTORY [CRASHES_DIRECTORY | FILE]...
 *
 * The first argument must hold at least one input.  Others may be missing: no crash was found yet.
 */
#define _DEFAULT_SOURCE
#include <dirent.h>
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

int LLVMFuzzerTestOneInput(const uint8_t *octets, size_t n);

enum { INPUT_MAX = 1 << 20, PATH_OCTETS = 4096 };

/* The input alone in its own allocation, so that a sanitizer sees its end. */
static void
run_octets(const uint8_t *octets, size_t n)
{
	uint8_t *const copy = malloc(n != 0 ? n : 1);

	if (copy == NULL)
		exit(EXIT_FAILURE);
	memcpy(copy, octets, n);
	LLVMFuzzerTestOneInput(copy, n);
	free(copy);
}

static int
run_file(const char *path)
{
	uint8_t *const octets = malloc(INPUT_MAX);
	FILE *const file = fopen(path, "rb");
	size_t n;

	if (octets == NULL || file == NULL) {
		fprintf(stderr, "%s: %s\n", path, strerror(errno));
		exit(EXIT_FAILURE);
	}
	n = fread(octets, 1, INPUT_MAX, file);
	fclose(file);
	run_octets(octets, n);
	free(octets);
	return 1;
}

static int
run_directory(const char *path, DIR *directory)
{
	const struct dirent *entry;
	char file[PATH_OCTETS];
	int inputs = 0;

	while ((entry = readdir(directory)) != NULL) {
		if (entry->d_name[0] == '.')
			continue;
		snprintf(file, sizeof file, "%s/%s", path, entry->d_name);
		inputs += run_file(file);
	}
	return inputs;
}

/* Returns how many inputs there were; a path that is not there has none. */
static int
run_path(const char *path)
{
	DIR *const directory = opendir(path);
	int inputs;

	if (directory == NULL)
		return errno == ENOTDIR ? run_file(path) : 0;
	inputs = run_directory(path, directory);
	closedir(directory);
	return inputs;
}

int
main(int argc, char **argv)
{
	int inputs = 0;

	for (int i = 1; i < argc; i++) {
		inputs += run_path(argv[i]);
		if (inputs == 0) {
			fprintf(stderr, "%s: no inputs: a corpus that is empty or missing proves nothing\n",
				argv[i]);
			return EXIT_FAILURE;
		}
	}
	printf("%d inputs\n", inputs);
	return inputs != 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
