// SPDX-License-Identifier: Apache-2.0
#include "base/prepare_process.h"

#include <malloc.h>

#include <csignal>
#include <cstdio>

namespace sallyport {
namespace {

// glibc's own 128 KiB are less than one event needs: it would return the memory to the system a dozen times for each
// and take it back page by page, which was a quarter of an event's CPU. No more than these stays free.
#ifdef __GLIBC__
constexpr int kFreeBytesKept = 2 * 1024 * 1024;
constexpr int kLargeBlockBytes = 1024 * 1024;
#endif

}  // namespace

void PrepareProcess() {
  std::signal(SIGPIPE, SIG_IGN);
  // A buffer would be 4 KiB: a line of results that is longer went out in two pieces. What is printed is put together
  // before.
  std::setvbuf(stdout, nullptr, _IONBF, 0);
#ifdef __GLIBC__
  mallopt(M_TRIM_THRESHOLD, kFreeBytesKept);
  mallopt(M_MMAP_THRESHOLD, kLargeBlockBytes);
#endif
}

}  // namespace sallyport
