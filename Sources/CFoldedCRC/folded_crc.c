// CRC-32 by folding: V. Gopal and others, "Fast CRC Computation for Generic Polynomials Using PCLMULQDQ Instruction"
// (Intel, 2009), in the bit-reflected form, whose constants these are. It is in C because Swift has no carry-less product.
//
// This module stays as long as the bars for a backfill and for `verify` need it (Performance.md): zlib's tables take 2 % of a
// backfill and 8 % of `verify`, and this takes a quarter of that. If the bars hold without it, CRC32 can use zlib alone.

#include "folded_crc.h"

#if defined(__x86_64__)

#include <cpuid.h>
#include <immintrin.h>

bool folded_crc_available(void) {
    unsigned eax, ebx, ecx, edx;
    if (!__get_cpuid(1, &eax, &ebx, &ecx, &edx)) return false;
    return (ecx & bit_PCLMUL) && (ecx & bit_SSE4_1);
}

#define FOLDING __attribute__((target("pclmul,sse4.1")))

/// Moves `state` on by the distance of the two constants in `by`, onto the 16 bytes at `next`.
FOLDING static inline __m128i fold(__m128i state, __m128i by, __m128i next) {
    __m128i low = _mm_clmulepi64_si128(state, by, 0x00);
    __m128i high = _mm_clmulepi64_si128(state, by, 0x11);
    return _mm_xor_si128(_mm_xor_si128(low, high), next);
}

FOLDING static inline __m128i load(const uint8_t *bytes) { return _mm_loadu_si128((const __m128i *)bytes); }

/// 128 bits to the 32 of the checksum, by Barrett's reduction.
FOLDING static uint32_t reduce(__m128i state, __m128i by16) {
    const __m128i by8 = _mm_set_epi64x(0, 0x163cd6124);
    const __m128i polynomial = _mm_set_epi64x(0x1f7011641, 0x1db710641);
    const __m128i lower = _mm_set_epi32(0, -1, 0, -1);

    state = _mm_xor_si128(_mm_srli_si128(state, 8), _mm_clmulepi64_si128(state, by16, 0x10));
    __m128i product = _mm_clmulepi64_si128(_mm_and_si128(state, lower), by8, 0x00);
    state = _mm_xor_si128(_mm_srli_si128(state, 4), product);

    __m128i quotient = _mm_clmulepi64_si128(_mm_and_si128(state, lower), polynomial, 0x10);
    product = _mm_clmulepi64_si128(_mm_and_si128(quotient, lower), polynomial, 0x00);
    return (uint32_t)_mm_extract_epi32(_mm_xor_si128(state, product), 1);
}

FOLDING uint32_t folded_crc32(uint32_t before, const uint8_t *bytes, size_t count) {
    const __m128i by64 = _mm_set_epi64x(0x1c6e41596, 0x154442bd4);
    const __m128i by16 = _mm_set_epi64x(0x0ccaa009e, 0x1751997d0);

    // Four folds run at once, because none of them waits for another. The bits of a checksum are kept inverted.
    __m128i state[4];
    for (int lane = 0; lane < 4; lane++) state[lane] = load(bytes + 16 * lane);
    state[0] = _mm_xor_si128(state[0], _mm_cvtsi32_si128((int)~before));
    for (bytes += 64, count -= 64; count >= 64; bytes += 64, count -= 64)
        for (int lane = 0; lane < 4; lane++) state[lane] = fold(state[lane], by64, load(bytes + 16 * lane));

    __m128i all = state[0];
    for (int lane = 1; lane < 4; lane++) all = fold(all, by16, state[lane]);
    for (; count >= 16; bytes += 16, count -= 16) all = fold(all, by16, load(bytes));
    return ~reduce(all, by16);
}

#else

#include <stdlib.h>

bool folded_crc_available(void) { return false; }

uint32_t folded_crc32(uint32_t before, const uint8_t *bytes, size_t count) {
    (void)before;
    (void)bytes;
    (void)count;
    abort();
}

#endif
