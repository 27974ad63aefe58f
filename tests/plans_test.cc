// SPDX-License-Identifier: Apache-2.0
//
// Real events in, plans out, held against reviewed text in tests/plans/. Every host counts as protected by SWP with all
// modules on, so that the text shows what the finding asks for.
//
// After a wanted change: UPDATE_PLANS=1 build/dev/tests/plans_test, then read the difference.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

#include "action/request_scan.h"
#include "base/test_files.h"
#include "compliance/seams.h"
#include "event/parse.h"
#include "reach/reads.h"
#include "workflow/fake_swp.h"
#include "workflow/swp_events_settings.h"
#include "workflow/tables.h"

namespace sallyport {
namespace {

namespace fs = std::filesystem;

const TimePoint kNow = FromEpochMilliseconds(1'764'000'000'000);

// Published samples carry account numbers of strangers; those do not belong into our tree.
std::string Where(const Host& host, bool with_account) {
  return with_account ? host.Subject() : host.region + "/" + host.instance.value;
}

std::string Text(const Plan& plan, bool with_account) {
  std::string text =
      std::string(ToString(plan.decision)) + (plan.matter.sample ? " (sample)" : "") + ": " + plan.matter.title + "\n";
  for (const std::string& reason : plan.reasons) text += "  why   " + reason + "\n";
  for (const HostDecision& host : plan.hosts) {
    text += "  host  " + Where(host.host, with_account) + " from " + host.found_in + ": " + host.summary + "\n";
    for (const ScanDecision& scan : host.scans) {
      if (scan.verdict != ScanVerdict::kPlanned) {
        text += "    not " + std::string(DisplayName(scan.kind)) + ": " + scan.why + "\n";
      }
    }
  }
  const bool tells_verdicts = plan.workflow == "config";
  if (plan.collect || tells_verdicts) {
    for (const OtherSubject& other : plan.others)
      text += "  about " + other.kind + " " + other.id + ": " + other.summary + "\n";
  }
  if (plan.collect) {
    text += "  joins " + std::string(NameOf(plan.collect->question)) + ", " + SubjectOf(plan.collect->question) + "\n";
  }
  for (const PlannedAction& planned : plan.actions) {
    text += "  do    " + Describe(planned.action);
    const auto* scan = planned.action.As<RequestScan>();
    if (scan != nullptr && scan->apply_results) text += ", its results applied";
    text += "\n";
  }
  return text;
}

swp::FleetComputer ProtectedFleetComputer(const std::string& instance) {
  const bool of_member = instance == "i-0444455556666aaaa";
  return {ProtectedComputer(instance, 34, of_member ? "444455556666" : "111122223333"), std::nullopt};
}

// Every bucket can be read by one role, which one instance has; another role is Lambda's. The same instance, and one
// that is not in SWP, are all that there is.
class OneHostReaches final : public reach::Reads, public compliance::Reads {
 public:
  Result<std::vector<swp::FleetComputer>> FleetPage(std::int64_t, int) override {
    return std::vector<swp::FleetComputer>{ProtectedFleetComputer("i-0123456789abcdef0")};
  }
  Result<std::vector<swp::FleetComputer>> FleetOf(const InstanceId& instance, swp::RecordKind) override {
    return std::vector<swp::FleetComputer>{ProtectedFleetComputer(instance.value)};
  }
  Result<swp::Policy> GetPolicy(PolicyId) override { return swp::Policy{}; }
  Result<swp::Assignments> GetAssignments(ComputerId, swp::RuleModule) override { return swp::Assignments{}; }
  Status VisitInstances(const compliance::Place& place,
                        const std::function<void(compliance::Resource)>& visit) override {
    visit({{"i-0123456789abcdef0"}, place.account, "running", {}, std::vector<swp::Tag>{}, ""});
    visit({{"i-0fedcba9876543210"}, place.account, "running", {}, std::vector<swp::Tag>{}, ""});
    return Ok();
  }
  Result<std::map<InstanceId, std::string>> ContainerHosts(const compliance::Place&) override {
    return std::map<InstanceId, std::string>{};
  }
  Status VisitJudged(const compliance::Place&, const std::string&,
                     const std::function<void(const std::string&)>& visit) override {
    visit("i-0a1b2c3d4e5f60718");
    return Ok();
  }
  Result<compliance::Resource> RecordedItem(const compliance::Place& place, const InstanceId& instance,
                                            TimePoint) override {
    return compliance::Resource{instance, place.account, "running", {}, std::vector<swp::Tag>{}, ""};
  }

  Result<reach::Answer> WhoCan(const reach::Ask& ask) override {
    reach::ActionAnswer read;
    read.action = "s3:GetObject";
    read.decision = policy::Decision::kAllowed;
    read.without_key = policy::Decision::kAllowed;
    read.statements = {"inline policy `read`: #1"};
    reach::PrincipalAnswer web;
    web.account = "111122223333";
    web.role = "web";
    web.actions = {read};
    web.hosts = {{"111122223333",
                  "us-east-1",
                  {"i-0123456789abcdef0"},
                  "running",
                  {},
                  "instance profile `web`",
                  policy::Decision::kAllowed}};
    reach::PrincipalAnswer job = web;
    job.role = "job";
    job.hosts.clear();
    job.consumers = {"Lambda functions"};
    reach::Answer answer;
    answer.bucket = ask.bucket;
    answer.principals = {web, job};
    return answer;
  }
};

// Of a row that attaches: what is believed, and what it makes of the open case of the host that the events name.
std::string AttachedText(const Event& event, const PlanToMake& one, Sources sources, WorkflowSettings settings) {
  settings.rows.Edit<SwpEventsSettings>().topics = {"arn:aws:sns:us-east-1:111122223333:swp"};
  const auto attachable = one.workflow->attaches(event, settings);
  if (!attachable.ok()) return "unreadable: " + attachable.error().message + "\n";
  std::string text = "events: " + std::to_string(attachable->count) + "\n";
  if (!attachable->refused.empty()) text += "  refused: " + attachable->refused + "\n";
  if (!attachable->nothing.empty()) text += "  nothing: " + attachable->nothing + "\n";
  CaseToAttach attaching;
  attaching.number = 1;
  attaching.opened_at = kNow;
  attaching.hosts = {"111122223333/us-east-1/i-0123456789abcdef0"};
  attaching.remotes = {"198.51.100.7"};
  sources.attaching = &attaching;
  const auto plan = one.workflow->make_plan(event, one.matter, sources, settings);
  if (!plan.ok()) return text + "unreadable: " + plan.error().message + "\n";
  text += Text(*plan, true);
  if (!plan->evidence) return text;
  for (const std::string& line : plan->evidence->lines) text += "  seen  " + line + "\n";
  for (const std::string& address : plan->evidence->blocked) text += "  blocked " + address + "\n";
  return text;
}

std::string PlanText(const Arrival& arrival, bool with_account) {
  if (!arrival.event.ok()) return "unreadable: " + arrival.event.error().message + "\n";
  // Made anew: what the evaluations of AWS Config remember is not carried from one event to the next.
  const Tables tables = ProductTables();
  const WorkflowSettings settings;
  const auto to_make = PlansToMake(*arrival.event, tables, settings);
  if (!to_make.ok()) return "unreadable: " + to_make.error().message + "\n";
  if (to_make->empty()) return "no workflow for " + arrival.event->source + "\n";
  FakeSwpReads swp;
  swp.everywhere = ProtectedComputer("i-00000000");
  swp.by_id.emplace(34, ProtectedComputer("i-0123456789abcdef0"));
  OneHostReaches reach;
  Sources sources{swp, kNow, &reach};
  std::string text;
  for (const PlanToMake& one : *to_make) {
    if (one.workflow->attaches) {
      text += AttachedText(*arrival.event, one, sources, settings);
      continue;
    }
    const auto plan = one.workflow->make_plan(*arrival.event, one.matter, sources, settings);
    text += plan.ok() ? Text(*plan, with_account) : "unreadable: " + plan.error().message + "\n";
  }
  return text;
}

std::string PlansOfFolder(const fs::path& folder, bool with_account) {
  std::set<fs::path> files;
  for (const auto& entry : fs::directory_iterator(folder)) {
    if (entry.path().extension() == ".json") files.insert(entry.path());
  }
  std::string text;
  for (const fs::path& file : files) {
    text += "== " + file.stem().string() + "\n";
    for (const Arrival& arrival : ParseInput(ReadFile(file), file.stem().string(), ProductTables().Forms()))
      text += PlanText(arrival, with_account);
  }
  return text;
}

void ExpectPlans(const fs::path& events, const std::string& name, bool with_account) {
  const fs::path wanted = fs::path(SALLYPORT_SOURCE_DIR) / "tests" / "plans" / name;
  const std::string plans = PlansOfFolder(events, with_account);
  if (std::getenv("UPDATE_PLANS") != nullptr) std::ofstream(wanted) << plans;
  std::istringstream got(plans);
  std::istringstream want(ReadFile(wanted));
  std::string got_line;
  std::string want_line;
  std::string event;
  while (std::getline(want, want_line)) {
    if (want_line.starts_with("== ")) event = want_line;
    if (!std::getline(got, got_line)) got_line = "(nothing more)";
    ASSERT_EQ(got_line, want_line) << "in " << event;
  }
  EXPECT_FALSE(std::getline(got, got_line)) << "more than wanted: " << got_line;
  EXPECT_FALSE(event.empty()) << "no wanted plans in " << wanted;
}

TEST(Plans, OfOurOwnGuardDutyEvents) {
  ExpectPlans(fs::path(SALLYPORT_SOURCE_DIR) / "tests" / "events" / "guardduty", "guardduty.txt", true);
}

TEST(Plans, OfOurOwnMacieEvents) {
  ExpectPlans(fs::path(SALLYPORT_SOURCE_DIR) / "tests" / "events" / "macie", "macie.txt", true);
}

TEST(Plans, OfOurOwnInspectorEvents) {
  ExpectPlans(fs::path(SALLYPORT_SOURCE_DIR) / "tests" / "events" / "inspector", "inspector.txt", true);
}

TEST(Plans, OfOurOwnEventsOfSwp) {
  ExpectPlans(fs::path(SALLYPORT_SOURCE_DIR) / "tests" / "events" / "swp", "swp.txt", true);
}

TEST(Plans, OfOurOwnInvocationsOfAwsConfig) {
  ExpectPlans(fs::path(SALLYPORT_SOURCE_DIR) / "tests" / "events" / "config", "config.txt", true);
}

// Their buckets are strangers', so their plans are not kept here.
TEST(Plans, OfTheSharedMacieSamplesScanWhoReachesTheBucket) {
  const char* shared = std::getenv("SALLYPORT_SHARED");
  if (shared == nullptr) GTEST_SKIP() << "SALLYPORT_SHARED is not set";
  std::size_t files = 0;
  for (const auto& entry : fs::directory_iterator(fs::path(shared) / "events" / "macie")) {
    const std::string name = entry.path().stem().string();
    const auto arrivals = ParseInput(ReadFile(entry.path()), name, ProductTables().Forms());
    ASSERT_EQ(arrivals.size(), 1U) << name;
    const std::string text = PlanText(arrivals[0], false);
    const bool is_classic = name.starts_with("classic");  // its summary is empty
    EXPECT_TRUE(text.starts_with(is_classic ? "out-of-scope: " : "act: ")) << name << "\n" << text;
    ++files;
  }
  EXPECT_GT(files, 0U);
}

TEST(Plans, OfTheSharedGuardDutySamples) {
  const char* shared = std::getenv("SALLYPORT_SHARED");
  if (shared == nullptr) GTEST_SKIP() << "SALLYPORT_SHARED is not set";
  ExpectPlans(fs::path(shared) / "events" / "guardduty", "guardduty-samples.txt", false);
}

}  // namespace
}  // namespace sallyport
