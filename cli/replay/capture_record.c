/* capture_record.c - the records of a plain file, read in large blocks
 * SPDX-License-Identifier: Apache-2.0
 */
#include "cli/replay/capture_record.h"

#include "cli/replay/capture_ng.h"

#include <stdlib.h>
#include <sys/stat.h>

enum {
	MAGIC_OCTETS = 4,
	RECORD_OCTETS = 16,
	CAPTURED_AT = 8,
	FRAME_MAX = 1 << 18,
	BLOCK_OCTETS = CAPTURE_RECORDS_MAX
};

static uint32_t
get_le32(const uint8_t *p)
{
	return (uint32_t)p[3] << 24 | (uint32_t)p[2] << 16 | (uint32_t)p[1] << 8 | p[0];
}

/* A whole block can be waited for: no pipe, whose writer may be slow. */
static bool
is_at_hand(FILE *stream)
{
	const int fd = fileno(stream);
	struct stat is;

	return fd < 0 || (fstat(fd, &is) == 0 && S_ISREG(is.st_mode));
}

/* What a fraction of a second counts in such a file; 0: it is another kind of file. */
static uint64_t
fraction_of(const uint8_t magic[MAGIC_OCTETS])
{
	static const uint8_t micro[] = { 0xd4, 0xc3, 0xb2, 0xa1 }, nano[] = { 0x4d, 0x3c, 0xb2, 0xa1 };

	if (memcmp(magic, micro, sizeof micro) == 0)
		return 1000;
	return memcmp(magic, nano, sizeof nano) == 0 ? 1 : 0;
}

bool
capture_records_init(struct capture_records *r, FILE *stream)
{
	uint8_t magic[MAGIC_OCTETS];
	bool is_ng;
	size_t n;

	*r = (struct capture_records){ .stream = stream };
	if (!is_at_hand(stream))
		return true;
	n = fread(magic, 1, sizeof magic, stream);
	r->fraction_ns = n == sizeof magic ? fraction_of(magic) : 0;
	is_ng = n == sizeof magic && capture_ng_is_magic(magic);
	if (fseeko(stream, -(off_t)n, SEEK_CUR) != 0 || (r->fraction_ns == 0 && !is_ng))
		return true;
	r->ng = is_ng ? calloc(1, sizeof *r->ng) : NULL;
	r->block = malloc(BLOCK_OCTETS);
	return r->block != NULL && (r->ng != NULL || !is_ng);
}

void
capture_records_fini(struct capture_records *r)
{
	free(r->ng);
	free(r->block);
}

bool
capture_records_has(struct capture_records *r, size_t octets)
{
	if (r->n - r->at >= octets)
		return true;
	r->n -= r->at;
	memmove(r->block, r->block + r->at, r->n);
	r->at = 0;
	r->n += fread(r->block + r->n, 1, BLOCK_OCTETS - r->n, r->stream);
	return r->n >= octets;
}

enum capture_result
capture_records_broken(struct capture_records *r, const char *error)
{
	r->error = ferror(r->stream) ? "it cannot be read on" : error;
	return CAPTURE_BROKEN;
}

enum capture_result
capture_records_next(struct capture_records *r, struct ut_slice *frame, uint64_t *time_ns, int *link)
{
	const uint8_t *head;
	size_t octets;

	if (r->ng != NULL)
		return capture_ng_next(r->ng, r, frame, time_ns, link);
	if (!capture_records_has(r, RECORD_OCTETS))
		return r->n == 0 && !ferror(r->stream)
			   ? CAPTURE_END
			   : capture_records_broken(r, "it ends inside the head of a record");
	octets = get_le32(r->block + r->at + CAPTURED_AT);
	if (octets > FRAME_MAX)
		return capture_records_broken(r, "a record is longer than any frame");
	if (!capture_records_has(r, RECORD_OCTETS + octets))
		return capture_records_broken(r, "it ends inside a frame");
	head = r->block + r->at;
	*time_ns = get_le32(head) * UINT64_C(1000000000) + get_le32(head + 4) * r->fraction_ns;
	*frame = ut_slice(head + RECORD_OCTETS, octets);
	r->at += RECORD_OCTETS + octets;
	return CAPTURE_PACKET;
}
