// SPDX-License-Identifier: Apache-2.0
#include "gates/gates.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <fstream>
#include <functional>

#include "action/kinds_for_test.h"

namespace sallyport {
namespace {

using namespace std::chrono_literals;

const TimePoint kNow = FromEpochMilliseconds(1764000000000);  // 2025-11-24T16:00:00Z
const Error kUnreadable{ErrorCode::kStorage, "the disk is gone", ""};

// Settings and facts of a scan that passes every gate; the tests change one thing each.
GateSettings Enforcing() {
  GateSettings settings;
  settings.mode = Mode::kEnforce;
  settings.kill_switch_file = "/run/sallyport/stop";
  settings.allowed_actions = {"notify-owner", "request-scan"};
  return settings;
}

GateFacts Scan() {
  GateFacts facts;
  facts.kind = "request-scan";
  facts.writes = true;
  facts.targets = Targets::One(
      ComputerId{34},
      {"111122223333", "us-east-1", {"i-0123456789abcdef0"}, "web-01", std::vector<swp::Tag>{{"Owner", "team-web"}}});
  facts.event_time = kNow - 1h;
  facts.severity = 5;
  facts.now = kNow;
  return facts;
}

GateSettings Default() {
  return DefaultGates(KindsForTest());
}

std::optional<std::vector<swp::Tag>>& TagsOf(GateFacts& facts) {
  return facts.targets.hosts.front().host.tags;
}

std::string& AccountOf(GateFacts& facts) {
  return facts.targets.hosts.front().host.account;
}

GateFacts MessageFacts() {
  GateFacts facts = Scan();
  facts.kind = "notify-owner";
  facts.writes = false;
  return facts;
}

// "" when every gate passed, else "gate: reason".
std::string ReasonOf(const GateFacts& facts, const GateSettings& settings = Enforcing()) {
  const std::vector<GateVerdict> verdicts = AskGates(settings, facts);
  for (std::size_t i = 0; i + 1 < verdicts.size(); ++i) {
    EXPECT_TRUE(verdicts[i].passed);
    EXPECT_EQ(verdicts[i].reason, "");
  }
  EXPECT_EQ(AllPassed(verdicts), verdicts.back().passed);
  return verdicts.back().passed ? "" : std::string(verdicts.back().gate) + ": " + verdicts.back().reason;
}

std::optional<EarlierAction> Earlier(double severity = 5) {
  return EarlierAction{kNow - 2h, severity, "requested"};
}

std::vector<swp::Tag> One(const std::string& name, const std::string& value) {
  return {swp::Tag{name, value}};
}

TEST(Gates, EveryGateIsAskedInOrder) {
  std::vector<std::string> names;
  for (const GateVerdict& verdict : AskGates(Enforcing(), Scan())) {
    EXPECT_TRUE(verdict.passed) << verdict.gate << ": " << verdict.reason;
    names.emplace_back(verdict.gate);
  }
  EXPECT_EQ(names, (std::vector<std::string>{"kill-switch", "sample", "allow-list", "exclusion-tag", "evidence",
                                             "event-age", "once", "cool-down", "blast-radius", "mode", "targets",
                                             "approval", "maintenance-window", "stagger"}));
}

TEST(Gates, TheFirstRefusalEndsIt) {
  GateSettings settings = Enforcing();
  settings.mode = Mode::kObserve;
  settings.windowed_actions = {"request-scan"};
  settings.windows = {ParseMaintenanceWindow("mon 00:00-00:01").value()};
  GateFacts facts = Scan();
  facts.kill_switch = true;
  facts.hosts = 101;
  facts.sample = true;
  facts.kind = "reboot";
  TagsOf(facts) = std::nullopt;
  facts.targets.hosts.push_back(facts.targets.hosts.front());
  facts.targets.hosts.back().host.tags = One("sallyport:exclude", "");
  facts.event_time = std::nullopt;
  facts.same_decision = Earlier();
  facts.within_cool_down = Earlier();
  facts.turn_in = 1ms;
  Target excluded;
  // Mending one gate after the other shows the next.
  const std::pair<std::string, std::function<void()>> steps[] = {
      {"kill-switch", [&] { facts.kill_switch = false; }},
      {"sample", [&] { facts.sample = false; }},
      {"allow-list", [&] { facts.kind = "request-scan"; }},
      {"exclusion-tag",
       [&] {
         TagsOf(facts).emplace();
         excluded = std::move(facts.targets.hosts.back());
         facts.targets.hosts.pop_back();
         facts.targets.hosts.front().host.evidence = "a finding calls it compromised";
       }},
      {"evidence",
       [&] {
         facts.targets.hosts.front().host.evidence.clear();
         facts.targets.hosts.push_back(excluded);
       }},
      {"event-age", [&] { facts.event_time = kNow; }},
      {"once", [&] { facts.same_decision = std::optional<EarlierAction>{}; }},
      {"cool-down", [&] { facts.within_cool_down = std::optional<EarlierAction>{}; }},
      {"blast-radius", [&] { facts.hosts = 100; }},
      {"mode", [&] { settings.mode = Mode::kEnforce; }},
      {"targets", [&] { facts.targets.hosts.pop_back(); }},
      {"approval", [&] { facts.approved = true; }},
      {"maintenance-window", [&] { settings.windows.clear(); }},
      {"stagger", [&] { facts.turn_in = Duration{0}; }},
  };
  std::size_t asked = 0;
  for (const auto& [gate, mend] : steps) {
    const std::vector<GateVerdict> verdicts = AskGates(settings, facts);
    EXPECT_EQ(verdicts.size(), ++asked);
    EXPECT_EQ(verdicts.back().gate, gate);
    EXPECT_FALSE(verdicts.back().passed);
    EXPECT_NE(verdicts.back().reason, "");
    EXPECT_FALSE(AllPassed(verdicts));
    mend();
  }
  EXPECT_TRUE(AllPassed(AskGates(settings, facts)));
}

TEST(StaggerGate, HoldsAWriteUntilItsTurnAndSaysWhen) {
  GateFacts facts = Scan();
  facts.turn_in = 30min;
  EXPECT_EQ(ReasonOf(facts),
            "stagger: starts in 30m (16:30:00 UTC); hosts of one plan start in waves (macie.wave, macie.stagger)");
  facts.turn_in = Duration{0};
  EXPECT_EQ(ReasonOf(facts), "");
  facts = MessageFacts();
  facts.turn_in = 30min;
  EXPECT_EQ(ReasonOf(facts), "");
}

TEST(Gates, OnlyApprovalWindowAndTurnAreWaitedFor) {
  GateSettings settings = Enforcing();
  GateFacts facts = Scan();
  facts.turn_in = 1h;
  EXPECT_EQ(AskGates(settings, facts).back().wait_for, WaitFor::kTurn);
  facts.turn_in = Duration{0};
  facts.hosts = 11;
  EXPECT_EQ(AskGates(settings, facts).back().wait_for, WaitFor::kApproval);
  facts.hosts = 10;
  EXPECT_TRUE(AllPassed(AskGates(settings, facts)));
  facts.needs_person = "another workflow wants the opposite";
  EXPECT_EQ(AskGates(settings, facts).back().wait_for, WaitFor::kApproval);
  EXPECT_THAT(AskGates(settings, facts).back().reason, testing::HasSubstr("another workflow wants the opposite"));
  facts.needs_person.clear();
  settings.approve_actions = {"request-scan"};
  EXPECT_EQ(AskGates(settings, facts).back().wait_for, WaitFor::kApproval);
  facts.approved = true;
  settings.windowed_actions = {"request-scan"};
  settings.windows = {ParseMaintenanceWindow("mon 00:00-00:01").value()};
  EXPECT_EQ(AskGates(settings, facts).back().wait_for, WaitFor::kWindow);
  facts.hosts = std::nullopt;
  EXPECT_EQ(AskGates(settings, facts).back().wait_for, WaitFor::kNothing);
  EXPECT_EQ(AskGates(settings, facts).back().gate, "blast-radius");
}

TEST(Gates, NoVerdictIsNoPass) {
  EXPECT_FALSE(AllPassed({}));
}

TEST(Gates, AMessagePassesThemAsWell) {
  EXPECT_EQ(ReasonOf(MessageFacts()), "");
}

TEST(KillSwitchGate, StopsScansAndMessages) {
  for (GateFacts facts : {Scan(), MessageFacts()}) {
    facts.kill_switch = true;
    EXPECT_EQ(ReasonOf(facts), "kill-switch: kill switch is on (file `/run/sallyport/stop` exists)");
    facts.kill_switch = kUnreadable;
    EXPECT_EQ(ReasonOf(facts), "kill-switch: the kill switch cannot be read: the disk is gone");
    facts.force = true;
    EXPECT_NE(ReasonOf(facts), "");
  }
}

TEST(SampleGate, StopsWritesAndLetsTheMessageThrough) {
  GateFacts scan = Scan();
  scan.sample = true;
  EXPECT_EQ(ReasonOf(scan), "sample: SWP is read for a sample finding, and never changed");
  scan.force = true;
  EXPECT_NE(ReasonOf(scan), "");
  GateFacts message = MessageFacts();
  message.sample = true;
  EXPECT_EQ(ReasonOf(message), "");
}

TEST(AllowListGate, StopsWhatIsNotOnIt) {
  GateSettings settings = Enforcing();
  settings.allowed_actions = {"notify-owner"};
  EXPECT_EQ(ReasonOf(Scan(), settings), "allow-list: `request-scan` is not in gates.allow");
  EXPECT_EQ(ReasonOf(MessageFacts(), settings), "");
  settings.allowed_actions.clear();
  EXPECT_EQ(ReasonOf(MessageFacts(), settings), "allow-list: `notify-owner` is not in gates.allow");
}

TEST(ExclusionTagGate, WithoutAValueEveryValueExcludes) {
  for (GateFacts facts : {Scan(), MessageFacts()}) {
    for (const std::string value : {"", "yes", "no"}) {
      TagsOf(facts) = std::vector<swp::Tag>{{"Owner", "team-web"}, {"sallyport:exclude", value}};
      EXPECT_EQ(ReasonOf(facts), "exclusion-tag: the host has the exclusion tag `sallyport:exclude`=`" + value +
                                     "` (gates.exclusion_tag)");
    }
    TagsOf(facts) =
        std::vector<swp::Tag>{{"sallyport:excluded", "yes"}, {"Sallyport:Exclude", "yes"}, {"x", "sallyport:exclude"}};
    EXPECT_EQ(ReasonOf(facts), "");
  }
}

TEST(ExclusionTagGate, WithAValueOnlyThatValueExcludes) {
  GateSettings settings = Enforcing();
  settings.exclusion_tag = "Env";
  settings.exclusion_tag_value = "lab";
  GateFacts facts = Scan();
  TagsOf(facts) = One("Env", "lab");
  EXPECT_EQ(ReasonOf(facts, settings),
            "exclusion-tag: the host has the exclusion tag `Env`=`lab` (gates.exclusion_tag)");
  for (const std::string value : {"", "Lab", "lab "}) {
    TagsOf(facts) = One("Env", value);
    EXPECT_EQ(ReasonOf(facts, settings), "") << value;
  }
}

TEST(ExclusionTagGate, UnknownTagsStopAWriteAndNotAMessage) {
  GateFacts scan = Scan();
  TagsOf(scan) = std::nullopt;
  EXPECT_EQ(
      ReasonOf(scan),
      "exclusion-tag: the tags of the host are undetermined, so the exclusion tag `sallyport:exclude` cannot be ruled "
      "out (gates.when_tags_unknown)");
  GateFacts message = MessageFacts();
  TagsOf(message) = std::nullopt;
  EXPECT_EQ(ReasonOf(message), "");
  GateSettings lenient = Enforcing();
  lenient.refuse_when_tags_unknown = false;
  EXPECT_EQ(ReasonOf(scan, lenient), "");
}

TEST(ExclusionTagGate, WithoutATagNothingIsExcluded) {
  GateSettings settings = Enforcing();
  settings.exclusion_tag = "";
  GateFacts facts = Scan();
  TagsOf(facts) = One("", "");
  EXPECT_EQ(ReasonOf(facts, settings), "");
  TagsOf(facts) = std::nullopt;
  EXPECT_EQ(ReasonOf(facts, settings), "");
}

TEST(ExclusionTagGate, MakesTheTagPrintable) {
  GateFacts facts = Scan();
  TagsOf(facts) = One("sallyport:exclude", "a\n\x1b[2J" + std::string(100, 'b'));
  const std::string reason = ReasonOf(facts);
  EXPECT_TRUE(reason.starts_with("exclusion-tag: the host has the exclusion tag `sallyport:exclude`=`a\\x0a\\x1b[2J"))
      << reason;
  EXPECT_NE(reason.find("...`"), std::string::npos) << reason;
  EXPECT_EQ(reason.find('\n'), std::string::npos);
}

// An action on a policy: three hosts, each in an account that enforces.
GateFacts Wide() {
  GateFacts facts = Scan();
  facts.kind = "request-scan";
  for (const std::int32_t id : {35, 36}) {
    Target target = facts.targets.hosts.front();
    target.computer = ComputerId{id};
    target.host.name = "web-" + std::to_string(id);
    facts.targets.hosts.push_back(target);
  }
  facts.hosts = 3;
  return facts;
}

// Each gate that looks at a host looks at all of them.
TEST(TargetsGate, HoldsWhatTouchesHostsThatMustBeLeftAloneBesideOthers) {
  EXPECT_EQ(ReasonOf(Wide()), "");
  GateFacts excluded = Wide();
  excluded.targets.hosts[2].host.tags = One("sallyport:exclude", "true");
  EXPECT_EQ(ReasonOf(excluded),
            "targets: 1 of 3 hosts must be left alone: web-36 (i-0123456789abcdef0) (exclusion tag "
            "`sallyport:exclude`=`true`)");
  EXPECT_EQ(AskGates(Enforcing(), excluded).back().wait_for, WaitFor::kPerson);
  excluded.approved = true;  // a yes to the action is none to touching these
  EXPECT_EQ(AskGates(Enforcing(), excluded).back().gate, "targets");

  GateFacts unknown = Wide();
  unknown.targets.hosts[1].host.tags = std::nullopt;
  EXPECT_EQ(ReasonOf(unknown),
            "targets: 1 of 3 hosts must be left alone: web-35 (i-0123456789abcdef0) (its tags are undetermined)");

  GateSettings settings = Enforcing();
  settings.account_modes = {{"444455556666", Mode::kObserve}};
  GateFacts observed = Wide();
  observed.targets.hosts[1].host.account = "444455556666";
  EXPECT_EQ(ReasonOf(observed, settings),
            "targets: 1 of 3 hosts must be left alone: web-35 (i-0123456789abcdef0) (observe mode for account "
            "444455556666)");
}

TEST(TargetsGate, IsNotNeededWhereEveryHostMustBeLeftAlone) {
  GateFacts facts = Wide();
  for (Target& target : facts.targets.hosts) target.host.tags = One("sallyport:exclude", "true");
  EXPECT_EQ(AskGates(Enforcing(), facts).back().gate, "exclusion-tag");
  EXPECT_EQ(AskGates(Enforcing(), facts).back().wait_for, WaitFor::kNothing);
  GateSettings settings = Enforcing();
  settings.mode = Mode::kObserve;
  EXPECT_EQ(AskGates(settings, Wide()).back().gate, "mode");
}

TEST(BlastRadiusGate, RefusesWhatTouchesHostsThatAreNotKnown) {
  GateFacts facts = Wide();
  facts.targets = Targets::Unknown("the list did not come");
  EXPECT_EQ(ReasonOf(facts), "blast-radius: the number of hosts it affects is undetermined: the list did not come");
}

// What touches no host follows the account that it writes to.
TEST(ModeGate, AsksTheAccountThatAnActionWritesTo) {
  GateSettings settings = Enforcing();
  settings.account_modes = {{"444455556666", Mode::kObserve}};
  GateFacts facts = Scan();
  facts.targets.hosts.clear();
  EXPECT_EQ(ReasonOf(facts, settings), "");
  facts.account = "444455556666";
  EXPECT_EQ(AskGates(settings, facts).back().gate, "mode");
  facts = Scan();
  facts.account = "444455556666";
  EXPECT_EQ(AskGates(settings, facts).back().gate, "mode");
}

TEST(EventAgeGate, AtTheBoundAndOnePast) {
  GateFacts facts = Scan();
  facts.event_time = kNow - 24h;
  EXPECT_EQ(ReasonOf(facts), "");
  facts.event_time = kNow - 24h - 1ms;
  EXPECT_EQ(ReasonOf(facts),
            "event-age: the finding is 1d old (2025-11-23 15:59:59 UTC); the limit is 1d (gates.max_event_age). To act "
            "anyway: "
            "--force");
  facts.force = true;
  EXPECT_EQ(ReasonOf(facts), "");
}

TEST(EventAgeGate, AnUnknownAgeStopsAWrite) {
  GateFacts facts = Scan();
  facts.event_time = std::nullopt;
  EXPECT_EQ(ReasonOf(facts),
            "event-age: the finding does not say when it was made, so its age is undetermined. To act anyway: --force");
  facts.force = true;
  EXPECT_EQ(ReasonOf(facts), "");
}

TEST(EventAgeGate, AMessageIsNeverTooOld) {
  GateFacts facts = MessageFacts();
  facts.event_time = kNow - 24h * 365;
  EXPECT_EQ(ReasonOf(facts), "");
  facts.event_time = std::nullopt;
  EXPECT_EQ(ReasonOf(facts), "");
}

TEST(EventAgeGate, AClockThatIsAheadDoesNoHarm) {
  GateFacts facts = Scan();
  facts.event_time = kNow + 1min;
  EXPECT_EQ(ReasonOf(facts), "");
}

TEST(EventAgeGate, ADateInTheFutureIsNoAge) {
  for (const Duration ahead : {Duration(1h + 1ms), Duration(24h), Duration(24h * 3650)}) {
    GateFacts facts = Scan();
    facts.event_time = kNow + ahead;
    EXPECT_THAT(ReasonOf(facts), testing::HasSubstr("in the future, so its age is undetermined"));
    facts.force = true;
    EXPECT_EQ(ReasonOf(facts), "");
  }
}

TEST(EventAgeGate, AClockThatWasSetBackMakesNoFindingOneOfTheFuture) {
  GateFacts facts = Scan();
  facts.event_time = kNow + 24h;
  facts.latest = kNow + 24h + 1min;
  EXPECT_EQ(ReasonOf(facts), "");
  facts.latest = kNow + 22h;
  EXPECT_THAT(ReasonOf(facts), testing::HasSubstr("in the future, so its age is undetermined"));
}

TEST(OnceGate, TheSameDecisionIsCarriedOutOnce) {
  for (GateFacts facts : {Scan(), MessageFacts()}) {
    facts.same_decision = Earlier();
    facts.force = true;
    EXPECT_EQ(ReasonOf(facts), "once: the same action already exists: requested 2h ago (14:00:00 UTC)");
    facts.severity = 10;
    EXPECT_NE(ReasonOf(facts), "");
    facts.same_decision = kUnreadable;
    EXPECT_EQ(ReasonOf(facts), "once: the ledger cannot be asked: the disk is gone");
  }
}

TEST(CoolDownGate, TheSameAgainIsRefusedAndNamesTheSetting) {
  GateFacts facts = Scan();
  facts.within_cool_down = Earlier();
  facts.force = true;
  EXPECT_EQ(
      ReasonOf(facts),
      "cool-down: the same action was begun 2h ago (14:00:00 UTC), within gates.cool_down (6h), and the severity did "
      "not rise to a higher band");
  facts.within_cool_down = kUnreadable;
  EXPECT_EQ(ReasonOf(facts), "cool-down: the ledger cannot be asked: the disk is gone");
}

TEST(CoolDownGate, OnlyAHigherBandOfSeverityLiftsIt) {
  struct Case {
    double before;
    double now;
    bool passes;
  };
  // The bands of G4: below 4, 4, 7 and 9.
  const Case cases[] = {{1, 3.9, false}, {3.9, 4, true}, {4, 6.9, false}, {6.9, 7, true}, {7, 8.9, false},
                        {8.9, 9, true},  {9, 10, false}, {1, 9, true},    {8, 5, false},  {5, 5, false}};
  for (const Case& c : cases) {
    GateFacts facts = Scan();
    facts.severity = c.now;
    facts.within_cool_down = Earlier(c.before);
    EXPECT_EQ(ReasonOf(facts).empty(), c.passes) << c.before << " -> " << c.now;
  }
}

TEST(ModeGate, ObservingPlansAndNotifiesAndWritesNothing) {
  EXPECT_EQ(ReasonOf(Scan(), Default()),
            "mode: observe mode, nothing written to SWP. To carry it out: `mode: enforce`");
  EXPECT_EQ(ReasonOf(MessageFacts(), Default()), "");
  GateFacts forced = Scan();
  forced.force = true;
  EXPECT_NE(ReasonOf(forced, Default()), "");
}

TEST(ModeGate, AnAccountMayDiffer) {
  GateSettings settings = Enforcing();
  settings.account_modes = {{"444455556666", Mode::kObserve}, {"123456789012", Mode::kEnforce}};
  EXPECT_EQ(ModeFor(settings, "444455556666"), Mode::kObserve);
  EXPECT_EQ(ModeFor(settings, "111122223333"), Mode::kEnforce);
  GateFacts facts = Scan();
  AccountOf(facts) = "444455556666";
  EXPECT_NE(ReasonOf(facts, settings), "");
  settings.mode = Mode::kObserve;
  EXPECT_EQ(ModeFor(settings, "123456789012"), Mode::kEnforce);
  AccountOf(facts) = "123456789012";
  EXPECT_EQ(ReasonOf(facts, settings), "");
  for (const char* account : {"", "12345678901", "1234567890123", "111122223333"}) {
    EXPECT_EQ(ModeFor(settings, account), Mode::kObserve) << account;
  }
  EXPECT_EQ(ToString(Mode::kObserve), "observe");
  EXPECT_EQ(ToString(Mode::kEnforce), "enforce");
}

// A folder of its own, removed at the end.
class ReadKillSwitchTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = testing::TempDir() + "/kill-switch-XXXXXX";
    ASSERT_NE(mkdtemp(name.data()), nullptr);
    folder_ = name;
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  std::filesystem::path folder_;
};

TEST_F(ReadKillSwitchTest, IsOnWhileTheFileExists) {
  const std::string path = folder_ / "stop";
  EXPECT_EQ(ReadKillSwitch(path), Result<bool>(false));
  std::ofstream(path).close();
  EXPECT_EQ(ReadKillSwitch(path), Result<bool>(true));
  std::filesystem::remove(path);
  EXPECT_EQ(ReadKillSwitch(path), Result<bool>(false));
  std::filesystem::create_directory(path);
  EXPECT_EQ(ReadKillSwitch(path), Result<bool>(true));
}

TEST_F(ReadKillSwitchTest, AMissingFolderIsAnErrorAndNotOff) {
  const Result<bool> read = ReadKillSwitch(folder_ / "none" / "stop");
  ASSERT_FALSE(read.ok());
  EXPECT_NE(read.error().message.find("there is no folder"), std::string::npos);
}

TEST_F(ReadKillSwitchTest, ALinkThatLeadsNowhereIsOn) {
  std::filesystem::create_symlink("/nowhere/at/all", folder_ / "stop");
  EXPECT_EQ(ReadKillSwitch(folder_ / "stop"), Result<bool>(true));
}

TEST_F(ReadKillSwitchTest, IsOffWhenNoFileIsNamed) {
  EXPECT_EQ(ReadKillSwitch(""), Result<bool>(false));
}

TEST_F(ReadKillSwitchTest, AnUnreadablePlaceIsAnErrorAndNotOff) {
  // A link to itself as folder fails for every user, root included, as a folder without rights does for others.
  std::filesystem::create_symlink("loop", folder_ / "loop");
  const std::string path = folder_ / "loop" / "stop";
  const Result<bool> read = ReadKillSwitch(path);
  ASSERT_FALSE(read.ok());
  EXPECT_EQ(read.error().code, ErrorCode::kStorage);
  EXPECT_EQ(read.error().message, "`" + path + "`: Too many levels of symbolic links");
  GateFacts facts = Scan();
  facts.kill_switch = read;
  EXPECT_EQ(ReasonOf(facts), "kill-switch: the kill switch cannot be read: " + read.error().message);
}

// What is installed on a probably compromised host stays as it is; where others are touched too, a person decides.
TEST(Gates, EvidenceIsLeftAlone) {
  GateFacts facts = Scan();
  ASSERT_EQ(facts.targets.hosts.size(), 1U);
  facts.targets.hosts[0].host.evidence = "probably compromised by a finding of case 3, its rules stay as evidence";
  EXPECT_THAT(ReasonOf(facts), testing::HasSubstr("evidence: "));
  EXPECT_THAT(ReasonOf(facts), testing::HasSubstr("probably compromised by a finding of case 3"));
  Target free = facts.targets.hosts[0];
  free.computer = ComputerId{99};
  free.host.evidence.clear();
  facts.targets.hosts.push_back(free);
  const std::vector<GateVerdict> verdicts = AskGates(Enforcing(), facts);
  EXPECT_EQ(verdicts.back().gate, "targets");
  EXPECT_EQ(verdicts.back().wait_for, WaitFor::kPerson);
  EXPECT_THAT(verdicts.back().reason, testing::HasSubstr("1 of 2 hosts must be left alone"));
  facts.targets.hosts[1].host.evidence = "probably compromised";
  EXPECT_THAT(ReasonOf(facts), testing::HasSubstr("evidence: 2 of 2 hosts must be left alone"));
}

}  // namespace
}  // namespace sallyport
