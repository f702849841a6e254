/* table.h - aligned columns for people
 * SPDX-License-Identifier: Apache-2.0
 *
 * Cells may come from outside: they are made safe to print, and columns are as wide as terminals show them.
 */
#ifndef CLI_CONTROL_TABLE_H
#define CLI_CONTROL_TABLE_H

#include <stdbool.h>
#include <stdio.h>

struct table_column {
	const char *title;
	bool is_number; /* to the right */
};

struct table_cell;

struct table {
	const struct table_column *columns; /* borrowed */
	size_t columns_n;
	struct table_cell *cells; /* owned; row by row */
	size_t cells_n, cells_cap;
	bool lacks_memory; /* rows are missing */
};

/* n columns, 1 to 16. */
void table_init(struct table *t, const struct table_column *columns, size_t n);
void table_fini(struct table *t);

/* The next cell, in the order of reading; cut off when it is very long. */
void table_add(struct table *t, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Titles and rows; a row that is not whole is not printed.  False: rows are missing, for there was no memory. */
bool table_print(const struct table *t, FILE *out);

/* Columns of a terminal that a text takes. */
size_t table_width(const char *text);

#endif
