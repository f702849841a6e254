/* parcel.c - the octets of a binder transaction, laid out as Android's Parcel lays them out
 * SPDX-License-Identifier: Apache-2.0
 */
#include "android/binder/parcel.h"

#include <string.h>

enum {
	HEADER_SYSTEM = 0x53595354, /* "SYST" */
	PRIORITY_MIN = 0x13,	    /* of an object's threads, as Android sets it */
	NULL_LENGTH = -1
};

/* Level "system" of stability: 12, in the octet of its own that Android 12 alone had, beside a version. */
static const struct parcel_form forms[] = {
	{ .release = 8 },
	{ .release = 10, .has_work_source = true },
	{ .release = 11,
	  .has_work_source = true,
	  .has_header = true,
	  .has_stability = true,
	  .stability = 12 },
	{ .release = 12,
	  .has_work_source = true,
	  .has_header = true,
	  .has_stability = true,
	  .stability = 0x0c000001 },
	{ .release = 13,
	  .has_work_source = true,
	  .has_header = true,
	  .has_stability = true,
	  .stability = 12 },
};

const struct parcel_form *
parcel_form_find(unsigned release)
{
	const struct parcel_form *found = NULL;

	for (size_t i = 0; i < sizeof forms / sizeof forms[0] && forms[i].release <= release; i++)
		found = &forms[i];
	return found;
}

static size_t
padded(size_t n)
{
	return (n + 3) & ~(size_t)3;
}

/* ---- writing ---- */

void
parcel_clear(struct parcel *p)
{
	p->n = p->n_objects = 0;
	p->is_overflown = false;
}

/* Room for n octets and their padding, zeroed; NULL: there is none. */
static uint8_t *
append(struct parcel *p, size_t n)
{
	uint8_t *at = p->octets + p->n;

	if (n > sizeof p->octets || padded(n) > sizeof p->octets - p->n) {
		p->is_overflown = true;
		return NULL;
	}
	memset(at, 0, padded(n));
	p->n += padded(n);
	return at;
}

void
parcel_int32(struct parcel *p, uint32_t v)
{
	uint8_t *at = append(p, sizeof v);

	if (at != NULL)
		memcpy(at, &v, sizeof v);
}

void
parcel_array(struct parcel *p, const uint8_t *octets, size_t n)
{
	parcel_int32(p, (uint32_t)n);
	uint8_t *at = append(p, n);
	if (at != NULL && n > 0)
		memcpy(at, octets, n);
}

void
parcel_text(struct parcel *p, const char *text)
{
	const size_t n = text != NULL ? strlen(text) : 0;

	parcel_int32(p, text != NULL ? (uint32_t)n : (uint32_t)NULL_LENGTH);
	if (text == NULL)
		return;
	uint8_t *at = append(p, 2 * (n + 1)); /* a terminator, too */
	for (size_t i = 0; at != NULL && i < n; i++)
		at[2 * i] = (uint8_t)text[i];
}

void
parcel_token(struct parcel *p, const struct parcel_form *form, const char *interface)
{
	parcel_int32(p, 0); /* strict-mode policy */
	if (form->has_work_source)
		parcel_int32(p, UINT32_MAX); /* unset */
	if (form->has_header)
		parcel_int32(p, HEADER_SYSTEM);
	parcel_text(p, interface);
}

void
parcel_binder(struct parcel *p, const struct parcel_form *form, binder_uintptr_t ptr, binder_uintptr_t cookie)
{
	const struct flat_binder_object object = {
		.hdr.type = BINDER_TYPE_BINDER, .flags = PRIORITY_MIN, .binder = ptr, .cookie = cookie
	};
	const size_t place = p->n;
	uint8_t *at = append(p, sizeof object);

	if (at != NULL)
		memcpy(at, &object, sizeof object);
	p->object = place;
	p->n_objects = 1;
	if (form->has_stability)
		parcel_int32(p, form->stability);
}

void
parcel_exception(struct parcel *p, int32_t code, const char *text)
{
	parcel_int32(p, (uint32_t)code);
	if (code == 0)
		return;
	parcel_text(p, text);
	parcel_int32(p, 0); /* no stack trace */
}

/* ---- reading ---- */

struct parcel_reader
parcel_reader_of(const struct binder_transaction_data *data)
{
	return (struct parcel_reader){ .octets = (const uint8_t *)(uintptr_t)data->data.ptr.buffer,
				       .n = (size_t)data->data_size,
				       .objects = (const binder_size_t *)(uintptr_t)data->data.ptr.offsets,
				       .n_objects = (size_t)data->offsets_size / sizeof(binder_size_t) };
}

/* The next n octets, past their padding; NULL: there are not so many. */
static const uint8_t *
take(struct parcel_reader *r, size_t n)
{
	const uint8_t *at = r->octets + r->at;

	if (r->has_failed || n > r->n - r->at) {
		r->has_failed = true;
		return NULL;
	}
	r->at += padded(n) <= r->n - r->at ? padded(n) : n;
	return at;
}

uint32_t
parcel_read_int32(struct parcel_reader *r)
{
	uint32_t v = 0;
	const uint8_t *at = take(r, sizeof v);

	if (at != NULL)
		memcpy(&v, at, sizeof v);
	return v;
}

const uint8_t *
parcel_read_array(struct parcel_reader *r, size_t *n)
{
	const uint32_t length = parcel_read_int32(r);
	const uint8_t *at = length != (uint32_t)NULL_LENGTH ? take(r, length) : NULL;

	*n = at != NULL ? length : 0;
	return *n > 0 ? at : NULL;
}

void
parcel_read_text(struct parcel_reader *r, char out[PARCEL_TEXT_MAX + 1])
{
	const uint32_t length = parcel_read_int32(r);

	out[0] = '\0';
	if (length == (uint32_t)NULL_LENGTH)
		return;
	if (length > PARCEL_TEXT_MAX) {
		r->has_failed = true;
		return;
	}
	const uint8_t *at = take(r, 2 * ((size_t)length + 1));
	if (at == NULL)
		return;
	for (size_t i = 0; i < length; i++)
		out[i] = (char)(at[2 * i + 1] == 0 && at[2 * i] > 0 && at[2 * i] < 0x7f ? at[2 * i] : '?');
	out[length] = '\0';
}

/* What stands before the name tells the form: the name itself is looked for at each place it can have. */
bool
parcel_read_token(struct parcel_reader *r, const char *interface)
{
	enum { PLACES = 3 };
	char text[PARCEL_TEXT_MAX + 1];

	(void)parcel_read_int32(r); /* strict-mode policy */
	for (unsigned i = 0; i < PLACES && !r->has_failed; i++) {
		struct parcel_reader here = *r;

		parcel_read_text(&here, text);
		if (!here.has_failed && strcmp(text, interface) == 0) {
			*r = here;
			return true;
		}
		(void)parcel_read_int32(r); /* a work source, a header */
	}
	r->has_failed = true;
	return false;
}

bool
parcel_read_handle(struct parcel_reader *r, uint32_t *handle)
{
	struct flat_binder_object object;
	const size_t place = r->at;
	const uint8_t *at = take(r, sizeof object);

	/* Only what the kernel counts among the objects has been translated by it. */
	for (size_t i = 0; at != NULL && i < r->n_objects; i++) {
		if (r->objects[i] != place)
			continue;
		memcpy(&object, at, sizeof object);
		*handle = object.handle;
		return object.hdr.type == BINDER_TYPE_HANDLE;
	}
	r->has_failed = true;
	return false;
}
