// What the probe writes into the file that PROBE_FILE names, mapped by the process that it counts in and read by others.
//
// Everything is 64 bits wide, in the machine's byte order. Counts only grow: whoever reads takes two readings and subtracts.
#ifndef WEIR_PROBE_H
#define WEIR_PROBE_H

#include <stdint.h>

#define PROBE_MAGIC 0x31626f7270726557ull // "Werprob1"
#define PROBE_THREADS 256
#define PROBE_SITES 65536 // A start takes some thousand.
#define PROBE_DEPTH 13
#define PROBE_OBJECTS 131072

// A line of the cache for each thread, so that counting is no shared write itself.
struct probe_thread {
    uint64_t thread_id; // As in /proc/PID/task; 0: nobody yet.
    uint64_t allocations;
    uint64_t bytes;
    uint64_t retains; // And releases. Only with PROBE_RETAINS.
    uint64_t reserved[4];
};

// Where allocations come from. Only with PROBE_SITES.
struct probe_site {
    uint64_t thread_id;
    uint64_t count;
    uint64_t bytes;
    uint64_t frames[PROBE_DEPTH]; // Return addresses, innermost first.
};

// Which objects a thread retains and releases, and where. Only with PROBE_RETAINS.
struct probe_object {
    uint64_t thread_id;
    uint64_t address;
    uint64_t place; // A return address.
    uint64_t metadata; // What its first word pointed to when it was seen first.
    uint64_t count;
};

struct probe_file {
    uint64_t magic;
    uint64_t reserved[7];
    struct probe_thread threads[PROBE_THREADS];
    struct probe_site sites[PROBE_SITES];
    struct probe_object objects[PROBE_OBJECTS];
};

#endif
