// SPDX-License-Identifier: Apache-2.0
#include "tests/fault_world.h"

#include <algorithm>
#include <fstream>
#include <sstream>

#include "base/check.h"
#include "base/json.h"
#include "ledger/sqlite_ledger.h"
#include "protection/protection.h"
#include "sim/aws/estate.h"
#include "sim/aws/simulator.h"
#include "tests/fault_config.h"
#include "tests/script_driver.h"
#include "tests/shared_clock.h"
#include "workflow/question.h"

namespace sallyport {
namespace {

constexpr std::size_t kEverything = 1'000;

std::string SettingsText(const FaultRow& row, const std::string& swp, const TempFolder& folder) {
  std::string text = "mode: enforce\nswp:\n  url: " + swp + "\n  api_key_file: " + folder / "api-key" + "\n";
  text += "  requests_per_minute: 0\nledger: {path: " + folder / "ledger.db" + "}\n";
  text += "gates:\n  kill_switch_file: " + folder / "kill-switch" + "\n" + row.gates;
  // So that giving up comes soon.
  text += "follow_up: {scan_give_up: 40m, rules_give_up: 40m}\n";
  if (row.needs_aws) {
    text += "aws:\n  region: us-east-1\n  external_id: sallyport-demo\n  accounts:\n";
    text += "    \"444455556666\": arn:aws:iam::444455556666:role/sallyport-reader\n";
    text += "    \"123456789012\": arn:aws:iam::123456789012:role/sallyport-organization\n";
  }
  text += "notify:\n  owners_file: " + folder / "owners" + (row.reminds ? "" : "\n  remind_after: 0s") +
          "\n  channels:\n    - {name: hook, type: webhook, ";
  text += "url_env: CRASH_URL_hook, secret_env: CRASH_SECRET, ";
  // Openings have a row of their own.
  text += std::string("opened_from: ") + (row.hears_openings ? "7" : "10") + "}\n";
  text += "log: {level: \"off\"}\n";
  return text + row.settings;
}

std::vector<std::string> LinesOf(const std::string& path) {
  std::ifstream file(path);
  std::vector<std::string> lines;
  for (std::string line; std::getline(file, line);) lines.push_back(line);
  return lines;
}

std::string TextOf(const std::string& path) {
  std::stringstream text;
  text << std::ifstream(path, std::ios::binary).rdbuf();
  return text.str();
}

ScriptDriver& DriverOfThisThread() {
  thread_local ScriptDriver driver(SALLYPORT_FAULT_DRIVER);
  return driver;
}

class FaultWorld {
 public:
  explicit FaultWorld(const FaultRow& row) : row_(row), clock_(folder_ / "clock") {
    sim::SwpManagerOptions options = ScenarioManager(simulated_);
    options.calls_per_minute_and_key = 0;
    options.calls_per_minute_and_tenant = 0;
    if (row.tasks_stay) options.auto_delete = false;
    auto manager = sim::SwpManager::Start(ScenarioEstate(), options);
    Check(manager.ok(), "a simulated manager");
    manager_ = *std::move(manager);
    if (row.needs_aws) {
      static const aws_sim::World estate = aws_sim::DemoAwsEstate();
      aws_sim::SimulatorOptions aws_options;
      aws_options.clock = &simulated_;
      auto aws = aws_sim::Simulator::Start(estate, aws_options);
      Check(aws.ok(), "a simulated AWS");
      aws_ = *std::move(aws);
    }
    WriteFile(folder_ / "settings.yaml", SettingsText(row, manager_->url(), folder_));
    WriteFile(folder_ / "api-key", row.api_key + "\n");
    WriteFile(folder_ / "owners", "owners: {}\n");
    if (row.events) {
      for (const std::string& event : row.events(clock_.Now())) {
        events_.push_back(folder_ / ("event-" + std::to_string(events_.size())));
        WriteFile(events_.back(), event);
      }
    }
  }

  FaultRun Run(const std::optional<Fault>& fault) {
    WriteFile(folder_ / "script", ScriptWith(fault));
    FaultRun run;
    const int ended = DriverOfThisThread().Run(folder_ / "script");
    if (ended != 0) run.broken.push_back("the driver ended with " + std::to_string(ended));
    for (const std::string& line : LinesOf(folder_ / "codes")) run.codes.push_back(std::atoi(line.c_str()));
    if (run.codes.size() > row_.before.size()) run.code = run.codes[row_.before.size()];
    run.output = TextOf(folder_ / "armed");
    run.errors = TextOf(folder_ / "armed.errors");
    for (const std::string& line : LinesOf(folder_ / "operations")) run.operations.push_back(OperationFrom(line));
    run.injected = static_cast<int>(LinesOf(folder_ / "injected").size());
    run.done = DoneIn(*manager_);
    if (aws_) run.done.merge(ToldAwsConfig(aws_->url()));
    run.twice = DoneTwice(*manager_);
    run.messages = receiver_.taken();
    ReadLedger(run);
    return run;
  }

 private:
  std::string LineOf(std::string_view kind, const std::string& output, const CommandWords& words) const {
    std::string line = std::string(kind) + "\t" + folder_ / output;
    for (const std::string& word : words) {
      if (word == "@events") {
        for (const std::string& event : events_) line += "\t" + event.substr(event.rfind('/') + 1);
      } else {
        line += "\t" + word;
      }
    }
    return line + "\n";
  }

  std::string ScriptWith(const std::optional<Fault>& fault) const {
    std::string script = "clock\t" + folder_ / "clock" + "\n";
    script += "config\t" + folder_ / "settings.yaml" + "\n";
    if (aws_) script += "aws\t" + aws_->url() + "\n";
    script += "channels\t" + receiver_.url() + "\n";
    script += "operations\t" + folder_ / "operations" + "\n";
    script += "injected\t" + folder_ / "injected" + "\n";
    script += "codes\t" + folder_ / "codes" + "\n";
    if (fault) script += "fault\t" + ToText(*fault) + "\n";
    for (const char* file : {"settings.yaml", "api-key", "kill-switch", "owners"}) {
      script += std::string("file\t") + file + "\t" + folder_ / file + "\n";
    }
    for (const CommandWords& words : row_.before) script += LineOf("run", "before", words);
    script += LineOf("armed", "armed", row_.armed);
    for (const CommandWords& words : row_.after) script += LineOf("run", "after", words);
    return script;
  }

  void ReadLedger(FaultRun& run) const {
    const std::string path = folder_ / "ledger.db";
    if (!std::ifstream(path).good()) return;
    auto opened = SqliteLedger::Open(path, clock_);
    if (!opened.ok()) return run.broken.push_back(opened.error().ToText());
    Ledger& ledger = **opened;
    run.ending = EndingOf(ledger);
    for (const PlanRecord& plan : ledger.ListPlans(std::nullopt, kEverything).value()) AddFacts(plan, run);
    for (const FollowUpRecord& asked : ledger.ListFollowUps(std::nullopt, kEverything).value()) {
      run.questions.insert(asked.follow_up.question);
    }
    AddOtherEnds(ledger, run);
  }

  // What could not be read besides the protection of hosts, like a part of the map: the plan says so, and left undone
  // what needs it.
  static bool AddUnread(const Json& plan, const std::string& about, FaultRun& run) {
    bool any = false;
    for (const Json& other : plan["others"].Elements()) {
      const std::string why = other["undetermined"].StringOr("");
      if (why.empty()) continue;
      any = true;
      run.ended_otherwise.insert(about + ": " + other["kind"].StringOr("") + " " + other["id"].StringOr("") +
                                 ": undetermined");
      run.reasons.push_back(why);
    }
    if (plan["answer"]["gave_up"].BoolOr(false)) {
      run.ended_otherwise.insert(about + ": gave up");
      run.reasons.push_back(plan["answer"]["reason"].StringOr(""));
    }
    return any;
  }

  static void AddFacts(const PlanRecord& record, FaultRun& run) {
    const auto json = Json::Parse(record.json);
    if (!json.ok()) return;
    const std::string workflow = (*json)["workflow"].StringOr("");
    run.workflows.insert(workflow);
    for (const Json& host : (*json)["hosts"].Elements()) {
      run.facts["protection of " + host["instance"].StringOr("")].insert(host["protection"]["state"].StringOr(""));
    }
    const std::string about = workflow + " about " + (*json)["subject"].StringOr("");
    const bool is_open = AddUnread(*json, about, run);
    const bool is_answer = (*json)["answer"].HasValue();
    // What is told of a case follows from how it stands: it decides nothing about its hosts.
    if (is_answer || workflow == "messages") return;
    const auto hosts = (*json)["hosts"].Elements();
    const bool some_are_open =
        is_open || std::any_of(hosts.begin(), hosts.end(), [](const Json& host) {
          return host["protection"]["state"].StringOr("") == ToString(ProtectionState::kUndetermined) ||
                 host["undetermined"].HasValue();
        });
    run.facts["decision of " + about].insert((*json)["decision"].StringOr("") +
                                             (some_are_open ? std::string(kOfSomeHosts) : ""));
  }

  // The name of the question that an event of our own asks.
  static std::string QuestionIn(const std::string& body) {
    const auto json = Json::Parse(body);
    return json.ok() ? (*json)["detail"]["asked"]["question"].StringOr("") : "";
  }

  // What failed and was tried again ended as the last try did.
  static bool WasTriedAgain(const ActionRecord& action, const std::vector<ActionRecord>& all) {
    return std::any_of(all.begin(), all.end(), [&](const ActionRecord& later) {
      return later.number > action.number && later.state != ActionState::kRefused &&
             later.state != ActionState::kSkipped && later.action.kind == action.action.kind &&
             later.action.what == action.action.what && later.action.subject == action.action.subject;
    });
  }

  // A message that a channel does not take has its reason beside it.
  static void AddGivenUp(const std::vector<DeliveryRecord>& deliveries, FaultRun& run) {
    for (const DeliveryRecord& delivery : deliveries) {
      if (delivery.state != DeliveryState::kFailed) continue;
      run.ended_otherwise.insert(delivery.message + " on " + delivery.channel + ": failed");
      run.reasons.push_back(delivery.reason);
    }
  }

  static void AddOtherEnds(Ledger& ledger, FaultRun& run) {
    ListFilter all;
    all.limit = 500;
    all.cases_only = false;
    for (const EventRecord& event : ledger.List(all).value()) {
      const bool is_question = event.event.source == kFollowUpSource;
      const bool well = event.state == EventState::kDone || event.state == EventState::kDuplicate;
      if (is_question) run.questions.insert(QuestionIn(ledger.GetEvent(event.number).value().event.body));
      // That of a follow-up is what its actions are, and they may have been tried again.
      if (!well && !is_question) {
        run.ended_otherwise.insert(event.event.title + ": " + std::string(ToString(event.state)));
        run.reasons.push_back(event.reason);
      }
      if (event.number != event.case_number) continue;
      const Case shown = ledger.ShowWithoutHistory(event.number).value();
      AddGivenUp(shown.deliveries, run);
      for (const ActionRecord& action : shown.actions) {
        const bool is_done = action.state == ActionState::kVerified || action.state == ActionState::kSent ||
                             action.state == ActionState::kSkipped;
        if (is_done || WasTriedAgain(action, shown.actions)) continue;
        run.ended_otherwise.insert(action.action.kind + " " + action.action.what + " of " + action.action.subject +
                                   ": " + std::string(ToString(action.state)) +
                                   (action.held_by.empty() ? "" : " by " + action.held_by));
        run.reasons.push_back(action.reason);
      }
    }
  }

  const FaultRow& row_;
  TempFolder folder_;
  SharedClock clock_;
  sim::SimClock simulated_{clock_.Now(), 1.0, clock_};
  std::unique_ptr<sim::SwpManager> manager_;
  std::unique_ptr<aws_sim::Simulator> aws_;
  MessageReceiver receiver_{false};
  std::vector<std::string> events_;
};

}  // namespace

std::string HelpOf(const CommandWords& words) {
  const TempFolder folder;
  std::string script = "clock\t" + folder / "clock" + "\nconfig\tnone\nrun\t" + folder / "out";
  for (const std::string& word : words) script += "\t" + word;
  WriteFile(folder / "script", script + "\n");
  Check(DriverOfThisThread().Run(folder / "script") == 0, "the driver runs");
  return TextOf(folder / "out");
}

FaultRun RunOf(const FaultRow& row, const std::optional<Fault>& fault) {
  return FaultWorld(row).Run(fault);
}

}  // namespace sallyport
