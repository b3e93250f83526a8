#ifndef MESSAGE_H
#define MESSAGE_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

enum { BLOCK = 64, LENGTH = 8, HASH = 32 };

/// The hash before the first block (section 5.3.3), and the constants of the 64 rounds (section 4.2.2).
extern const uint32_t sha256_initial[8];
extern const uint32_t sha256_constants[64];

/// A message in blocks: `whole` of its own, then those in `end`, with the padding (section 5.1.1).
typedef struct {
    const uint8_t *bytes;
    size_t whole, blocks;
    uint8_t end[2 * BLOCK];
} Message;

static inline void begin(Message *message, const uint8_t *bytes, size_t count) {
    const size_t rest = count % BLOCK;
    message->bytes = bytes;
    message->whole = count / BLOCK;
    message->blocks = message->whole + (rest + 1 + LENGTH > BLOCK ? 2 : 1);
    memset(message->end, 0, sizeof message->end);
    if (rest > 0) memcpy(message->end, bytes + count - rest, rest);
    message->end[rest] = 0x80;
    const uint64_t bits = __builtin_bswap64((uint64_t)count * 8);
    memcpy(message->end + (message->blocks - message->whole) * BLOCK - LENGTH, &bits, LENGTH);
}

static inline const uint8_t *block(const Message *message, size_t index) {
    return index < message->whole ? message->bytes + index * BLOCK : message->end + (index - message->whole) * BLOCK;
}

/// The messages of a call that are not begun yet, and where their hashes go.
typedef struct {
    const uint8_t *bytes;
    const size_t *ends;
    size_t count, next;
    uint8_t *hashes;
} Queue;

/// Begins the next message, and returns where its hash goes; NULL where none is left.
static inline uint8_t *take_next(Queue *queue, Message *message) {
    if (queue->next == queue->count) return NULL;
    const size_t index = queue->next++;
    const size_t start = index == 0 ? 0 : queue->ends[index - 1];
    begin(message, queue->bytes + start, queue->ends[index] - start);
    return queue->hashes + HASH * index;
}

void sha256_in_pairs(Queue queue);
void sha256_in_lanes(Queue queue);

#endif
