// SPDX-License-Identifier: Apache-2.0
#include "swp_client/client.h"

#include <algorithm>
#include <limits>
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
// More records of one instance than this are not a host but a fault; they are never needed to choose the best one.
constexpr int kRecordsPerInstance = 20;
constexpr int kTasksPerComputer = 100;
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

// A refusal may quote what it refused, and its text goes into errors and the ledger.
void HideKey(const Secret& key, HttpResponse& answer) {
  const std::string& secret = key.RevealForRequest();
  if (secret.empty() || answer.status < 300) return;
  for (std::size_t at = answer.body.find(secret); at != std::string::npos; at = answer.body.find(secret, at)) {
    answer.body.replace(at, secret.size(), Secret::kShown);
  }
}

Result<ScheduledTask> ReadCreatedTask(const Result<Json>& json) {
  if (!json.ok()) return json.error();
  return ReadScheduledTask(*json);
}

}  // namespace

Memory::Memory() : clock_difference_(kUnknownDifference) {}

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
    if (const auto date = ParseHttpDate(answer->Header("date"))) memory_->KeepClockDifference(*date - clock_.Now());
    HideKey(options_.api_key, *answer);
  }
  return answer;
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

Result<std::vector<Computer>> Client::SearchComputers(const SearchBody& body, std::string_view expand) {
  const auto json = Post("/computers/search" + std::string(expand), body.ToJson(), kSearchComputers);
  if (!json.ok()) return json.error();
  return ReadComputers(*json);
}

Result<std::vector<Computer>> Client::FindComputers(const InstanceId& instance) {
  auto found = SearchComputers(
      SearchBody(kRecordsPerInstance).StringEquals("ec2VirtualMachineSummary/instanceID", instance.value), kExpand);
  if (!found.ok() || AnyHasAgent(*found)) return found;
  // An agent in an account without a connector reports its instance itself; and an instance that the connector lists
  // without an agent may have a second record that an agent made (edge case X4).
  auto reported = SearchComputers(
      SearchBody(kRecordsPerInstance).StringEquals("noConnectorVirtualMachineSummary/instanceID", instance.value),
      kExpand);
  if (!reported.ok()) return reported;
  for (const Computer& computer : *reported) {
    // A record that both summaries name is one record.
    const bool is_new = std::none_of(found->begin(), found->end(), [&](const auto& c) { return c.id == computer.id; });
    if (is_new) found->push_back(computer);
  }
  return found;
}

Result<Computer> Client::GetComputer(ComputerId computer) {
  const auto json = Get("/computers/" + std::to_string(computer.value) + std::string(kExpand), kGetComputer);
  if (!json.ok()) return json.error();
  return ReadComputer(*json);
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
  return ReadPolicy(*json);
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
  return SearchPolicies(SearchBody(kPageSize).StringEquals("name", exact_name));
}

Result<Assignments> Client::GetAssignments(Scope scope, RuleModule module) {
  const auto json = Get(ScopePath(scope, module), kReadAssignments);
  if (!json.ok()) return json.error();
  return ReadAssignments(*json);
}

Result<Assignments> Client::GetOwnAssignments(Scope scope, RuleModule module) {
  const auto json = Get(ScopePath(scope, module) + "?overrides=true", kReadAssignments);
  if (!json.ok()) return json.error();
  return ReadAssignments(*json);
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
  return AcceptedRules{*assignments, ParseHttpDate(answer->Header("date")).value_or(sent_at)};
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

Result<std::vector<Rule>> Client::FindRulesByCve(std::string_view cve) {
  const auto json =
      Post("/intrusionpreventionrules/search",
           SearchBody(kRulesPerSearch).StringLike("CVE", "%" + std::string(cve) + "%").ToJson(), kSearchRules);
  if (!json.ok()) return json.error();
  auto rules = ReadRules(*json, RuleModule::kIntrusionPrevention);
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
  auto read = ReadRule(*json);
  if (read.ok()) memory_->KeepRule(module, rule, now, *read);
  return read;
}

Result<std::vector<ApplicationType>> Client::FindApplicationTypes(std::string_view name_pattern) {
  const auto json = Post("/applicationtypes/search", SearchBody(kPageSize).StringLike("name", name_pattern).ToJson(),
                         kSearchApplicationTypes);
  if (!json.ok()) return json.error();
  return ReadApplicationTypes(*json);
}

Result<ApiKey> Client::GetCurrentApiKey() {
  const auto json = Get("/apikeys/current", kGetApiKey);
  if (!json.ok()) return json.error();
  return ReadApiKey(*json);
}

Result<std::vector<ScheduledTask>> Client::SearchTasks(const SearchBody& body) {
  const auto json = Post("/scheduledtasks/search", body.ToJson(), kSearchTasks);
  if (!json.ok()) return json.error();
  return ReadScheduledTasks(*json);
}

Result<std::vector<ScheduledTask>> Client::FindOurTasks(ComputerId computer) {
  auto tasks = SearchTasks(SearchBody(kTasksPerComputer).StringLike("name", TaskNamePattern(computer)));
  if (!tasks.ok()) return tasks;
  std::erase_if(*tasks, [&](const ScheduledTask& task) {
    const auto request = ParseTaskName(task.name);
    return !request || request->computer != computer;
  });
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
  const auto task = ReadCreatedTask(json);
  if (task.ok()) return AcceptedScan{task->id, ParseHttpDate(answer->Header("date")).value_or(sent_at), false};
  return FindLostScan(request, sent_at, task.error().message);
}

// The task may exist: a lost answer, a 5xx after the act, or a 200 that cannot be read. When it is not there SWP may
// still be about to make it: a second request could become a second scan, so that is not for us to try.
Result<AcceptedScan> Client::FindLostScan(const ScanRequest& request, TimePoint sent_at, const std::string& why) {
  const auto found = FindScan(request, sent_at);
  if (found.ok() && found->has_value()) return **found;
  const std::string look =
      found.ok() ? "SWP holds no task for it yet" : "and it could not be looked up: " + found.error().message;
  return Error{ErrorCode::kOutcomeUnknown, "the scan may have been requested: " + why + "; " + look,
               "look for the task `" + TaskName(request) + "` in SWP before asking again"};
}

Result<std::optional<AcceptedScan>> Client::FindRequestedScan(const ScanRequest& request) {
  return FindScan(request, ManagerNow());
}

// `at_latest`: since when one that has not run yet is there.
Result<std::optional<AcceptedScan>> Client::FindScan(const ScanRequest& request, TimePoint at_latest) {
  const auto tasks = SearchTasks(SearchBody(kTasksPerComputer).StringEquals("name", TaskName(request)));
  if (!tasks.ok()) return tasks.error();
  for (const ScheduledTask& task : *tasks) {
    if (task.name != TaskName(request)) continue;
    return std::optional(AcceptedScan{task.id, task.last_run.value_or(at_latest), true});
  }
  return std::optional<AcceptedScan>();
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
  if (kind == ScanKind::kRecommendation) return progress;
  const ModuleState* module =
      progress.computer->Find(kind == ScanKind::kIntegrity ? Module::kIntegrityMonitoring : Module::kAntiMalware);
  if (module != nullptr) progress.finished_at = module->last_scan;
  progress.finished = progress.finished_at && *progress.finished_at > since;
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
  if (answer->status == 404 || (answer->status >= 200 && answer->status <= 299)) return Ok();
  return ReadAnswer(*answer, kDeleteTask).error();
}

Result<int> Client::SweepTasks(TimePoint older_than) {
  const auto tasks = SearchTasks(SearchBody(kRulesPerSearch).StringLike("name", "sallyport %"));
  if (!tasks.ok()) return tasks.error();
  int deleted = 0;
  for (const ScheduledTask& task : *tasks) {
    if (!ParseTaskName(task.name) || !task.last_run || *task.last_run >= older_than) continue;
    if (const Status done = DeleteTask(task.id); !done.ok()) return done.error();
    ++deleted;
  }
  return deleted;
}

}  // namespace sallyport::swp
