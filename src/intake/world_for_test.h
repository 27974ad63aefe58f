// SPDX-License-Identifier: Apache-2.0
//
// For tests: a handler with a real ledger in memory and an SWP that answers from memory, at a time that the test moves.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/fake_clock.h"
#include "intake/handle.h"
#include "ledger/sqlite_ledger.h"
#include "notify/notifier.h"
#include "workflow/fake_swp.h"

namespace sallyport {

inline constexpr const char* kInstance = "i-0123456789abcdef0";

inline std::string Finding(const std::string& type, const std::string& more = "") {
  return R"({"version":"0","id":"e1","detail-type":"GuardDuty Finding","source":"aws.guardduty","account":"111122223333",)"
         R"("region":"us-east-1","detail":{"schemaVersion":"2.0","accountId":"111122223333","region":"us-east-1",)"
         R"("partition":"aws","id":"1ab0f7b2c1d34e5f60718293a4b5c6d7","type":")" +
         type +
         R"(","severity":5,"updatedAt":"2025-11-24T16:00:00.000Z","resource":{"resourceType":"Instance",)"
         R"("instanceDetails":{"instanceId":"i-0123456789abcdef0","tags":[]}},)"
         R"("service":{"resourceRole":"TARGET","archived":false,"count":1})" +
         more + "}}";
}

class ZeroRandom final : public Random {
 public:
  double Uniform() override { return 0; }
};

struct World {
  FakeClock clock;
  Logger log{clock, LogLevel::kOff, [](std::string_view) {}};
  std::unique_ptr<Ledger> ledger = SqliteLedger::Open(":memory:", clock).value();
  ZeroRandom random;
  FakeSwpReads reads;
  FakeSwpWrites writes;
  std::vector<Message> messages;
  CallbackNotifier notifier{[this](const Message& message) { messages.push_back(message); }};
  ExecutorOptions options{DefaultGates(KindsOf(ProductActions())), {}, false, false, {}, ProductActions()};
  Tables tables = ProductTables();
  WorkflowSettings workflow_settings;
  NoticeSettings notices;  // nobody hears of cases unless a test says so
  // What handlers are given in place of the ledger itself; nullptr: nothing.
  Ledger* in_front = nullptr;
  NotificationProof* proof = nullptr;

  World() { clock.Advance(FromEpochMilliseconds(1'764'000'000'000) - clock.Now()); }

  EventReport Handle(const std::string& text) {
    return MakeHandler().Handle(ParseDocument(text, "test.json", tables.Forms()).at(0));
  }

  // Whatever is done with a handler of its own, as another process would.
  template <class Work>
  auto With(Work work) {
    Handler handler = MakeHandler();
    return work(handler);
  }

  // Asks everything that is due until nothing is, moving the time on; at most `rounds` times.
  std::vector<EventReport> RunFollowUps(int rounds = 50) {
    std::vector<EventReport> all;
    for (int round = 0; round < rounds; ++round) {
      const auto next = ledger->NextDue().value();
      if (!next) break;
      if (*next > clock.Now()) clock.Advance(*next - clock.Now());
      for (EventReport& report : With([](Handler& handler) { return handler.RunDue(10).value(); })) {
        all.push_back(std::move(report));
      }
    }
    return all;
  }

  std::vector<std::string> StatesOf(std::int64_t case_number) {
    std::vector<std::string> states;
    for (const ActionRecord& action : ledger->Show(EventNumber{case_number}).value().actions) {
      states.push_back(action.action.kind + " " + std::string(ToString(action.state)));
    }
    return states;
  }

  Handler MakeHandler() { return MakeHandler(in_front == nullptr ? *ledger : *in_front); }
  Handler MakeHandler(Ledger& of_handler) {
    return Handler({of_handler, options, clock, random, log, tables, workflow_settings,
                    [this](std::optional<TimePoint>) { return std::make_unique<WorldWork>(*this); }, "this process",
                    [](std::string_view, TimePoint) { return false; }, notices, proof});
  }

 private:
  class WorldWork final : public Work {
   public:
    explicit WorldWork(World& world) : world_(world), log_(Logger::For(world.log)), calls_before_(Calls()) {}
    swp::Reads& facts() override { return world_.reads; }
    swp::Reads& reads() override { return world_.reads; }
    swp::Writes& writes() override { return world_.writes; }
    reach::Reads* reach() override { return nullptr; }
    Notifier& notifier() override { return world_.notifier; }
    Logger& log() override { return log_; }
    int swp_calls() const override { return Calls() - calls_before_; }
    int aws_calls() const override { return 0; }
    std::vector<Message> TakeShown() override { return {}; }

   private:
    int Calls() const { return static_cast<int>(world_.reads.asked.size() + world_.writes.requested.size()); }

    World& world_;
    Logger log_;  // as the program's: of one piece of work, whose context it holds
    const int calls_before_;
  };
};

}  // namespace sallyport
