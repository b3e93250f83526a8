// Two messages at a time by the processor's instructions for SHA-256: one alone leaves their unit idle now and then.

#if defined(__x86_64__)

#include <immintrin.h>

#include "message.h"

#define HASHING __attribute__((target("sha,sse4.1")))

enum { LANES = 2 };

/// A hash on its way, in the order in which the instructions want its words.
typedef struct {
    __m128i abef, cdgh;
} State;

/// Turns the bytes of each of four words around.
HASHING static inline __m128i turned(__m128i words) {
    return _mm_shuffle_epi8(words, _mm_set_epi64x(0x0c0d0e0f08090a0b, 0x0405060700010203));
}

/// Takes a block into each of the first `lanes` hashes (section 6.2.2), four rounds at a time.
HASHING static inline __attribute__((always_inline)) void take(State *states, const uint8_t *const *blocks, int lanes) {
    __m128i words[LANES][4];
    State now[LANES];
    for (int lane = 0; lane < lanes; lane++) now[lane] = states[lane];
#pragma clang loop unroll(full)
    for (int four = 0; four < 16; four++) {
        const __m128i constant = _mm_load_si128((const __m128i *)(sha256_constants + 4 * four));
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

HASHING static State initial(void) {
    const uint32_t *h = sha256_initial;
    return (State){_mm_set_epi32((int)h[0], (int)h[1], (int)h[4], (int)h[5]),
                   _mm_set_epi32((int)h[2], (int)h[3], (int)h[6], (int)h[7])};
}

HASHING static void write(State state, uint8_t *hash) {
    const __m128i feba = _mm_shuffle_epi32(state.abef, 0x1B);
    const __m128i dchg = _mm_shuffle_epi32(state.cdgh, 0xB1);
    _mm_storeu_si128((__m128i *)hash, turned(_mm_blend_epi16(feba, dchg, 0xF0)));
    _mm_storeu_si128((__m128i *)(hash + 16), turned(_mm_alignr_epi8(dchg, feba, 8)));
}

HASHING void sha256_in_pairs(Queue queue) {
    Message messages[LANES];
    uint8_t *hashes[LANES];
    while ((hashes[0] = take_next(&queue, &messages[0]))) {
        hashes[1] = take_next(&queue, &messages[1]);
        State states[LANES] = {initial(), initial()};
        size_t index = 0;
        for (; hashes[1] && index < messages[0].blocks && index < messages[1].blocks; index++) {
            const uint8_t *const blocks[LANES] = {block(&messages[0], index), block(&messages[1], index)};
            take(states, blocks, LANES);
        }
        for (int lane = 0; lane < LANES && hashes[lane]; lane++) {
            for (size_t rest = index; rest < messages[lane].blocks; rest++) {
                const uint8_t *const blocks[] = {block(&messages[lane], rest)};
                take(&states[lane], blocks, 1);
            }
            write(states[lane], hashes[lane]);
        }
    }
}

#endif
