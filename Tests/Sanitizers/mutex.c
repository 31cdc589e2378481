// Tells the thread sanitizer what a contended `Mutex` orders. Linked by deploy/test.sh into what the thread sanitizer runs, and into
// nothing else.
//
// `Synchronization.Mutex` takes and leaves a lock that nobody else wants by an atomic operation compiled into our code, where the
// sanitizer sees it. A lock that somebody else wants goes through three functions of a library that is built without the sanitizer,
// `_MutexHandle._lockSlow(_:)`, `_tryLockSlow()` and `_unlockSlow()`, so that everything under a mutex would be called a race as soon
// as two threads meet there. These definitions stand before the library's, do the same by calling them, and say what it orders.
// `self` is the address of the lock's word, the same that our half works on.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdbool.h>
#include <stdint.h>

extern void __tsan_acquire(void *address);
extern void __tsan_release(void *address);

#define SWIFT __attribute__((swiftcall))
#define SELF __attribute__((swift_context))

#define LOCK "$s15Synchronization12_MutexHandleV9_lockSlowyys6UInt32VF"
#define TRY_LOCK "$s15Synchronization12_MutexHandleV12_tryLockSlowSbyF"
#define UNLOCK "$s15Synchronization12_MutexHandleV11_unlockSlowyyF"

static struct {
    SWIFT void (*lock)(uint32_t thread, SELF void *self);
    SWIFT bool (*tryLock)(SELF void *self);
    SWIFT void (*unlock)(SELF void *self);
} library;

// Before there is any other thread. A program that does not load the library does not call into it either.
__attribute__((constructor)) static void find(void) {
    *(void **)&library.lock = dlsym(RTLD_NEXT, LOCK);
    *(void **)&library.tryLock = dlsym(RTLD_NEXT, TRY_LOCK);
    *(void **)&library.unlock = dlsym(RTLD_NEXT, UNLOCK);
}

SWIFT void weir_lock(uint32_t thread, SELF void *self) __asm__(LOCK);
SWIFT void weir_lock(uint32_t thread, SELF void *self) {
    library.lock(thread, self);
    __tsan_acquire(self);
}

SWIFT bool weir_try_lock(SELF void *self) __asm__(TRY_LOCK);
SWIFT bool weir_try_lock(SELF void *self) {
    bool isTaken = library.tryLock(self);
    if (isTaken) __tsan_acquire(self);
    return isTaken;
}

SWIFT void weir_unlock(SELF void *self) __asm__(UNLOCK);
SWIFT void weir_unlock(SELF void *self) {
    __tsan_release(self);
    library.unlock(self);
}
