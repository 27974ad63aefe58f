// SPDX-License-Identifier: Apache-2.0
#include "swp_client/client.h"

#include <algorithm>
#include <limits>
#include <set>
#include <type_traits>
#include <utility>

#include "base/text.h"
#include "swp/reading.h"

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
constexpr int kTasksPerComputer = 100;
constexpr int kTasksPerSearch = 250;
// SQL LIKE: whoever calls his task like ours is sorted out by what it does.
constexpr std::string_view kNamesOfOurs = "sallyport %";
constexpr std::size_t kMostTasks = 10'000;
constexpr std::size_t kMostPolicies = 10'000;
constexpr std::size_t kMostRules = 20'000;
// A page with fewer is the end of its list: no manager gives so few at once when there are more.
constexpr std::size_t kSurelyTheEnd = 5;
constexpr int kPageSize = 250;
// 250 million computers: only a manager that repeats itself gets here.
constexpr int kMostPages = 1'000'000;
constexpr int kRulesPerSearch = 1000;
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
// What the manager dates later than its own time has not happened.
constexpr Duration kAheadOfClock = std::chrono::minutes(1);

constexpr Operation kSearchComputers = {"search computers", ""};
constexpr Operation kGetComputer = {"read a computer", ""};
constexpr Operation kGetPolicy = {"read a policy", ""};
constexpr Operation kSearchPolicies = {"search policies", ""};
constexpr Operation kSearchTasks = {"search scheduled tasks", "scheduledTaskRights.canViewScheduledTasks"};
constexpr Operation kCreateTask = {"create a scheduled task",
                                   "scheduledTaskRights.canCreateNewScheduledTasks and canExecuteScheduledTasks"};
constexpr Operation kDeleteTask = {"delete a scheduled task", "scheduledTaskRights.canDeleteScheduledTasks"};
constexpr Operation kReadAssignments = {"read rule assignments", ""};
constexpr Operation kChangeComputerRules = {"assign rules to a computer", "computerRights.canEditComputerProperties"};
constexpr Operation kChangePolicyRules = {"assign rules to a policy", "policyRights.canEditPolicyProperties"};
constexpr Operation kSearchRules = {"search rules", ""};
constexpr Operation kGetRule = {"read a rule", ""};
constexpr Operation kSearchApplicationTypes = {"search application types", ""};
constexpr Operation kGetApiKey = {"read the current API key", "administratorRights (to view API keys)"};

Error DoesNotAdvance(std::string_view list, std::int64_t last) {
  return {ErrorCode::kBadAnswer,
          "SWP's list of " + std::string(list) + " does not advance past id " + std::to_string(last),
          "try again; report it to the vendor when it stays"};
}

std::string ScopePath(Scope scope, RuleModule module) {
  return std::string(scope.kind == Scope::Kind::kComputer ? "/computers/" : "/policies/") + std::to_string(scope.id) +
         "/" + std::string(PathName(module)) + "/assignments";
}

// One rule with what is overridden there (contract swp-api 8.1).
std::string RulePath(Scope scope, RuleId rule) {
  return (scope.kind == Scope::Kind::kComputer ? "/computers/" : "/policies/") + std::to_string(scope.id) + "/" +
         std::string(PathName(RuleModule::kIntrusionPrevention)) + "/rules/" + std::to_string(rule.value);
}

std::string DetectOnlyBody(bool detect_only) {
  JsonWriter out;
  return out.BeginObject().Member("detectOnly", detect_only).EndObject().Take();
}

const Operation& ChangeRules(Scope scope) {
  return scope.kind == Scope::Kind::kComputer ? kChangeComputerRules : kChangePolicyRules;
}

bool AnyHasAgent(const std::vector<Computer>& computers) {
  return std::any_of(computers.begin(), computers.end(), [](const auto& c) { return !c.agent_fingerprint.empty(); });
}

// Whether the request may have been carried out although no answer can be read. An answer that is too large is one that
// came.
bool IsLost(const Error& error) {
  return error.code == ErrorCode::kOutcomeUnknown || error.code == ErrorCode::kTooLarge;
}

// What went wrong with a write that SWP did not refuse: it may have been carried out, or may still be.
Error MayBeDone(const Error& error, std::string_view what) {
  return {ErrorCode::kOutcomeUnknown, "SWP may have done it (" + std::string(what) + "): " + error.message,
          "look in SWP before asking again"};
}

// What the manager made of our request. A member that it leaves out is no contradiction.
Result<ScheduledTask> ReadCreatedTask(const Result<Json>& json, const ScanRequest& request) {
  if (!json.ok()) return json.error();
  auto task = ReadScheduledTask(*json);
  if (!task.ok()) return task;
  const bool other = (!task->name.empty() && task->name != TaskName(request)) ||
                     (!task->type.empty() && task->type != ApiName(request.kind)) ||
                     (task->computer && *task->computer != request.computer);
  if (!other) return task;
  return Error{ErrorCode::kBadAnswer, "SWP answered with another task than the one that was asked for", ""};
}

enum class Whose { kOurs, kSomebodyElses, kUnclear };

// A name alone can be anybody's: a task of ours also has the scan's type and scans the computer that its name says. One
// that is switched off and never ran will not run.
Whose WhoseTask(const ScheduledTask& task) {
  const auto request = ParseTaskName(task.name);
  if (!request) return Whose::kSomebodyElses;
  const bool other_type = !task.type.empty() && task.type != ApiName(request->kind);
  const bool other_computer = task.computer && *task.computer != request->computer;
  if (other_type || other_computer || (!task.enabled && !task.last_run)) return Whose::kSomebodyElses;
  return task.type.empty() || !task.computer ? Whose::kUnclear : Whose::kOurs;
}

Error UnclearTask(const ScheduledTask& task) {
  return {ErrorCode::kBadAnswer,
          "scheduled task " + std::to_string(task.id.value) +
              " has a name like those of Sallyport, and SWP's answer does not say " +
              (task.type.empty() ? "its type" : "which computer it scans"),
          "look at the task in SWP"};
}

template <class T>
std::int64_t NumberOf(const T& item) {
  if constexpr (std::is_integral_v<decltype(item.id)>) {
    return item.id;
  } else {
    return item.id.value;
  }
}

Error InTheFuture(std::string_view what, TimePoint time) {
  return {ErrorCode::kBadAnswer,
          std::string(what) + " is dated " + FormatTime(time) + ", which is later than SWP's own clock", ""};
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

// The answer to a question about one object is that object.
template <class T, class Id>
Result<T> Insist(Result<T> read, Id asked, std::string_view what) {
  if (!read.ok() || read->id == asked) return read;
  return Error{ErrorCode::kBadAnswer,
               "SWP was asked for " + std::string(what) + " " + std::to_string(asked.value) + " and answered with " +
                   std::to_string(read->id.value),
               ""};
}

Error Unread(const std::string& damage) {
  return {ErrorCode::kBadAnswer, "SWP's answer about the scan cannot be read: " + Printable(damage, 200), ""};
}

// What of a module's scan times cannot be read; null: nothing.
const std::string* UnreadScanTime(const ModuleState& module) {
  for (const std::string& one : module.damaged) {
    if (one.starts_with("last") || one.starts_with("expected")) return &one;
  }
  return nullptr;
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

template <class T>
Result<std::vector<T>> Client::SearchAll(const Search<T>& search) {
  std::vector<T> all;
  std::int64_t last = 0;
  while (all.size() <= search.most) {
    SearchBody body = search.criteria;
    const auto json = Post(search.path, body.IdAbove(last).ToJson(), *search.operation);
    if (!json.ok()) return json.error();
    auto page = search.read(*json);
    if (!page.ok()) return page;
    const std::size_t size = page->size();
    for (T& item : *page) {
      if (NumberOf(item) <= last) return DoesNotAdvance(search.of, last);
      last = NumberOf(item);
      all.push_back(std::move(item));
    }
    if (size < kSurelyTheEnd) return all;
  }
  return Error{ErrorCode::kTooLarge,
               "SWP's list of " + std::string(search.of) + " has more than " + std::to_string(search.most) +
                   " entries for one question",
               ""};
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

Result<Assignments> Client::ReadAssignmentsOfNow(const Json& json) const {
  auto read = ReadAssignments(json);
  if (read.ok() && read->last_scan && *read->last_scan > ManagerNow() + kAheadOfClock) {
    return InTheFuture("the last recommendation scan", *read->last_scan);
  }
  return read;
}

Result<Assignments> Client::GetAssignments(Scope scope, RuleModule module) {
  const auto json = Get(ScopePath(scope, module), kReadAssignments);
  if (!json.ok()) return json.error();
  return ReadAssignmentsOfNow(*json);
}

Result<Assignments> Client::GetOwnAssignments(Scope scope, RuleModule module) {
  const auto json = Get(ScopePath(scope, module) + "?overrides=true", kReadAssignments);
  if (!json.ok()) return json.error();
  return ReadAssignmentsOfNow(*json);
}

Result<AcceptedRules> Client::AssignRules(Scope scope, RuleModule module, const std::vector<RuleId>& rules) {
  const TimePoint sent_at = ManagerNow();
  const auto answer = Send(MakeWrite("POST", ScopePath(scope, module), AssignmentsBody(rules)));
  if (!answer.ok()) {
    const bool is_lost = IsLost(answer.error());
    return is_lost ? MayBeDone(answer.error(), "assign rules") : answer.error().In("could not assign rules");
  }
  const auto json = ReadAnswer(*answer, ChangeRules(scope));
  if (!json.ok()) return IsRefusal(answer->status) ? json.error() : MayBeDone(json.error(), "assign rules");
  const auto assignments = ReadAssignments(*json);
  if (!assignments.ok()) return MayBeDone(assignments.error(), "assign rules");
  return AcceptedRules{*assignments, AcceptedAt(*answer, sent_at)};
}

std::string Client::DescribeAssignRules(Scope scope, RuleModule module, const std::vector<RuleId>& rules) const {
  return "POST " + options_.base_url + ScopePath(scope, module) + " " + AssignmentsBody(rules);
}

Result<Assignments> Client::RemoveAssignment(Scope scope, RuleModule module, RuleId rule) {
  const auto answer = Send(MakeWrite("DELETE", ScopePath(scope, module) + "/" + std::to_string(rule.value), ""));
  if (!answer.ok()) {
    const bool is_lost = IsLost(answer.error());
    return is_lost ? MayBeDone(answer.error(), "remove a rule") : answer.error().In("could not remove a rule");
  }
  const auto json = ReadAnswer(*answer, ChangeRules(scope));
  if (!json.ok()) return IsRefusal(answer->status) ? json.error() : MayBeDone(json.error(), "remove a rule");
  return ReadAssignments(*json);
}

Status Client::SetDetectOnly(Scope scope, RuleId rule, bool detect_only) {
  const auto answer = Send(MakeWrite("POST", RulePath(scope, rule), DetectOnlyBody(detect_only)));
  if (!answer.ok()) {
    const bool is_lost = IsLost(answer.error());
    return is_lost ? MayBeDone(answer.error(), "override a rule") : answer.error().In("could not override a rule");
  }
  const auto json = ReadAnswer(*answer, ChangeRules(scope));
  if (!json.ok()) return IsRefusal(answer->status) ? json.error() : MayBeDone(json.error(), "override a rule");
  return Ok();
}

std::string Client::DescribeSetDetectOnly(Scope scope, RuleId rule, bool detect_only) const {
  return "POST " + options_.base_url + RulePath(scope, rule) + " " + DetectOnlyBody(detect_only);
}

Result<std::vector<Rule>> Client::FindRulesByCve(std::string_view cve) {
  auto rules = SearchAll<Rule>({"rules", "/intrusionpreventionrules/search", &kSearchRules,
                                SearchBody(kRulesPerSearch).StringLike("CVE", "%" + std::string(cve) + "%"), kMostRules,
                                [](const Json& json) { return ReadRules(json, RuleModule::kIntrusionPrevention); }});
  if (!rules.ok()) return rules;
  std::erase_if(*rules, [&](const Rule& rule) {
    return std::none_of(rule.cves.begin(), rule.cves.end(),
                        [&](const std::string& listed) { return EqualsIgnoreCase(listed, cve); });
  });
  return rules;
}

Result<Rule> Client::GetRule(RuleModule module, RuleId rule) {
  const TimePoint now = clock_.Now();
  if (const auto kept = memory_->FindRule(module, rule, now)) return *kept;
  const auto json = Get("/" + ToLowerAscii(RuleListKey(module)) + "/" + std::to_string(rule.value), kGetRule);
  if (!json.ok()) return json.error();
  auto read = Insist(ReadRule(*json), rule, "rule");
  if (read.ok()) memory_->KeepRule(module, rule, now, *read);
  return read;
}

Result<std::vector<ApplicationType>> Client::FindApplicationTypes(std::string_view name_pattern) {
  return SearchAll<ApplicationType>({"application types", "/applicationtypes/search", &kSearchApplicationTypes,
                                     SearchBody(kPageSize).StringLike("name", name_pattern), kMostRules,
                                     ReadApplicationTypes});
}

Result<ApiKey> Client::GetCurrentApiKey() {
  const auto json = Get("/apikeys/current", kGetApiKey);
  if (!json.ok()) return json.error();
  return ReadApiKey(*json);
}

Result<std::vector<ScheduledTask>> Client::SearchTasks(const SearchBody& criteria) {
  auto tasks = SearchAll<ScheduledTask>(
      {"scheduled tasks", "/scheduledtasks/search", &kSearchTasks, criteria, kMostTasks, ReadScheduledTasks});
  if (!tasks.ok()) return tasks;
  for (const ScheduledTask& task : *tasks) {
    if (WhoseTask(task) == Whose::kSomebodyElses) continue;
    if (WhoseTask(task) == Whose::kUnclear) return UnclearTask(task);
    if (task.last_run && *task.last_run > ManagerNow() + kAheadOfClock) {
      return InTheFuture("the last run of scheduled task " + std::to_string(task.id.value), *task.last_run);
    }
  }
  std::erase_if(*tasks, [](const ScheduledTask& task) { return WhoseTask(task) != Whose::kOurs; });
  return tasks;
}

Result<std::vector<ScheduledTask>> Client::FindOurTasks(ComputerId computer) {
  auto tasks = SearchTasks(SearchBody(kTasksPerComputer).StringLike("name", TaskNamePattern(computer)));
  if (tasks.ok()) std::erase_if(*tasks, [&](const ScheduledTask& task) { return task.computer != computer; });
  return tasks;
}

// Tasks carry the manager's dates, so it is the manager's clock that tells which are old.
Result<std::vector<ScheduledTask>> Client::FindTasksLeft(Duration idle) {
  auto tasks = SearchTasks(SearchBody(kTasksPerSearch).StringLike("name", kNamesOfOurs));
  if (!tasks.ok()) return tasks;
  const TimePoint before = ManagerNow() - idle;
  std::erase_if(*tasks, [&](const ScheduledTask& task) { return !task.last_run || *task.last_run >= before; });
  return tasks;
}

std::string Client::DescribeRequestScan(const ScanRequest& request) const {
  return "POST " + options_.base_url + "/scheduledtasks " + CreateTaskBody(request);
}

Result<AcceptedScan> Client::RequestScan(const ScanRequest& request) {
  const TimePoint sent_at = ManagerNow();
  const auto answer = Send(MakeWrite("POST", "/scheduledtasks", CreateTaskBody(request)));
  if (!answer.ok() && !IsLost(answer.error())) return answer.error().In("could not create a scheduled task");
  if (!answer.ok()) return FindLostScan(request, sent_at, answer.error().message);
  const auto json = ReadAnswer(*answer, kCreateTask);
  if (!json.ok() && IsRefusal(answer->status)) return json.error();
  const auto task = ReadCreatedTask(json, request);
  if (task.ok()) return AcceptedScan{task->id, AcceptedAt(*answer, sent_at), false};
  return FindLostScan(request, sent_at, task.error().message);
}

// The task may exist: a lost answer, a 5xx after the act, or a 200 that cannot be read. When it is not there SWP may
// still be about to make it: a second request could become a second scan, so that is not for us to try.
Result<AcceptedScan> Client::FindLostScan(const ScanRequest& request, TimePoint sent_at, const std::string& why) {
  auto found = FindScan(request, sent_at);
  // One that ran before it was asked for is left over from an earlier request: it proves nothing about this one.
  if (found.ok() && found->has_value() && (*found)->accepted_at < sent_at - kAheadOfClock) found->reset();
  if (found.ok() && found->has_value()) return **found;
  const std::string look =
      found.ok() ? "SWP holds no task for it yet" : "and it could not be looked up: " + found.error().message;
  return Error{ErrorCode::kOutcomeUnknown, "the scan may have been requested: " + why + "; " + look,
               "look for the task `" + TaskName(request) + "` in SWP before asking again"};
}

Result<std::optional<AcceptedScan>> Client::FindRequestedScan(const ScanRequest& request) {
  return FindScan(request, ManagerNow());
}

// The newest of them. `at_latest`: since when one that has not run yet is there.
Result<std::optional<AcceptedScan>> Client::FindScan(const ScanRequest& request, TimePoint at_latest) {
  const auto tasks = SearchTasks(SearchBody(kTasksPerComputer).StringEquals("name", TaskName(request)));
  if (!tasks.ok()) return tasks.error();
  std::optional<AcceptedScan> newest;
  for (const ScheduledTask& task : *tasks) {
    if (!IsTaskFor(task, request)) continue;
    const AcceptedScan scan{task.id, task.last_run.value_or(at_latest), true};
    if (!newest || newest->accepted_at < scan.accepted_at) newest = scan;
  }
  return newest;
}

Result<ScanProgress> Client::CheckRecommendationScan(ComputerId computer, TimePoint since) {
  const auto assignments = GetAssignments(Scope::Of(computer), RuleModule::kIntrusionPrevention);
  if (!assignments.ok()) return assignments.error();
  ScanProgress progress;
  progress.finished_at = assignments->last_scan;
  progress.scan_status = assignments->scan_status;
  progress.assignments = *assignments;
  progress.finished = assignments->last_scan && *assignments->last_scan > since && progress.scan_status == "valid";
  return progress;
}

Result<ScanProgress> Client::CheckScan(ScanKind kind, ComputerId computer, TimePoint since) {
  ScanProgress progress;
  if (kind == ScanKind::kRecommendation) {
    auto checked = CheckRecommendationScan(computer, since);
    if (!checked.ok() || checked->finished) return checked;
    progress = *std::move(checked);
  }
  auto read = GetComputer(computer);
  if (!read.ok()) return read.error();
  progress.computer = *std::move(read);
  if (kind != ScanKind::kRecommendation) {
    const ModuleState* module =
        progress.computer->Find(kind == ScanKind::kIntegrity ? Module::kIntegrityMonitoring : Module::kAntiMalware);
    if (module != nullptr) progress.finished_at = module->last_scan;
    progress.finished = progress.finished_at && *progress.finished_at > since;
    // Which of two dates is the later one is not known when one of them cannot be read, but one that is late enough
    // does.
    const std::string* unread = module == nullptr ? nullptr : UnreadScanTime(*module);
    if (!progress.finished && unread != nullptr) return Unread(*unread);
  }
  const std::string* unread = progress.computer->Damage("tasks");
  if (!progress.finished && unread != nullptr) return Unread(*unread);
  return progress;
}

std::string Client::DescribeDeleteTask(ScheduledTaskId task) const {
  return "DELETE " + options_.base_url + "/scheduledtasks/" + std::to_string(task.value);
}

Status Client::DeleteTask(ScheduledTaskId task) {
  HttpRequest request = MakeWrite("DELETE", "/scheduledtasks/" + std::to_string(task.value), "");
  // What is gone cannot be deleted twice.
  request.repeat = Repeat::kSafe;
  const auto answer = Send(request);
  if (!answer.ok()) return answer.error().In("could not delete a scheduled task");
  const int status = answer->status;
  if (status == 404 || status == 200 || status == 202 || status == 204) return Ok();
  return ReadAnswer(*answer, kDeleteTask).error();
}

}  // namespace sallyport::swp
