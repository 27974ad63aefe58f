// SPDX-License-Identifier: Apache-2.0
#include "swp_client/client.h"

#include <algorithm>
#include <limits>
#include <set>
#include <utility>

#include "base/text.h"
#include "swp/reading.h"
#include "swp_client/client_parts.h"

namespace sallyport::swp {
namespace {

// Only these expansions: the API's default is everything, which is some 40 kB and slow (vendor guide "Performance
// tips").
constexpr std::string_view kExpand =
    "?expand=computerStatus&expand=tasks&expand=allSecurityModules&expand=ec2VirtualMachineSummary"
    "&expand=noConnectorVirtualMachineSummary";
constexpr std::string_view kExpandCloud = "?expand=ec2VirtualMachineSummary&expand=noConnectorVirtualMachineSummary";
// What one page asks for, and how many of them a whole list may have: more is no answer that could be judged.
constexpr int kRecordsPerInstance = 20;
constexpr std::size_t kMostRecordsPerInstance = 1'000;
constexpr std::size_t kMostPolicies = 10'000;
constexpr int kPageSize = 250;
// 250 million computers: only a manager that repeats itself gets here.
constexpr int kMostPages = 1'000'000;
// A policy is some 20 kB long, whatever is asked about it.
constexpr int kPolicyPage = 100;
// Rules change with a rule update, about weekly.
constexpr Duration kKeepRules = std::chrono::hours(1);
constexpr std::size_t kMostRulesKept = 5'000;

constexpr std::int64_t kUnknownDifference = std::numeric_limits<std::int64_t>::min();
// A Date that is further from our own time is no clock but a fault (1970, 2500): nothing is reckoned by it.
constexpr Duration kMostClockDifference = std::chrono::hours(7 * 24);
// What a clock that goes right may seem to go back by: dates have whole seconds, and answers take their time.
constexpr Duration kClockJitter = std::chrono::seconds(5);

constexpr Operation kSearchComputers = {"search computers", ""};
constexpr Operation kGetComputer = {"read a computer", ""};
constexpr Operation kGetPolicy = {"read a policy", ""};
constexpr Operation kSearchPolicies = {"search policies", ""};
constexpr Operation kGetApiKey = {"read the current API key", "administratorRights (to view API keys)"};

bool AnyHasAgent(const std::vector<Computer>& computers) {
  return std::any_of(computers.begin(), computers.end(), [](const auto& c) { return !c.agent_fingerprint.empty(); });
}

// Dates that lie ahead of the manager's clock prove nothing: they read as damaged.
void NoteFuture(Computer& computer, TimePoint latest) {
  const auto note = [latest](std::string_view name, std::optional<TimePoint>& time, std::vector<std::string>& damaged) {
    if (!time || *time <= latest) return;
    damaged.push_back(std::string(name) + ": " + FormatTime(*time) + " is later than SWP's own clock");
    time.reset();
  };
  note("lastAgentCommunication", computer.last_agent_communication, computer.damaged);
  note("lastSendPolicySuccess", computer.last_send_policy_success, computer.damaged);
  for (ModuleState& module : computer.modules) {
    note("lastScan", module.last_scan, module.damaged);
    note("lastBaselineCreated", module.last_baseline, module.damaged);
  }
}

}  // namespace

Memory::Memory() : clock_difference_(kUnknownDifference), seen_difference_(kUnknownDifference) {}

std::optional<Rule> Memory::FindRule(RuleModule module, RuleId rule, TimePoint now) {
  const std::lock_guard lock(rules_mutex_);
  const auto kept = rules_.find({module, rule.value});
  if (kept == rules_.end() || now - kept->second.read_at >= kKeepRules) return std::nullopt;
  return kept->second.rule;
}

void Memory::KeepRule(RuleModule module, RuleId rule, TimePoint now, const Rule& read) {
  const std::lock_guard lock(rules_mutex_);
  if (rules_.size() >= kMostRulesKept) rules_.clear();
  rules_[{module, rule.value}] = {now, read};
}

std::optional<Duration> Memory::ClockDifference() const {
  const std::int64_t difference = clock_difference_;
  if (difference == kUnknownDifference) return std::nullopt;
  return Duration{difference};
}

std::optional<Duration> Memory::SeenClockDifference() const {
  const std::int64_t difference = seen_difference_;
  if (difference == kUnknownDifference) return std::nullopt;
  return Duration{difference};
}

void Memory::KeepClockDifference(Duration difference, bool from_a_cache) {
  seen_difference_ = difference.count();
  if (difference > kMostClockDifference || difference < -kMostClockDifference) return;
  const std::optional<Duration> known = ClockDifference();
  const bool older = known && difference < *known - kClockJitter;
  if (!(older && from_a_cache)) clock_difference_ = difference.count();
}

Client::Client(HttpClient& http, Clock& clock, ClientOptions options, std::shared_ptr<Memory> memory)
    : http_(http), clock_(clock), options_(std::move(options)), memory_(std::move(memory)) {}

HttpRequest Client::MakeRequest(std::string_view method, const std::string& path, std::string body) const {
  HttpRequest request;
  request.method = method;
  request.url = options_.base_url + path;
  request.headers = {{"api-version", "v1"}, {"Accept", "application/json"}};
  if (!body.empty()) request.headers.push_back({"Content-Type", "application/json"});
  if (options_.key_header == KeyHeader::kAuthorization) {
    request.secret_headers.emplace_back("Authorization", Secret("ApiKey " + options_.api_key.RevealForRequest()));
  } else {
    request.secret_headers.emplace_back("api-secret-key", options_.api_key);
  }
  request.body = std::move(body);
  request.deadline = options_.deadline;
  return request;
}

HttpRequest Client::MakeWrite(std::string_view method, const std::string& path, std::string body) const {
  HttpRequest request = MakeRequest(method, path, std::move(body));
  request.repeat = Repeat::kUnsafe;
  request.changes = true;
  return request;
}

Result<HttpResponse> Client::Send(const HttpRequest& request) {
  Result<HttpResponse> answer = http_.Send(request);
  if (answer.ok()) {
    // A cache may answer a GET with what was true, and dated, hours ago.
    const bool may_be_cached = request.method == "GET";
    if (const auto date = ParseHttpDate(answer->Header("date"))) {
      memory_->KeepClockDifference(*date - clock_.Now(), may_be_cached);
    }
  }
  return answer;
}

TimePoint Client::AcceptedAt(const HttpResponse& answer, TimePoint sent_at) const {
  const auto date = ParseHttpDate(answer.Header("date"));
  // Neither a date that is older than the request nor one that is no clock's: both would make an old scan ours.
  const bool believed = date && *date <= clock_.Now() + kMostClockDifference;
  return believed ? std::max(*date, sent_at) : sent_at;
}

TimePoint Client::ManagerNow() const {
  return clock_.Now() + ClockDifference().value_or(Duration{0});
}

Result<Json> Client::Get(const std::string& path, const Operation& operation) {
  const auto answer = Send(MakeRequest("GET", path, ""));
  if (!answer.ok()) return answer.error().In("could not " + std::string(operation.what));
  return ReadAnswer(*answer, operation);
}

Result<Json> Client::Post(const std::string& path, std::string body, const Operation& operation) {
  const auto answer = Send(MakeRequest("POST", path, std::move(body)));
  if (!answer.ok()) return answer.error().In("could not " + std::string(operation.what));
  return ReadAnswer(*answer, operation);
}

Result<std::vector<Computer>> Client::ReadComputerPage(const Json& json) const {
  auto computers = ReadComputers(json);
  if (!computers.ok()) return computers;
  for (Computer& computer : *computers) NoteFuture(computer, ManagerNow() + kAheadOfClock);
  return computers;
}

Result<std::vector<Computer>> Client::SearchComputers(const SearchBody& body, std::string_view expand) {
  const auto json = Post("/computers/search" + std::string(expand), body.ToJson(), kSearchComputers);
  if (!json.ok()) return json.error();
  return ReadComputerPage(*json);
}

Result<std::vector<Computer>> Client::RecordsOf(std::string_view instance_field, const InstanceId& instance) {
  return SearchAll<Computer>({"computers", "/computers/search" + std::string(kExpand), &kSearchComputers,
                              SearchBody(kRecordsPerInstance).StringEquals(instance_field, instance.value),
                              kMostRecordsPerInstance, [this](const Json& json) { return ReadComputerPage(json); }});
}

Result<std::vector<Computer>> Client::FindComputers(const InstanceId& instance) {
  auto found = RecordsOf("ec2VirtualMachineSummary/instanceID", instance);
  if (!found.ok() || AnyHasAgent(*found)) return found;
  // An agent in an account without a connector reports its instance itself; and an instance that the connector lists
  // without an agent may have a second record that an agent made (edge case X4).
  auto reported = RecordsOf("noConnectorVirtualMachineSummary/instanceID", instance);
  if (!reported.ok()) return reported;
  for (const Computer& computer : *reported) {
    // A record that both summaries name is one record.
    const bool is_new = std::none_of(found->begin(), found->end(), [&](const auto& c) { return c.id == computer.id; });
    if (is_new) found->push_back(computer);
  }
  return found;
}

Result<std::vector<Computer>> Client::FindNamesakes(ComputerId computer) {
  const auto json = Get("/computers/" + std::to_string(computer.value) + std::string(kExpand), kGetComputer);
  if (!json.ok()) return json.error();
  const std::string name = (*json)["hostName"].StringOr("");
  std::set<std::string> addresses;
  const Json summary = (*json)["ec2VirtualMachineSummary"];
  for (const std::string& address : {(*json)["lastIPUsed"].StringOr(""), summary["privateIPAddress"].StringOr(""),
                                     summary["publicIPAddress"].StringOr("")}) {
    if (!address.empty()) addresses.insert(address);
  }
  // Of what has neither nothing can be found again.
  if (name.empty() || addresses.empty()) return std::vector<Computer>();
  const auto page = Post("/computers/search" + std::string(kExpand),
                         SearchBody(kRecordsPerInstance).StringEquals("hostName", name).ToJson(), kSearchComputers);
  if (!page.ok()) return page.error();
  auto records = ReadComputerPage(*page);
  if (!records.ok()) return records;
  if (static_cast<int>(records->size()) >= kRecordsPerInstance) {
    return Error{ErrorCode::kTooLarge,
                 "SWP has " + std::to_string(records->size()) + " or more records of the host name `" +
                     Printable(name, 100) + "`",
                 "remove the stale records in SWP"};
  }
  std::vector<Computer> found;
  auto record = records->begin();
  for (const Json& text : (*page)["computers"].Elements()) {
    if (record == records->end()) break;
    const bool is_agent = record->id != computer && !record->agent_fingerprint.empty() && record->instance_id.empty();
    if (is_agent && addresses.contains(text["lastIPUsed"].StringOr(""))) found.push_back(*record);
    ++record;
  }
  return found;
}

Result<Computer> Client::GetComputer(ComputerId computer) {
  const auto json = Get("/computers/" + std::to_string(computer.value) + std::string(kExpand), kGetComputer);
  if (!json.ok()) return json.error();
  auto read = Insist(ReadComputer(*json), computer, "computer");
  if (read.ok()) NoteFuture(*read, ManagerNow() + kAheadOfClock);
  return read;
}

Status Client::VisitComputers(const SearchBody& criteria, const std::function<bool(const Computer&)>& visit) {
  return VisitComputers(criteria, kExpand, visit);
}

Status Client::VisitComputers(const SearchBody& criteria, std::string_view expand,
                              const std::function<bool(const Computer&)>& visit) {
  std::int64_t last = 0;
  for (int page = 0; page < kMostPages; ++page) {
    SearchBody body = criteria;
    body.IdAbove(last);
    const auto computers = SearchComputers(body, expand);
    if (!computers.ok()) return computers.error();
    // A short page may still have a successor (contract 4.3): only an empty one is the end.
    if (computers->empty()) return Ok();
    for (const Computer& computer : *computers) {
      if (computer.id.value <= last) {
        return DoesNotAdvance("computers", last);
      }
      last = computer.id.value;
      if (!visit(computer)) return Ok();
    }
  }
  return Error{ErrorCode::kTooLarge, "SWP's list of computers does not end", ""};
}

Result<Policy> Client::GetPolicy(PolicyId policy) {
  const auto json = Get("/policies/" + std::to_string(policy.value), kGetPolicy);
  if (!json.ok()) return json.error();
  return Insist(ReadPolicy(*json), policy, "policy");
}

Result<std::vector<Policy>> Client::SearchPolicies(const SearchBody& body) {
  const auto json = Post("/policies/search", body.ToJson(), kSearchPolicies);
  if (!json.ok()) return json.error();
  return ReadPolicies(*json);
}

Result<std::vector<Computer>> Client::ComputersOf(PolicyId policy, std::size_t most) {
  std::vector<Computer> computers;
  bool too_many = false;
  const Status visited = VisitComputers(SearchBody(kPageSize).NumberEquals("policyID", policy.value), kExpandCloud,
                                        [&](const Computer& computer) {
                                          too_many = computers.size() == most;
                                          if (!too_many) computers.push_back(computer);
                                          return !too_many;
                                        });
  if (!visited.ok()) return visited.error();
  if (!too_many) return computers;
  return Error{ErrorCode::kTooLarge,
               "more than " + std::to_string(most) + " computers have policy " + std::to_string(policy.value), ""};
}

Result<std::vector<PolicyId>> Client::PoliciesBelow(PolicyId policy, std::size_t most) {
  std::vector<PolicyId> below;
  std::int64_t last = 0;
  // Each page has at least one policy more, or it is the end.
  while (below.size() <= most) {
    const auto page = SearchPolicies(SearchBody(kPolicyPage).NumberEquals("parentID", policy.value).IdAbove(last));
    if (!page.ok()) return page.error();
    if (page->empty()) return below;
    for (const Policy& child : *page) {
      if (child.id.value <= last) return DoesNotAdvance("policies", last);
      last = child.id.value;
      below.push_back(child.id);
    }
  }
  return Error{ErrorCode::kTooLarge,
               "more than " + std::to_string(most) + " policies are below policy " + std::to_string(policy.value), ""};
}

Result<std::vector<Policy>> Client::FindPolicies(std::string_view exact_name) {
  return SearchAll<Policy>({"policies", "/policies/search", &kSearchPolicies,
                            SearchBody(kPolicyPage).StringEquals("name", exact_name), kMostPolicies, ReadPolicies});
}

Result<ApiKey> Client::GetCurrentApiKey() {
  const auto json = Get("/apikeys/current", kGetApiKey);
  if (!json.ok()) return json.error();
  return ReadApiKey(*json);
}

}  // namespace sallyport::swp
