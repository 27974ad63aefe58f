// SPDX-License-Identifier: Apache-2.0
//
// The client of the SWP manager's REST API: Deep Security 20, Cloud One Workload Security and Vision One Server &
// Workload Protection have the same one. Source: contract swp-api; Workload Security API 50.0.827.
//
// Every operation is one HTTP call unless it says otherwise. Retries, budget, connection and counting belong to the
// HttpClient that is handed in. Thread-safe when that is.
#pragma once

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "base/result.h"
#include "base/secret.h"
#include "base/time.h"
#include "net/http.h"
#include "swp/computer.h"
#include "swp/estate.h"
#include "swp/fleet.h"
#include "swp/ip_list.h"
#include "swp/rules.h"
#include "swp/scheduled_task.h"
#include "swp/search.h"
#include "swp/service.h"
#include "swp_client/answer.h"

namespace sallyport::swp {

enum class KeyHeader {
  kAuthorization,  // Authorization: ApiKey ... (Cloud One)
  kApiSecretKey,   // api-secret-key: ... (on-premises, SWP console, older)
};

struct ClientOptions {
  std::string base_url;  // "https://workload.us-1.cloudone.trendmicro.com/api", without a slash at the end
  KeyHeader key_header = KeyHeader::kApiSecretKey;
  Secret api_key;
  Duration deadline{0};  // for one call, retries included; 0: the HttpClient's
};

// What the clients of one manager know together: rules that were read, and how its clock differs from ours.
// Thread-safe.
class Memory {
 public:
  Memory();
  // Nothing: not read, or longer ago than an hour.
  std::optional<Rule> FindRule(RuleModule module, RuleId rule, TimePoint now);
  void KeepRule(RuleModule module, RuleId rule, TimePoint now, const Rule& read);
  // The manager's time minus ours, from the last answer's Date header (whole seconds); nothing before the first answer.
  // One that no clock can have (over a week) is not believed.
  std::optional<Duration> ClockDifference() const;
  // The last one that was seen, believed or not.
  std::optional<Duration> SeenClockDifference() const;
  // `from_a_cache`: the answer may be an old one, so it cannot set the clock back.
  void KeepClockDifference(Duration difference, bool from_a_cache);

 private:
  struct KeptRule {
    TimePoint read_at;
    Rule rule;
  };
  std::atomic<std::int64_t> clock_difference_;
  std::atomic<std::int64_t> seen_difference_;
  std::mutex rules_mutex_;
  std::map<std::pair<RuleModule, std::int32_t>, KeptRule> rules_;
};

class Client final : public Reads, public EstateReads, public Writes {
 public:
  // References outlive the client. A client is cheap to make: whoever handles an event has one of its own, with its own
  // way out, and shares the memory with the others.
  Client(HttpClient& http, Clock& clock, ClientOptions options, std::shared_ptr<Memory> memory);
  Client(HttpClient& http, Clock& clock, ClientOptions options)
      : Client(http, clock, std::move(options), std::make_shared<Memory>()) {}

  // Reads.
  Result<std::vector<Computer>> FindComputers(const InstanceId& instance) override;
  Result<std::vector<Computer>> FindNamesakes(ComputerId computer) override;
  Result<std::vector<ScheduledTask>> FindOurTasks(ComputerId computer) override;
  Result<std::vector<ScheduledTask>> FindTasksLeft(Duration idle) override;
  Result<Computer> GetComputer(ComputerId computer) override;
  // All computers that match, page by page in the order of their ids; `visit` says whether to go on. For audits of a
  // whole tenant, never for one finding. Stops with kBadAnswer when a page does not advance.
  Status VisitComputers(const SearchBody& criteria, const std::function<bool(const Computer&)>& visit);

  // fleet.cc. At most `most` computers with a greater id, in the order of their ids; none: that was the end.
  Result<std::vector<FleetComputer>> FleetPage(std::int64_t after, int most);
  // As FindComputers. Records of the kind `first` are asked for first. When one of them has an agent, the others are
  // not looked at: of those that agents report, one that is active, since an old one may stand beside the connector's.
  Result<std::vector<FleetComputer>> FleetOf(const InstanceId& instance, RecordKind first = RecordKind::kOfConnector);

  Result<Policy> GetPolicy(PolicyId policy) override;
  Result<std::vector<Computer>> ComputersOf(PolicyId policy, std::size_t most) override;
  Result<std::vector<PolicyId>> PoliciesBelow(PolicyId policy, std::size_t most) override;
  Result<std::vector<Policy>> FindPolicies(std::string_view exact_name);

  Result<Assignments> GetAssignments(Scope scope, RuleModule module) override;
  // Only what is assigned directly, without what is inherited.
  Result<Assignments> GetOwnAssignments(Scope scope, RuleModule module);
  Result<Assignments> RemoveAssignment(Scope scope, RuleModule module, RuleId rule) override;
  Status SetDetectOnly(Scope scope, RuleId rule, bool detect_only) override;
  std::string DescribeSetDetectOnly(Scope scope, RuleId rule, bool detect_only) const override;

  // Rules that list exactly this CVE. SWP matches substrings; they are sorted out here.
  Result<std::vector<Rule>> FindRulesByCve(std::string_view cve);
  // A rule hardly ever changes: what was read is kept for an hour, at most some thousand rules.
  Result<Rule> GetRule(RuleModule module, RuleId rule) override;
  Result<std::vector<ApplicationType>> FindApplicationTypes(std::string_view name_pattern);

  // ip_list.cc. The one of this name, case included; kNotFound.
  Result<IpList> FindIpList(std::string_view exact_name);

  // Reads of a whole estate (estate.cc).
  EstateReads* estate() override { return this; }
  Result<std::vector<CatalogRule>> RulesSince(std::optional<TimePoint> since, std::size_t most) override;
  Result<std::vector<ApplicationType>> AllApplicationTypes(std::size_t most) override;
  Result<std::vector<EstateComputer>> AllComputers(std::optional<PolicyId> policy, std::size_t most) override;
  Result<std::vector<EstateComputer>> RecordsOfInstance(const InstanceId& instance) override;
  Result<std::vector<OwnValues>> AllOwnValues(std::size_t most) override;
  Result<OwnValues> GetOwnValues(ComputerId computer) override;
  Result<std::vector<Policy>> AllPolicies(std::size_t most) override;
  Result<std::vector<Rule>> RulesAt(Scope scope) override;

  // Who we are to SWP. kForbidden still proves that the key is accepted.
  Result<ApiKey> GetCurrentApiKey();

  // Writes.
  Result<AcceptedScan> RequestScan(const ScanRequest& request) override;
  std::string DescribeRequestScan(const ScanRequest& request) const override;
  Result<ScanProgress> CheckScan(ScanKind kind, ComputerId computer, TimePoint since) override;
  Result<std::optional<AcceptedScan>> FindRequestedScan(const ScanRequest& request) override;
  Result<AcceptedRules> AssignRules(Scope scope, RuleModule module, const std::vector<RuleId>& rules) override;
  std::string DescribeAssignRules(Scope scope, RuleModule module, const std::vector<RuleId>& rules) const override;
  // policies.cc.
  Result<std::optional<Policy>> FindChildPolicy(PolicyId parent, std::string_view name) override;
  Result<Policy> CreatePolicy(const NewPolicy& policy) override;
  std::string DescribeCreatePolicy(const NewPolicy& policy) const override;
  Status GivePolicy(ComputerId computer, PolicyId policy) override;
  Status DeleteTask(ScheduledTaskId task) override;
  std::string DescribeDeleteTask(ScheduledTaskId task) const override;
  TimePoint ManagerNow() const override;

  std::optional<Duration> ClockDifference() const { return memory_->ClockDifference(); }
  std::optional<Duration> SeenClockDifference() const { return memory_->SeenClockDifference(); }

 private:
  HttpRequest MakeRequest(std::string_view method, const std::string& path, std::string body) const;
  // One that changes something: never sent twice by us when it may have been carried out.
  HttpRequest MakeWrite(std::string_view method, const std::string& path, std::string body) const;
  Result<HttpResponse> Send(const HttpRequest& request);
  Result<Json> Get(const std::string& path, const Operation& operation);
  Result<Json> Post(const std::string& path, std::string body, const Operation& operation);
  // A list that is read to its end: all of it, or an error (kTooLarge over `most`, kBadAnswer when it does not
  // advance).
  template <class T>
  struct Search {
    std::string_view of;  // "computers", for errors
    std::string path;
    const Operation* operation;
    SearchBody criteria;
    std::size_t most;
    std::function<Result<std::vector<T>>(const Json&)> read;
  };
  template <class T>
  Result<std::vector<T>> SearchAll(const Search<T>& search);
  struct Page {
    int most;
    std::string criteria;  // JSON objects, each with a comma behind it
  };
  template <class T, class Read>
  Result<std::vector<T>> ListAll(const std::string& path, const Operation& operation, const Page& page_of,
                                 std::size_t most, Read read);
  Result<std::vector<Computer>> RecordsOf(std::string_view instance_field, const InstanceId& instance);
  Result<std::vector<Computer>> ReadComputerPage(const Json& json) const;
  Result<Assignments> ReadAssignmentsOfNow(const Json& json) const;
  // When the manager took a request, by its own clock: never earlier than it was sent.
  TimePoint AcceptedAt(const HttpResponse& answer, TimePoint sent_at) const;
  Result<std::vector<Computer>> SearchComputers(const SearchBody& body, std::string_view expand);
  Result<std::vector<FleetComputer>> FleetSearch(const SearchBody& body);
  Status VisitComputers(const SearchBody& criteria, std::string_view expand,
                        const std::function<bool(const Computer&)>& visit);
  // Those of ours alone. An error when one may be ours and its answer does not say so.
  Result<std::vector<ScheduledTask>> SearchTasks(const SearchBody& criteria);
  Result<AcceptedScan> FindLostScan(const ScanRequest& request, TimePoint sent_at, const std::string& why);
  Result<std::optional<AcceptedScan>> FindScan(const ScanRequest& request, TimePoint at_latest);
  Result<ScanProgress> CheckRecommendationScan(ComputerId computer, TimePoint since);
  Result<std::vector<Policy>> SearchPolicies(const SearchBody& body);

  HttpClient& http_;
  Clock& clock_;
  ClientOptions options_;
  std::shared_ptr<Memory> memory_;
};

}  // namespace sallyport::swp
