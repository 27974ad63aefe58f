// SPDX-License-Identifier: Apache-2.0
//
// What the newest runs of other workflows say about hosts. They are documents of the ledger's State
// (docs/decisions/0029); this reads the few members of them that a rule asks for, and nothing else of those workflows.
//
//   waf        "waf/map" or "waf/map/ACCOUNT": objects with `id` (or `instance`, `host.instance`) and `state`
//   inspector  "inspector/patches": objects with `finding` (its `host`, `severity`, `status`) and `covers`
//
// They stand in pieces by themselves, or in the lists `hosts` or `items` of a piece.
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
  RunAnswer Ask(std::string_view workflow, const InstanceId& instance, const std::string& account,
                DocumentReads* documents);

 private:
  struct Read {
    std::int64_t version = 0;
    TimePoint at{};
    std::map<std::string, RunAnswer> hosts;
  };
  Result<std::shared_ptr<const Read>> Newest(std::string_view workflow, const std::string& account,
                                             DocumentReads& documents);

  std::mutex mutex_;
  std::map<std::string, std::shared_ptr<const Read>> kept_;
};

}  // namespace sallyport::compliance
