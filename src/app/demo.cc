// SPDX-License-Identifier: Apache-2.0
//
// sallyport demo: findings against a simulated SWP manager and a simulated AWS, over real HTTP, with the ordinary
// parts: from the finding to the scan, its end, the rules that it recommends, and the proof that they are in effect.
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string_view>
#include <utility>
#include <vector>

#include "app/commands.h"
#include "app/console.h"
#include "app/demo_events.h"
#include "app/follow_up_loop.h"
#include "app/wire.h"
#include "base/check.h"
#include "edge/run.h"
#include "edge/text.h"
#include "event/parse.h"
#include "intake/report.h"
#include "notify/render_text.h"
#include "reach/text.h"
#include "report/waf_page.h"
#include "sim/aws/estate.h"
#include "sim/aws/simulator.h"
#include "sim/swp_manager.h"
#include "workflow/macie_settings.h"

namespace sallyport {
namespace {

// A second of the demo is ten minutes of the simulated manager, where a scan takes two.
constexpr double kSpeed = 600;
constexpr Duration kScanDuration = std::chrono::minutes(2);
// Of simulated time: long enough for every scan, short enough to watch.
constexpr Duration kLongestWait = std::chrono::minutes(45);

// The program lives in the manager's time, so that waiting is short.
class DemoClock final : public Clock {
 public:
  explicit DemoClock(const sim::SimClock& simulated) : simulated_(simulated) {}
  TimePoint Now() const override { return simulated_.Now(); }
  std::chrono::steady_clock::time_point Monotonic() const override { return real_.Monotonic(); }
  void SleepFor(Duration duration) override {
    real_.SleepFor(Duration{static_cast<std::int64_t>(static_cast<double>(duration.count()) / kSpeed) + 1});
  }

 private:
  const sim::SimClock& simulated_;
  SystemClock real_;
};

// A finding of the demo: one of the events in demo_events/, changed in places.
struct DemoFinding {
  std::string_view heading;
  std::string_view event;
  std::vector<std::pair<std::string_view, std::string_view>> changes;
};

const std::vector<DemoFinding>& FirstFindings() {
  static const std::vector<DemoFinding> findings = {
      {"Somebody tries passwords on a protected host", "brute-force-on-protected-host", {}},
      {"The same finding is delivered a second time", "brute-force-on-protected-host", {}},
      {"Another finding about the same host joins the scans that run",
       "brute-force-on-protected-host",
       {{"1ab0f7b2c1d34e5f60718293a4b5c6d7", "2bc0f7b2c1d34e5f60718293a4b5c6d8"},
        {"EC2/SSHBruteForce", "EC2/RDPBruteForce"}}},
      {"A protected host mines coins", "crypto-mining-on-protected-host", {}},
      {"A host without an agent", "backdoor-on-unprotected-host", {}},
      {"A host whose agent is offline",
       "brute-force-on-protected-host",
       {{"1ab0f7b2c1d34e5f60718293a4b5c6d7", "3cd0f7b2c1d34e5f60718293a4b5c6d9"},
        {"i-0123456789abcdef0", "i-00aa11bb22cc33dd4"},
        {"\"web-01\"", "\"db-01\""},
        {"team-web@example.com", "team-data@example.com"}}},
      {"A host that its owner excluded",
       "brute-force-on-protected-host",
       {{"1ab0f7b2c1d34e5f60718293a4b5c6d7", "4de0f7b2c1d34e5f60718293a4b5c6da"},
        {"i-0123456789abcdef0", "i-0123123123123abcd"},
        {"\"web-01\"", "\"pay-12\""},
        {"team-web@example.com", "team-pay@example.com"}}},
      {"A sample finding", "sample-finding", {}},
  };
  return findings;
}

const DemoFinding& FindingForApproval() {
  static const DemoFinding finding = {"A host whose policy many others share",
                                      "brute-force-on-protected-host",
                                      {{"1ab0f7b2c1d34e5f60718293a4b5c6d7", "5ef0f7b2c1d34e5f60718293a4b5c6db"},
                                       {"i-0123456789abcdef0", "i-0444455556666aaaa"},
                                       {"111122223333", "444455556666"},
                                       {"us-east-1", "eu-west-1"},
                                       {"\"web-01\"", "\"stage-01\""},
                                       {"team-web@example.com", "team-stage@example.com"}}};
  return finding;
}

const std::vector<DemoFinding>& BucketFindings() {
  static const std::vector<DemoFinding> findings = {
      {"Macie finds personal data in that bucket", "personal-data-in-a-bucket", {}},
      {"And in another object of it: the same matter, so nothing is asked for twice",
       "personal-data-in-a-bucket",
       {{"2aa22222bb22cc22dd22eeeeeeeeee22", "3bb33333cc33dd33ee33ffffffffff33"},
        {"people/jane-doe", "people/john-doe"}}},
      {"A policy finding: the bucket is public",
       "personal-data-in-a-bucket",
       {{"2aa22222bb22cc22dd22eeeeeeeeee22", "4cc44444dd44ee44ff44aaaaaaaaaa44"},
        {"SensitiveData:S3Object/Personal", "Policy:IAMUser/S3BucketPublic"},
        {"example-customers", "example-site"}}},
  };
  return findings;
}

std::string ReplaceAll(std::string text, std::string_view what, std::string_view with) {
  for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + with.size())) {
    text.replace(at, what.size(), with);
  }
  return text;
}

std::string TextOf(const DemoFinding& finding, TimePoint made_at) {
  std::string text;
  for (const DemoEvent& event : DemoEvents()) {
    if (event.name == finding.event) text = event.json;
  }
  Check(!text.empty(), "an event of the demo");
  for (const auto& [what, with] : finding.changes) text = ReplaceAll(std::move(text), what, with);
  return ReplaceAll(std::move(text), "@NOW@", FormatTime(made_at));
}

// A folder of its own under the system's temporary folder; it stays, so that the ledger can be looked at.
std::string DemoFolder() {
  std::error_code error;
  std::string pattern = std::filesystem::temp_directory_path(error).string() + "/sallyport-demo-XXXXXX";
  const char* made = ::mkdtemp(pattern.data());
  return made == nullptr ? "" : made;
}

Settings DemoSettings(const std::string& url, const std::string& folder) {
  Settings settings;
  settings.swp.url = url;
  settings.swp.api_key = Secret("SIM-KEY-FULL");
  settings.swp.api_key_source = "the demo";
  settings.gates = DefaultGates(KindsOf(ProductActions()));
  settings.gates.mode = Mode::kEnforce;
  settings.ledger.path = folder + "/ledger.db";
  settings.log.level = LogLevel::kError;
  return settings;
}

// Nothing of the machine's own: the keys of the simulated AWS, and its address.
aws::Environment DemoEnvironment(const std::string& url) {
  aws::Environment environment;
  environment.variable = [url](const std::string& name) -> std::string {
    if (name == "AWS_ENDPOINT_URL") return url;
    if (name == "AWS_REGION") return "us-east-1";
    if (name == "AWS_ACCESS_KEY_ID") return "AKIAIOSFODNN7EXAMPLE";
    if (name == "AWS_SECRET_ACCESS_KEY") return "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";
    return "";
  };
  environment.file = [](const std::string& path) -> Result<std::string> {
    return Error{ErrorCode::kNotFound, "`" + path + "`: the demo has no files", ""};
  };
  environment.output = [](const std::string&) -> Result<Secret> {
    return Error{ErrorCode::kUnavailable, "the demo runs no programs", ""};
  };
  return environment;
}

// One chapter: a program with its settings, on the ledger and the manager that all chapters share.
class Chapter {
 public:
  Chapter(const Settings& settings, Clock& clock, const Paint& paint, const std::string& aws_url = "")
      : clock_(clock), paint_(paint) {
    ProgramOptions options;
    options.clock = &clock;
    options.aws_environment = [aws_url] { return DemoEnvironment(aws_url); };
    options.show_messages = true;
    options.on_message = [this](const Message& message) { messages_.push_back(message); };
    auto program = Program::Make(settings, ProductProgram(), std::move(options));
    if (program.ok()) {
      program_ = *std::move(program);
    } else {
      Complain(program.error());
      code_ = ExitCode::kStorage;
    }
  }

  bool ready() const { return program_ != nullptr; }
  Program& program() { return *program_; }
  ExitCode code() const { return code_; }

  void Handle(const DemoFinding& finding, TimePoint made_at) {
    Print(paint_.Cyan("# " + std::string(finding.heading)) + "\n");
    HandleText(TextOf(finding, made_at), std::string(finding.event));
  }

  void HandleText(const std::string& text, const std::string& origin) {
    for (const Arrival& arrival : ParseDocument(text, origin, program_->tables().workflows.Forms())) {
      Show(program_->handler().Handle(arrival));
    }
  }

  void ShowWhoCan(const std::string& bucket) {
    Print(paint_.Cyan("# sallyport who-can " + bucket) + "\n");
    reach::Ask ask;
    ask.bucket = bucket;
    const auto answer = program_->reach().WhoCan(ask);
    if (!answer.ok()) {
      Complain(answer.error());
      code_ = Worse(code_, ExitCode::kUndetermined);
      return;
    }
    Print(reach::AnswerText(*answer) + "\n");
  }

  void Show(const EventReport& report) {
    code_ = Worse(code_, ExitCodeFor(report));
    Print(ReportText(report, paint_));
    for (const Message& message : messages_) Print(paint_.Cyan("--- message") + "\n" + ConsoleText(message));
    messages_.clear();
    if (report.number) Print("\n");
  }

  void Wait(std::string_view heading) {
    Print(paint_.Cyan("# " + std::string(heading)) + "\n");
    const auto left = RunFollowUps(*program_, kLongestWait, 1, [this](const EventReport& report) { Show(report); });
    if (!left.ok()) {
      Complain(left.error());
      code_ = Worse(code_, ExitCode::kStorage);
    }
    Print("\n");
  }

 private:
  Clock& clock_;
  const Paint& paint_;
  std::vector<Message> messages_;
  std::unique_ptr<Program> program_;
  ExitCode code_ = ExitCode::kOk;
};

// The plan that waits for a yes is shown, approved, and brought to its end.
void Approve(Chapter& chapter, const Paint& paint) {
  const auto plans = chapter.program().ledger().ListPlans(PlanState::kAwaitingApproval, 1);
  if (!plans.ok() || plans->empty()) return Print("no plan waits for an approval\n");
  const std::string digest = plans->front().digest.substr(0, 12);
  Print(paint.Cyan("# A person looks at it and says yes") + "\n  sallyport plans approve " + digest + "\n\n");
  const auto report = chapter.program().handler().Approve(digest, "the demo");
  if (!report.ok()) return Complain(report.error());
  chapter.Show(*report);
}

std::string Introduction(const std::string& url, const Paint& paint) {
  return paint.Bold("Sallyport demo") + ": GuardDuty and Macie findings, a simulated SWP manager at " + url +
         ", enforce mode; a second is ten minutes of its clock\n\n";
}

std::string Ending(const std::string& folder, const Paint& paint) {
  const std::string command = "  sallyport --ledger " + folder + "/ledger.db ";
  return paint.Bold("The ledger keeps all of it:") + "\n" + command + "cases list\n" + command + "cases show 1\n" +
         command + "ledger verify\n" + command + "followups list\n";
}

// A finding about a bucket: who can reach it is asked of AWS, and those hosts are scanned.
ExitCode RunBuckets(Settings settings, const std::string& aws_url, Clock& clock, const Paint& paint) {
  // The hosts were scanned a moment ago, for other reasons.
  settings.gates.cool_down = std::chrono::minutes(1);
  settings.aws.accounts = {{"444455556666", "arn:aws:iam::444455556666:role/sallyport-reader"},
                           {"123456789012", "arn:aws:iam::123456789012:role/sallyport-organization"}};
  settings.aws.external_id = "sallyport-demo";
  settings.rows.Edit<MacieSettings>().wave = 1;
  settings.rows.Edit<MacieSettings>().stagger = std::chrono::minutes(10);
  Chapter chapter(settings, clock, paint, aws_url);
  if (!chapter.ready()) return chapter.code();
  Print(paint.Bold("Now a bucket") + ": a simulated AWS at " + aws_url + "\n\n");
  chapter.ShowWhoCan("example-customers");
  for (const DemoFinding& finding : BucketFindings()) chapter.Handle(finding, clock.Now());
  chapter.Wait("The hosts are scanned one after the other, each until it is verified");
  return chapter.code();
}

// What EventBridge Scheduler sends for a schedule without an input.
std::string ScheduleOfWaf(TimePoint now) {
  return R"({"version":"0","id":"demo-waf","source":"aws.scheduler","detail-type":"Scheduled Event","account":"111122223333",)"
         R"("region":"us-east-1","time":")" +
         FormatTime(now) +
         R"(","resources":["arn:aws:scheduler:us-east-1:111122223333:schedule/default/nightly-waf"],"detail":"{}"})";
}

// The map from the edge to the host; its page stays beside the ledger.
ExitCode RunWaf(Settings settings, const std::string& aws_url, Clock& clock, const std::string& folder,
                const Paint& paint) {
  settings.aws.accounts = {{"444455556666", "arn:aws:iam::444455556666:role/sallyport-reader"}};
  settings.aws.external_id = "sallyport-demo";
  Chapter chapter(settings, clock, paint, aws_url);
  if (!chapter.ready()) return chapter.code();
  Print(paint.Bold("Now a schedule") + ": which hosts stand behind an enforcing web ACL\n\n");
  chapter.HandleText(ScheduleOfWaf(clock.Now()), "nightly-waf");
  const auto run = edge::ReadRun(chapter.program().ledger());
  if (!run.ok() || !run->has_value()) return Worse(chapter.code(), ExitCode::kStorage);
  edge::ShowOptions options;
  options.most = 4;
  Print(edge::RunText(**run, options));
  const std::string file = folder + "/waf.html";
  std::ofstream(file, std::ios::binary) << report::RenderPage(report::WafPage(**run));
  Print("\n" + paint.Bold("The same as a page:") + " " + file + "\n\n");
  return chapter.code();
}

ExitCode RunDemo(sim::SwpManager& manager, const std::string& aws_url, Clock& clock, const std::string& folder,
                 const Paint& paint) {
  Print(Introduction(manager.url(), paint));
  Settings settings = DemoSettings(manager.url(), folder);
  ExitCode code = ExitCode::kOk;
  {
    Chapter chapter(settings, clock, paint);
    if (!chapter.ready()) return chapter.code();
    const TimePoint made_at = clock.Now();
    for (const DemoFinding& finding : FirstFindings()) chapter.Handle(finding, made_at);
    chapter.Wait("Waiting for the ends of the scans, applying what they recommend, verifying");
    code = Worse(code, chapter.code());
  }
  code = Worse(code, RunBuckets(settings, aws_url, clock, paint));
  code = Worse(code, RunWaf(settings, aws_url, clock, folder, paint));
  settings.apply.placement = Placement::kPolicy;
  settings.gates.approve_above_hosts = 3;
  Chapter chapter(settings, clock, paint);
  if (!chapter.ready()) return chapter.code();
  Print(paint.Bold("Now with apply.placement: policy, and gates.approval.above_hosts: 3") + "\n\n");
  chapter.Handle(FindingForApproval(), clock.Now());
  chapter.Wait("The scan ends; its rules would reach every host of the policy");
  Approve(chapter, paint);
  chapter.Wait("Until the rules are in effect");
  Print(Ending(folder, paint));
  return Worse(code, chapter.code());
}

}  // namespace

ExitCode DemoCommand() {
  const std::string folder = DemoFolder();
  if (folder.empty()) {
    Complain("no temporary folder can be made");
    return ExitCode::kStorage;
  }
  const SystemClock real;
  sim::SimClock simulated(real.Now(), kSpeed, real);
  DemoClock clock(simulated);
  sim::SwpManagerOptions options;
  options.clock = &simulated;
  options.scan_duration = kScanDuration;
  auto manager = sim::SwpManager::Start(sim::DemoSwpEstate(), options);
  if (!manager.ok()) {
    Complain(manager.error());
    return ExitCode::kInternal;
  }
  aws_sim::SimulatorOptions aws_options;
  aws_options.clock = &simulated;
  const auto aws = aws_sim::Simulator::Start(aws_sim::DemoAwsEstate(), aws_options);
  if (!aws.ok()) {
    Complain(aws.error());
    return ExitCode::kInternal;
  }
  return RunDemo(**manager, (*aws)->url(), clock, folder, Paint(WantsColor()));
}

}  // namespace sallyport
