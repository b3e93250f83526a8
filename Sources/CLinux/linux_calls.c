#define _GNU_SOURCE
#include "linux_calls.h"

#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <sys/prctl.h>

int linux_exchange(const char *first, const char *second) {
    return renameat2(AT_FDCWD, first, AT_FDCWD, second, RENAME_EXCHANGE);
}

int linux_forbid_core_dumps(void) {
    return prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
}

static void *wait_for_lock(void *lock) {
    pthread_mutex_lock(lock);
    pthread_mutex_unlock(lock);
    return NULL;
}

int linux_count_threads(int wanted) {
    pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
    pthread_t threads[wanted < 1 ? 1 : wanted];
    int made = 0;
    pthread_mutex_lock(&lock);
    while (made < wanted && pthread_create(&threads[made], NULL, wait_for_lock, &lock) == 0) made++;
    pthread_mutex_unlock(&lock);
    for (int index = 0; index < made; index++) pthread_join(threads[index], NULL);
    return made;
}
