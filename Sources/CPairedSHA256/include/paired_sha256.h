#ifndef PAIRED_SHA256_H
#define PAIRED_SHA256_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// Whether this processor has instructions for SHA-256 (SHA-NI), and so whether paired_sha256 may be called.
bool paired_sha256_available(void);

/// SHA-256 (FIPS 180-4) of two messages at once. Each is the byte `prefix` and `first_count` or `second_count` bytes after it,
/// fewer than 2^60. Writes the 32 bytes of the first one's hash to `hashes`, and those of the second one's after them.
void paired_sha256(uint8_t prefix, const uint8_t *first, size_t first_count, const uint8_t *second, size_t second_count,
                   uint8_t *hashes);

#endif
