#ifndef MULTI_BUFFER_SHA256_H
#define MULTI_BUFFER_SHA256_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// How many messages this processor hashes at once: 16 in the lanes of its vectors (AVX-512), 2 with its instructions for
/// SHA-256 (SHA-NI), or 0 where it has neither.
size_t multi_buffer_sha256_width(void);

/// Whether this processor has SHA-NI, so that a width of 2 is allowed.
bool multi_buffer_sha256_has_pairs(void);

/// SHA-256 (FIPS 180-4) of `count` messages, each shorter than 2^60 bytes. They lie in `bytes` one after the other; `ends`
/// says where each one ends. `width` is how many are hashed at once: what multi_buffer_sha256_width says, or 2 where
/// multi_buffer_sha256_has_pairs. Writes 32 bytes for each message to `hashes`.
void multi_buffer_sha256(size_t width, const uint8_t *bytes, const size_t *ends, size_t count, uint8_t *hashes);

#endif
