#ifndef BUILD_STAMP_H
#define BUILD_STAMP_H

/// The bytes of the section captivateiq_build of this program, which end with a NUL. `scripts/package` writes them into
/// the linked program: "COMMIT SWIFT", such as "6068b5f 6.3.1". Empty in every other build.
const char *_Nonnull build_stamp(void);

#endif
