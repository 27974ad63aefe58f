// SPDX-License-Identifier: Apache-2.0
//
// Counts the syncs of a process: preloaded (LD_PRELOAD), it writes "commits N", "checkpoints N" and "others N" into the
// file that COUNT_SYNCS names, when the process ends. For bench/workers.py.
//
// A commit is a sync of a write-ahead log into which pages were written since its last one. A sync of the log without
// that (before its pages are brought into the ledger, and of its new header after that) and a sync of the ledger itself
// belong to a checkpoint. Others are of folders and of what is made once.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <limits.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

enum { kFiles = 4096, kHeaderBytes = 32 };

static atomic_long commits;
static atomic_long checkpoints;
static atomic_long others;
static atomic_bool has_pages[kFiles];

static int ends_with(const char* text, const char* end) {
  const size_t length = strlen(text);
  const size_t wanted = strlen(end);
  return length >= wanted && strcmp(text + length - wanted, end) == 0;
}

static void count(int file) {
  char name[64];
  char path[PATH_MAX];
  snprintf(name, sizeof name, "/proc/self/fd/%d", file);
  const ssize_t length = readlink(name, path, sizeof path - 1);
  path[length < 0 ? 0 : length] = '\0';
  const int pages = file >= 0 && file < kFiles && atomic_exchange(&has_pages[file], 0);
  if (ends_with(path, ".db-wal")) {
    atomic_fetch_add(pages ? &commits : &checkpoints, 1);
  } else {
    atomic_fetch_add(ends_with(path, ".db") ? &checkpoints : &others, 1);
  }
}

static void wrote(int file, size_t size, off_t offset) {
  const int is_header = offset == 0 && size == kHeaderBytes;
  if (file >= 0 && file < kFiles && !is_header) atomic_store(&has_pages[file], 1);
}

ssize_t pwrite64(int file, const void* bytes, size_t size, off64_t offset) {
  static ssize_t (*next)(int, const void*, size_t, off64_t);
  if (next == NULL) next = (ssize_t(*)(int, const void*, size_t, off64_t))dlsym(RTLD_NEXT, "pwrite64");
  wrote(file, size, offset);
  return next(file, bytes, size, offset);
}

ssize_t pwrite(int file, const void* bytes, size_t size, off_t offset) {
  static ssize_t (*next)(int, const void*, size_t, off_t);
  if (next == NULL) next = (ssize_t(*)(int, const void*, size_t, off_t))dlsym(RTLD_NEXT, "pwrite");
  wrote(file, size, offset);
  return next(file, bytes, size, offset);
}

int fdatasync(int file) {
  static int (*next)(int);
  if (next == NULL) next = (int (*)(int))dlsym(RTLD_NEXT, "fdatasync");
  count(file);
  return next(file);
}

int fsync(int file) {
  static int (*next)(int);
  if (next == NULL) next = (int (*)(int))dlsym(RTLD_NEXT, "fsync");
  count(file);
  return next(file);
}

__attribute__((destructor)) static void tell(void) {
  const char* path = getenv("COUNT_SYNCS");
  FILE* file = path == NULL ? NULL : fopen(path, "w");
  if (file == NULL) return;
  fprintf(file, "commits %ld\ncheckpoints %ld\nothers %ld\n", atomic_load(&commits), atomic_load(&checkpoints),
          atomic_load(&others));
  fclose(file);
}
