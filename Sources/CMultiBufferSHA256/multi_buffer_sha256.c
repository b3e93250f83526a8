// SHA-256 (FIPS 180-4) of many messages at once: each round waits for the one before, so that one message alone leaves most of
// the processor idle. It is in C because Swift has neither the instructions nor a choice of them when the program runs.
//
// This module stays as long as the bars for a backfill and for `verify` need it (Performance.md). If they hold without it, the
// hashes of lines can come from swift-crypto alone.

#include "multi_buffer_sha256.h"

#include "message.h"

const uint32_t sha256_initial[8] __attribute__((aligned(16))) = {
    0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};

const uint32_t sha256_constants[64] __attribute__((aligned(16))) = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};

#if defined(__x86_64__)

#include <cpuid.h>

bool multi_buffer_sha256_has_pairs(void) {
    unsigned eax, ebx, ecx, edx;
    if (!__get_cpuid(1, &eax, &ebx, &ecx, &edx) || !(ecx & bit_SSSE3) || !(ecx & bit_SSE4_1)) return false;
    return __get_cpuid_count(7, 0, &eax, &ebx, &ecx, &edx) && (ebx & bit_SHA);
}

/// Whether the processor has AVX-512 and the system saves its registers (XCR0: SSE, AVX, masks, and both halves of zmm).
static int has_lanes(void) {
    enum { SAVED = 0xE6 };
    unsigned eax, ebx, ecx, edx;
    if (!__get_cpuid(1, &eax, &ebx, &ecx, &edx) || !(ecx & bit_OSXSAVE)) return false;
    unsigned saved, high;
    __asm__("xgetbv" : "=a"(saved), "=d"(high) : "c"(0));
    if ((saved & SAVED) != SAVED || !__get_cpuid_count(7, 0, &eax, &ebx, &ecx, &edx)) return false;
    return (ebx & bit_AVX512F) && (ebx & bit_AVX512BW);
}

size_t multi_buffer_sha256_width(void) { return has_lanes() ? 16 : multi_buffer_sha256_has_pairs() ? 2 : 0; }

void multi_buffer_sha256(size_t width, const uint8_t *bytes, const size_t *ends, size_t count, uint8_t *hashes) {
    const Queue queue = {bytes, ends, count, 0, hashes};
    if (width == 2) {
        sha256_in_pairs(queue);
    } else {
        sha256_in_lanes(queue);
    }
}

#else

#include <stdlib.h>

bool multi_buffer_sha256_has_pairs(void) { return 0; }

size_t multi_buffer_sha256_width(void) { return 0; }

void multi_buffer_sha256(size_t width, const uint8_t *bytes, const size_t *ends, size_t count, uint8_t *hashes) {
    (void)width;
    (void)bytes;
    (void)ends;
    (void)count;
    (void)hashes;
    abort();
}

#endif
