// Sixteen messages at a time: a vector holds the same word of each of them. A lane that is done takes the next message.

#if defined(__x86_64__)

#include "message.h"

#define HASHING __attribute__((target("avx512f,avx512bw"), min_vector_width(512)))

enum { LANES = 16, WORDS = 16, ROUNDS = 64, STATE = 8 };

typedef uint32_t Vector __attribute__((vector_size(4 * LANES)));

/// Words of all lanes, which can be looked at one by one.
typedef union {
    Vector vector;
    uint32_t lanes[LANES];
} Words;

#define ROTATED(x, count) ((x) >> (count) | (x) << (32 - (count)))

/// Takes a block into each hash (section 6.2.2).
HASHING static inline __attribute__((always_inline)) void take(Words *states, const uint8_t *const *blocks) {
    Words words[WORDS];
    for (int lane = 0; lane < LANES; lane++) {
        for (int index = 0; index < WORDS; index++) {
            uint32_t word;
            memcpy(&word, blocks[lane] + 4 * index, sizeof word);
            words[index].lanes[lane] = __builtin_bswap32(word);
        }
    }
    Vector a = states[0].vector, b = states[1].vector, c = states[2].vector, d = states[3].vector;
    Vector e = states[4].vector, f = states[5].vector, g = states[6].vector, h = states[7].vector;
#pragma clang loop unroll(full)
    for (int round = 0; round < ROUNDS; round++) {
        Vector *word = &words[round % WORDS].vector;
        if (round >= WORDS) {
            const Vector early = words[(round - 15) % WORDS].vector, late = words[(round - 2) % WORDS].vector;
            *word += (ROTATED(early, 7) ^ ROTATED(early, 18) ^ early >> 3) + words[(round - 7) % WORDS].vector +
                     (ROTATED(late, 17) ^ ROTATED(late, 19) ^ late >> 10);
        }
        const Vector one = h + (ROTATED(e, 6) ^ ROTATED(e, 11) ^ ROTATED(e, 25)) + ((e & f) ^ (~e & g)) +
                           sha256_constants[round] + *word;
        const Vector two = (ROTATED(a, 2) ^ ROTATED(a, 13) ^ ROTATED(a, 22)) + ((a & b) ^ (a & c) ^ (b & c));
        h = g, g = f, f = e, e = d + one, d = c, c = b, b = a, a = one + two;
    }
    const Vector sums[STATE] = {a, b, c, d, e, f, g, h};
    for (int index = 0; index < STATE; index++) states[index].vector += sums[index];
}

static void write(const Words *states, int lane, uint8_t *hash) {
    for (int index = 0; index < STATE; index++) {
        const uint32_t word = __builtin_bswap32(states[index].lanes[lane]);
        memcpy(hash + 4 * index, &word, sizeof word);
    }
}

HASHING void sha256_in_lanes(Queue queue) {
    static const uint8_t nothing[BLOCK];
    Words states[STATE];
    Message messages[LANES];
    size_t indexes[LANES];
    uint8_t *hashes[LANES];
    int busy = 0;
    for (int lane = 0; lane < LANES; lane++) {
        for (int index = 0; index < STATE; index++) states[index].lanes[lane] = sha256_initial[index];
        indexes[lane] = 0;
        hashes[lane] = take_next(&queue, &messages[lane]);
        if (hashes[lane]) busy++;
    }
    while (busy > 0) {
        const uint8_t *blocks[LANES];
        for (int lane = 0; lane < LANES; lane++) blocks[lane] = hashes[lane] ? block(&messages[lane], indexes[lane]++) : nothing;
        take(states, blocks);
        for (int lane = 0; lane < LANES; lane++) {
            if (!hashes[lane] || indexes[lane] < messages[lane].blocks) continue;
            write(states, lane, hashes[lane]);
            for (int index = 0; index < STATE; index++) states[index].lanes[lane] = sha256_initial[index];
            indexes[lane] = 0;
            hashes[lane] = take_next(&queue, &messages[lane]);
            if (!hashes[lane]) busy--;
        }
    }
}

#endif
