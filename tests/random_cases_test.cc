// SPDX-License-Identifier: Apache-2.0
//
// 500 random cases through all states, on the simulated manager with faults, by programs with different settings on one
// ledger, with operators in between. In the end what lists, shows, messages and the ledger say agrees with each other,
// and none of them says more than the manager saw.
//
// A failure names its seed; SALLYPORT_CASES_SEED=n runs that one, SALLYPORT_CASES=n so many cases.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <map>
#include <random>
#include <regex>
#include <set>

#include "base/digest.h"
#include "event/parse.h"
#include "intake/operator.h"
#include "ledger/render.h"
#include "tests/scenario.h"
#include "tests/shared_clock.h"
#include "workflow/inspector_finding.h"
#include "workflow/patch_gather.h"

namespace sallyport {
namespace {

constexpr int kHosts = 250;
constexpr const char* kTypesOfCases[] = {"UnauthorizedAccess:EC2/SSHBruteForce", "CryptoCurrency:EC2/BitcoinTool.B!DNS",
                                         "Recon:EC2/PortProbeUnprotectedPort", "Backdoor:EC2/C&CActivity.B!DNS"};
constexpr const char* kSeverities[] = {"2", "5", "8", "9"};
// With a rule, with several, and with one that needs configuration.
constexpr const char* kCves[] = {"CVE-2021-41773", "CVE-2021-44228", "CVE-2014-0160"};

int CasesFromEnvironment(const char* name, int otherwise) {
  const char* value = std::getenv(name);
  return value == nullptr ? otherwise : std::atoi(value);
}

// Some calls never arrive, the answers of some are lost, and some are refused by a proxy.
class FaultyClient final : public HttpClient {
 public:
  FaultyClient(HttpClient& inner, std::mt19937& chance, const bool& well)
      : inner_(inner), chance_(chance), well_(well) {}
  Result<HttpResponse> Send(const HttpRequest& request) override {
    const std::uint_fast32_t lot = well_ ? 1'000 : chance_() % 1'000;
    if (lot < 15) return Error{ErrorCode::kUnavailable, "no connection", ""};
    auto answer = inner_.Send(request);
    if (lot < 30) return Error{ErrorCode::kOutcomeUnknown, "the connection broke before the answer came", ""};
    if (lot < 40 && answer.ok()) answer->status = 500;
    return answer;
  }

 private:
  HttpClient& inner_;
  std::mt19937& chance_;
  const bool& well_;
};

std::string With(std::string text, std::string_view what, std::string_view with) {
  const std::size_t at = text.find(what);
  Check(at != std::string::npos, what);
  return text.replace(at, what.size(), with);
}

// One message as the archive has it.
struct Told {
  std::int64_t number = 0;
  std::string key;
  std::string kind;
  std::string text;
  Json json;
};

class RandomCases {
 public:
  explicit RandomCases(unsigned seed)
      : chance_(seed), clock_(folder_ / "clock"), simulated_(clock_.Now(), 1.0, clock_) {
    sim::SwpManagerOptions options = ScenarioManager(simulated_);
    options.calls_per_minute_and_key = 0;
    options.calls_per_minute_and_tenant = 0;
    manager_ = std::move(sim::SwpManager::Start(estate_, options)).value();
    for (const std::string& text : estate_.computers) {
      const Json computer = Json::Parse(text).value();
      instances_.push_back(computer["ec2VirtualMachineSummary"]["instanceID"].StringOr(""));
      if (computer["sim"]["online"].BoolOr(false) && online_.size() < 12) online_.push_back(instances_.back());
    }
    programs_.push_back(Make([](Settings&) {}));
    programs_.push_back(Make([](Settings& settings) { settings.gates.mode = Mode::kObserve; }));
    programs_.push_back(Make([](Settings& settings) { settings.gates.approve_actions = {"request-scan"}; }));
    programs_.push_back(Make([&](Settings& settings) { settings.gates.kill_switch_file = folder_ / "clock"; }));
  }

  void Run(int cases) {
    for (int i = 0; i < cases; ++i) {
      Handle(i % 5 == 4 ? NewVulnerability(i) : NewFinding(i));
      if (Lot(3) == 0) Operate();
      if (Lot(4) == 0) clock_.Advance(std::chrono::minutes(Lot(30)));
      if (Lot(8) == 0) Any().handler().RunDue(20).value();
    }
    // What was begun comes to its end, with everything well again.
    is_well_ = true;
    for (int day = 0; day < 3; ++day) {
      for (int round = 0; round < 200; ++round) {
        const auto next = ledger().NextDue().value();
        if (!next || *next > clock_.Now() + std::chrono::hours(2)) break;
        if (*next > clock_.Now()) clock_.Advance(*next - clock_.Now());
        programs_.front()->handler().RunDue(100).value();
      }
      clock_.Advance(std::chrono::hours(9));
    }
    ReadMessages();
    patches_ = ReadPatchLedger(&ledger()).value();
    state_ = Json::Parse(manager_->StateText()).value();
  }

  // What does not agree. Lines for people.
  std::vector<std::string> Problems() {
    std::vector<std::string> problems;
    for (const std::string& broken : ledger().Verify().value().broken) problems.push_back("chain: " + broken);
    CaseFilter all;
    all.limit = 10'000;
    all.samples = true;
    const auto listed = ledger().ListCases(all).value();
    for (const CaseRecord& record : listed) {
      const Case shown = ledger().Show(record.number).value();
      CheckCase(record, shown, problems);
      const std::string standing = std::string(ToString(record.state)) + " " + record.outcome;
      states_[(record.service == kInspectorSource ? "Inspector " : "") + standing] += 1;
    }
    CheckManager(listed, problems);
    CheckMessagesOnce(problems);
    return problems;
  }
  std::size_t CountCases() const { return keys_.size(); }
  const std::map<std::string, int>& states() const { return states_; }
  const std::map<std::string, int>& kinds() const { return kinds_; }

 private:
  std::unique_ptr<Program> Make(const std::function<void(Settings&)>& change) {
    Settings settings = ScenarioSettings(manager_->url(), folder_ / "ledger.db");
    settings.log.level = LogLevel::kOff;
    settings.swp.requests_per_minute = 0;
    settings.swp.deadline = std::chrono::seconds(1);
    settings.follow_up.scan.give_up = std::chrono::minutes(40);
    settings.follow_up.rules.give_up = std::chrono::minutes(40);
    settings.follow_up.host.give_up = std::chrono::hours(4);
    ChannelSettings archive;
    archive.name = "archive";
    archive.type = ChannelType::kJsonLines;
    archive.path = folder_ / "messages";
    archive.opened_from = 5;
    settings.notify.channels = {archive};
    change(settings);
    ProgramOptions options;
    options.clock = &clock_;
    options.random = &random_;
    options.wrap_http = [this](HttpClient& http) { return std::make_unique<FaultyClient>(http, chance_, is_well_); };
    return Program::Make(settings, ProductProgram(), std::move(options)).value();
  }

  Ledger& ledger() { return programs_.front()->ledger(); }
  int Lot(int below) { return static_cast<int>(chance_() % static_cast<unsigned>(below)); }
  Program& Any() { return *programs_[static_cast<std::size_t>(Lot(4))]; }

  std::string NewFinding(int number) {
    std::string finding = ScenarioFindings(clock_.Now()).front();
    const auto host = static_cast<std::size_t>(Lot(static_cast<int>(instances_.size())));
    // Some hosts SWP has never heard of.
    const std::string instance = Lot(20) == 0 ? "i-0fffffffffffffff" + std::to_string(Lot(10)) : instances_[host];
    finding = With(std::move(finding), "i-0123456789abcdef0", instance);
    char id[40];
    std::snprintf(id, sizeof id, "%032x", static_cast<unsigned>(number) + 1);
    finding = With(std::move(finding), "1ab0f7b2c1d34e5f60718293a4b5c6d7", id);
    finding = With(std::move(finding), kTypesOfCases[0], kTypesOfCases[static_cast<std::size_t>(Lot(4))]);
    finding = With(std::move(finding), "\"severity\": 2", std::string("\"severity\": ") + kSeverities[Lot(4)]);
    keys_.push_back(finding);
    return finding;
  }

  // Of Inspector: a CVE on a host. Some are closed again.
  std::string NewVulnerability(int number) {
    static const std::string pattern =
        ReadFile(std::string(SALLYPORT_SOURCE_DIR) + "/tests/events/inspector/package-active.json");
    // A CVE without a rule, of any host; else one of a few hosts that have an agent.
    const bool has_rule = Lot(2) == 0;
    const auto& hosts = has_rule ? online_ : instances_;
    const std::string& host = hosts[static_cast<std::size_t>(Lot(static_cast<int>(hosts.size())))];
    std::string finding = With(pattern, "\"id\": \"i-0123456789abcdef0\"", "\"id\": \"" + host + "\"");
    finding = With(std::move(finding), "2026-11-24T03:00:05Z", FormatTime(clock_.Now()));
    char id[40];
    std::snprintf(id, sizeof id, "%032x", static_cast<unsigned>(number) + 1);
    finding = With(std::move(finding), "00000000000000000000000000000001", id);
    finding = With(
        std::move(finding), "\"vulnerabilityId\": \"CVE-2021-44228\"",
        "\"vulnerabilityId\": \"" + (has_rule ? kCves[Lot(3)] : "CVE-2020-9" + std::to_string(1000 + number)) + "\"");
    if (Lot(6) == 0) finding = With(std::move(finding), "\"ACTIVE\"", "\"CLOSED\"");
    keys_.push_back(finding);
    return finding;
  }

  void Handle(const std::string& finding) {
    for (const Arrival& arrival : ParseDocument(finding, "finding", {})) Any().handler().Handle(arrival);
  }

  // What people do at any time.
  void Operate() {
    CaseFilter some;
    some.limit = 30;
    const auto cases = ledger().ListCases(some).value();
    if (cases.empty()) return;
    const CaseNumber number = cases[static_cast<std::size_t>(Lot(static_cast<int>(cases.size())))].number;
    const TimePoint now = clock_.Now();
    const auto plans = ledger().ListPlans(PlanState::kAwaitingApproval, 10).value();
    switch (Lot(7)) {
      case 0:
        static_cast<void>(CloseCase(ledger(), number, "ana", "looked at"));
        break;
      case 1:
        static_cast<void>(AcknowledgeCase(ledger(), number, "ben", now + std::chrono::hours(8), now, ""));
        break;
      case 2:
        static_cast<void>(Any().handler().Retry(number));
        break;
      case 3:
      case 4:
        if (!plans.empty()) static_cast<void>(programs_[2]->handler().Approve(plans.front().digest, "ana"));
        break;
      case 5:
        if (!plans.empty()) static_cast<void>(programs_[2]->handler().Reject(plans.front().digest, "ben", "no"));
        break;
      default:
        // Delivered again, or archived.
        const std::string& finding = keys_[static_cast<std::size_t>(Lot(static_cast<int>(keys_.size())))];
        if (Lot(2) == 0) Handle(finding);
        break;
    }
  }

  void ReadMessages() {
    std::ifstream file(folder_ / "messages");
    for (std::string line; std::getline(file, line);) {
      const Json json = Json::Parse(line).value();
      told_.push_back({json["case"].Int64Or(0), json["message"].StringOr(""), json["kind"].StringOr(""), line, json});
      ++kinds_[told_.back().kind];
    }
  }

  std::int64_t InManager(const std::string& subject, const std::string& scan, std::string_view what) const {
    constexpr std::string_view kComputer = "computer ";
    if (!subject.starts_with(kComputer)) return 0;
    return state_["computers"][subject.substr(kComputer.size())][scan][std::string(what)].Int64Or(0);
  }

  void CheckCase(const CaseRecord& record, const Case& shown, std::vector<std::string>& problems) {
    const std::string name = "case " + std::to_string(record.number.value) + ": ";
    const auto json = Json::Parse(RenderJson(ViewOf(shown)));
    const auto row = Json::Parse(RenderJson(ViewOf(record)));
    const std::string state(ToString(record.state));
    if (!json.ok() || !row.ok()) return problems.push_back(name + "its JSON cannot be read");
    if ((*json)["case"]["state"].StringOr("") != state || (*row)["state"].StringOr("") != state)
      problems.push_back(name + "list and show do not agree");
    if ((*json)["actions"].Elements().size() != shown.actions.size()) problems.push_back(name + "actions are missing");
    bool any_goes_on = false;
    std::map<std::string, std::string> of_history;
    for (const HistoryLine& line : shown.history) {
      if (line.kind == "action") of_history[std::to_string(line.subject)] = line.state;
    }
    for (const ActionRecord& action : shown.actions) {
      const std::string word(ToString(action.state));
      const std::string what = name + action.action.kind + " " + action.action.what + " of " + action.action.subject;
      // What an answer did for the case stands in the history of the answer's own.
      const auto line = of_history.find(std::to_string(action.number.value));
      const bool is_own = std::any_of(shown.plans.begin(), shown.plans.end(), [&](const PlanRecord& plan) {
        return plan.number == action.plan && plan.case_number == record.number;
      });
      if (line == of_history.end() ? is_own : line->second != word)
        problems.push_back(what + ": not as its history says");
      any_goes_on = any_goes_on || action.state == ActionState::kRequested || action.state == ActionState::kWaiting ||
                    action.state == ActionState::kApplied || action.state == ActionState::kHeld;
      if (action.action.kind == "request-scan") CheckScan(action, what, problems);
    }
    if (record.state == CaseState::kClosed && any_goes_on) problems.push_back(name + "closed, and something goes on");
    const bool is_said = RenderText(ViewOf(shown), false).find(state) != std::string::npos;
    if (!is_said) problems.push_back(name + "the text does not say " + state);
    if (record.service == kInspectorSource) CheckCve(record, name, problems);
    CheckMessages(record, shown, problems);
  }

  // A case that is called verified or covered has no host that is open to its CVE as far as the last look at it saw;
  // rules that were planned then were assigned since.
  void CheckCve(const CaseRecord& record, const std::string& name, std::vector<std::string>& problems) const {
    if (record.outcome != "verified" && record.outcome != "covered") return;
    for (const auto& [key, entry] : patches_.entries) {
      const auto known = entry.cases.find(record.title);
      if (known == entry.cases.end() || known->second != record.number.value || !IsOpenFinding(entry)) continue;
      const auto cover = entry.covers.find(record.title);
      const bool holds = cover != entry.covers.end() && (Prevents(cover->second.state) || cover->second.planned);
      if (!holds)
        problems.push_back(std::string(name).append(record.outcome).append(", and nothing blocks it: ") + key);
    }
  }

  void CheckScan(const ActionRecord& action, const std::string& what, std::vector<std::string>& problems) {
    scans_[action.action.subject + " " + action.action.what] += MayHaveHappened(action.state) ? 1 : 0;
    const auto seen = [&](std::string_view word) { return InManager(action.action.subject, action.action.what, word); };
    const bool says_asked = action.state == ActionState::kRequested || action.state == ActionState::kWaiting ||
                            action.state == ActionState::kVerified;
    if (says_asked && seen("requested") == 0) problems.push_back(what + ": the manager was never asked");
    if (action.state == ActionState::kVerified && seen("finished") == 0)
      problems.push_back(what + ": verified, and no such scan has finished");
  }

  // No message says more of a step than was so: what it calls verified the manager has finished; the case it names
  // was in that state at some time; what needs approval had a plan that waited.
  void CheckMessages(const CaseRecord& record, const Case& shown, std::vector<std::string>& problems) const {
    std::set<std::string> states;
    for (const HistoryLine& line : shown.history) {
      if (line.kind == "case") states.insert(line.state);
    }
    for (const Told& told : told_) {
      if (told.number != record.number.value) continue;
      const std::string name = "message of case " + std::to_string(told.number) + " (" + told.kind + "): ";
      const std::string state = told.json["case_state"].StringOr("");
      if (!state.empty() && !states.contains(state.substr(0, state.find(':'))))
        problems.push_back(std::string(name).append("the case never was ").append(state));
      for (const Json& step : told.json["done"].Elements()) CheckStep(step, shown, name, problems);
      const std::string command = told.json["to_do"].Elements().empty() ? "" : LastCommand(told.json);
      if (told.kind == "needs-approval" && !HasPlan(shown, command))
        problems.push_back(std::string(name).append("no plan for ").append(command));
      if (told.kind == "closed" && record.outcome != "settled" && record.outcome != "refused" &&
          !states.contains("closed"))
        problems.push_back(name + "the case was not closed");
      CheckWords(told, name, problems);
      if (told.text.find("not protected") != std::string::npos && IsProtectedForSure(told.json))
        problems.push_back(name + "says not protected of a protected host");
    }
  }

  // The rules for texts that a program can check: the host first, one term for one thing, plurals that agree.
  static void CheckWords(const Told& told, const std::string& name, std::vector<std::string>& problems) {
    constexpr std::size_t kLead = 60;
    constexpr std::size_t kLongestHeadline = 400;
    static const std::regex forbidden(
        "executed|resolved|scanned and verified|could not (be )?decide|nobody|somebody|of ours|"
        "(^|[^0-9.,:-])1 (hosts|scans|steps|actions|plans|rules|checks|events|cases|detections|computers)\\b");
    const std::string headline = told.json["headline"].StringOr("");
    const std::string lead = headline.substr(0, kLead);
    const Json where = told.json["where"];
    const std::string host =
        where["name"].StringOr("").empty() ? where["instance"].StringOr("") : where["name"].StringOr("");
    // One message of a team may be about many hosts.
    static const std::regex of_many("^[0-9]+ CVEs? on [0-9]+ hosts");
    if (lead.find(host) == std::string::npos && !std::regex_search(headline, of_many))
      problems.push_back(name + "its headline does not name its host: " + headline);
    if (headline.size() > kLongestHeadline) problems.push_back(name + "its headline is too long: " + headline);
    std::smatch found;
    if (std::regex_search(told.text, found, forbidden)) {
      const auto from = static_cast<std::size_t>(std::max<std::ptrdiff_t>(found.position() - 40, 0));
      problems.push_back(name + "says `" + found.str() + "`: " + told.text.substr(from, 120));
    }
  }

  static std::string LastCommand(const Json& message) {
    std::string command;
    for (const Json& line : message["to_do"].Elements()) command = line["command"].StringOr(command);
    return command;
  }

  static bool HasPlan(const Case& shown, const std::string& command) {
    constexpr std::string_view kApprove = "sallyport plans approve ";
    if (!command.starts_with(kApprove)) return false;
    for (const PlanRecord& plan : shown.plans) {
      if (plan.digest.starts_with(command.substr(kApprove.size()))) return true;
    }
    return false;
  }

  static bool IsProtectedForSure(const Json& message) {
    return message["protection"]["state"].StringOr("") == "protected" &&
           message["headline"].StringOr("").find("not protected") != std::string::npos;
  }

  // The step is an action of the case whose state has come at least so far.
  static void CheckStep(const Json& step, const Case& shown, const std::string& name,
                        std::vector<std::string>& problems) {
    const std::string outcome = step["outcome"].StringOr("");
    if (outcome != "verified" && outcome != "failed" && outcome != "refused") return;
    const std::string what = step["what"].StringOr("");
    bool found = false;
    for (const HistoryLine& line : shown.history) found = found || (line.kind == "action" && line.state == outcome);
    if (!found) problems.push_back(name + "nothing of the case was ever " + outcome + ": " + what);
  }

  // Whatever the manager was asked for is in the ledger, and nothing was asked for twice within the cool-down.
  void CheckManager(const std::vector<CaseRecord>&, std::vector<std::string>& problems) const {
    for (const Json::Member& computer : state_["computers"].Members()) {
      for (const Json::Member& scan : computer.value.Members()) {
        if (scan.key == "send-policy" || scan.value["requested"].Int64Or(0) == 0) continue;
        const auto known = scans_.find("computer " + computer.key + " " + scan.key);
        if (known == scans_.end() || known->second == 0) {
          problems.push_back("the ledger knows nothing of " + scan.key + " of computer " + computer.key);
        } else if (scan.value["requested"].Int64Or(0) > known->second) {
          problems.push_back(scan.key + " of computer " + computer.key +
                             " was asked for more often than the ledger says");
        }
      }
    }
  }

  // The same is not told twice; a repetition says that it is one.
  void CheckMessagesOnce(std::vector<std::string>& problems) const {
    std::set<std::string> seen;
    for (const Told& told : told_) {
      if (told.json["may_repeat"].BoolOr(false)) continue;
      std::string content = told.text.substr(0, told.text.find("\"created_at\""));
      if (!seen.insert(content).second) problems.push_back("told twice: " + content);
    }
  }

  TempFolder folder_;
  std::mt19937 chance_;
  SharedClock clock_;
  sim::SimClock simulated_;
  EvenRandom random_;
  bool is_well_ = false;
  const sim::SwpEstate estate_ = sim::GenerateSwpEstate(7, kHosts);
  std::unique_ptr<sim::SwpManager> manager_;
  std::vector<std::unique_ptr<Program>> programs_;
  std::vector<std::string> instances_;
  std::vector<std::string> online_;  // of them, some that have an agent
  std::vector<std::string> keys_;    // the findings
  std::vector<Told> told_;
  PatchLedger patches_;
  Json state_;
  std::map<std::string, int> scans_;   // how often the ledger says that one may have been asked for
  std::map<std::string, int> states_;  // how many cases ended so
  std::map<std::string, int> kinds_;   // how many messages of each kind
};

TEST(RandomCases, NothingSaysMoreThanWasSeen) {
  const auto seed = static_cast<unsigned>(CasesFromEnvironment("SALLYPORT_CASES_SEED", 1));
  RandomCases world(seed);
  world.Run(CasesFromEnvironment("SALLYPORT_CASES", 500));
  const std::vector<std::string> problems = world.Problems();
  std::string text;
  for (std::size_t i = 0; i < problems.size() && i < 20; ++i) text += "\n  " + problems[i];
  EXPECT_TRUE(problems.empty()) << problems.size() << " problems with seed " << seed << ":" << text;
  for (const auto& [state, count] : world.states()) std::cout << state << ": " << count << '\n';
  for (const auto& [kind, count] : world.kinds()) std::cout << "messages " << kind << ": " << count << '\n';
  // All states were met, or the run proves little.
  for (const char* state : {"needs-person ", "closed settled", "closed verified", "closed would", "closed refused",
                            "Inspector needs-person ", "Inspector closed settled"}) {
    EXPECT_TRUE(world.states().contains(state)) << state;
  }
  for (const char* kind : {"opened", "needs-approval", "needs-person", "closed", "update"}) {
    EXPECT_TRUE(world.kinds().contains(kind)) << kind;
  }
}

}  // namespace
}  // namespace sallyport
