// SPDX-License-Identifier: Apache-2.0
#include "tests/crash_scenario.h"

#include <stdlib.h>

#include <algorithm>
#include <array>

#include "base/check.h"
#include "gates/window.h"
#include "tests/scenario.h"
#include "workflow/macie_settings.h"
#include "workflow/waf_settings.h"

namespace sallyport {
namespace {

constexpr std::array<std::string_view, 6> kNames = {"scans", "approvals", "held", "channels", "aws", "kills"};

constexpr int kHostsOfKills = 3;
constexpr int kFindingsOfAHost = 2;

// Of the three findings of kApprovals; the other one is approved.
constexpr std::string_view kToReject = "UnauthorizedAccess:EC2/RDPBruteForce";
constexpr std::string_view kUndecided = "Recon:EC2/Portscan";

constexpr const char* kPerson = "the person of the crash run";
constexpr const char* kUrlVariable = "CRASH_URL_";
constexpr const char* kSecretVariable = "CRASH_SECRET";

constexpr const char* kRuleParameters = R"({\"rule\":\"protected\"})";
constexpr const char* kRevert =
    R"({"revert":"arn:aws:wafv2:us-east-1:111122223333:regional/webacl/web-acl/a1b2c3d4-5678-90ab-cdef-EXAMPLE22222",)"
    R"("group":"AWS/AWSManagedRulesKnownBadInputsRuleSet"})";

std::string Filled(std::string text, std::string_view what, std::string_view with) {
  for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + with.size())) {
    text.replace(at, what.size(), with);
  }
  return text;
}

ChannelSettings ChannelAt(ChannelType type, const std::string& name) {
  ChannelSettings channel;
  channel.name = name;
  channel.type = type;
  channel.url.variable = kUrlVariable + name;
  return channel;
}

std::vector<ChannelSettings> EverySortOfChannel(const CrashAddresses& addresses) {
  std::vector<ChannelSettings> channels = {
      ChannelAt(ChannelType::kWebhook, "hook"), ChannelAt(ChannelType::kSlackWebhook, "slack"),
      ChannelAt(ChannelType::kSlackBot, "bot"), ChannelAt(ChannelType::kTeams, "teams"),
      ChannelAt(ChannelType::kJsonLines, "archive")};
  // Whether an opening is told before the end depends on the moment of a kill (random_cases_test.cc has openings).
  for (ChannelSettings& channel : channels) channel.opened_from = 10;
  channels[0].secret.variable = kSecretVariable;
  channels[2].token.variable = kSecretVariable;
  channels[2].channel = "C012AB3CD";
  channels[4].url = {};
  channels[4].path = addresses.archive;
  return channels;
}

Result<std::string> TitleOfCase(Ledger& ledger, const PlanRecord& plan) {
  const auto found = ledger.GetCase(plan.case_number);
  if (!found.ok()) return found.error();
  return found->title;
}

}  // namespace

std::string_view ToString(CrashKind kind) {
  return kNames.at(static_cast<std::size_t>(kind));
}

std::optional<CrashKind> CrashKindFromString(std::string_view text) {
  const auto* const found = std::find(kNames.begin(), kNames.end(), text);
  if (found == kNames.end()) return std::nullopt;
  return static_cast<CrashKind>(found - kNames.begin());
}

const sim::SwpEstate& CrashEstate(CrashKind kind) {
  static const sim::SwpEstate hosts = sim::GenerateSwpEstate(7, 40);
  const bool is_generated = kind == CrashKind::kApprovals || kind == CrashKind::kKills;
  return is_generated ? hosts : ScenarioEstate();
}

bool NeedsAws(CrashKind kind) {
  return kind == CrashKind::kHeld || kind == CrashKind::kAws;
}

bool NeedsChannels(CrashKind kind) {
  return kind == CrashKind::kChannels || kind == CrashKind::kKills;
}

Settings CrashSettings(CrashKind kind, const CrashAddresses& addresses, const std::string& ledger) {
  Settings settings = ScenarioSettings(addresses.swp, ledger);
  GateSettings& gates = settings.gates;
  // Each module, and the rules of each host, are questions of their own; all of them are in kScans.
  if (kind != CrashKind::kScans) settings.apply.modules = {swp::RuleModule::kIntrusionPrevention};
  if (kind == CrashKind::kApprovals) {
    gates.approve_actions = {"request-scan", "assign-rules"};
    gates.approval_expires = std::chrono::hours(6);
  }
  if (kind == CrashKind::kHeld) {
    // Both hosts are one decision.
    gates.approve_above_hosts = 1;
    gates.windowed_actions = {"request-scan"};
    // Once a day: what misses it is too old the next time.
    gates.windows = {*ParseMaintenanceWindow("mon,tue,wed,thu,fri,sat,sun 03:00-08:00")};
    settings.apply.placement = Placement::kReport;
    settings.rows.Edit<MacieSettings>().wave = 1;
    settings.rows.Edit<MacieSettings>().stagger = std::chrono::minutes(10);
  }
  if (kind == CrashKind::kAws) {
    gates.allowed_actions.insert("update-web-acl");
    settings.aws.accounts = {{"444455556666", "arn:aws:iam::444455556666:role/sallyport-reader"}};
    settings.aws.external_id = "sallyport-demo";
    WafSettings& waf = settings.rows.Edit<WafSettings>();
    waf.resource_types.clear();
    waf.change = true;
    waf.tell_owners = false;  // what it tells has dates in it
    waf.watch = std::chrono::hours(3);
  }
  if (kind == CrashKind::kChannels) settings.notify.channels = EverySortOfChannel(addresses);
  if (kind == CrashKind::kKills) {
    settings.swp.requests_per_minute = 0;
    settings.notify.channels = EverySortOfChannel(addresses);
  }
  return settings;
}

std::vector<std::string> CrashFindings(CrashKind kind, TimePoint made_at) {
  switch (kind) {
    case CrashKind::kScans:
      return ScenarioFindings(made_at);
    case CrashKind::kApprovals: {
      // One about each host, of three types.
      const auto all = StormFindings(made_at, CrashEstate(kind), 3, 3);
      return {all.at(0), all.at(4), all.at(8)};
    }
    case CrashKind::kHeld:
      // The second one is too old when the window opens.
      return {ScenarioEvent("personal-data-in-a-bucket", made_at),
              ScenarioFindings(made_at - std::chrono::hours(23)).front()};
    case CrashKind::kKills: {
      auto all = StormFindings(made_at, CrashEstate(kind), kHostsOfKills, kFindingsOfAHost);
      all.push_back(FindingAboutUnprotected(made_at, CrashEstate(kind)));
      return all;
    }
    case CrashKind::kAws:
      return {ScheduledEvent("nightly-waf", "{}", made_at),
              Filled(Filled(ScenarioEvent("config-change", made_at), "@INSTANCE@", "i-0123456789abcdef0"), "@RULE@",
                     kRuleParameters),
              Filled(ScenarioEvent("config-schedule", made_at), "@RULE@", kRuleParameters)};
    case CrashKind::kChannels:
      break;
  }
  const std::vector<std::string> findings = ScenarioFindings(made_at);
  return {findings.at(2), RisenFinding(findings.at(2), made_at), findings.at(0)};
}

std::vector<std::string> LaterEvents(CrashKind kind, TimePoint made_at) {
  if (kind != CrashKind::kAws) return {};
  return {ScheduledEvent("sallyport waf", kRevert, made_at)};
}

aws::Environment CrashEnvironment(const CrashAddresses& addresses) {
  const std::pair<std::string, std::string> urls[] = {
      {"hook", "/hook"}, {"slack", "/slack"}, {"bot", "/api"}, {"teams", "/teams"}};
  for (const auto& [name, path] : urls) {
    Check(::setenv((kUrlVariable + name).c_str(), (addresses.channels + path).c_str(), 1) == 0, "the environment");
  }
  Check(::setenv(kSecretVariable, "0123456789abcdef0123456789abcdef", 1) == 0, "the environment");
  aws::Environment environment;
  environment.variable = [url = addresses.aws](const std::string& name) -> std::string {
    // Without a simulator there are no credentials, or AWS itself would be asked.
    if (url.empty()) return "";
    if (name == "AWS_ENDPOINT_URL") return url;
    if (name == "AWS_REGION") return "us-east-1";
    if (name == "AWS_ACCESS_KEY_ID") return "AKIAIOSFODNN7EXAMPLE";
    if (name == "AWS_SECRET_ACCESS_KEY") return "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";
    return "";
  };
  environment.file = [](const std::string& path) -> Result<std::string> {
    return Error{ErrorCode::kNotFound, "`" + path + "`: the test has no files", ""};
  };
  environment.output = [](const std::string&) -> Result<Secret> {
    return Error{ErrorCode::kUnavailable, "the test runs no programs", ""};
  };
  return environment;
}

Status DecideAboutPlans(Program& program) {
  const auto plans = program.ledger().ListPlans(PlanState::kAwaitingApproval, 100);
  if (!plans.ok()) return plans.error();
  for (const PlanRecord& plan : *plans) {
    const auto title = TitleOfCase(program.ledger(), plan);
    if (!title.ok()) return title.error();
    if (*title == kToReject) {
      if (Status rejected = program.handler().Reject(plan.digest, kPerson, "not now"); !rejected.ok()) return rejected;
      continue;
    }
    if (*title == kUndecided) continue;
    const auto approved = program.handler().Approve(plan.digest, kPerson);
    if (!approved.ok()) return approved.error();
    if (approved->ledger_failed) return Error{ErrorCode::kStorage, approved->reason, ""};
  }
  return Ok();
}

Status DecideOnceMore(Program& program) {
  const auto plans = program.ledger().ListPlans(std::nullopt, 100);
  if (!plans.ok()) return plans.error();
  for (const PlanRecord& plan : *plans) {
    if (plan.state == PlanState::kAwaitingApproval) continue;
    if (program.handler().Approve(plan.digest, kPerson).ok()) {
      return Error{
          ErrorCode::kInternal,
          "plan " + plan.digest + ", which is " + std::string(ToString(plan.state)) + ", was approved once more", ""};
    }
  }
  return Ok();
}

std::vector<std::string> OutsideTheWindows(CrashKind kind, const sim::SwpManager& manager) {
  const Settings settings = CrashSettings(kind, {}, "");
  std::vector<std::string> problems;
  for (const sim::SwpRequestRecord& request : manager.Requests()) {
    const bool writes = request.method == "POST" && !request.target.ends_with("/search") &&
                        (request.target.find("scheduledtasks") != std::string::npos ||
                         request.target.find("assignments") != std::string::npos);
    if (!writes || IsOpen(settings.gates.windows, request.time)) continue;
    problems.push_back("outside the maintenance window, at " + FormatTime(request.time) + ": " + request.target);
  }
  return problems;
}

}  // namespace sallyport
