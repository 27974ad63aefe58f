// SPDX-License-Identifier: Apache-2.0
#include "tests/fault_config.h"

#include <map>
#include <utility>

#include "base/check.h"
#include "base/json.h"
#include "intake/exit_code.h"
#include "net/curl_client.h"
#include "tests/scenario.h"

namespace sallyport {
namespace {

constexpr const char* kProtectedHost = "i-0123456789abcdef0";
constexpr const char* kHostWithoutAgent = "i-0fedcba9876543210";
constexpr const char* kStoppedHost = "i-0eeee3333ffff4444";
// Its exclusion tag is known from SWP alone.
constexpr const char* kExcludedHost = "i-0123123123123abcd";

std::string WithWord(std::string text, std::string_view what, std::string_view with) {
  for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + with.size())) {
    text.replace(at, what.size(), with);
  }
  return text;
}

// `rule`: its parameters as JSON inside a JSON text.
std::string ConfigChange(TimePoint now, std::string_view instance, std::string_view rule) {
  return WithWord(WithWord(ScenarioEvent("config-change", now), "@INSTANCE@", instance), "@RULE@", rule);
}

std::string ConfigSchedule(TimePoint now, std::string_view rule) {
  return WithWord(ScenarioEvent("config-schedule", now), "@RULE@", rule);
}

// The item was too large to be sent: state and tags are read from AWS Config's history.
std::string ConfigOversized(TimePoint now, std::string_view instance, std::string_view rule) {
  std::string text = ConfigChange(now, instance, rule);
  text = WithWord(std::move(text), R"(\"messageType\":\"Config)", R"(\"messageType\":\"OversizedConfig)");
  text = WithWord(std::move(text), R"(\"configurationItem\")", R"(\"configurationItemSummary\")");
  const std::size_t begin = text.find(R"(,\"tags\":{})");
  const std::size_t end = text.find(R"(},\"recordVersion\")");
  Check(begin != std::string::npos && end != std::string::npos, "an event of the demonstration");
  return text.erase(begin, end - begin);
}

std::vector<std::string> ConfigChanges(TimePoint now) {
  return {ConfigChange(now, kProtectedHost, R"({\"rule\":\"recommendations-applied\",\"maxDays\":\"30\"})"),
          ConfigChange(now, kHostWithoutAgent, R"({\"rule\":\"protected\"})"),
          ConfigChange(now, kExcludedHost, R"({\"rule\":\"no-uncovered-critical-cve\"})"),
          ConfigOversized(now, kStoppedHost, R"({\"rule\":\"protected\"})")};
}

std::vector<std::string> ConfigSchedules(TimePoint now) {
  return {ConfigSchedule(now, R"({\"rule\":\"has-policy\",\"policy\":\"Linux Web Server\",\"descendants\":\"true\"})")};
}

struct VerdictFacts {
  std::map<std::string, std::string> verdicts;  // by account, region and instance
  bool has_gaps = false;
};

VerdictFacts VerdictFactsIn(const std::string& output) {
  VerdictFacts made;
  const auto json = Json::Parse(output);
  if (!json.ok()) return made;
  for (const Json& host : (*json)["hosts"].Elements()) {
    made.verdicts[host["account"].StringOr("") + " " + host["region"].StringOr("") + " " +
                  host["instance"].StringOr("")] = host["compliance"].StringOr("?");
  }
  made.has_gaps = !(*json)["could_not_be_read"].Elements().empty();
  return made;
}

constexpr const char* kUndeterminedVerdict = "undetermined";

}  // namespace

void AddConfigRows(std::vector<FaultRow>& rows) {
  const auto work = [&](std::string_view name, std::vector<std::string> (*events)(TimePoint)) {
    FaultRow row;
    row.name = name;
    row.needs_aws = true;
    row.events = events;
    row.armed = {"handle", "--json", "@events"};
    row.after = {{"handle", "--json", "@events"}};
    rows.push_back(std::move(row));
  };
  work("config", ConfigChanges);
  work("config, a schedule", ConfigSchedules);
  FaultRow evaluate;
  evaluate.name = "config evaluate";
  evaluate.judge = FaultJudge::kVerdicts;
  evaluate.needs_aws = true;
  evaluate.before = {{"config", "evaluate", "protected", "--save"}};
  evaluate.armed = {"config", "evaluate", "protected", "--save", "--diff", "--format", "json"};
  evaluate.code = static_cast<int>(ExitCode::kFailed);  // not everything is compliant
  rows.push_back(std::move(evaluate));
}

std::set<std::string> ToldAwsConfig(const std::string& url) {
  CurlClient http({.direct = true});
  HttpRequest request;
  request.method = "GET";
  request.url = url + "/_sim/state";
  const auto answer = http.Send(request);
  Check(answer.ok(), "the state of the simulated AWS");
  const auto state = Json::Parse(answer->body);
  Check(state.ok() && (*state)["evaluations"].IsArray(), "the evaluations of the simulated AWS");
  std::set<std::string> told;
  for (const Json& one : (*state)["evaluations"].Elements()) {
    told.insert("AWS Config was told " + one["ComplianceType"].StringOr("?") + " of " +
                one["ComplianceResourceId"].StringOr("?") + " by " + one["rule"].StringOr("?"));
  }
  return told;
}

FaultVerdict JudgeVerdicts(const FaultRun& wanted, const FaultRun& found) {
  FaultVerdict verdict;
  const VerdictFacts then = VerdictFactsIn(wanted.output);
  const VerdictFacts now = VerdictFactsIn(found.output);
  bool less = now.has_gaps;
  for (const auto& [host, compliance] : now.verdicts) {
    const auto before = then.verdicts.find(host);
    const std::string was = before == then.verdicts.end() ? "nothing" : before->second;
    less = less || compliance == kUndeterminedVerdict;
    if (compliance != was && compliance != kUndeterminedVerdict) {
      std::string problem = "flipped: ";
      verdict.problems.push_back(
          problem.append(host).append(": ").append(compliance).append(" instead of ").append(was));
    }
  }
  for (const auto& [host, compliance] : then.verdicts) {
    const bool is_there = now.verdicts.contains(host);
    less = less || !is_there;
    if (!is_there && !now.has_gaps && found.code == wanted.code)
      verdict.problems.push_back("silently missing: " + host);
  }
  if (less && found.code == static_cast<int>(ExitCode::kOk)) verdict.problems.emplace_back("it says that all is well");
  if (found.output.empty() && found.errors.empty()) verdict.problems.emplace_back("neither an answer nor a reason");
  if (!less && found.code != wanted.code) {
    verdict.problems.push_back("code " + std::to_string(found.code) + " with the same verdicts");
  }
  verdict.end = less ? "less" : "as without it";
  return verdict;
}

}  // namespace sallyport
