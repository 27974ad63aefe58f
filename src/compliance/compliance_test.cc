// SPDX-License-Identifier: Apache-2.0
//
// What the rules of AWS Config read together, and how parameters are read. Verdicts: tests/compliance_table_test.cc.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/fake_clock.h"
#include "base/fake_documents.h"
#include "base/text.h"
#include "compliance/estate.h"
#include "edge/run.h"

namespace sallyport::compliance {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::SizeIs;

const TimePoint kComplianceNow = FromEpochMilliseconds(1'764'000'000'000);

InstanceId Instance(int number) {
  return {"i-0000000" + std::to_string(1000000000 + number)};
}

Resource Known(int number) {
  return {Instance(number), "111122223333", "running", {}, std::vector<swp::Tag>{}, {}};
}

// A manager with so many computers that gives at most so many in a page.
class FakeComplianceReads final : public Reads {
 public:
  int computers = 0;
  int fills = kFleetPage;
  int pages = 0;
  int singles = 0;
  int policies_read = 0;
  std::optional<Error> fails;
  std::vector<swp::FleetComputer> records;  // of any single instance
  std::vector<swp::RecordKind> asked_first;

  Result<std::vector<swp::FleetComputer>> FleetPage(std::int64_t after, int most) override {
    ++pages;
    if (fails) return *fails;
    std::vector<swp::FleetComputer> page;
    const int end = static_cast<int>(std::min<std::int64_t>(computers, after + std::min(most, fills)));
    for (int id = static_cast<int>(after) + 1; id <= end; ++id) page.push_back(ComputerWith(id));
    return page;
  }
  Result<std::vector<swp::FleetComputer>> FleetOf(const InstanceId&, swp::RecordKind first) override {
    ++singles;
    asked_first.push_back(first);
    return records;
  }
  Result<swp::Policy> GetPolicy(PolicyId policy) override {
    ++policies_read;
    swp::Policy made;
    made.id = policy;
    made.name = "policy " + std::to_string(policy.value);
    if (policy.value > 1) made.parent = PolicyId{policy.value - 1};
    return made;
  }
  Result<swp::Assignments> GetAssignments(ComputerId, swp::RuleModule) override { return swp::Assignments{}; }
  Status VisitInstances(const Place&, const std::function<void(Resource)>& visit) override {
    for (int id = 1; id <= 3; ++id) visit(Known(id));
    return Ok();
  }
  Result<std::map<InstanceId, std::string>> ContainerHosts(const Place&) override {
    ++clusters_asked;
    return std::map<InstanceId, std::string>{{Instance(2), "shop"}};
  }
  Status VisitJudged(const Place&, const std::string&, const std::function<void(const std::string&)>& visit) override {
    visit("i-00000000000000099");
    return Ok();
  }
  Result<Resource> RecordedItem(const Place&, const InstanceId&, TimePoint) override {
    return Error{ErrorCode::kNotFound, "none", ""};
  }
  int clusters_asked = 0;

 private:
  static swp::FleetComputer ComputerWith(int id) {
    swp::FleetComputer made;
    made.computer.id = {id};
    made.computer.instance_id = Instance(id).value;
    return made;
  }
};

TEST(Snapshot, EndsWithThePageThatIsNotFull) {
  for (const auto& [computers, pages] :
       std::vector<std::pair<int, int>>{{10'000, 10}, {1'024, 2}, {1'027, 2}, {3, 1}, {0, 1}}) {
    FakeComplianceReads reads;
    reads.computers = computers;
    const auto snapshot = Snapshot::Read(reads, kComplianceNow);
    ASSERT_TRUE(snapshot.ok());
    EXPECT_EQ(snapshot->computers(), static_cast<std::size_t>(computers));
    EXPECT_EQ(reads.pages, pages) << computers;
  }
}

TEST(Snapshot, OfAManagerThatNeverFillsAPageGoesOnUntilOneIsEmpty) {
  FakeComplianceReads reads;
  reads.computers = 500;
  reads.fills = 100;
  const auto snapshot = Snapshot::Read(reads, kComplianceNow);
  ASSERT_TRUE(snapshot.ok());
  EXPECT_EQ(snapshot->computers(), 500U);
  EXPECT_EQ(reads.pages, 6);
}

TEST(Snapshot, OfWhichAPageFailsIsNone) {
  FakeComplianceReads reads;
  reads.fails = Error{ErrorCode::kUnavailable, "no answer", ""};
  Fleet fleet;
  EXPECT_FALSE(fleet.All(reads, kComplianceNow).ok());
  reads.fails.reset();
  reads.computers = 1;
  EXPECT_TRUE(fleet.All(reads, kComplianceNow).ok()) << "the failure is not kept";
}

TEST(Fleet, AsksTwoSinglyAndThenAllOnceAMinute) {
  FakeComplianceReads reads;
  reads.computers = 1'000;
  Fleet fleet;
  for (int id = 1; id <= 1'000; ++id) {
    const auto found = fleet.Find(Known(id), reads, kComplianceNow + std::chrono::milliseconds(id));
    ASSERT_TRUE(found.ok());
    ASSERT_THAT(*found, SizeIs(id > 2 ? 1 : 0)) << id;
  }
  EXPECT_EQ(reads.singles, 2);
  EXPECT_LE(reads.pages + 2 * reads.singles, 10);
  // A minute later it is few again.
  ASSERT_TRUE(fleet.Find(Known(7), reads, kComplianceNow + std::chrono::minutes(5)).ok());
  EXPECT_EQ(reads.singles, 3);
  // What was read in the future of a clock that was set back does not count.
  const int pages = reads.pages;
  ASSERT_TRUE(fleet.All(reads, kComplianceNow - std::chrono::hours(1)).ok());
  EXPECT_GT(reads.pages, pages);
}

TEST(Fleet, KnowsPoliciesForTenMinutes) {
  FakeComplianceReads reads;
  Fleet fleet;
  EXPECT_THAT(fleet.PolicyLine(PolicyId{3}, reads, kComplianceNow), SizeIs(3));
  EXPECT_THAT(fleet.PolicyLine(PolicyId{2}, reads, kComplianceNow), SizeIs(2));
  EXPECT_EQ(reads.policies_read, 3);
  EXPECT_THAT(fleet.PolicyLine(PolicyId{3}, reads, kComplianceNow + std::chrono::minutes(10)), SizeIs(3));
  EXPECT_EQ(reads.policies_read, 6);
}

TEST(Runs, OfTheMapOfWebAcls) {
  edge::Run map;
  map.at = kComplianceNow;
  for (const edge::HostState state : edge::kHostStates) {
    edge::RunHost host;
    host.account = "111122223333";
    host.region = "us-east-1";
    host.id = Instance(static_cast<int>(map.hosts.size())).value;
    host.state = state;
    host.ways = {{"open", "its own address 203.0.113.21", {}, "", "", ""}};
    host.why = {"security groups were not read"};
    map.hosts.push_back(host);
  }
  FakeDocuments documents;
  documents.Put(std::string(edge::kRunDocument), edge::PiecesOf(map), kComplianceNow + std::chrono::hours(1));
  Runs runs;
  const auto ask = [&](edge::HostState state) {
    return runs.Ask("waf", Instance(static_cast<int>(state)), &documents);
  };
  EXPECT_EQ(ask(edge::HostState::kBehind).says, RunAnswer::Says::kGood);
  EXPECT_EQ(ask(edge::HostState::kNoWay).says, RunAnswer::Says::kGood);
  for (const edge::HostState bad : {edge::HostState::kCounts, edge::HostState::kPartly, edge::HostState::kNot}) {
    EXPECT_EQ(ask(bad).says, RunAnswer::Says::kBad);
  }
  EXPECT_THAT(ask(edge::HostState::kNot).why, HasSubstr("its own address 203.0.113.21"));
  EXPECT_EQ(ask(edge::HostState::kUndetermined).says, RunAnswer::Says::kUndetermined);
  EXPECT_THAT(ask(edge::HostState::kUndetermined).why, HasSubstr("security groups were not read"));
  EXPECT_EQ(ask(edge::HostState::kBehind).at, kComplianceNow) << "as old as what was read";
  EXPECT_EQ(runs.Ask("waf", Instance(99), &documents).says, RunAnswer::Says::kNothing);
  EXPECT_EQ(runs.Ask("waf", Instance(0), nullptr).at, std::nullopt);
  // A newer run is read, and one that cannot be read says nothing.
  map.hosts.front().state = edge::HostState::kNot;
  documents.Put(std::string(edge::kRunDocument), edge::PiecesOf(map), kComplianceNow);
  EXPECT_EQ(ask(edge::HostState::kBehind).says, RunAnswer::Says::kBad);
  documents.Put(std::string(edge::kRunDocument), {R"({"kind":"header","format":99})"}, kComplianceNow);
  EXPECT_EQ(ask(edge::HostState::kBehind).says, RunAnswer::Says::kUndetermined);
  EXPECT_EQ(ask(edge::HostState::kBehind).at, std::nullopt);
}

TEST(Runs, OfThePatchLedgerCountOpenCriticalFindingsAlone) {
  const auto finding = [](const std::string& instance, double severity, const std::string& state,
                          const char* more = "") {
    return R"({"finding":{"host":{"instance":")" + instance + R"("},"status":"active","severity":)" +
           std::to_string(severity) + R"(},"covers":[{"cve":"CVE-2021-44228","state":")" + state + R"("}])" + more +
           "}";
  };
  FakeDocuments documents;
  documents.Put("inspector/patches",
                {R"({"part":"findings","format":1,"items":[)" + finding("i-00000001", 9.8, "not-covered") + "," +
                 finding("i-00000002", 9.8, "by-policy") + "," + finding("i-00000003", 7, "not-covered") + "," +
                 finding("i-00000004", 9.8, "not-covered", R"(,"closed_at":1)") + "," +
                 finding("i-00000005", 9.8, "undetermined") + "," + finding("i-00000002", 9.8, "no-rule") + "]}"},
                kComplianceNow);
  Runs runs;
  const auto ask = [&](const char* instance) { return runs.Ask("inspector", {instance}, &documents); };
  EXPECT_EQ(ask("i-00000001").says, RunAnswer::Says::kBad);
  EXPECT_THAT(ask("i-00000001").why, HasSubstr("CVE-2021-44228"));
  for (const char* good : {"i-00000002", "i-00000003", "i-00000004"}) {
    EXPECT_EQ(ask(good).says, RunAnswer::Says::kGood) << good;
  }
  EXPECT_EQ(ask("i-00000005").says, RunAnswer::Says::kUndetermined);
  EXPECT_EQ(ask("i-00000006").says, RunAnswer::Says::kUndetermined) << "it may not be scanned at all";
}

TEST(Rules, ARunThatIsOlderThanADayIsNoVerdict) {
  const auto rule = ReadParameters(Json(), "behind-web-acl");
  ASSERT_TRUE(rule.ok());
  HostFacts facts;
  facts.run = RunAnswer{RunAnswer::Says::kGood, "behind", kComplianceNow - kRunIsGood};
  const Resource resource = Known(1);
  const auto judge = [&](TimePoint now) { return Judge(*rule, resource, facts, {{}, {}, now}).compliance; };
  EXPECT_EQ(judge(kComplianceNow), Compliance::kCompliant);
  EXPECT_EQ(judge(kComplianceNow + Duration{1}), Compliance::kUndetermined);
}

// Where agents report their instances themselves, the second search would be needed for each of them.
TEST(Fleet, LearnsThatAnAccountHasNoConnector) {
  using swp::RecordKind;
  FakeComplianceReads reads;
  swp::FleetComputer record;
  record.computer.instance_source = swp::InstanceSource::kNoConnectorVirtualMachineSummary;
  reads.records = {record};
  Fleet fleet;
  const auto find = [&](int minute) {
    ASSERT_TRUE(fleet.Find(Known(minute), reads, kComplianceNow + std::chrono::minutes(minute)).ok());
  };
  find(0);
  find(2);
  find(9);
  find(10);
  EXPECT_THAT(reads.asked_first, ElementsAre(RecordKind::kOfConnector, RecordKind::kReported, RecordKind::kReported,
                                             RecordKind::kOfConnector))
      << "after ten minutes it is looked at again";
  reads.records.front().computer.instance_source = swp::InstanceSource::kEc2VirtualMachineSummary;
  find(12);
  find(14);
  EXPECT_EQ(reads.asked_first.back(), RecordKind::kOfConnector) << "now it has one";
}

TEST(Fleet, OfAHostThatWasSeenKnowsWhichKindOfRecordItHas) {
  using swp::RecordKind;
  FakeComplianceReads reads;
  swp::FleetComputer record;
  reads.records = {record};
  Fleet fleet;
  const auto find = [&](int host, int minute, swp::InstanceSource source) {
    reads.records.front().computer.instance_source = source;
    ASSERT_TRUE(fleet.Find(Known(host), reads, kComplianceNow + std::chrono::minutes(minute)).ok());
  };
  find(1, 0, swp::InstanceSource::kEc2VirtualMachineSummary);
  find(2, 2, swp::InstanceSource::kNoConnectorVirtualMachineSummary);
  find(1, 4, swp::InstanceSource::kEc2VirtualMachineSummary);
  find(2, 6, swp::InstanceSource::kNoConnectorVirtualMachineSummary);
  EXPECT_THAT(reads.asked_first, ElementsAre(RecordKind::kOfConnector, RecordKind::kOfConnector,
                                             RecordKind::kOfConnector, RecordKind::kReported))
      << "in an account where some hosts have no record of the connector";
}

TEST(Rules, ATagThatSwpAloneHasExcludesFromEveryRule) {
  const Context context{{}, {"sallyport:exclude", ""}, kComplianceNow};
  HostFacts facts;
  swp::FleetComputer other;
  swp::FleetComputer tagged;
  tagged.computer.tags = std::vector<swp::Tag>{{"sallyport:exclude", "yes"}};
  facts.computers = std::vector<swp::FleetComputer>{other, tagged};
  facts.run = RunAnswer{RunAnswer::Says::kGood, "behind", kComplianceNow};
  const auto judge = [&](const RuleParameters& rule) {
    Resource resource = Known(1);
    resource.tags = TagsOfAll(resource, facts);
    return Judge(rule, resource, facts, context);
  };
  for (const RuleKind kind : AllRuleKinds()) {
    RuleParameters rule;
    rule.kind = kind;
    EXPECT_TRUE(NeedsOf(rule, context.exclusion).computers) << NameOf(kind);
    const Verdict verdict = judge(rule);
    EXPECT_EQ(verdict.compliance, Compliance::kNotApplicable) << NameOf(kind);
    EXPECT_THAT(verdict.annotation, HasSubstr("excluded by its tag `sallyport:exclude`=`yes`"));
  }
  RuleParameters rule;
  rule.kind = RuleKind::kBehindWebAcl;
  facts.computers = std::vector<swp::FleetComputer>{};
  EXPECT_EQ(judge(rule).compliance, Compliance::kCompliant);
  // Whether there is such a tag is not known when SWP cannot be read.
  facts.computers = Error{ErrorCode::kUnavailable, "no answer", ""};
  EXPECT_EQ(judge(rule).compliance, Compliance::kUndetermined);
  EXPECT_FALSE(NeedsOf(rule, {}).computers) << "without an exclusion tag it is not asked";
}

TEST(Rules, WithoutTagsOrStateThereIsNoVerdict) {
  const auto rule = ReadParameters(Json(), "behind-web-acl");
  ASSERT_TRUE(rule.ok());
  HostFacts facts;
  facts.run = RunAnswer{RunAnswer::Says::kGood, "behind", kComplianceNow};
  const Context context{{}, {}, kComplianceNow};
  Resource resource = Known(1);
  EXPECT_EQ(Judge(*rule, resource, facts, context).compliance, Compliance::kCompliant);
  resource.tags.reset();
  EXPECT_EQ(Judge(*rule, resource, facts, context).compliance, Compliance::kUndetermined) << "it may be exempt";
  resource = Known(1);
  facts.resource_unread = "access denied";
  EXPECT_THAT(Judge(*rule, resource, facts, context).annotation, HasSubstr("access denied"));
  EXPECT_EQ(Judge(*rule, resource, facts, context).compliance, Compliance::kUndetermined);
}

TEST(Estate, AsksEcsOnceADayAndTellsWhatIsGone) {
  FakeComplianceReads reads;
  reads.computers = 3;
  FakeDocuments documents;
  const auto rule = ReadParameters(Json(), "protected");
  ASSERT_TRUE(rule.ok());
  const Place place{"111122223333", "us-east-1", ""};
  const auto run = [&](TimePoint now) {
    Fleet fleet;
    Runs runs;
    const Context context{{}, {}, now};
    const auto facts = GatherEstate(*rule, place, context, "config/r", "r", nullptr, {reads, fleet, runs, &documents});
    StoredRun stored;
    stored.clusters_at = facts.clusters_at;
    std::vector<std::string> told;
    for (const JudgedHost& host : JudgeEstate(*rule, facts, context)) {
      stored.verdicts[host.resource.instance.value] = host.stored;
      told.push_back(std::string(ToString(host.verdict.compliance)) + " " + host.resource.cluster);
    }
    documents.Put("config/r", PiecesOf(stored), now);
    return told;
  };
  const auto first = run(kComplianceNow);
  EXPECT_THAT(first, SizeIs(4)) << "three, and one that AWS Config had a verdict of";
  EXPECT_EQ(first.front(), "NOT_APPLICABLE ");
  EXPECT_THAT(run(kComplianceNow + std::chrono::hours(22)), SizeIs(4)) << "the first time it may not have been taken";
  EXPECT_THAT(run(kComplianceNow + std::chrono::hours(23)), SizeIs(3)) << "it is told twice";
  EXPECT_EQ(reads.clusters_asked, 1);
  EXPECT_THAT(run(kComplianceNow + std::chrono::hours(25)), SizeIs(3));
  EXPECT_EQ(reads.clusters_asked, 2);
}

TEST(StoredRun, IsReadAsItWasStored) {
  StoredRun run;
  for (int id = 1; id <= 250; ++id) {
    StoredVerdict& stored = run.verdicts[Instance(id).value];
    stored.verdict = Say(Compliance::kNonCompliant, "why " + std::to_string(id), "next");
    stored.record = "abc";
    stored.cluster = id == 7 ? "shop" : "";
    stored.assignments[swp::RuleModule::kLogInspection].last_scan = kComplianceNow;
    stored.assignments[swp::RuleModule::kLogInspection].recommended_to_assign = {RuleId{9}};
  }
  run.clusters_at = kComplianceNow;
  FakeDocuments documents;
  documents.Put("config/r", PiecesOf(run), kComplianceNow);
  EXPECT_THAT(PiecesOf(run), SizeIs(3));
  const auto read = ReadStoredRun(&documents, "config/r");
  ASSERT_TRUE(read.ok());
  EXPECT_EQ(**read, run);
  documents.Put("config/r", {R"({"format":2,"verdicts":[]})"}, kComplianceNow);
  EXPECT_FALSE(ReadStoredRun(&documents, "config/r").ok()) << "of a newer release";
  EXPECT_FALSE(ReadStoredRun(nullptr, "config/r").value().has_value());
}

TEST(Exemption, EndsWithItsDay) {
  const auto read = ReadExemption("TICKET-7 until 2026-12-31");
  ASSERT_TRUE(read);
  EXPECT_EQ(read->ticket, "TICKET-7");
  EXPECT_EQ(FormatTime(read->until), "2026-12-31T23:59:59.999Z");
  EXPECT_FALSE(ReadExemption("for ever"));
  EXPECT_FALSE(ReadExemption(""));
}

TEST(Annotation, IsNeverLongerThanAllowedAndNeverCutInsideACharacter) {
  for (std::size_t length = 200; length < 300; ++length) {
    const Verdict verdict = Say(Compliance::kNonCompliant, std::string(length, 'x') + "ééé", "do it");
    EXPECT_LE(verdict.annotation.size(), kAnnotationCharacters);
    EXPECT_TRUE(IsUtf8(verdict.annotation));
    EXPECT_THAT(verdict.annotation, testing::EndsWith(". Next: do it"));
  }
}

}  // namespace
}  // namespace sallyport::compliance
