// Counts what a process does, from within: preloaded (LD_PRELOAD) into the very executable that is measured.
//
//   PROBE_FILE=path              counts allocations of each thread there: probe.h
//   PROBE_SITES=1                and where they come from
//   PROBE_RETAINS=a,b,c,d,e,f    and which objects are retained and released: where in the executable the Swift runtime keeps what it calls
//                                for that, and the switch that makes it look there (probe.py hooks)
//
// An allocation is a successful malloc, calloc, realloc, posix_memalign, aligned_alloc or memalign. Pages by mmap are not counted.
#define _GNU_SOURCE
#include "probe.h"

#include <errno.h>
#include <execinfo.h>
#include <fcntl.h>
#include <link.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

// glibc's own names of what is replaced here: no look-up, which would allocate.
extern void *__libc_malloc(size_t);
extern void *__libc_calloc(size_t, size_t);
extern void *__libc_realloc(void *, size_t);
extern void *__libc_memalign(size_t, size_t);

static struct probe_file *probe;
static bool wants_sites;
static _Atomic int threads_seen;
static struct probe_thread nobody; // For threads beyond the table.
static _Thread_local struct probe_thread *mine __attribute__((tls_model("initial-exec")));
static _Thread_local bool is_inside __attribute__((tls_model("initial-exec")));

static struct probe_thread *this_thread(void) {
    if (mine) return mine;
    int index = atomic_fetch_add(&threads_seen, 1);
    mine = index < PROBE_THREADS ? &probe->threads[index] : &nobody;
    mine->thread_id = (uint64_t)syscall(SYS_gettid);
    return mine;
}

static uint64_t mixed(uint64_t hash, uint64_t value) { return (hash ^ value) * 0x9e3779b97f4a7c15ull; }

// The tables below belong to all threads, with entries of one thread each: where an entry is depends on the thread, so that two seldom
// meet, and an entry is taken by the first who gets its number in.
static bool is_taken(uint64_t *entry, uint64_t owner) {
    uint64_t none = 0;
    return atomic_compare_exchange_strong((_Atomic uint64_t *)entry, &none, owner);
}

static void count_site(struct probe_thread *thread, size_t bytes) {
    void *frames[PROBE_DEPTH + 2] = {0};
    is_inside = true;
    backtrace(frames, PROBE_DEPTH + 2); // The first two are this file's.
    is_inside = false;
    uint64_t hash = mixed(1, thread->thread_id);
    for (int index = 2; index < PROBE_DEPTH + 2; index++) hash = mixed(hash, (uint64_t)frames[index]);
    for (uint64_t step = 0; step < PROBE_SITES; step++) {
        struct probe_site *site = &probe->sites[((hash >> 32) + step) % PROBE_SITES];
        if (is_taken(&site->thread_id, thread->thread_id)) {
            memcpy(site->frames, &frames[2], sizeof site->frames);
        } else if (site->thread_id != thread->thread_id || memcmp(site->frames, &frames[2], sizeof site->frames)) {
            continue;
        }
        site->count++;
        site->bytes += bytes;
        return;
    }
}

static void *counted(void *memory, size_t bytes) {
    if (!memory || !probe || is_inside) return memory;
    struct probe_thread *thread = this_thread();
    thread->allocations++;
    thread->bytes += bytes;
    if (wants_sites) count_site(thread, bytes);
    return memory;
}

void *malloc(size_t bytes) { return counted(__libc_malloc(bytes), bytes); }
void *calloc(size_t count, size_t bytes) { return counted(__libc_calloc(count, bytes), count * bytes); }
void *realloc(void *memory, size_t bytes) { return counted(__libc_realloc(memory, bytes), bytes); }
void *memalign(size_t alignment, size_t bytes) { return counted(__libc_memalign(alignment, bytes), bytes); }
void *aligned_alloc(size_t alignment, size_t bytes) { return counted(__libc_memalign(alignment, bytes), bytes); }

int posix_memalign(void **result, size_t alignment, size_t bytes) {
    if (alignment % sizeof(void *) || !alignment || alignment & (alignment - 1)) return EINVAL;
    void *memory = counted(__libc_memalign(alignment, bytes), bytes);
    if (!memory) return ENOMEM;
    *result = memory;
    return 0;
}

// --- Retains ------------------------------------------------------------------------------------------------------------

static void *(*original_retain)(void *);
static void *(*original_retain_n)(void *, uint32_t);
static void (*original_release)(void *);
static void (*original_release_n)(void *, uint32_t);

static void count_object(void *reference, void *place) {
    // Negative: text or a number in a pointer's place. A pointer may have marks in the bits that it does not need.
    if (!probe || (intptr_t)reference <= 0) return;
    void *object = (void *)((uintptr_t)reference & 0x00fffffffffffff8);
    if ((uintptr_t)object < 4096) return;
    struct probe_thread *thread = this_thread();
    thread->retains++;
    uint64_t hash = mixed(mixed(mixed(1, thread->thread_id), (uint64_t)object), (uint64_t)place);
    for (uint64_t step = 0; step < 64; step++) {
        struct probe_object *entry = &probe->objects[((hash >> 32) + step) % PROBE_OBJECTS];
        if (is_taken(&entry->thread_id, thread->thread_id)) {
            entry->address = (uint64_t)object;
            entry->place = (uint64_t)place;
            entry->metadata = *(uint64_t *)object;
        } else if (entry->thread_id != thread->thread_id || entry->address != (uint64_t)object ||
                   entry->place != (uint64_t)place) {
            continue;
        }
        entry->count++;
        return;
    }
}

static void *counting_retain(void *object) {
    count_object(object, __builtin_return_address(0));
    return original_retain(object);
}

static void *counting_retain_n(void *object, uint32_t count) {
    count_object(object, __builtin_return_address(0));
    return original_retain_n(object, count);
}

static void counting_release(void *object) {
    count_object(object, __builtin_return_address(0));
    original_release(object);
}

static void counting_release_n(void *object, uint32_t count) {
    count_object(object, __builtin_return_address(0));
    original_release_n(object, count);
}

static int executable_base(struct dl_phdr_info *info, size_t size, void *result) {
    (void)size;
    *(uintptr_t *)result = info->dlpi_addr; // The executable comes first.
    return 1;
}

static void hook_retains(const char *offsets) {
    unsigned long at[6];
    if (sscanf(offsets, "%lx,%lx,%lx,%lx,%lx,%lx", &at[0], &at[1], &at[2], &at[3], &at[4], &at[5]) != 6) return;
    uintptr_t base = 0;
    dl_iterate_phdr(executable_base, &base);
    original_retain = *(void **)(base + at[0]);
    original_retain_n = *(void **)(base + at[1]);
    original_release = *(void **)(base + at[2]);
    original_release_n = *(void **)(base + at[3]);
    // Of the runtime's two slots for retaining the outer one: what is between them takes the marks off, and numbers for objects.
    *(void **)(base + at[4]) = (void *)counting_retain;
    *(void **)(base + at[1]) = (void *)counting_retain_n;
    *(void **)(base + at[2]) = (void *)counting_release;
    *(void **)(base + at[3]) = (void *)counting_release_n;
    *(volatile uint8_t *)(base + at[5]) = 1;
}

__attribute__((constructor)) static void open_file(void) {
    const char *path = getenv("PROBE_FILE");
    if (!path) return;
    int file = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (file < 0 || ftruncate(file, sizeof(struct probe_file)) != 0) {
        perror("probe: PROBE_FILE");
        _exit(1);
    }
    struct probe_file *mapped = mmap(NULL, sizeof(struct probe_file), PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    close(file);
    if (mapped == MAP_FAILED) return;
    wants_sites = getenv("PROBE_SITES") != NULL;
    // Loads what `backtrace` needs, before anything is counted.
    void *frame;
    backtrace(&frame, 1);
    mapped->magic = PROBE_MAGIC;
    probe = mapped;
    const char *offsets = getenv("PROBE_RETAINS");
    if (offsets) hook_retains(offsets);
    // For children that are no business of ours.
    unsetenv("LD_PRELOAD");
}
