// SPDX-License-Identifier: Apache-2.0
#include "workflow/patch_message.h"

#include <algorithm>
#include <set>

#include "action/notify_owner.h"
#include "base/text.h"
#include "workflow/answers.h"

namespace sallyport {
namespace {

constexpr std::size_t kHostsNamed = 5;
constexpr std::size_t kCvesNamed = 5;
constexpr std::size_t kLines = 10;

std::string CountOf(std::size_t count, std::string_view one, std::string_view more) {
  return std::to_string(count) + " " + std::string(count == 1 ? one : more);
}

// What of one sort there is to say about a team's hosts.
struct Sort {
  std::set<std::string> cves;
  std::set<std::string> hosts;  // their names
  std::string why;              // of the first
};

void Add(const TeamHost& host, const TeamCve& cve, Sort& sort) {
  sort.cves.insert(cve.cve);
  sort.hosts.insert(NameOf(host.host));
  if (sort.why.empty()) sort.why = cve.why;
}

std::string Line(std::string_view what, const Sort& sort) {
  return std::string(what) + ": " + Listed({sort.cves.begin(), sort.cves.end()}, kCvesNamed) + " on " +
         Listed({sort.hosts.begin(), sort.hosts.end()}, kHostsNamed);
}

NotifyOwner MessageTo(const std::vector<TeamHost>& hosts) {
  const TeamHost& worst = *std::max_element(hosts.begin(), hosts.end(), [](const TeamHost& one, const TeamHost& other) {
    return one.severity < other.severity;
  });
  NotifyOwner message;
  message.host = worst.host;
  message.owner = worst.owner.name;
  message.owner_source = worst.owner.source;
  message.reason = "virtual-patches";
  Sort planned;
  Sort left;
  Sort evidence;
  Sort unknown;
  Sort unprotected;
  Sort no_rule;
  Sort configure;
  Sort not_preventing;
  std::set<std::string> fixes;
  std::set<std::string> exploits;
  for (const TeamHost& host : hosts) {
    for (const TeamCve& cve : host.cves) {
      if (host.exploit) exploits.insert(cve.cve);
      if (!host.fixed_in.empty()) fixes.insert(cve.cve + ": " + host.fixed_in);
      if (cve.state == CoverageState::kNotProtected) Add(host, cve, unprotected);
      if (cve.state == CoverageState::kNoRule) Add(host, cve, no_rule);
      if (cve.state == CoverageState::kNeedsConfiguration) Add(host, cve, configure);
      if (cve.state == CoverageState::kNotPreventing) Add(host, cve, not_preventing);
      if (cve.state == CoverageState::kUndetermined) Add(host, cve, unknown);
      if (cve.state != CoverageState::kNotCovered) continue;
      Add(host, cve, cve.planned ? planned : host.evidence.empty() ? left : evidence);
    }
  }
  std::set<std::string> all;
  for (const Sort* sort : {&planned, &left, &evidence, &unknown, &unprotected, &no_rule, &configure, &not_preventing})
    all.insert(sort->cves.begin(), sort->cves.end());
  std::set<std::string> names;
  for (const TeamHost& host : hosts) names.insert(NameOf(host.host));
  const std::string cves = CountOf(all.size(), "CVE", "CVEs");
  const std::string of_one = TitleOf(worst.host) + ": " + cves + ", ";
  message.headline =
      (names.size() == 1 ? of_one : cves + " on " + CountOf(names.size(), "host", "hosts") + ": ") +
      (planned.cves.empty() ? "no virtual patch planned"
                            : CountOf(planned.cves.size(), "virtual patch planned", "virtual patches planned"));
  if (!exploits.empty())
    message.why_now.push_back("an exploit is known for " + Listed({exploits.begin(), exploits.end()}, kCvesNamed));
  if (!planned.cves.empty()) message.why_now.push_back(Line("intrusion prevention rules planned", planned));
  if (!left.cves.empty()) message.why_now.push_back(Line("rules exist, and none is assigned", left));
  if (!evidence.cves.empty()) {
    message.why_now.push_back(
        Line("rules exist, and none is assigned because a finding calls the host probably compromised", evidence));
  }
  if (!unknown.cves.empty()) {
    message.why_now.push_back(Line("undetermined, so no rule is planned", unknown) + " (" + unknown.why + ")");
  }
  if (!not_preventing.cves.empty()) {
    message.why_now.push_back(Line("not blocked", not_preventing) + " (" + not_preventing.why + ")");
  }
  if (!configure.cves.empty()) {
    message.why_now.push_back(Line("a rule that needs configuration", configure) + " (" + configure.why + ")");
  }
  if (!no_rule.cves.empty())
    message.why_now.push_back(Line("no intrusion prevention rule, only the patch helps", no_rule));
  if (!unprotected.cves.empty()) {
    // It stands beside the host that the message names.
    if (unprotected.hosts.contains(NameOf(worst.host))) message.protection_state = "not protected";
    message.why_now.push_back(Line("SWP does not protect the host", unprotected));
    message.to_do.emplace_back("install and activate the agent on: " +
                               Listed({unprotected.hosts.begin(), unprotected.hosts.end()}, kHostsNamed * 4));
  }
  if (!configure.cves.empty()) {
    message.to_do.push_back("decide about these rules in SWP and configure them: " +
                            Listed({configure.cves.begin(), configure.cves.end()}, kCvesNamed));
  }
  message.to_do.emplace_back("install the patches: a virtual patch is a bridge until then");
  std::size_t shown = 0;
  for (const std::string& fix : fixes) {
    if (++shown <= kLines) message.to_do.push_back("fixed in: " + fix);
  }
  if (fixes.size() > kLines)
    message.to_do.push_back("and fixes for " + std::to_string(fixes.size() - kLines) + " more");
  return message;
}

// The cases of what it says that nothing is done about.
std::vector<std::int64_t> CasesLeft(const std::vector<TeamHost>& hosts) {
  std::set<std::int64_t> cases;
  for (const TeamHost& host : hosts) {
    for (const TeamCve& cve : host.cves) {
      if (!cve.planned) cases.insert(cve.cases.begin(), cve.cases.end());
    }
  }
  return {cases.begin(), cases.end()};
}

}  // namespace

void AddTeamMessages(const std::map<std::string, std::vector<TeamHost>>& teams, const TeamContext& context,
                     Plan& plan) {
  for (const auto& [owner, hosts] : teams) {
    AddMessage(MessageTo(hosts), "window " + std::to_string(context.window) + " " + owner, plan);
    plan.actions.back().cases = CasesLeft(hosts);
  }
}

}  // namespace sallyport
