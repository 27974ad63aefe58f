// SPDX-License-Identifier: Apache-2.0
#include "base/core_dumps.h"

#include <sys/prctl.h>
#include <sys/resource.h>

namespace sallyport {

void ForbidCoreDumps() {
  // The limit holds for programs that are started from here too; a core that goes to a program (core_pattern `|...`) is
  // not bound by it, so the process is marked as well.
  const struct rlimit none = {0, 0};
  (void)::setrlimit(RLIMIT_CORE, &none);
  (void)::prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
}

}  // namespace sallyport
