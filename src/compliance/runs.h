// SPDX-License-Identifier: Apache-2.0
//
// What the newest runs of other workflows say about hosts. They are documents of the ledger's State
// (docs/decisions/0029):
//
//   waf        the map from the edge to the host (edge/run.h)
//   inspector  "inspector/patches": objects with `finding` (its `host`, `severity`, `status`) and `covers`, in the
//   lists
//              `items` of its pieces
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

#include "base/documents.h"
#include "base/ids.h"
#include "compliance/rules.h"

namespace sallyport::compliance {

// Keeps the last run that was read of each document. Thread-safe.
class Runs {
 public:
  // `workflow`: "waf" or "inspector" (Needs::run). `documents`: nullptr when nothing is kept here.
  RunAnswer Ask(std::string_view workflow, const InstanceId& instance, DocumentReads* documents);

 private:
  struct Read {
    std::int64_t version = 0;
    TimePoint at{};
    std::map<std::string, RunAnswer> hosts;
  };
  Result<std::shared_ptr<const Read>> Newest(std::string_view workflow, DocumentReads& documents);

  std::mutex mutex_;
  std::map<std::string, std::shared_ptr<const Read>> kept_;
};

}  // namespace sallyport::compliance
