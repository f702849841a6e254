/* parcel.h - the octets of a binder transaction, laid out as Android's Parcel lays them out
 * SPDX-License-Identifier: Apache-2.0
 *
 * Little endian, everything padded to four octets.  Reading is total: what does not fit is false, and stays so.  The
 * layouts changed with Android's releases: `struct parcel_form` says which is written, and all of them are read.
 */
#ifndef ANDROID_BINDER_PARCEL_H
#define ANDROID_BINDER_PARCEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <linux/android/binder.h>

enum {
	PARCEL_OCTETS_MAX = 66048, /* a message of the API, and what stands around it */
	PARCEL_TEXT_MAX = 255	   /* UTF-16 units of a string16 that is read */
};

/* How one release of Android writes interface tokens and binder objects. */
struct parcel_form {
	unsigned release;     /* of Android, the first that has it */
	bool has_work_source; /* in the token, behind the strict-mode policy */
	bool has_header;      /* in the token, behind that: "SYST" */
	bool has_stability;   /* behind a binder object */
	uint32_t stability;   /* that of the system's own interfaces */
};

/* The form of a release, or of the newest before it; NULL: older than 8. */
const struct parcel_form *parcel_form_find(unsigned release);

/* ---- writing ---- */

struct parcel {
	uint8_t octets[PARCEL_OCTETS_MAX];
	size_t n;
	bool is_overflown; /* something did not fit: not to be sent */
	binder_size_t object;
	size_t n_objects; /* 0 or 1, at `object` */
};

void parcel_clear(struct parcel *p);
void parcel_int32(struct parcel *p, uint32_t v);
/* A byte array. */
void parcel_array(struct parcel *p, const uint8_t *octets, size_t n);
/* A string16 of a text in ASCII; NULL: a null string. */
void parcel_text(struct parcel *p, const char *text);
void parcel_token(struct parcel *p, const struct parcel_form *form, const char *interface);
/* Our own object, which the kernel will name by these two. */
void parcel_binder(struct parcel *p, const struct parcel_form *form, binder_uintptr_t ptr,
		   binder_uintptr_t cookie);
/* An exception of AIDL's (0: none) with its message. */
void parcel_exception(struct parcel *p, int32_t code, const char *text);

/* ---- reading ---- */

struct parcel_reader {
	const uint8_t *octets;
	size_t n, at;
	bool has_failed; /* everything read from then on is 0 or empty */
	const binder_size_t *objects;
	size_t n_objects;
};

/* What the kernel handed us; it lies there until its buffer is freed. */
struct parcel_reader parcel_reader_of(const struct binder_transaction_data *data);

uint32_t parcel_read_int32(struct parcel_reader *r);
/* A byte array; NULL with *n 0: an empty or a null one. */
const uint8_t *parcel_read_array(struct parcel_reader *r, size_t *n);
/* A string16, what is not ASCII as '?'. */
void parcel_read_text(struct parcel_reader *r, char out[PARCEL_TEXT_MAX + 1]);
/* An interface token, in any form, of this interface? */
bool parcel_read_token(struct parcel_reader *r, const char *interface);
/* The handle of somebody else's object. */
bool parcel_read_handle(struct parcel_reader *r, uint32_t *handle);

#endif
