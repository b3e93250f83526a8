#ifndef FOLDED_CRC_H
#define FOLDED_CRC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// The fewest bytes that folded_crc32 takes, and what their number is a multiple of.
enum { FOLDED_CRC_LEAST = 64, FOLDED_CRC_STEP = 16 };

/// Whether this processor multiplies without carries (PCLMULQDQ), and so whether folded_crc32 may be called.
bool folded_crc_available(void);

/// The CRC-32 of gzip (RFC 1952, section 8) over the bytes whose CRC-32 is `before`, which is 0 for none, and `count` bytes
/// after them: FOLDED_CRC_LEAST or more, a multiple of FOLDED_CRC_STEP.
uint32_t folded_crc32(uint32_t before, const uint8_t *bytes, size_t count);

#endif
