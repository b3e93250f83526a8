#ifndef LINUX_CALLS_H
#define LINUX_CALLS_H

/// Exchanges two files or folders of one file system in one step: renameat2 with RENAME_EXCHANGE, which Swift's Glibc
/// does not show. Returns 0, or -1 with errno set as renameat2 does.
int linux_exchange(const char *_Nonnull first, const char *_Nonnull second);

/// Keeps what is in the process's memory out of core dumps, also where a program takes them: prctl with PR_SET_DUMPABLE.
/// Swift does not show prctl, for it takes any number of arguments. Returns 0, or -1 with errno set as prctl does.
int linux_forbid_core_dumps(void);

/// Makes up to `wanted` threads at the same time, ends them again, and returns how many there were. In C, for the threads
/// wait for a lock that all of them have a pointer to.
int linux_count_threads(int wanted);

#endif
