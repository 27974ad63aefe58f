// SPDX-License-Identifier: Apache-2.0
//
// Runs of plans: what is as large as the estate is stored as a State document before the plan that names it.
#include <utility>

#include "base/check.h"
#include "intake/handle.h"

namespace sallyport {

// Before the commit of the plans: a plan never names what is not there. Each run is one transaction that also removes
// the pieces of the version before it, so that whoever stops in between leaves a whole version, which no plan names
// yet; the plan is made anew, and its run replaces that one. False: one could not be stored; nothing is recorded then.
bool Handler::StoreRuns(Job& job) const {
  for (PlanRun& run : job.runs) {
    auto wanted = std::exchange(run.plan.new_run, std::nullopt);
    // A rehearsal leaves the real thing alone.
    if (!wanted || run.number.value != 0 || parts_.execution.dry_run) continue;
    const auto stored = parts_.ledger.PutDocument(wanted->document, wanted->pieces, std::nullopt);
    if (!stored.ok()) {
      StorageFailed(stored.error(), "the ledger could not store what the plan is about, so nothing was done", job);
      return false;
    }
    Check(stored->has_value(), "what replaces any version is stored");
    run.plan.run = RunName{(*stored)->name, (*stored)->version};
  }
  return true;
}

}  // namespace sallyport
