#include "build_stamp.h"

// A section of its own can be written after linking, so that no commit changes what is compiled. Volatile, since the
// compiler would otherwise take the bytes for what they are here.
__attribute__((section("captivateiq_build"), used)) static const volatile char stamp[64] = "";

const char *build_stamp(void) { return (const char *)stamp; }
