// SPDX-License-Identifier: Apache-2.0
//
// What one evaluation of all instances of an account and region reads: EC2's instances, SWP's computers page by page,
// and what earlier verdicts there are. Plain facts; rules.h judges them one host after the other.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/documents.h"
#include "compliance/evaluation.h"
#include "compliance/fleet.h"
#include "compliance/runs.h"

namespace sallyport::compliance {

// A verdict of the last run about one host, as it was stored.
struct StoredVerdict {
  Verdict verdict;
  std::string record;  // digest of SWP's record of it then (RecordDigest); empty: there was none
  std::map<swp::RuleModule, swp::Assignments> assignments{};  // of rule `recommendations-applied`
  std::string cluster{};                                      // Resource::cluster
  // It is gone, and so many runs have said so. A second one says it again: whether AWS Config took what the first one
  // said is not known when the run is stored.
  std::int64_t gone_runs = 0;
  bool operator==(const StoredVerdict&) const = default;
};
struct StoredRun {
  std::map<std::string, StoredVerdict> verdicts;  // by resource id
  // When ECS was asked which hosts are container instances: two calls for each cluster, so once a day.
  std::optional<TimePoint> clusters_at;
  bool operator==(const StoredRun&) const = default;
};

// The run as pieces of a State document, and back. Nothing: there is none. kInvalidInput: of a newer release.
std::vector<std::string> PiecesOf(const StoredRun& run);
Result<std::optional<StoredRun>> ReadStoredRun(DocumentReads* documents, const std::string& name);

// Changes when something of the record changes that rules are judged by; not with each heartbeat.
std::string RecordDigest(const swp::Computer& computer);

struct EstateFacts {
  std::optional<Error> failed;  // nothing can be judged
  std::vector<Resource> resources;
  std::shared_ptr<const Snapshot> snapshot;  // nullptr: the rule needs none
  Result<StoredRun> before = StoredRun{};
  bool had_run = false;
  // Instances that had a verdict before and are gone, with StoredVerdict::gone_runs; or why that is not known.
  Result<std::map<std::string, std::int64_t>> gone = std::map<std::string, std::int64_t>{};
  std::map<PolicyId, Result<swp::Policy>> policies;
  std::map<ComputerId, std::map<swp::RuleModule, Result<swp::Assignments>>> assignments;
  std::map<std::string, RunAnswer> run_answers;
  std::optional<TimePoint> clusters_at;
  std::size_t assignment_reads = 0;
  std::size_t assignment_computers = 0;

  HostFacts Of(const Resource& resource, const RuleParameters& rule) const;
};

// Who reads, and what they know together.
struct EstateSources {
  Reads& reads;
  Fleet& fleet;
  Runs& runs;
  DocumentReads* documents = nullptr;
};

// `run_document`: where the last run is stored. `resources`: what is evaluated, when it is known already (a saved
// snapshot); nullptr: EC2 is asked. `rule_name`: of AWS Config, whose earlier verdicts are looked at when no run is
// stored; empty: they are not.
EstateFacts GatherEstate(const RuleParameters& rule, const Place& place, const Context& context,
                         const std::string& run_document, const std::string& rule_name,
                         const std::vector<Resource>* resources, const EstateSources& sources);

struct JudgedHost {
  Resource resource;
  Verdict verdict;
  StoredVerdict stored;
};
// Every resource, in the order of their ids, and those that are gone.
std::vector<JudgedHost> JudgeEstate(const RuleParameters& rule, const EstateFacts& facts, const Context& context);

}  // namespace sallyport::compliance
