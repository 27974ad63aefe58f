// SPDX-License-Identifier: Apache-2.0
//
// Runs: what a plan is about and is as large as the estate, stored before the plan that names it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>

#include "base/bounds.h"
#include "intake/world_for_test.h"
#include "ledger/forwarding_ledger_for_test.h"

namespace sallyport {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

constexpr const char* kMap = "web-map/all";

struct MapReading {
  std::int64_t hosts = 0;
};
struct MapFacts {
  std::optional<Document> before;
  std::optional<Error> failed;
  TimePoint read_at;
};

Result<MapReading> ReadMap(const Event& event) {
  return MapReading{event.detail["hosts"].Int64Or(0)};
}

std::vector<Matter> AboutMap(const MapReading&, const WorkflowSettings&) {
  Matter matter;
  matter.service = "Schedule";
  matter.subject = "web-map";
  matter.title = "the map of web ACLs";
  return {matter};
}

MapFacts GatherMap(const MapReading&, const Matter&, Sources& sources, const WorkflowSettings&) {
  MapFacts facts;
  facts.read_at = sources.now;
  auto before = ReadDocument(*sources.documents, kMap);
  if (!before.ok()) facts.failed = before.error();
  if (before.ok()) facts.before = *std::move(before);
  return facts;
}

std::vector<std::string> PiecesOf(std::int64_t hosts) {
  std::vector<std::string> pieces;
  for (std::int64_t i = 0; i < hosts; ++i) pieces.push_back(R"({"host":)" + std::to_string(i) + "}");
  return pieces;
}

void PlanMap(const MapReading& reading, const MapFacts& facts, const WorkflowSettings&, Plan& plan) {
  if (facts.failed) plan.reasons.push_back("failed: " + facts.failed->message);
  plan.reasons.push_back(!facts.before ? "no map before"
                                       : std::to_string(facts.before->pieces.size()) + " hosts, " +
                                             FormatDuration(std::chrono::duration_cast<std::chrono::seconds>(
                                                 facts.read_at - facts.before->info.at)) +
                                             " old");
  plan.new_run = NewRun{kMap, PiecesOf(reading.hosts)};
}

WorkflowOf<MapReading, MapFacts> MapWorkflow() {
  return {.name = "web-map",
          .service = "Schedule",
          .source = "my.schedule",
          .detail_types = {},
          .read = ReadMap,
          .about = AboutMap,
          .decline = nullptr,
          .gather = GatherMap,
          .plan = PlanMap};
}

std::string Tick(std::int64_t hosts, const std::string& id) {
  return R"({"version":"0","id":")" + id +
         R"(","detail-type":"Tick","source":"my.schedule","account":"111122223333","region":"us-east-1",)"
         R"("time":"2025-11-24T16:00:00Z","detail":{"id":")" +
         id + R"(","hosts":)" + std::to_string(hosts) + "}}";
}

struct MapWorld : World {
  MapWorld() { tables.workflows.push_back(MapWorkflow().Row()); }
};

TEST(Runs, AreStoredBeforeThePlanThatNamesThem) {
  MapWorld world;
  const EventReport report = world.Handle(Tick(5'000, "a"));
  EXPECT_EQ(report.state, EventState::kDone) << report.reason;
  const Plan& plan = report.plans.at(0).plan;
  EXPECT_EQ(plan.run, (RunName{kMap, 1}));
  EXPECT_FALSE(plan.new_run.has_value()) << "the pieces are no longer in memory";
  const auto stored = ReadDocument(*world.ledger, kMap).value();
  ASSERT_TRUE(stored.has_value());
  EXPECT_EQ(stored->pieces, PiecesOf(5'000));
  const Json json = Json::Parse(world.ledger->PlansOf(*report.number).value().at(0).json).value();
  EXPECT_EQ(json["run"]["document"].StringOr(""), kMap);
  EXPECT_EQ(json["run"]["version"].Int64Or(0), 1);
  EXPECT_TRUE(json["new_run"].IsMissing());
  EXPECT_THAT(world.ledger->Verify().value().broken, IsEmpty());
}

TEST(Runs, TheNextOneReadsTheOneBeforeWithItsAgeAndReplacesIt) {
  MapWorld world;
  EXPECT_THAT(world.Handle(Tick(3, "a")).plans.at(0).plan.reasons, ElementsAre("no map before"));
  world.clock.Advance(std::chrono::hours(2));
  const EventReport second = world.Handle(Tick(2, "b"));
  EXPECT_THAT(second.plans.at(0).plan.reasons, ElementsAre("3 hosts, 2h old"));
  EXPECT_EQ(second.plans.at(0).plan.run, (RunName{kMap, 2}));
  EXPECT_EQ(ReadDocument(*world.ledger, kMap).value()->pieces, PiecesOf(2));
  EXPECT_THAT(world.ledger->ListDocuments("", 10).value(), SizeIs(1));
  EXPECT_EQ(world.ledger->ReadPieces(kMap, 1, 0, 10).error().code, ErrorCode::kNotFound);
}

TEST(Runs, OverTheBoundsTheEventFailsAndNothingIsRecordedOfThePlan) {
  MapWorld world;
  world.Handle(Tick(3, "a"));
  const EventReport report = world.Handle(Tick(static_cast<std::int64_t>(bounds::kDocumentPieces) + 1, "b"));
  EXPECT_EQ(report.state, EventState::kFailed);
  EXPECT_THAT(report.reason, HasSubstr("a document with 10001 pieces is over the bound of 10000"));
  EXPECT_THAT(world.ledger->PlansOf(*report.number).value(), IsEmpty());
  EXPECT_EQ(ReadDocument(*world.ledger, kMap).value()->pieces, PiecesOf(3)) << "the one before is still there";
}

TEST(Runs, ARehearsalStoresNone) {
  MapWorld world;
  world.options.dry_run = true;
  const EventReport report = world.Handle(Tick(3, "a"));
  EXPECT_EQ(report.plans.at(0).plan.run, std::nullopt);
  EXPECT_FALSE(world.ledger->FindDocument(kMap).value().has_value());
}

// A ledger whose process ends before or after one of its writes.
class CutLedger final : public ForwardingLedger {
  template <class Write>
  auto Cut(Write write) {
    if (++passed_ == cut_) _exit(9);
    auto done = write();
    if (++passed_ == cut_) _exit(9);
    return done;
  }

 public:
  CutLedger(std::unique_ptr<Ledger> inner, int cut) : ForwardingLedger(std::move(inner)), cut_(cut) {}

  Result<AddedEvent> AddEvent(const NewEvent& event) override {
    return Cut([&] { return inner_->AddEvent(event); });
  }
  Result<Committed> Commit(const Batch& batch) override {
    return Cut([&] { return inner_->Commit(batch); });
  }
  Result<std::optional<DocumentInfo>> PutDocument(std::string_view name, const std::vector<std::string>& pieces,
                                                  std::optional<std::int64_t> replaces) override {
    return Cut([&] { return inner_->PutDocument(name, pieces, replaces); });
  }

 private:
  const int cut_;
  int passed_ = 0;
};

// Whether a process that handles the event ended at that point, and not at its end.
bool IsCut(const std::string& path, int cut) {
  const pid_t child = fork();
  Check(child >= 0, "no fork");
  if (child == 0) {
    MapWorld world;
    world.ledger = std::make_unique<CutLedger>(SqliteLedger::Open(path, world.clock).value(), cut);
    world.Handle(Tick(4, "b"));
    _exit(0);
  }
  int status = 0;
  waitpid(child, &status, 0);
  return WIFEXITED(status) && WEXITSTATUS(status) == 9;
}

TEST(Runs, WhereverAProcessEndsTheRunIsWholeAndThePlanNamesIt) {
  std::string folder = (std::filesystem::temp_directory_path() / "sallyport-runs-XXXXXX").string();
  ASSERT_NE(mkdtemp(folder.data()), nullptr);
  int cuts = 0;
  for (int cut = 1;; ++cut) {
    const std::string path = folder + "/" + std::to_string(cut) + ".db";
    MapWorld world;
    world.ledger = SqliteLedger::Open(path, world.clock).value();
    world.Handle(Tick(3, "a"));
    if (!IsCut(path, cut)) break;
    ++cuts;
    // Before anybody goes on: one whole version, the old or the new.
    const auto between = ReadDocument(*world.ledger, kMap).value();
    ASSERT_TRUE(between.has_value());
    EXPECT_TRUE(between->pieces == PiecesOf(3) || between->pieces == PiecesOf(4)) << cut;
    world.With([](Handler& handler) { return handler.Recover(); });
    if (cut == 1) world.Handle(Tick(4, "b"));  // the event was not recorded: it is delivered again
    const auto events = world.ledger->List({.limit = 10, .state = {}, .text = "", .cases_only = false}).value();
    ASSERT_EQ(events.size(), 2U) << cut;
    EXPECT_EQ(events[0].state, EventState::kDone) << cut << ": " << events[0].reason;
    const auto plans = world.ledger->PlansOf(events[0].number).value();
    ASSERT_EQ(plans.size(), 1U) << cut;
    const Json run = Json::Parse(plans[0].json).value()["run"];
    const auto after = ReadDocument(*world.ledger, kMap).value();
    EXPECT_EQ(after->info.version, run["version"].Int64Or(0)) << cut;
    EXPECT_EQ(after->pieces, PiecesOf(4)) << cut;
    EXPECT_THAT(world.ledger->ListDocuments("", 10).value(), SizeIs(1)) << cut;
    EXPECT_THAT(world.ledger->Verify().value().broken, IsEmpty()) << cut;
  }
  EXPECT_GE(cuts, 6) << "before and after each of three writes";
  std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace sallyport
