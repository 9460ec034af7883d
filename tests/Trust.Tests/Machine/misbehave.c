/* Preloaded (LD_PRELOAD): what a process asks of its machine goes wrong while a file of the trouble's name is in the folder that MISBEHAVE names.
     slow-fsync    what is written to a disk takes 100 ms longer to be there
     no-names      names that end in .explaino.test cannot be resolved: the resolver says so at once
     silent-names  the same, said after five seconds, as when no name server answers
     full-output   standard output and standard error lie on a full disk
   Otherwise those names are this machine's. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char domain[] = ".explaino.test";

static int happens(const char *trouble) {
    char path[4096];
    const char *folder = getenv("MISBEHAVE");
    int former = errno, found;
    if (folder == NULL) {
        return 0;
    }
    snprintf(path, sizeof path, "%s/%s", folder, trouble);
    found = access(path, F_OK) == 0;
    errno = former;
    return found;
}

static void delay_sync(void) {
    if (happens("slow-fsync")) {
        usleep(100 * 1000);
    }
}

int fsync(int file) {
    delay_sync();
    return ((int (*)(int))dlsym(RTLD_NEXT, "fsync"))(file);
}

int fdatasync(int file) {
    delay_sync();
    return ((int (*)(int))dlsym(RTLD_NEXT, "fdatasync"))(file);
}

int getaddrinfo(const char *name, const char *service, const struct addrinfo *hints, struct addrinfo **found) {
    size_t length = name == NULL ? 0 : strlen(name);
    if (length >= sizeof domain && strcmp(name + length - (sizeof domain - 1), domain) == 0) {
        if (happens("silent-names")) {
            sleep(5);
            return EAI_AGAIN;
        }
        if (happens("no-names")) {
            return EAI_AGAIN;
        }
        name = "127.0.0.1";
    }
    return ((int (*)(const char *, const char *, const struct addrinfo *, struct addrinfo **))dlsym(RTLD_NEXT, "getaddrinfo"))(name, service, hints, found);
}

/* .NET writes to a copy of the descriptor: the same file by another number. */
static int is_same(int one, int other) {
    struct stat first, second;
    return fstat(one, &first) == 0 && fstat(other, &second) == 0 && first.st_dev == second.st_dev && first.st_ino == second.st_ino;
}

ssize_t write(int file, const void *bytes, size_t count) {
    if (happens("full-output") && (is_same(file, STDOUT_FILENO) || is_same(file, STDERR_FILENO))) {
        errno = ENOSPC;
        return -1;
    }
    return ((ssize_t(*)(int, const void *, size_t))dlsym(RTLD_NEXT, "write"))(file, bytes, count);
}
