// SPDX-License-Identifier: Apache-2.0
#include "tests/fault_judge.h"

#include <algorithm>
#include <regex>
#include <sstream>

#include "base/json.h"
#include "intake/exit_code.h"
#include "tests/fault_config.h"

namespace sallyport {
namespace {

constexpr const char* kAsWithoutIt = "as without it";

// Words for "undetermined": of a protection state, a decision of a plan, who can reach a bucket.
bool IsUnknown(const std::string& word) {
  return word == "could not determine" || word == "undetermined" || word == "not asked" || word.empty();
}

std::string JoinedWords(const std::set<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : "+") + word;
  return text;
}

std::set<std::string> LinesIn(const std::string& text) {
  std::set<std::string> lines;
  std::stringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines.insert(line);
  return lines;
}

// How much a decision does; that of some hosts does as much as that of all, or less.
int WeightOf(std::string_view decision) {
  decision = decision.substr(0, decision.find(kOfSomeHosts));
  return decision == "act" ? 2 : decision == "notify" ? 1 : 0;
}

// A decision of fewer hosts than then: it is said which are not known, and it does nothing that was not decided then.
bool IsPartOf(const std::string& decision, const std::set<std::string>& then) {
  return decision.ends_with(kOfSomeHosts) && std::any_of(then.begin(), then.end(), [&](const std::string& whole) {
           return WeightOf(decision) <= WeightOf(whole);
         });
}

// A second plan about the same thing finds done what the first one did.
bool WasDoneBefore(const std::string& decision, const std::set<std::string>& all) {
  return decision == "nothing" &&
         std::any_of(all.begin(), all.end(), [](const std::string& other) { return WeightOf(other) > 0; });
}

// What is said now and was not said then, unless it says that it is not known.
void AddGained(const FaultFacts& wanted, const FaultFacts& found, std::vector<std::string>& problems) {
  for (const auto& [about, values] : found) {
    const auto then = wanted.find(about);
    for (const std::string& value : values) {
      if (IsUnknown(value) || WasDoneBefore(value, values)) continue;
      if (then == wanted.end()) {
        problems.push_back(std::string("gained: ").append(about).append(": ").append(value));
      } else if (!then->second.contains(value) && !IsPartOf(value, then->second)) {
        problems.push_back(std::string("flipped: ")
                               .append(about)
                               .append(": ")
                               .append(value)
                               .append(" instead of ")
                               .append(JoinedWords(then->second)));
      }
    }
  }
}

// What a reason has to have of what went wrong; empty: anything.
std::vector<std::string_view> WordsFor(const Fault& fault) {
  if (fault.operation.seam != FaultSeam::kSwp) return {};
  switch (fault.way) {
    case FaultWay::kRefused:
      return {"403"};
    case FaultWay::kStranger:
      return {"401"};
    case FaultWay::kGone:
      return {"404", "no longer has"};
    case FaultWay::kBusy:
      return {"429"};
    case FaultWay::kBroken:
      return {"500"};
    case FaultWay::kCut:
    case FaultWay::kCutAfter:
    case FaultWay::kSlow:
    case FaultWay::kLate:
      return {"answer"};
    case FaultWay::kHalf:
    case FaultWay::kNonsense:
    case FaultWay::kEmpty:
      return {"cannot be read", "answer"};
    case FaultWay::kStale:
      break;
  }
  return {};
}

bool IsNamed(const Fault& fault, const std::vector<std::string>& reasons) {
  const auto words = WordsFor(fault);
  if (words.empty()) return std::any_of(reasons.begin(), reasons.end(), [](auto& reason) { return !reason.empty(); });
  return std::any_of(reasons.begin(), reasons.end(), [&](const std::string& reason) {
    return std::any_of(words.begin(), words.end(),
                       [&](std::string_view word) { return reason.find(word) != std::string::npos; });
  });
}

// What a message says about the protection of a host: "i-... not protected".
std::set<std::string> ToldOfProtection(const std::vector<TakenMessage>& messages) {
  std::set<std::string> told;
  for (const TakenMessage& message : messages) {
    const auto member = [&](const std::string& begin) {
      const auto at = message.content.find(begin);
      if (at == std::string::npos) return std::string();
      return message.content.substr(at + begin.size(),
                                    message.content.find('"', at + begin.size()) - at - begin.size());
    };
    const std::string state = member(R"("protection":{"state":")");
    if (!IsUnknown(state)) told.insert(member(R"("instance":")") + " " + state);
  }
  return told;
}

void AddMessages(const FaultRun& wanted, const FaultRun& found, std::vector<std::string>& problems) {
  const auto then = ToldOfProtection(wanted.messages);
  for (const std::string& told : ToldOfProtection(found.messages)) {
    // A case that needs a person is told where one that went well is not; what it says of its host was decided then.
    const std::size_t behind = told.find(' ');
    const auto decided = wanted.facts.find("protection of " + told.substr(0, behind));
    const bool was_decided = decided != wanted.facts.end() && decided->second.contains(told.substr(behind + 1));
    if (!then.contains(told) && !was_decided) problems.push_back("told: " + told);
  }
  // One that says that it may be a repetition can arrive before the one that it repeats.
  std::map<std::string, int> times;
  for (const TakenMessage& message : found.messages) {
    if (message.repeats || message.changes) continue;
    const std::string content = message.channel + " " + message.about + " " + message.content;
    if (++times[content] > 1) problems.push_back("told twice: " + message.about);
  }
}

FaultVerdict OfWork(const FaultRow& row, const Fault& fault, const FaultRun& wanted, const FaultRun& found) {
  FaultVerdict verdict;
  std::vector<std::string>& problems = verdict.problems;
  for (const std::string& problem : found.ending.problems) {
    const bool is_given_up =
        fault.operation.seam == FaultSeam::kChannel && problem.find("gave up") != std::string::npos;
    if (!is_given_up) problems.push_back(problem);
  }
  for (const std::string& twice : found.twice) problems.push_back(twice);
  AddGained(wanted.facts, found.facts, problems);
  AddMessages(wanted, found, problems);
  for (const std::string& done : found.done) {
    if (!wanted.done.contains(done)) problems.push_back("done and not wanted: " + done);
  }
  for (std::size_t i = row.before.size() + 1; i < found.codes.size(); ++i) {
    if (found.codes[i] == 100) problems.emplace_back("it does not come to an end");
  }
  std::set<std::string> otherwise = found.ended_otherwise;
  for (const std::string& word : wanted.ended_otherwise) otherwise.erase(word);
  verdict.end = JoinedWords(otherwise);
  if (!otherwise.empty()) {
    if (!IsNamed(fault, found.reasons)) {
      problems.push_back("no reason names the fault: " + (found.reasons.empty() ? "" : found.reasons.front()));
    }
    return verdict;
  }
  verdict.end = kAsWithoutIt;
  // A settings file that ends early at the end of a line is another settings file.
  if (fault.operation.name == "settings.yaml" && fault.way == FaultWay::kHalf) return verdict;
  const std::set<std::string> outcomes = WithoutCases(found.ending.outcomes);
  for (const std::string& line : WithoutCases(wanted.ending.outcomes)) {
    if (outcomes.contains(line)) continue;
    // A dry run that ended otherwise has said so; what is delivered again is carried out.
    const bool was_shown = found.code != wanted.code || found.output.find("refused") != std::string::npos;
    if (line.ends_with(": would") && was_shown) continue;
    problems.push_back("silently missing: " + line);
  }
  return verdict;
}

// "the output of `who-can --json`" as facts, and whether it says that something is not known.
struct WhoCanFacts {
  FaultFacts facts;
  bool has_gaps = false;
};

void AddPrincipal(const Json& principal, WhoCanFacts& into) {
  const std::string name = principal["arn"].StringOr(principal["role"].StringOr("?"));
  for (const Json& action : principal["actions"].Elements()) {
    into.facts[name + " " + action["action"].StringOr("")].insert(action["decision"].StringOr(""));
  }
  // Whose access is not known is listed with its hosts: they are no news about the bucket.
  const auto actions = principal["actions"].Elements();
  const bool is_open = std::any_of(actions.begin(), actions.end(),
                                   [](const Json& action) { return IsUnknown(action["decision"].StringOr("")); });
  if (is_open) return;
  for (const Json& host : principal["hosts"].Elements()) {
    const std::string instance = host["instance"].StringOr("");
    into.facts[std::string(instance).append(" has ").append(name)].insert("yes");
    into.facts["protection of " + instance].insert(host["protection"].StringOr(""));
  }
}

WhoCanFacts WhoCanFactsIn(const std::string& output) {
  WhoCanFacts made;
  const auto json = Json::Parse(output);
  if (!json.ok()) return made;
  for (const Json& principal : (*json)["principals"].Elements()) AddPrincipal(principal, made);
  for (const Json& user : (*json)["users"].Elements()) AddPrincipal(user, made);
  for (const Json& everyone : (*json)["everyone"].Elements()) AddPrincipal(everyone, made);
  for (const Json& outsider : (*json)["outsiders"].Elements()) {
    const std::string what = outsider["what"].StringOr("");
    const bool is_open = what.find("undetermined") != std::string::npos || what.find("not read") != std::string::npos;
    made.facts["outsider " + outsider["who"].StringOr("")].insert(is_open ? "undetermined" : what);
  }
  made.has_gaps = !(*json)["could_not_be_read"].Elements().empty() || (*json)["undetermined"].Int64Or(0) > 0;
  return made;
}

bool SaysLess(const FaultRun& found) {
  return found.code != static_cast<int>(ExitCode::kOk) && found.code != static_cast<int>(ExitCode::kInternal);
}

FaultVerdict OfWhoCan(const FaultRun& wanted, const FaultRun& found) {
  FaultVerdict verdict;
  const WhoCanFacts then = WhoCanFactsIn(wanted.output);
  const WhoCanFacts now = WhoCanFactsIn(found.output);
  AddGained(then.facts, now.facts, verdict.problems);
  std::set<std::string> missing;
  for (const auto& [about, values] : then.facts) {
    const auto said = now.facts.find(about);
    if (said == now.facts.end() || said->second != values) missing.insert(about);
  }
  verdict.end = missing.empty() && found.code == wanted.code ? kAsWithoutIt : "less";
  if (!missing.empty() && !SaysLess(found)) verdict.problems.push_back("silently missing: " + *missing.begin());
  if (found.output.empty() && found.errors.empty()) verdict.problems.emplace_back("neither an answer nor a reason");
  return verdict;
}

int RankOf(const std::string& health) {
  return health == "ok" ? 0 : health == "warning" || health == "not-checked" ? 1 : 2;
}

// A check that leaves something open and says so: "..., so expiry is not known".
constexpr std::string_view kSaysOpen = "undetermined";

FaultVerdict OfChecks(const FaultRun& wanted, const FaultRun& found) {
  std::set<std::string> open;
  const auto checks = [&](const std::string& output) {
    std::map<std::string, std::string> made;
    open.clear();
    for (const std::string& line : LinesIn(output)) {
      const auto json = Json::Parse(line);
      if (!json.ok()) continue;
      const std::string check = (*json)["check"].StringOr("?");
      made[check] = (*json)["health"].StringOr("?");
      if ((*json)["found"].StringOr("").find(kSaysOpen) != std::string::npos) open.insert(check);
    }
    return made;
  };
  FaultVerdict verdict;
  const auto then = checks(wanted.output);
  const auto now = checks(found.output);
  bool worse = false;
  for (const auto& [check, health] : now) {
    const auto before = then.find(check);
    const int was = before == then.end() ? 0 : RankOf(before->second);
    const bool says_less = open.contains(check) && RankOf(health) < was;
    worse = worse || says_less;
    if (before != then.end() && RankOf(health) < was && !says_less) {
      verdict.problems.push_back(std::string("gained: ")
                                     .append(check)
                                     .append(" is ")
                                     .append(health)
                                     .append(" instead of ")
                                     .append(before->second));
    }
    if (before == then.end() && health == "ok") verdict.problems.push_back("gained: " + check + " is ok");
    worse = worse || RankOf(health) > was;
  }
  bool missing = false;
  for (const auto& [check, health] : then) missing = missing || !now.contains(check);
  verdict.end = worse || missing ? "less" : kAsWithoutIt;
  if (missing && !SaysLess(found)) verdict.problems.emplace_back("silently missing checks");
  if (!worse && !missing && found.code != wanted.code) {
    verdict.problems.push_back("code " + std::to_string(found.code) + " with the same checks");
  }
  return verdict;
}

// Hashes of the chain cover who handled an event, which no two runs have alike.
std::string WithoutHashes(std::string text) {
  constexpr std::string_view kHash = "hash\":\"";
  constexpr std::size_t kHashDigits = 64;
  for (auto at = text.find(kHash); at != std::string::npos; at = text.find(kHash, at + kHash.size())) {
    text.erase(at + kHash.size(), std::min(kHashDigits, text.find('"', at + kHash.size()) - at - kHash.size()));
  }
  return text;
}

// Without what moves with time.
std::string Steady(const FaultRow& row, const std::string& text) {
  return row.moves.empty() ? text : std::regex_replace(text, std::regex(row.moves, std::regex::multiline), ",#");
}

FaultVerdict OfLines(const FaultRow& row, const FaultRun& wanted, const FaultRun& found) {
  FaultVerdict verdict;
  const std::set<std::string> then = LinesIn(Steady(row, WithoutHashes(wanted.output)));
  std::size_t same = 0;
  for (const std::string& line : LinesIn(Steady(row, WithoutHashes(found.output)))) {
    if (then.contains(line)) ++same;
    if (!then.contains(line) && found.code == wanted.code) verdict.problems.push_back("gained: " + line);
  }
  const bool whole = same == then.size();
  verdict.end = whole && found.code == wanted.code ? kAsWithoutIt : "less";
  if (!whole && !SaysLess(found)) verdict.problems.emplace_back("lines are silently missing");
  if (SaysLess(found) && found.code != wanted.code && found.errors.empty() && found.output.empty()) {
    verdict.problems.emplace_back("neither an answer nor a reason");
  }
  for (const std::string& twice : found.twice) verdict.problems.push_back(twice);
  return verdict;
}

}  // namespace

FaultVerdict JudgeFault(const FaultRow& row, const Fault& fault, const FaultRun& wanted, const FaultRun& found) {
  FaultVerdict verdict;
  switch (row.judge) {
    case FaultJudge::kWork:
      verdict = OfWork(row, fault, wanted, found);
      break;
    case FaultJudge::kWhoCan:
      verdict = OfWhoCan(wanted, found);
      break;
    case FaultJudge::kChecks:
      verdict = OfChecks(wanted, found);
      break;
    case FaultJudge::kLines:
      verdict = OfLines(row, wanted, found);
      break;
    case FaultJudge::kVerdicts:
      verdict = JudgeVerdicts(wanted, found);
      break;
  }
  for (const std::string& broken : found.broken) verdict.problems.push_back(broken);
  if (found.code == static_cast<int>(ExitCode::kInternal)) verdict.problems.emplace_back("an internal error");
  if (found.injected == 0) verdict.problems.emplace_back("nothing went wrong: the fault could not be injected");
  return verdict;
}

}  // namespace sallyport
