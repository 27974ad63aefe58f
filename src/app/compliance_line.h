// SPDX-License-Identifier: Apache-2.0
//
// The ways of AWS Config evaluations: SWP's computers through the work's client, AWS through the process's connection.
// They hang on the seams that every row and every actor is given (docs/decisions/0040).
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "app/aws_connection.h"
#include "base/log.h"
#include "compliance/seams.h"
#include "compliance_gather/aws_compliance.h"
#include "net/write_guard_client.h"
#include "notify/notifier.h"
#include "reach/reads.h"
#include "swp_client/client.h"

namespace sallyport {

// Belongs to one thread, as the work does, but for config(), which is thread-safe: verdicts go out several at a time.
// References outlive it. Nothing of AWS is touched before it is asked.
class ComplianceLine final : public reach::Reads, public compliance::Reads {
 public:
  ComplianceLine(LazyAws& aws, const Clock& clock, Logger& log, std::optional<TimePoint> stop_at, swp::Client& swp,
                 reach::Reads& reach);

  // HTTP requests to AWS so far, retries included; those of `reach` are its own.
  int calls() const;

  // reach::Reads, passed on.
  Result<reach::Answer> WhoCan(const reach::Ask& ask) override { return reach_.WhoCan(ask); }
  Result<std::string> InstanceState(const std::string& account, const std::string& region,
                                    const InstanceId& instance) override {
    return reach_.InstanceState(account, region, instance);
  }
  edge::Reads* Edge() override { return reach_.Edge(); }

  // compliance::Reads
  Result<std::vector<swp::FleetComputer>> FleetPage(std::int64_t after, int most) override;
  Result<std::vector<swp::FleetComputer>> FleetOf(const InstanceId& instance, swp::RecordKind first) override;
  Result<swp::Policy> GetPolicy(PolicyId policy) override;
  Result<swp::Assignments> GetAssignments(ComputerId computer, swp::RuleModule module) override;
  Status VisitInstances(const compliance::Place& place,
                        const std::function<void(compliance::Resource)>& visit) override;
  Result<std::map<InstanceId, std::string>> ContainerHosts(const compliance::Place& place) override;
  Status VisitJudged(const compliance::Place& place, const std::string& rule_name,
                     const std::function<void(const std::string& resource_id)>& visit) override;
  Result<compliance::Resource> RecordedItem(const compliance::Place& place, const InstanceId& instance,
                                            TimePoint captured) override;

  // For ComplianceTeller.
  const compliance::AwsCompliance& config() const { return config_; }

 private:
  Result<aws::Transport*> WayTo(const compliance::Place& place);

  LazyAws& aws_;
  Logger& log_;
  std::optional<AwsConnection::Instant> until_;
  swp::Client& swp_;
  reach::Reads& reach_;
  std::mutex mutex_;                                                       // of `senders_`
  std::map<std::string, std::unique_ptr<AwsConnection::Sender>> senders_;  // by the role that the place names
  compliance::AwsCompliance config_;
};

// Messages to people pass through; verdicts go to AWS Config.
class ComplianceTeller final : public Notifier, public compliance::Writes {
 public:
  // `may_write`: asked before verdicts are sent.
  ComplianceTeller(Notifier& people, const ComplianceLine& line, const MayWrite& may_write)
      : people_(people), line_(line), may_write_(may_write) {}

  Result<std::string> Send(const Message& message) override { return people_.Send(message); }
  Result<std::vector<compliance::Evaluation>> PutEvaluations(const compliance::Place& place,
                                                             const std::vector<compliance::Evaluation>& evaluations,
                                                             TimePoint ordering, const Secret& token,
                                                             bool test_mode) override {
    if (Status may = may_write_(); !may.ok()) return may.error();
    return line_.config().PutEvaluations(place, evaluations, ordering, token, test_mode);
  }

 private:
  Notifier& people_;
  const ComplianceLine& line_;
  const MayWrite& may_write_;
};

}  // namespace sallyport
