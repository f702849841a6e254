/* fuzz_parcel.c - any binder transaction through the reader of parcels (android/binder/parcel.h)
 * SPDX-License-Identifier: Apache-2.0
 *
 * Input: one octet with the place of the object the kernel counts, in fours, then the parcel.  It is read as IUptun.watch()
 * reads it.  Oracles: an array lies inside the parcel; the reader never passes its end; after a failure everything is empty;
 * a token of ours that was read is there when written again; only an object at its place is a handle.
 */
#include "fuzz/check.h"
#include "android/binder/aidl.h"
#include "android/binder/parcel.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *octets, size_t n);

static void
check_array(struct parcel_reader *r)
{
	size_t n;
	const uint8_t *at = parcel_read_array(r, &n);

	CHECK((at == NULL) == (n == 0));
	if (at != NULL)
		CHECK(at >= r->octets && n <= r->n && (size_t)(at - r->octets) <= r->n - n);
	CHECK(r->at <= r->n);
}

static void
check_handle(struct parcel_reader *r)
{
	const size_t place = r->at;
	const bool had_failed = r->has_failed;
	uint32_t handle;

	if (!parcel_read_handle(r, &handle))
		return;
	CHECK(!had_failed && r->objects[0] == place && place + sizeof(struct flat_binder_object) <= r->n);
}

static void
check_empty(struct parcel_reader *r)
{
	char text[PARCEL_TEXT_MAX + 1];
	uint32_t handle;
	size_t n;

	CHECK(parcel_read_int32(r) == 0);
	CHECK(parcel_read_array(r, &n) == NULL && n == 0);
	parcel_read_text(r, text);
	CHECK(text[0] == '\0' && !parcel_read_handle(r, &handle));
}

int
LLVMFuzzerTestOneInput(const uint8_t *octets, size_t n)
{
	if (n == 0)
		return 0;
	const binder_size_t object = 4 * (binder_size_t)octets[0];
	struct parcel_reader r = { .octets = octets + 1, .n = n - 1, .objects = &object, .n_objects = 1 };
	const bool is_ours = parcel_read_token(&r, AIDL_SERVICE);

	CHECK(is_ours == !r.has_failed && r.at <= r.n);
	check_array(&r);
	check_handle(&r);
	if (r.has_failed)
		check_empty(&r);
	return 0;
}
