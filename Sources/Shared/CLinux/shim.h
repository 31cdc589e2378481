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
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

extern int accept4(int fd, struct sockaddr *address, socklen_t *length, int flags);
extern void *memmem(const void *haystack, size_t haystack_length, const void *needle, size_t needle_length);
extern int pthread_setname_np(pthread_t thread, const char *name);
extern int fallocate(int fd, int mode, off_t offset, off_t length);
extern long syscall(long number, ...);

// The calls that a request makes, straight to the kernel: glibc's are points where a thread can be cancelled, which takes two atomic
// operations around each of them, and nobody cancels threads here. `errno` is set as ever.

static inline ssize_t weir_send(int fd, const void *bytes, size_t length, int flags) {
    return syscall(SYS_sendto, fd, bytes, length, flags, (void *)0, 0);
}

static inline ssize_t weir_recv(int fd, void *bytes, size_t length, int flags) {
    return syscall(SYS_recvfrom, fd, bytes, length, flags, (void *)0, (void *)0);
}

static inline int weir_epoll_wait(int epoll, struct epoll_event *events, int capacity, int milliseconds) {
    return (int)syscall(SYS_epoll_pwait, epoll, events, capacity, milliseconds, (void *)0, 8);
}

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

/// Bit n: of sixteen bytes, number n is a quote, a backslash, a control character or not ASCII: what ends a run of plain text in JSON.
static inline uint32_t weir_json_special_bytes(const void *bytes) {
#if defined(__SSE2__)
    __m128i block = _mm_loadu_si128((const __m128i *)bytes);
    __m128i quotes = _mm_cmpeq_epi8(block, _mm_set1_epi8('"'));
    __m128i backslashes = _mm_cmpeq_epi8(block, _mm_set1_epi8('\\'));
    // As signed numbers, bytes beyond ASCII are below the controls.
    __m128i controls = _mm_cmplt_epi8(block, _mm_set1_epi8(0x20));
    return (uint32_t)_mm_movemask_epi8(_mm_or_si128(_mm_or_si128(quotes, backslashes), controls));
#else
    const uint8_t *byte = (const uint8_t *)bytes;
    uint32_t found = 0;
    for (int index = 0; index < 16; index++)
        if (byte[index] == '"' || byte[index] == '\\' || byte[index] < 0x20 || byte[index] > 0x7f) found |= 1u << index;
    return found;
#endif
}

/// Bit n: of sixteen bytes, number n is a quote, a backslash or not printable ASCII: what does not stand as it is in a line of JSON.
static inline uint32_t weir_unprintable_bytes(const void *bytes) {
    uint32_t found = weir_json_special_bytes(bytes);
#if defined(__SSE2__)
    __m128i deletes = _mm_cmpeq_epi8(_mm_loadu_si128((const __m128i *)bytes), _mm_set1_epi8(0x7f));
    return found | (uint32_t)_mm_movemask_epi8(deletes);
#else
    for (int index = 0; index < 16; index++)
        if (((const uint8_t *)bytes)[index] == 0x7f) found |= 1u << index;
    return found;
#endif
}

/// Bit n: of sixteen bytes, number n is a quote or a backslash: what may end a string of JSON that has been checked.
static inline uint32_t weir_json_quotes_and_backslashes(const void *bytes) {
#if defined(__SSE2__)
    __m128i block = _mm_loadu_si128((const __m128i *)bytes);
    __m128i quotes = _mm_cmpeq_epi8(block, _mm_set1_epi8('"'));
    return (uint32_t)_mm_movemask_epi8(_mm_or_si128(quotes, _mm_cmpeq_epi8(block, _mm_set1_epi8('\\'))));
#else
    const uint8_t *byte = (const uint8_t *)bytes;
    uint32_t found = 0;
    for (int index = 0; index < 16; index++)
        if (byte[index] == '"' || byte[index] == '\\') found |= 1u << index;
    return found;
#endif
}

/// How many of `count` bytes are brackets, braces, commas and colons.
static inline size_t weir_json_structure_count(const void *bytes, size_t count) {
    const uint8_t *byte = (const uint8_t *)bytes;
    size_t found = 0, index = 0;
#if defined(__SSE2__)
    for (; index + 16 <= count; index += 16) {
        __m128i block = _mm_loadu_si128((const __m128i *)(byte + index));
        // `[` and `{`, `]` and `}` differ in one bit.
        __m128i folded = _mm_or_si128(block, _mm_set1_epi8(0x20));
        __m128i brackets = _mm_or_si128(_mm_cmpeq_epi8(folded, _mm_set1_epi8('{')), _mm_cmpeq_epi8(folded, _mm_set1_epi8('}')));
        __m128i separators = _mm_or_si128(_mm_cmpeq_epi8(block, _mm_set1_epi8(',')), _mm_cmpeq_epi8(block, _mm_set1_epi8(':')));
        found += (size_t)__builtin_popcount((unsigned)_mm_movemask_epi8(_mm_or_si128(brackets, separators)));
    }
#endif
    for (; index < count; index++) {
        uint8_t folded = byte[index] | 0x20;
        found += folded == '{' || folded == '}' || byte[index] == ',' || byte[index] == ':';
    }
    return found;
}

/// Where the first CR LF CR LF of `count` bytes begins; -1 where there is none.
static inline ssize_t weir_find_empty_line(const void *bytes, size_t count) {
    const uint8_t *byte = (const uint8_t *)bytes;
    size_t index = 0;
#if defined(__SSE2__)
    // Rare bytes first: most blocks have no CR with a CR two behind it.
    const __m128i returns = _mm_set1_epi8('\r');
    for (; index + 19 <= count; index += 16) {
        __m128i first = _mm_cmpeq_epi8(_mm_loadu_si128((const __m128i *)(byte + index)), returns);
        __m128i third = _mm_cmpeq_epi8(_mm_loadu_si128((const __m128i *)(byte + index + 2)), returns);
        unsigned both = (unsigned)_mm_movemask_epi8(_mm_and_si128(first, third));
        for (; both != 0; both &= both - 1) {
            size_t place = index + (size_t)__builtin_ctz(both);
            if (byte[place + 1] == '\n' && byte[place + 3] == '\n') return (ssize_t)place;
        }
    }
#endif
    for (; index + 4 <= count; index++)
        if (byte[index] == '\r' && byte[index + 1] == '\n' && byte[index + 2] == '\r' && byte[index + 3] == '\n')
            return (ssize_t)index;
    return -1;
}

static inline int weir_set_thread_name(pthread_t thread, const char *name) { return pthread_setname_np(thread, name); }

static inline int weir_thread_id(void) { return (int)syscall(SYS_gettid); }

/// One message with descriptors beside it. The macros of cmsg(3) have no Swift form.
#define WEIR_DESCRIPTORS_MAX 64

static inline ssize_t weir_send_with_descriptors(
    int socket, const void *bytes, size_t count, const int *descriptors, size_t descriptor_count
) {
    _Alignas(struct cmsghdr) char control[CMSG_SPACE(WEIR_DESCRIPTORS_MAX * sizeof(int))];
    struct iovec part = {(void *)bytes, count};
    struct msghdr message;
    memset(&message, 0, sizeof message);
    message.msg_iov = &part;
    message.msg_iovlen = 1;
    if (descriptor_count > 0) {
        memset(control, 0, sizeof control);
        message.msg_control = control;
        message.msg_controllen = CMSG_SPACE(descriptor_count * sizeof(int));
        struct cmsghdr *header = CMSG_FIRSTHDR(&message);
        header->cmsg_level = SOL_SOCKET;
        header->cmsg_type = SCM_RIGHTS;
        header->cmsg_len = CMSG_LEN(descriptor_count * sizeof(int));
        memcpy(CMSG_DATA(header), descriptors, descriptor_count * sizeof(int));
    }
    return sendmsg(socket, &message, MSG_NOSIGNAL);
}

/// `descriptors` has room for WEIR_DESCRIPTORS_MAX; they are closed on exec. `flags` says whether something was cut off.
static inline ssize_t weir_receive_with_descriptors(
    int socket, void *bytes, size_t capacity, int *descriptors, size_t *descriptor_count, int *flags
) {
    _Alignas(struct cmsghdr) char control[CMSG_SPACE(WEIR_DESCRIPTORS_MAX * sizeof(int))];
    struct iovec part = {bytes, capacity};
    struct msghdr message;
    memset(&message, 0, sizeof message);
    message.msg_iov = &part;
    message.msg_iovlen = 1;
    message.msg_control = control;
    message.msg_controllen = sizeof control;
    *descriptor_count = 0;
    ssize_t received = recvmsg(socket, &message, MSG_CMSG_CLOEXEC | MSG_DONTWAIT);
    if (received < 0) return received;
    for (struct cmsghdr *header = CMSG_FIRSTHDR(&message); header; header = CMSG_NXTHDR(&message, header)) {
        if (header->cmsg_level != SOL_SOCKET || header->cmsg_type != SCM_RIGHTS) continue;
        size_t found = (header->cmsg_len - CMSG_LEN(0)) / sizeof(int);
        memcpy(descriptors + *descriptor_count, CMSG_DATA(header), found * sizeof(int));
        *descriptor_count += found;
    }
    *flags = message.msg_flags & (MSG_TRUNC | MSG_CTRUNC);
    return received;
}

/// Who is at the other end of a UNIX socket, as the kernel saw it connect: `struct ucred` needs _GNU_SOURCE.
static inline int weir_peer_user(int socket, uint32_t *user, int32_t *process) {
    struct { int32_t pid; uint32_t uid; uint32_t gid; } peer;
    socklen_t length = sizeof peer;
    if (getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &peer, &length) != 0) return -1;
    *user = peer.uid;
    *process = peer.pid;
    return 0;
}

#endif
