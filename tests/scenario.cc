// SPDX-License-Identifier: Apache-2.0
#include "tests/scenario.h"

#include <stdlib.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>
#include <string_view>
#include <utility>

#include "action/delete_task.h"
#include "app/follow_up_loop.h"
#include "base/check.h"
#include "base/json.h"
#include "executor/action_table.h"

namespace sallyport {
namespace {

namespace fs = std::filesystem;

constexpr Duration kLongestRun = std::chrono::hours(72);
constexpr Duration kMomentWithoutWork = std::chrono::seconds(10);

std::string EventFile(const std::string& name) {
  std::ifstream file(fs::path(SALLYPORT_SOURCE_DIR) / "src/app/demo_events" / (name + ".json"), std::ios::binary);
  std::stringstream text;
  text << file.rdbuf();
  Check(!text.str().empty(), "an event of the demo");
  return text.str();
}

std::string Replaced(std::string text, std::string_view what, std::string_view with) {
  for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + with.size())) {
    text.replace(at, what.size(), with);
  }
  return text;
}

std::string OutcomeLine(const Case& found, const ActionRecord& action) {
  return found.event.event.title + ": " + action.action.kind + " " + action.action.what + " of " +
         action.action.subject + ": " + std::string(ToString(action.state));
}

// A task of ours may be gone when its id is not known; that none stays is seen in the manager. What is told of a case
// as it stands depends on when somebody looked; that it is told once is seen at the channels.
bool IsCompared(const ActionRecord& action) {
  return !action.action.what.starts_with("case-") && action.action.kind != DeleteTask::kKind &&
         action.state != ActionState::kRefused && action.state != ActionState::kSkipped;
}

// An intention is an end only where its outcome could not be found out and the event says so.
// Its event may be that of an answer about several cases.
bool IsAtItsEnd(Ledger& ledger, const ActionRecord& action) {
  if (action.state != ActionState::kIntended) return HasEnded(action.state);
  const auto event = ledger.GetEvent(action.event);
  return event.ok() && event->state == EventState::kFailed;
}

// That a plan went through the gates follows from its actions.
bool IsCompared(const PlanRecord& plan) {
  return plan.state != PlanState::kPlanned && plan.state != PlanState::kExecuted;
}

void AddDeliveries(const Case& found, Ending& ending) {
  for (const DeliveryRecord& delivery : found.deliveries) {
    std::string line = found.event.event.title + ": " + delivery.message + " on " + delivery.channel + ": " +
                       std::string(ToString(delivery.state));
    if (delivery.state != DeliveryState::kDelivered) ending.problems.push_back(line + ": " + delivery.reason);
    ending.outcomes.insert(std::move(line));
  }
}

void AddCase(const Case& found, Ledger& ledger, Ending& ending) {
  AddDeliveries(found, ending);
  for (const PlanRecord& plan : found.plans) {
    if (!IsCompared(plan)) continue;
    ending.outcomes.insert(found.event.event.title + ": plan of " + plan.workflow + ": " +
                           std::string(ToString(plan.state)));
  }
  for (const ActionRecord& action : found.actions) {
    if (!IsAtItsEnd(ledger, action)) ending.problems.push_back("not ended: " + OutcomeLine(found, action));
    if (IsCompared(action)) ending.outcomes.insert(OutcomeLine(found, action));
  }
}

void AddAwaited(Ledger& ledger, Ending& ending) {
  const auto open = ledger.ListFollowUps(FollowUpState::kOpen, 100);
  if (!open.ok()) return ending.problems.push_back("follow-ups cannot be listed: " + open.error().ToText());
  for (const FollowUpRecord& record : *open) {
    if (record.follow_up.question == "host-back" || record.follow_up.question == kCaseReminder) continue;
    ending.problems.push_back("awaited still: " + record.follow_up.question + " of " + record.follow_up.subject +
                              ", asked " + std::to_string(record.attempts) + " times: " + record.reason);
  }
}

void AddChain(Ledger& ledger, Ending& ending) {
  const auto verified = ledger.Verify();
  if (!verified.ok()) return ending.problems.push_back("cannot be verified: " + verified.error().ToText());
  for (const std::string& broken : verified->broken) ending.problems.push_back("chain: " + broken);
}

void AddScans(const Json& state, std::vector<std::string>& problems) {
  for (const Json::Member& computer : state["computers"].Members()) {
    for (const Json::Member& kind : computer.value.Members()) {
      if (kind.key == "send-policy") continue;
      const auto requested = kind.value["requested"].Int64Or(0);
      const std::string name = kind.key + " of computer " + computer.key;
      if (requested > 1) problems.push_back(name + " was requested " + std::to_string(requested) + " times");
      if (kind.value["skipped"].Int64Or(0) > 0) problems.push_back(name + " was skipped");
    }
  }
}

void AddRules(const Json& state, std::vector<std::string>& problems) {
  std::map<std::string, int> added;
  for (const Json& change : state["assignments"].Elements()) {
    const std::string operation = change["operation"].StringOr("");
    const std::string where = change["scope"].StringOr("") + " " + std::to_string(change["id"].Int64Or(0)) + " " +
                              change["module"].StringOr("");
    if (operation != "add") {
      std::string problem = "rules of ";
      problem.append(where).append(": ").append(operation);
      problems.push_back(std::move(problem));
    }
    for (const Json& rule : change["ruleIDs"].Elements()) ++added[where + " rule " + std::to_string(rule.Int64Or(0))];
  }
  for (const auto& [rule, times] : added) {
    if (times > 1) problems.push_back(rule + " was added " + std::to_string(times) + " times");
  }
}

}  // namespace

Settings ScenarioSettings(const std::string& url, const std::string& ledger_path) {
  Settings settings;
  settings.swp.url = url;
  settings.swp.api_key = Secret("SIM-KEY-FULL");
  settings.swp.api_key_source = "the test";
  settings.gates = DefaultGates(KindsOf(ProductActions()));
  settings.gates.mode = Mode::kEnforce;
  settings.ledger.path = ledger_path;
  settings.log.level = LogLevel::kError;
  return settings;
}

const sim::SwpEstate& ScenarioEstate() {
  static const sim::SwpEstate estate = sim::DemoSwpEstate();
  return estate;
}

sim::SwpManagerOptions ScenarioManager(sim::SimClock& clock) {
  sim::SwpManagerOptions options;
  options.clock = &clock;
  options.scan_duration = kScenarioScan;
  return options;
}

std::string ScenarioEvent(const std::string& name, TimePoint made_at) {
  return Replaced(EventFile(name), "@NOW@", FormatTime(made_at));
}

std::string ScheduledEvent(const std::string& name, const std::string& detail, TimePoint made_at) {
  return R"({"version":"0","id":"schedule )" + name + R"(","source":"aws.scheduler","detail-type":"Scheduled Event",)" +
         R"("account":"111122223333","region":"us-east-1","time":")" + FormatTime(made_at) +
         R"(","resources":["arn:aws:scheduler:us-east-1:111122223333:schedule/default/)" + name + R"("],"detail":)" +
         detail + "}";
}

std::string RisenFinding(std::string finding, TimePoint made_at) {
  finding = Replaced(std::move(finding), "\"severity\": 8", "\"severity\": 9");
  return Replaced(std::move(finding), FormatTime(made_at), FormatTime(made_at + std::chrono::milliseconds(1)));
}

std::vector<std::string> ScenarioFindings(TimePoint made_at) {
  const std::string first = EventFile("brute-force-on-protected-host");
  std::string second = Replaced(first, "1ab0f7b2c1d34e5f60718293a4b5c6d7", "2bc0f7b2c1d34e5f60718293a4b5c6d8");
  second = Replaced(second, "EC2/SSHBruteForce", "EC2/RDPBruteForce");
  std::vector<std::string> findings = {first, second, EventFile("backdoor-on-unprotected-host")};
  for (std::string& finding : findings) finding = Replaced(finding, "@NOW@", FormatTime(made_at));
  return findings;
}

std::vector<std::string> StormFindings(TimePoint made_at, const sim::SwpEstate& estate, int hosts, int of_each) {
  static constexpr std::string_view kTypes[] = {"UnauthorizedAccess:EC2/SSHBruteForce",
                                                "UnauthorizedAccess:EC2/RDPBruteForce", "Recon:EC2/Portscan"};
  std::string pattern = Replaced(ScenarioFindings(made_at).front(), "\n", "");
  std::vector<std::string> findings;
  for (const std::string& text : estate.computers) {
    const auto computer = Json::Parse(text);
    Check(computer.ok(), "a computer of the estate");
    if (!(*computer)["sim"]["online"].BoolOr(false)) continue;
    const std::string instance = (*computer)["ec2VirtualMachineSummary"]["instanceID"].StringOr("");
    for (int i = 0; i < of_each; ++i) {
      std::string finding = Replaced(pattern, "i-0123456789abcdef0", instance);
      char id[40];
      std::snprintf(id, sizeof id, "%032zx", findings.size() + 1);
      finding = Replaced(finding, "1ab0f7b2c1d34e5f60718293a4b5c6d7", id);
      finding = Replaced(finding, kTypes[0], kTypes[static_cast<std::size_t>(i) % std::size(kTypes)]);
      findings.push_back(std::move(finding));
    }
    if (static_cast<int>(findings.size()) >= hosts * of_each) break;
  }
  Check(static_cast<int>(findings.size()) == hosts * of_each, "enough computers with a working agent");
  return findings;
}

std::string FindingAboutUnprotected(TimePoint made_at, const sim::SwpEstate& estate) {
  for (const std::string& text : estate.computers) {
    const auto computer = Json::Parse(text);
    Check(computer.ok(), "a computer of the estate");
    if ((*computer)["agentVersion"].StringOr("") != "0.0.0.0") continue;
    const std::string instance = (*computer)["ec2VirtualMachineSummary"]["instanceID"].StringOr("");
    return Replaced(Replaced(ScenarioFindings(made_at).back(), "\n", ""), "i-0fedcba9876543210", instance);
  }
  Check(false, "a computer without an agent");
  return "";
}

std::set<std::string> WithoutCases(const std::set<std::string>& outcomes) {
  std::set<std::string> shown;
  for (const std::string& line : outcomes) shown.insert(line.substr(line.find(": ") + 2));
  return shown;
}

Ending EndingOf(Ledger& ledger) {
  Ending ending;
  ListFilter all;
  all.limit = 500;
  all.cases_only = false;
  const auto events = ledger.List(all);
  if (!events.ok()) return {{}, {"cannot be listed: " + events.error().ToText()}};
  for (const EventRecord& event : *events) {
    const std::string name = "event " + std::to_string(event.number.value) + " " + event.event.title;
    if (!HasEnded(event.state)) ending.problems.push_back(name + " is " + std::string(ToString(event.state)));
    if (event.number != event.case_number) continue;
    const auto shown = ledger.ShowWithoutHistory(event.number);
    if (shown.ok()) AddCase(*shown, ledger, ending);
    if (!shown.ok()) ending.problems.push_back("cannot be shown: " + shown.error().ToText());
  }
  if (!OnlyAwaitsHosts(ledger)) AddAwaited(ledger, ending);
  AddChain(ledger, ending);
  return ending;
}

bool OnlyAwaitsHosts(Ledger& ledger) {
  const auto open = ledger.ListFollowUps(FollowUpState::kOpen, 100);
  return open.ok() && std::all_of(open->begin(), open->end(), [](const FollowUpRecord& record) {
           return record.follow_up.question == "host-back" || record.follow_up.question == kCaseReminder;
         });
}

Status DriveToTheEnd(Program& program, int workers, const std::function<Status(Program&)>& meanwhile) {
  const TimePoint latest = program.clock().Now() + kLongestRun;
  while (true) {
    if (meanwhile) {
      if (Status done = meanwhile(program); !done.ok()) return done;
    }
    if (OnlyAwaitsHosts(program.ledger()) && !program.messenger().NextRetry()) return Ok();
    const auto left = RunFollowUps(program, std::chrono::minutes(1), workers, [](const EventReport&) {});
    if (!left.ok()) return left.error();
    // An answer may have made a plan that somebody decides about before it expires.
    if (meanwhile) {
      if (Status done = meanwhile(program); !done.ok()) return done;
    }
    auto next = program.ledger().NextDue();
    if (!next.ok()) return next.error();
    if (const auto retry = program.messenger().NextRetry(); retry && (!next->has_value() || *retry < **next))
      *next = retry;
    const TimePoint now = program.clock().Now();
    if (now > latest) return Error{ErrorCode::kTimeout, "it does not come to an end", ""};
    // Nothing is due, and yet something is open, or whether it is cannot be read: time goes on.
    const TimePoint until = next->value_or(now + kMomentWithoutWork);
    if (until > now) program.clock().SleepFor(until - now);
  }
}

std::vector<std::string> DoneTwice(const sim::SwpManager& manager) {
  std::vector<std::string> problems;
  const auto state = Json::Parse(manager.StateText());
  if (!state.ok()) return {"the manager's state: " + state.error().message};
  AddScans(*state, problems);
  AddRules(*state, problems);
  return problems;
}

std::set<std::string> DoneIn(const sim::SwpManager& manager) {
  const auto state = Json::Parse(manager.StateText());
  if (!state.ok()) return {"the manager's state: " + state.error().message};
  std::set<std::string> lines;
  for (const Json::Member& computer : (*state)["computers"].Members()) {
    for (const Json::Member& kind : computer.value.Members()) {
      if (kind.key == "send-policy") continue;
      lines.insert(kind.key + " of computer " + computer.key + " requested " +
                   std::to_string(kind.value["requested"].Int64Or(0)) + " times");
    }
  }
  for (const Json& change : (*state)["assignments"].Elements()) {
    for (const Json& rule : change["ruleIDs"].Elements()) {
      lines.insert("rule " + std::to_string(rule.Int64Or(0)) + " of " + change["module"].StringOr("") + " at " +
                   change["scope"].StringOr("") + " " + std::to_string(change["id"].Int64Or(0)));
    }
  }
  return lines;
}

std::int64_t TasksIn(const sim::SwpManager& manager) {
  const auto state = Json::Parse(manager.StateText());
  return state.ok() ? (*state)["scheduledTasks"].Int64Or(-1) : -1;
}

}  // namespace sallyport
