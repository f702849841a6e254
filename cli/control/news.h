/* news.h - what the daemon's events say, as `uptun up` would print it
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef CLI_CONTROL_NEWS_H
#define CLI_CONTROL_NEWS_H

#include "cli/output.h"
#include "uptun.pb-c.h"

/* How events are printed. */
struct news {
	bool json;
	enum output_level level;
	size_t name_width; /* of the longest name, in characters; text only */
};

/* What becomes of one profile; `index` is its place on the command line. */
void news_accepted(const struct news *n, const char *name, size_t index, uint32_t tunnel);
void news_print(const struct news *n, const Uptun__Event *event, size_t index);

#endif
