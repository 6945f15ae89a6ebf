/* Put before the system's library (LD_PRELOAD): every flush takes SLOW_FLUSH_MS longer as long as the file
   SLOW_FLUSH_WHILE exists. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdlib.h>
#include <unistd.h>

static void wait_a_while(void) {
    const char *while_there = getenv("SLOW_FLUSH_WHILE"), *ms = getenv("SLOW_FLUSH_MS");
    if (while_there && ms && access(while_there, F_OK) == 0) usleep(1000 * (useconds_t)atoi(ms));
}

int fsync(int file) {
    wait_a_while();
    return ((int (*)(int))dlsym(RTLD_NEXT, "fsync"))(file);
}

int fdatasync(int file) {
    wait_a_while();
    return ((int (*)(int))dlsym(RTLD_NEXT, "fdatasync"))(file);
}
