/* memory_md5.c - tells MSan that nettle, which was built without it, has written the digest
 * SPDX-License-Identifier: Apache-2.0
 */
#include <nettle/md5.h>
#include <sanitizer/msan_interface.h>

/* The names are the linker's, for its option --wrap. */
void __real_nettle_md5_digest(struct md5_ctx *ctx, size_t length, uint8_t *digest);
void __wrap_nettle_md5_digest(struct md5_ctx *ctx, size_t length, uint8_t *digest);

void
__wrap_nettle_md5_digest(struct md5_ctx *ctx, size_t length, uint8_t *digest)
{
	__real_nettle_md5_digest(ctx, length, digest);
	__msan_unpoison(digest, length);
}
