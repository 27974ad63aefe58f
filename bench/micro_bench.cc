// SPDX-License-Identifier: Apache-2.0
//
// What the steps of handling one finding cost, without the network. bench/README.md says what is measured.
#include <benchmark/benchmark.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <vector>

#include "action/request_scan.h"
#include "base/check.h"
#include "base/digest.h"
#include "base/fake_clock.h"
#include "base/json.h"
#include "event/parse.h"
#include "gates/gates.h"
#include "ledger/sqlite_ledger.h"
#include "protection/protection.h"
#include "swp/computer.h"
#include "workflow/guardduty.h"
#include "workflow/guardduty_finding.h"

namespace sallyport {
namespace {

constexpr std::string_view kInstance = "i-00000000000000001";  // of finding.json
constexpr std::string_view kAccount = "111122223333";

// A file of bench/.
std::string ReadBenchFile(const std::string& name) {
  std::ifstream file(std::string(SALLYPORT_SOURCE_DIR) + "/bench/" + name);
  Check(file.good(), "a file of bench/");
  return {std::istreambuf_iterator<char>(file), {}};
}

Event OneEvent() {
  return ParseDocument(ReadBenchFile("finding.json"), "bench", {}).front().event.value();
}

GuardDutyFinding OneFinding() {
  return ReadGuardDutyFinding(OneEvent()).value();
}

std::vector<swp::Computer> OneComputer() {
  return swp::ReadComputers(Json::Parse(ReadBenchFile("computers.json")).value()).value();
}

Protection OneProtection(TimePoint now) {
  Protection protection =
      JudgeProtection({InstanceId{std::string(kInstance)}, std::string(kAccount)}, OneComputer(), {}, now);
  Check(protection.state == ProtectionState::kProtected, "the computer of bench/ is protected");
  return protection;
}

GuardDutyFacts FactsAt(TimePoint now) {
  HostFacts host{OneProtection(now), std::vector<swp::ScheduledTask>{}};
  return {now, {std::move(host)}};
}

Plan PlanFor(const GuardDutyFinding& finding, const GuardDutyFacts& facts, const WorkflowSettings& settings) {
  static const auto workflow = GuardDutyWorkflow();
  Plan plan;
  plan.workflow = workflow.name;
  plan.matter = MatterOf(finding);
  workflow.plan(finding, facts, settings, plan);
  return plan;
}

void ParseJson(benchmark::State& state) {
  const std::string text = ReadBenchFile("finding.json");
  while (state.KeepRunning()) benchmark::DoNotOptimize(Json::Parse(text));
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(text.size()));
}
BENCHMARK(ParseJson);

// Bytes to an event: envelope and SHA-256 on top of the JSON.
void ParseEvent(benchmark::State& state) {
  const std::string text = ReadBenchFile("finding.json");
  while (state.KeepRunning()) benchmark::DoNotOptimize(ParseDocument(text, "bench", {}));
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(text.size()));
}
BENCHMARK(ParseEvent);

void ReadFinding(benchmark::State& state) {
  const Event event = OneEvent();
  while (state.KeepRunning()) benchmark::DoNotOptimize(ReadGuardDutyFinding(event));
}
BENCHMARK(ReadFinding);

// The body of SWP's answer to a search, as text, to a Computer.
void ReadComputerAnswer(benchmark::State& state) {
  const std::string text = ReadBenchFile("computers.json");
  while (state.KeepRunning()) benchmark::DoNotOptimize(swp::ReadComputers(Json::Parse(text).value()));
}
BENCHMARK(ReadComputerAnswer);

void Judge(benchmark::State& state) {
  const FakeClock clock;
  const Result<std::vector<swp::Computer>> answer = OneComputer();
  const WantedInstance wanted{InstanceId{std::string(kInstance)}, std::string(kAccount)};
  while (state.KeepRunning()) benchmark::DoNotOptimize(JudgeProtection(wanted, answer, {}, clock.Now()));
}
BENCHMARK(Judge);

void MakePlan(benchmark::State& state) {
  const FakeClock clock;
  const GuardDutyFinding finding = OneFinding();
  const GuardDutyFacts facts = FactsAt(clock.Now());
  const WorkflowSettings settings;
  while (state.KeepRunning()) benchmark::DoNotOptimize(PlanFor(finding, facts, settings));
}
BENCHMARK(MakePlan);

// The plan as the ledger keeps it.
void WritePlan(benchmark::State& state) {
  const FakeClock clock;
  const Plan plan = PlanFor(OneFinding(), FactsAt(clock.Now()), {});
  while (state.KeepRunning()) benchmark::DoNotOptimize(Sha256Hex(PlanToJson(plan)));
}
BENCHMARK(WritePlan);

// All gates, and all say yes.
void AskAllGates(benchmark::State& state) {
  const FakeClock clock;
  GateSettings settings;
  settings.mode = Mode::kEnforce;
  settings.allowed_actions = {std::string(RequestScan::kKind)};
  GateFacts facts;
  facts.kind = RequestScan::kKind;
  facts.writes = true;
  facts.targets = Targets::One(ComputerId{1}, {kAccount,
                                               "us-east-1",
                                               {"i-0123456789abcdef0"},
                                               "host-1",
                                               std::vector<swp::Tag>{{"Owner", "team-made-up@example.com"}}});
  facts.event_time = facts.now = clock.Now();
  while (state.KeepRunning()) benchmark::DoNotOptimize(AskGates(settings, facts));
}
BENCHMARK(AskAllGates);

// A ledger that is gone when this ends. In the working directory: /tmp is often memory, and a sync should meet a disk.
class BenchLedger {
 public:
  explicit BenchLedger(bool on_disk) {
    if (on_disk) Check(::mkdtemp(folder_.data()) != nullptr, "a folder for the ledger");
    ledger_ = SqliteLedger::Open(on_disk ? folder_ + "/ledger.db" : ":memory:", clock_).value();
  }
  ~BenchLedger() {
    ledger_.reset();
    std::error_code ignored;  // nothing to remove when it was in memory
    std::filesystem::remove_all(folder_, ignored);
  }
  BenchLedger(const BenchLedger&) = delete;
  BenchLedger& operator=(const BenchLedger&) = delete;

  Ledger& ledger() { return *ledger_; }

 private:
  SystemClock clock_;
  std::string folder_ = "micro-bench-XXXXXX";
  std::unique_ptr<SqliteLedger> ledger_;
};

// One record: a transaction, synced when the ledger is on disk.
void RecordEvent(benchmark::State& state, bool on_disk) {
  BenchLedger bench(on_disk);
  NewEvent event;
  event.source = "aws.guardduty";
  event.detail_type = "GuardDuty Finding";
  event.account = kAccount;
  event.subject = "4cc8a1d06e0f4b7f9a1b2c3d4e5f6071";
  event.sha256 = std::string(64, 'a');
  while (state.KeepRunning()) benchmark::DoNotOptimize(bench.ledger().AddEvent(event));
}
BENCHMARK_CAPTURE(RecordEvent, on_disk, true)->UseRealTime();
BENCHMARK_CAPTURE(RecordEvent, in_memory, false)->UseRealTime();

// A ledger opened that is there already, and closed: what each start of the program pays.
void OpenLedger(benchmark::State& state) {
  std::string folder = "micro-bench-XXXXXX";
  Check(::mkdtemp(folder.data()) != nullptr, "a folder for the ledger");
  const SystemClock clock;
  Check(SqliteLedger::Open(folder + "/ledger.db", clock).ok(), "a ledger can be made");
  while (state.KeepRunning()) benchmark::DoNotOptimize(SqliteLedger::Open(folder + "/ledger.db", clock));
  std::filesystem::remove_all(folder);
}
BENCHMARK(OpenLedger)->UseRealTime();

}  // namespace
}  // namespace sallyport
