// SPDX-License-Identifier: Apache-2.0
//
// For tests: a world whose ledger is a file, a ledger that fails at one of its commits, and a row whose plans the test
// says.
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <utility>

#include "action/request_scan.h"
#include "intake/world_for_test.h"
#include "ledger/forwarding_ledger_for_test.h"

namespace sallyport {

// The disk is full at the commit of that number (AddEvent counts), for once or from then on. `dead`: nothing at all is
// answered from then on, as when the process is killed there.
class FailingLedger final : public ForwardingLedger {
 public:
  enum class How { kOnce, kFromThenOn };
  FailingLedger(std::unique_ptr<Ledger> inner, int commit, How how)
      : ForwardingLedger(std::move(inner)), commit_(commit), how_(how) {}

  Result<AddedEvent> AddEvent(const NewEvent& event) override {
    if (Fails()) return Full();
    return inner_->AddEvent(event);
  }
  Result<Committed> Commit(const Batch& batch) override {
    if (Fails()) return Full();
    return inner_->Commit(batch);
  }

 private:
  bool Fails() {
    ++commits_;
    return how_ == How::kOnce ? commits_ == commit_ : commits_ >= commit_;
  }
  static Error Full() { return Error{ErrorCode::kStorage, "the disk is full", "make room"}; }

  int commits_ = 0;
  const int commit_;
  const How how_;
};

// Its ledger is a file in a folder that is removed at the end.
struct FileWorld : World {
  FileWorld() {
    std::string name = (std::filesystem::temp_directory_path() / "sallyport-intake-XXXXXX").string();
    Check(mkdtemp(name.data()) != nullptr, "a temporary folder");
    folder = name;
    OpenAgain();
    options.gates.mode = Mode::kEnforce;
  }
  ~FileWorld() {
    ledger.reset();
    std::error_code ignored;
    std::filesystem::remove_all(folder, ignored);
  }
  FileWorld(const FileWorld&) = delete;
  FileWorld& operator=(const FileWorld&) = delete;

  std::string Path() const { return (folder / "ledger.db").string(); }
  // As after a restart.
  void OpenAgain() {
    ledger.reset();
    ledger = SqliteLedger::Open(Path(), clock).value();
  }
  // Handles the event with a ledger that fails so; the world's ledger is opened again afterwards.
  EventReport HandleFailing(const std::string& text, int commit, FailingLedger::How how) {
    ledger.reset();
    EventReport report;
    {
      FailingLedger failing(SqliteLedger::Open(Path(), clock).value(), commit, how);
      report = MakeHandler(failing).Handle(ParseDocument(text, "test.json", tables.Forms()).at(0));
    }
    OpenAgain();
    return report;
  }
  // Killed when it wants to record what came of the acts.
  EventReport HandleAndDie(const std::string& text) { return HandleFailing(text, 3, FailingLedger::How::kFromThenOn); }

  std::string Standing(std::int64_t case_number) {
    const CaseRecord record = ledger->GetCase(CaseNumber{case_number}).value();
    return std::string(ToString(record.state)) + (record.outcome.empty() ? "" : " " + record.outcome);
  }
  EventRecord Event(std::int64_t number) { return ledger->GetEvent(EventNumber{number}).value(); }
  // All bytes of its files.
  std::string Bytes() const {
    std::string bytes;
    for (const auto& file : std::filesystem::directory_iterator(folder)) {
      std::ifstream in(file.path(), std::ios::binary);
      bytes.append(std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>());
    }
    return bytes;
  }

  std::filesystem::path folder;
};

inline std::string MadeUpEvent(const std::string& id = "x") {
  return R"({"version":"0","id":"e1","detail-type":"Made Up","source":"made.up","account":"111122223333",)"
         R"("region":"us-east-1","detail":{"id":")" +
         id + R"("}})";
}

// A row that takes made-up events, and what its plans hold beside workflow and Matter.
inline Workflow MadeUpRow(const std::string& name, const Plan& content, const std::string& source = "made.up") {
  Workflow row;
  row.name = name;
  row.takes_what = "`" + source + "`";
  row.takes = [source](const sallyport::Event& event) { return event.source == source; };
  row.about = [](const sallyport::Event& event, const WorkflowSettings&) {
    Matter matter;
    matter.service = "Made Up";
    matter.subject = "subject of " + event.source;
    matter.title = "made up";
    matter.account = event.account;
    matter.severity = 5;
    matter.time = FromEpochMilliseconds(1'764'000'000'000);
    return std::vector{matter};
  };
  row.make_plan = [name, content](const sallyport::Event&, const Matter& matter, Sources&,
                                  const WorkflowSettings&) -> Result<Plan> {
    Plan plan = content;
    plan.workflow = name;
    plan.matter = matter;
    return plan;
  };
  return row;
}

inline Host MadeUpHost(const std::string& instance) {
  return {"111122223333", "us-east-1", {instance}, "web-01", std::vector<swp::Tag>{}};
}

inline PlannedAction ScanOf(std::int32_t computer) {
  PlannedAction planned;
  planned.action =
      RequestScan{swp::ScanKind::kIntegrity, ComputerId{computer}, MadeUpHost(kInstance), false, std::nullopt};
  planned.key = IdempotencyKey({"scan", std::to_string(computer)});
  planned.why = {"because"};
  return planned;
}

}  // namespace sallyport
