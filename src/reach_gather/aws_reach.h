// SPDX-License-Identifier: Apache-2.0
//
// Answers the question who can reach a bucket from AWS itself: read the bucket, sweep the accounts, decide, look where
// the roles are used.
#pragma once

#include <chrono>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <utility>

#include "reach/reads.h"
#include "reach_gather/gather.h"

namespace sallyport::reach {

// What was swept of accounts, for a while: shared by all who ask in a process. Thread-safe.
class Sweeps {
 private:
  friend class AwsReach;
  struct Kept {
    std::chrono::steady_clock::time_point read{};
    AccountFacts facts{};
  };
  std::mutex mutex_;
  std::map<std::string, Kept> kept_;
};

// Thread-safe. References outlive it.
class AwsReach final : public Reads {
 public:
  AwsReach(aws::Transport& transport, const Clock& clock, GatherOptions options,
           std::shared_ptr<Sweeps> sweeps = std::make_shared<Sweeps>())
      : clock_(clock),
        options_(std::move(options)),
        gatherer_(transport, clock_, options_),
        sweeps_(std::move(sweeps)) {}

  Result<Answer> WhoCan(const Ask& ask) override;

  // How long the sweep of an account is good for: a job of Macie's makes hundreds of findings within minutes. A sweep
  // that failed is not kept.
  static constexpr std::chrono::minutes kKeepSweep{10};
  // Of the accounts that the bucket's policies name, themselves or as members of an organization. Whoever may write
  // them could name thousands.
  static constexpr std::size_t kMostAccounts = 1'000;

 private:
  AccountFacts Account(const std::string& account, const std::string& partition);
  void AddAccounts(const Result<Gatherer::Organization>& organization, Facts& facts);
  static void AddKeyOwner(Facts& facts);
  void AddMembers(const std::set<std::string>& organizations, const Result<Gatherer::Organization>& own,
                  std::set<std::string>& accounts, Facts& facts) const;

  const Clock& clock_;
  const GatherOptions options_;
  const Gatherer gatherer_;
  const std::shared_ptr<Sweeps> sweeps_;
};

}  // namespace sallyport::reach
