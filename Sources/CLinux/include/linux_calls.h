#ifndef LINUX_CALLS_H
#define LINUX_CALLS_H

/// Exchanges two files or folders of one file system in one step: renameat2 with RENAME_EXCHANGE, which Swift's Glibc
/// does not show. Returns 0, or -1 with errno set as renameat2 does.
int linux_exchange(const char *_Nonnull first, const char *_Nonnull second);

#endif
