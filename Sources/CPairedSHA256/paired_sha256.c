// SHA-256 (FIPS 180-4) by the processor's own instructions, two messages at a time: each round waits for the one before, so
// that one message alone leaves the unit idle now and then. It is in C because Swift has no such instructions.
//
// This module stays as long as the bars for a backfill and for `verify` need it (Performance.md). If they hold without it, the
// hashes of lines can come from swift-crypto alone.

#include "paired_sha256.h"

#if defined(__x86_64__)

#include <cpuid.h>
#include <immintrin.h>
#include <string.h>

#define HASHING __attribute__((target("sha,sse4.1")))

enum { LANES = 2, BLOCK = 64, LENGTH = 8, HASH = 32 };

bool paired_sha256_available(void) {
    unsigned eax, ebx, ecx, edx;
    if (!__get_cpuid(1, &eax, &ebx, &ecx, &edx) || !(ecx & bit_SSSE3) || !(ecx & bit_SSE4_1)) return false;
    return __get_cpuid_count(7, 0, &eax, &ebx, &ecx, &edx) && (ebx & bit_SHA);
}

/// The constants of the 64 rounds (section 4.2.2).
static const uint32_t constants[64] __attribute__((aligned(16))) = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};

/// A hash on its way, in the order in which the instructions want its words.
typedef struct {
    __m128i abef, cdgh;
} State;

/// A message in blocks: `whole` of them, the first in `head` since the prefix is no part of `bytes`, and then those in `end`,
/// with the padding (section 5.1.1).
typedef struct {
    const uint8_t *bytes;
    size_t whole, blocks;
    uint8_t head[BLOCK], end[2 * BLOCK];
} Message;

/// Turns the bytes of each of four words around.
HASHING static inline __m128i turned(__m128i words) {
    return _mm_shuffle_epi8(words, _mm_set_epi64x(0x0c0d0e0f08090a0b, 0x0405060700010203));
}

static void prepare(Message *message, uint8_t prefix, const uint8_t *bytes, size_t count) {
    const size_t size = count + 1;
    const size_t rest = size % BLOCK;
    message->bytes = bytes;
    message->whole = size / BLOCK;
    message->blocks = message->whole + (rest + 1 + LENGTH > BLOCK ? 2 : 1);
    memset(message->end, 0, sizeof message->end);
    if (message->whole > 0) {
        message->head[0] = prefix;
        memcpy(message->head + 1, bytes, BLOCK - 1);
        if (rest > 0) memcpy(message->end, bytes + count - rest, rest);
    } else {
        message->end[0] = prefix;
        if (count > 0) memcpy(message->end + 1, bytes, count);
    }
    message->end[rest] = 0x80;
    uint8_t *behind = message->end + (message->blocks - message->whole) * BLOCK;
    for (uint64_t bits = (uint64_t)size * 8; bits > 0; bits >>= 8) *--behind = (uint8_t)bits;
}

static inline const uint8_t *block(const Message *message, size_t index) {
    if (index >= message->whole) return message->end + (index - message->whole) * BLOCK;
    return index == 0 ? message->head : message->bytes + index * BLOCK - 1;
}

/// Takes a block into each of the first `lanes` hashes (section 6.2.2), four rounds at a time.
HASHING static inline __attribute__((always_inline)) void take(State *states, const uint8_t *const *blocks, int lanes) {
    __m128i words[LANES][4];
    State now[LANES];
    for (int lane = 0; lane < lanes; lane++) now[lane] = states[lane];
#pragma clang loop unroll(full)
    for (int four = 0; four < 16; four++) {
        const __m128i constant = _mm_load_si128((const __m128i *)(constants + 4 * four));
        for (int lane = 0; lane < lanes; lane++) {
            __m128i *word = words[lane];
            if (four < 4) {
                word[four] = turned(_mm_loadu_si128((const __m128i *)(blocks[lane] + 16 * four)));
            } else {
                const __m128i last = word[(four + 3) & 3];
                const __m128i sum = _mm_add_epi32(_mm_sha256msg1_epu32(word[four & 3], word[(four + 1) & 3]),
                                                  _mm_alignr_epi8(last, word[(four + 2) & 3], 4));
                word[four & 3] = _mm_sha256msg2_epu32(sum, last);
            }
            const __m128i sum = _mm_add_epi32(word[four & 3], constant);
            now[lane].cdgh = _mm_sha256rnds2_epu32(now[lane].cdgh, now[lane].abef, sum);
            now[lane].abef = _mm_sha256rnds2_epu32(now[lane].abef, now[lane].cdgh, _mm_shuffle_epi32(sum, 0x0E));
        }
    }
    for (int lane = 0; lane < lanes; lane++) {
        states[lane].abef = _mm_add_epi32(states[lane].abef, now[lane].abef);
        states[lane].cdgh = _mm_add_epi32(states[lane].cdgh, now[lane].cdgh);
    }
}

HASHING static void write(State state, uint8_t *hash) {
    const __m128i feba = _mm_shuffle_epi32(state.abef, 0x1B);
    const __m128i dchg = _mm_shuffle_epi32(state.cdgh, 0xB1);
    _mm_storeu_si128((__m128i *)hash, turned(_mm_blend_epi16(feba, dchg, 0xF0)));
    _mm_storeu_si128((__m128i *)(hash + 16), turned(_mm_alignr_epi8(dchg, feba, 8)));
}

HASHING void paired_sha256(uint8_t prefix, const uint8_t *first, size_t first_count, const uint8_t *second,
                           size_t second_count, uint8_t *hashes) {
    Message messages[LANES];
    prepare(&messages[0], prefix, first, first_count);
    prepare(&messages[1], prefix, second, second_count);

    // Section 5.3.3.
    const State begin = {_mm_set_epi32(0x6a09e667, (int)0xbb67ae85, 0x510e527f, (int)0x9b05688c),
                         _mm_set_epi32(0x3c6ef372, (int)0xa54ff53a, 0x1f83d9ab, 0x5be0cd19)};
    State states[LANES] = {begin, begin};
    size_t index = 0;
    for (; index < messages[0].blocks && index < messages[1].blocks; index++) {
        const uint8_t *const blocks[LANES] = {block(&messages[0], index), block(&messages[1], index)};
        take(states, blocks, LANES);
    }
    for (int lane = 0; lane < LANES; lane++) {
        for (size_t rest = index; rest < messages[lane].blocks; rest++) {
            const uint8_t *const blocks[] = {block(&messages[lane], rest)};
            take(&states[lane], blocks, 1);
        }
        write(states[lane], hashes + HASH * lane);
    }
}

#else

#include <stdlib.h>

bool paired_sha256_available(void) { return false; }

void paired_sha256(uint8_t prefix, const uint8_t *first, size_t first_count, const uint8_t *second, size_t second_count,
                   uint8_t *hashes) {
    (void)prefix;
    (void)first;
    (void)first_count;
    (void)second;
    (void)second_count;
    (void)hashes;
    abort();
}

#endif
