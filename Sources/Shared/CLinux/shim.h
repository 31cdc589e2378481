// What the Glibc overlay of Swift does not show: epoll, eventfd, and a few GNU calls.
// No `#define _GNU_SOURCE`: it would change type layouts as clang sees them and break LTO builds, so the GNU functions
// that are needed are declared here instead.
#ifndef WEIR_CLINUX_SHIM_H
#define WEIR_CLINUX_SHIM_H

#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <pthread.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

extern int accept4(int fd, struct sockaddr *address, socklen_t *length, int flags);
extern void *memmem(const void *haystack, size_t haystack_length, const void *needle, size_t needle_length);
extern int pthread_setname_np(pthread_t thread, const char *name);
extern int fallocate(int fd, int mode, off_t offset, off_t length);

/// epoll_ctl with a 64-bit tag: Swift cannot name the members of the C union.
static inline int weir_epoll_ctl(int epoll, int operation, int fd, uint32_t events, uint64_t tag) {
    struct epoll_event event;
    event.events = events;
    event.data.u64 = tag;
    return epoll_ctl(epoll, operation, fd, &event);
}

static inline uint64_t weir_epoll_tag(const struct epoll_event *event) { return event->data.u64; }
static inline uint32_t weir_epoll_events(const struct epoll_event *event) { return event->events; }

static inline uint64_t weir_monotonic_ns(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000000ull + (uint64_t)t.tv_nsec;
}

/// Asks the processor for the lines of `[bytes, bytes + length)`, to be stored to soon. Never faults.
static inline void weir_prefetch_for_write(const void *bytes, size_t length) {
    for (size_t offset = 0; offset < length; offset += 64) __builtin_prefetch((const char *)bytes + offset, 1, 3);
}

static inline int weir_set_thread_name(pthread_t thread, const char *name) { return pthread_setname_np(thread, name); }

#endif
