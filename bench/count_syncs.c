// SPDX-License-Identifier: Apache-2.0
//
// Counts the syncs of a process: preloaded (LD_PRELOAD), it writes "fdatasync N" and "fsync N" into the file that
// COUNT_SYNCS names, when the process ends. For bench/workers.py.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

static atomic_long data_syncs;
static atomic_long full_syncs;

int fdatasync(int file) {
  static int (*next)(int);
  if (next == NULL) next = (int (*)(int))dlsym(RTLD_NEXT, "fdatasync");
  atomic_fetch_add(&data_syncs, 1);
  return next(file);
}

int fsync(int file) {
  static int (*next)(int);
  if (next == NULL) next = (int (*)(int))dlsym(RTLD_NEXT, "fsync");
  atomic_fetch_add(&full_syncs, 1);
  return next(file);
}

__attribute__((destructor)) static void tell(void) {
  const char* path = getenv("COUNT_SYNCS");
  FILE* file = path == NULL ? NULL : fopen(path, "w");
  if (file == NULL) return;
  fprintf(file, "fdatasync %ld\nfsync %ld\n", atomic_load(&data_syncs), atomic_load(&full_syncs));
  fclose(file);
}
