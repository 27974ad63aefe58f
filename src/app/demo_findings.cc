// SPDX-License-Identifier: Apache-2.0
//
// The demo's chapters about GuardDuty, Macie, and an approval.
#include "app/console.h"
#include "app/demo.h"
#include "app/demo_chapter.h"
#include "reach/text.h"
#include "workflow/apply_settings.h"
#include "workflow/macie_settings.h"

namespace sallyport {
namespace {

// Of the world's time: long enough for every scan, short enough to watch.
constexpr Duration kLongestWait = std::chrono::minutes(45);

constexpr std::string_view kBruteForce = "1ab0f7b2c1d34e5f60718293a4b5c6d7";
constexpr std::string_view kOfflineHost = "3cd0f7b2c1d34e5f60718293a4b5c6d9";
constexpr std::string_view kExcludedHost = "4de0f7b2c1d34e5f60718293a4b5c6da";
constexpr std::string_view kSharedPolicy = "5ef0f7b2c1d34e5f60718293a4b5c6db";

const std::vector<DemoStep>& FirstSteps() {
  static const std::vector<DemoStep> steps = {
      {"Password guessing on a protected host",
       "brute-force-on-protected-host",
       {},
       EventState::kWaiting,
       "2 scans requested on web-01"},
      {"The same finding delivered again",
       "brute-force-on-protected-host",
       {},
       EventState::kDuplicate,
       "same content as event 1"},
      {"Another finding about that host",
       "brute-force-on-protected-host",
       {{kBruteForce, "2bc0f7b2c1d34e5f60718293a4b5c6d8"}, {"EC2/SSHBruteForce", "EC2/RDPBruteForce"}},
       EventState::kWaiting,
       "2 scans requested on web-01"},
      {"A protected host that mines coins",
       "crypto-mining-on-protected-host",
       {},
       EventState::kWaiting,
       "3 scans requested on batch-07"},
      {"A host without an agent", "backdoor-on-unprotected-host", {}, EventState::kDone, "1 message"},
      {"A host whose agent is offline",
       "brute-force-on-protected-host",
       {{kBruteForce, kOfflineHost},
        {"i-0123456789abcdef0", "i-00aa11bb22cc33dd4"},
        {"\"web-01\"", "\"db-01\""},
        {"team-web@example.com", "team-data@example.com"}},
       EventState::kDone,
       "1 message"},
      {"A host with the exclusion tag",
       "brute-force-on-protected-host",
       {{kBruteForce, kExcludedHost},
        {"i-0123456789abcdef0", "i-0123123123123abcd"},
        {"\"web-01\"", "\"pay-12\""},
        {"team-web@example.com", "team-pay@example.com"}},
       EventState::kDone,
       "2 scans on pay-12 (i-0123123123123abcd) refused: exclusion-tag"},
      {"A sample finding", "sample-finding", {}, EventState::kDone, ""},
  };
  return steps;
}

const std::vector<DemoStep>& BucketSteps() {
  static const std::vector<DemoStep> steps = {
      {"Macie finds personal data in that bucket", "personal-data-in-a-bucket", {}, EventState::kWaiting, ""},
      {"A second object of it: same case, no second scan",
       "personal-data-in-a-bucket",
       {{"2aa22222bb22cc22dd22eeeeeeeeee22", "3bb33333cc33dd33ee33ffffffffff33"},
        {"people/jane-doe", "people/john-doe"}},
       EventState::kDone,
       "skipped"},
      {"A policy finding: a bucket is public", "public-bucket", {}, EventState::kWaiting, ""},
  };
  return steps;
}

const DemoStep& StepForApproval() {
  static const DemoStep step = {"A host whose SWP policy many hosts share",
                                "brute-force-on-protected-host",
                                {{kBruteForce, kSharedPolicy},
                                 {"i-0123456789abcdef0", "i-0444455556666aaaa"},
                                 {"111122223333", "444455556666"},
                                 {"us-east-1", "eu-west-1"},
                                 {"\"web-01\"", "\"stage-01\""},
                                 {"team-web@example.com", "team-stage@example.com"}},
                                EventState::kWaiting,
                                "2 scans requested on stage-01"};
  return step;
}

void ShowWhoCan(const std::string& bucket, DemoChapter& chapter) {
  reach::Ask ask;
  ask.bucket = bucket;
  const auto answer = chapter.program().reach().WhoCan(ask);
  if (!answer.ok()) return chapter.Want(false, "who-can answers: " + answer.error().ToText());
  const std::string text = reach::AnswerText(*answer);
  const std::size_t at = text.find("Answer: ");
  const std::string line = at == std::string::npos ? "" : text.substr(at + 8, text.find('\n', at) - at - 8);
  chapter.Say("sallyport who-can " + bucket, line, text);
  chapter.Want(!line.empty() && answer->gaps.empty(), "who-can reads everything");
}

// The plan that awaits approval is approved, and carried out.
void Approve(DemoChapter& chapter) {
  const auto plans = chapter.program().ledger().ListPlans(PlanState::kAwaitingApproval, 1);
  if (!plans.ok() || plans->empty()) return chapter.Want(false, "a plan awaits approval");
  const std::string digest = plans->front().digest.substr(0, 12);
  const auto report = chapter.program().handler().Approve(digest, "the demo");
  if (!report.ok()) return chapter.Want(false, "the plan can be approved: " + report.error().ToText());
  chapter.Show("sallyport plans approve " + digest, *report);
}

}  // namespace

bool DemoFindings(DemoWorld& world, bool verbose) {
  DemoChapter chapter(world, "GuardDuty findings, enforce mode", world.MakeSettings(), verbose);
  if (!chapter.Ready()) return false;
  for (const DemoStep& step : FirstSteps()) chapter.Handle(step);
  chapter.Wait("Scans finish, recommended rules are assigned", kLongestWait);
  // One recommended rule needs its thresholds set in SWP.
  chapter.WantCase(kBruteForce, CaseState::kNeedsPerson);
  chapter.WantCase(kOfflineHost, CaseState::kNeedsPerson);
  chapter.WantCase(kExcludedHost, CaseState::kClosed, "refused");
  return chapter.AsMeant();
}

bool DemoBuckets(DemoWorld& world, bool verbose) {
  Settings settings = world.MakeSettings();
  // The hosts were scanned a moment ago, for other reasons.
  settings.gates.cool_down = std::chrono::minutes(1);
  settings.aws.accounts = {{"444455556666", "arn:aws:iam::444455556666:role/sallyport-reader"},
                           {"123456789012", "arn:aws:iam::123456789012:role/sallyport-organization"}};
  settings.aws.external_id = "sallyport-demo";
  settings.rows.Edit<MacieSettings>().wave = 1;
  settings.rows.Edit<MacieSettings>().stagger = std::chrono::minutes(10);
  DemoChapter chapter(world, "Macie findings: which hosts can reach the bucket", settings, verbose);
  if (!chapter.Ready()) return false;
  ShowWhoCan("example-customers", chapter);
  for (const DemoStep& step : BucketSteps()) chapter.Handle(step);
  chapter.Wait("Hosts are scanned in waves, then verified", kLongestWait);
  // One of the hosts has no agent: its owner was told, and it is checked again.
  chapter.WantCase("example-customers", CaseState::kNeedsPerson);
  return chapter.AsMeant();
}

bool DemoApproval(DemoWorld& world, bool verbose) {
  Settings settings = world.MakeSettings();
  settings.apply.placement = Placement::kPolicy;
  settings.gates.approve_above_hosts = 3;
  DemoChapter chapter(world, "An approval: apply.placement policy, gates.approval.above_hosts 3", settings, verbose);
  if (!chapter.Ready()) return false;
  chapter.Handle(StepForApproval());
  chapter.Wait("The scan finishes; its rules are held", kLongestWait);
  Approve(chapter);
  chapter.Wait("Until the rules are in effect", std::chrono::hours(3));
  // Two hosts of the policy cannot show that the rules are in effect: one is offline, one only detects.
  chapter.WantCase(kSharedPolicy, CaseState::kNeedsPerson);
  return chapter.AsMeant();
}

}  // namespace sallyport
