// SPDX-License-Identifier: Apache-2.0
#include "tests/crash_world.h"

#include <fstream>
#include <numeric>

#include "base/check.h"
#include "base/json.h"
#include "ledger/sqlite_ledger.h"
#include "net/curl_client.h"
#include "sim/aws/estate.h"
#include "tests/processes.h"

namespace sallyport {

CrashWorld::CrashWorld(CrashKind kind) : kind_(kind), clock_(folder_ / "clock"), simulated_(clock_.Now(), 1.0, clock_) {
  auto manager = sim::SwpManager::Start(CrashEstate(kind), ScenarioManager(simulated_));
  Check(manager.ok(), "a simulated manager");
  manager_ = *std::move(manager);
  if (NeedsAws(kind)) {
    aws_sim::SimulatorOptions options;
    options.clock = &aws_simulated_;
    auto aws = aws_sim::Simulator::Start(aws_sim::DemoAwsEstate(), options);
    Check(aws.ok(), "a simulated AWS");
    aws_ = *std::move(aws);
    if (kind == CrashKind::kAws) slow_aws_ = std::make_unique<SlowManager>(clock_, aws_clock_, aws_->url(), 1U);
  }
  if (NeedsChannels(kind)) receiver_ = std::make_unique<MessageReceiver>();
  const auto add = [&](const std::string& event, std::string_view ending) {
    event_files_.push_back(folder_ / ("event-" + std::to_string(event_files_.size()) + std::string(ending)));
    std::ofstream(event_files_.back(), std::ios::binary) << event;
  };
  for (const std::string& finding : CrashFindings(kind, clock_.Now())) add(finding, "");
  for (const std::string& event : LaterEvents(kind, clock_.Now())) add(event, kLater);
}

int CrashWorld::Run(int cut) {
  return RunAlone(std::to_string(cut));
}

int CrashWorld::RunTellingWorlds() {
  return RunAlone(kTellWorlds);
}

int CrashWorld::RunAlone(const std::string& cut) {
  std::vector<int> findings(event_files_.size());
  std::iota(findings.begin(), findings.end(), 0);
  return WaitFor(Start(0, cut, findings), 0);
}

std::vector<int> CrashWorld::RunTogether(const std::vector<std::vector<int>>& findings) {
  // Nobody may think that it is alone before the last one has started.
  for (std::size_t place = 0; place < findings.size(); ++place) clock_.Reserve(static_cast<int>(place));
  std::vector<int> processes;
  processes.reserve(findings.size());
  for (const auto& some : findings) processes.push_back(Start(static_cast<int>(processes.size()), "0", some));
  std::vector<int> codes;
  codes.reserve(processes.size());
  for (const int process : processes) codes.push_back(WaitFor(process, static_cast<int>(codes.size())));
  return codes;
}

int CrashWorld::Start(int place, const std::string& cut, const std::vector<int>& findings) {
  std::vector<std::string> words = {SALLYPORT_CRASH_DRIVER,
                                    std::string(ToString(kind_)),
                                    folder_ / "clock",
                                    std::to_string(place),
                                    folder_ / "ledger.db",
                                    manager_->url(),
                                    AddressOfAws(),
                                    receiver_ ? receiver_->url() : "",
                                    folder_ / "archive",
                                    folder_ / "points",
                                    folder_ / "messages",
                                    "",
                                    cut};
  for (const int finding : findings) words.push_back(event_files_.at(static_cast<std::size_t>(finding)));
  return StartProgram(std::move(words));
}

int CrashWorld::WaitFor(int process, int place) {
  const int code = WaitForProgram(process);
  clock_.Free(place);
  return code;
}

std::string CrashWorld::AddressOfAws() const {
  if (slow_aws_) return slow_aws_->origin();
  return aws_ ? aws_->url() : "";
}

std::set<std::string> CrashWorld::DoneInAws() const {
  if (!slow_aws_) return {};
  slow_aws_->CatchUp();
  std::set<std::string> lines;
  for (const Json& one : Control("state")["evaluations"].Elements()) {
    lines.insert("verdict " + one["ComplianceType"].StringOr("?") + " for " +
                 one["ComplianceResourceId"].StringOr("?"));
  }
  int changes = 0;
  for (const Json& call : Control("requests").Elements()) {
    if (call["action"].StringOr("") == "UpdateWebACL" && call["status"].Int64Or(0) == 200) ++changes;
  }
  lines.insert("web ACLs changed " + std::to_string(changes) + " times");
  return lines;
}

Json CrashWorld::Control(const std::string& what) const {
  CurlClient http({.direct = true});
  HttpRequest request;
  request.method = "GET";
  request.url = aws_->url() + "/_sim/" + what;
  const auto answer = http.Send(request);
  Check(answer.ok(), "the simulated AWS answers");
  auto json = Json::Parse(answer->body, answer->body.size());
  Check(json.ok(), "an answer of the simulated AWS");
  return *std::move(json);
}

Ending CrashWorld::Look() const {
  auto ledger = SqliteLedger::Open(folder_ / "ledger.db", clock_);
  if (!ledger.ok()) return {{}, {ledger.error().ToText()}};
  Ending ending = EndingOf(**ledger);
  for (std::string& problem : DoneTwice(*manager_)) ending.problems.push_back(std::move(problem));
  for (std::string& problem : OutsideTheWindows(kind_, *manager_)) ending.problems.push_back(std::move(problem));
  if (TasksIn(*manager_) != 0) ending.problems.emplace_back("a scan task was left behind");
  for (const std::string& line : DoneIn(*manager_)) ending.outcomes.insert("SWP: " + line);
  for (const std::string& line : DoneInAws()) ending.outcomes.insert("AWS: " + line);
  return ending;
}

std::vector<TakenMessage> CrashWorld::taken() const {
  if (!receiver_) return {};
  std::vector<TakenMessage> all = receiver_->taken();
  for (const std::string& line : Lines("archive")) all.push_back(ReadTaken("archive", line));
  return all;
}

std::vector<std::string> CrashWorld::Lines(const std::string& file) const {
  std::ifstream in(folder_ / file);
  std::vector<std::string> lines;
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

}  // namespace sallyport
