// SPDX-License-Identifier: Apache-2.0
#include "compliance/runs.h"

#include <algorithm>

#include "base/bounds.h"
#include "base/json.h"
#include "base/text.h"
#include "edge/run.h"

namespace sallyport::compliance {
namespace {

using Says = RunAnswer::Says;

constexpr std::size_t kShownCve = 30;
constexpr std::size_t kShownWay = 110;
constexpr std::string_view kPatchFindings = "inspector/patches";
// From here on a severity is critical (contract aws-api, section 10: GuardDuty's bands, on whose scale findings are).
constexpr double kCritical = 9;
constexpr const char* kNothingCritical = "no open critical finding about it that an SWP rule exists for";

// The first way that has this word (edge/run.h), as the map tells it; empty: none.
std::string WayOf(const edge::RunHost& host, std::string_view state) {
  for (const edge::RunWay& way : host.ways) {
    if (way.state == state && !way.entry.empty()) return ": " + Printable(way.entry, kShownWay);
  }
  return "";
}

// What the map from the edge to the hosts says about one.
RunAnswer OfWaf(const edge::RunHost& host) {
  switch (host.state) {
    case edge::HostState::kBehind:
      return {Says::kGood, "every way from the internet passes a web ACL that enforces"};
    case edge::HostState::kNoWay:
      return {Says::kGood, "the internet reaches it by none of the ways that are looked at"};
    case edge::HostState::kCounts:
      return {Says::kBad, "its web ACLs only count: they block nothing" + WayOf(host, "counted")};
    case edge::HostState::kPartly:
      return {Says::kBad, "one way from the internet passes a web ACL that enforces, another does not" +
                              WayOf(host, "open") + (WayOf(host, "open").empty() ? WayOf(host, "counted") : "")};
    case edge::HostState::kNot:
      return {Says::kBad, "a way from the internet passes no web ACL" + WayOf(host, "open")};
    case edge::HostState::kUndetermined:
      break;
  }
  const std::string why = host.why.empty() ? "" : ": " + Printable(host.why.front(), kShownWay);
  return {Says::kUndetermined, "undetermined in the run whether it is behind a web ACL" + why};
}

Says OfCover(const std::string& state) {
  for (const std::string_view good : {"at-computer", "by-policy", "by-parent", "at-last-contact", "no-rule"}) {
    if (state == good) return Says::kGood;
  }
  for (const std::string_view bad : {"not-covered", "not-preventing", "needs-configuration", "not-protected"}) {
    if (state == bad) return Says::kBad;
  }
  return Says::kUndetermined;
}

// One finding. Nothing: it is closed, or not critical.
std::optional<RunAnswer> OfInspector(const Json& entry) {
  const Json finding = entry["finding"];
  const bool is_open = !entry["closed_at"].HasValue() && !EqualsIgnoreCase(finding["status"].StringOr(""), "closed");
  if (!is_open || finding["severity"].DoubleOr(kCritical) < kCritical) return std::nullopt;
  const Json::List covers = entry["covers"].Elements();
  if (covers.empty()) return RunAnswer{Says::kUndetermined, "a critical finding about it was not looked at"};
  std::optional<RunAnswer> open;
  for (const Json& cover : covers) {
    const std::string cve = Printable(cover["cve"].StringOr("a CVE"), kShownCve);
    const Says says = OfCover(cover["state"].StringOr(""));
    if (says == Says::kBad) {
      return RunAnswer{says, "critical " + cve + ": SWP has a rule, and it does not prevent (" +
                                 Printable(cover["state"].StringOr(""), 40) + ")"};
    }
    if (says == Says::kUndetermined) open = {says, "whether critical " + cve + " is covered is undetermined"};
  }
  return open;
}

// The worse of two about one host.
void Merge(RunAnswer&& says, RunAnswer& into) {
  const auto weight = [](const RunAnswer& one) {
    return one.says == Says::kBad ? 2 : one.says == Says::kUndetermined ? 1 : 0;
  };
  if (weight(says) > weight(into)) into = std::move(says);
}

void AddFinding(const Json& object, std::map<std::string, RunAnswer>& hosts) {
  const std::string instance = object["finding"]["host"]["instance"].StringOr("");
  if (!ParseInstanceId(instance).ok()) return;
  // A finding that is closed or not critical shows that Inspector looks at the host, and says nothing against it.
  RunAnswer says = OfInspector(object).value_or(RunAnswer{Says::kGood, kNothingCritical});
  const auto [place, is_new] = hosts.try_emplace(instance, says);
  if (!is_new) Merge(std::move(says), place->second);
}

// The patch ledger (docs/decisions/0037): findings stand in the lists `items` of its pieces.
Result<std::map<std::string, RunAnswer>> HostsOfPatches(DocumentReads& documents) {
  std::map<std::string, RunAnswer> hosts;
  const auto document = ReadDocument(documents, kPatchFindings);
  if (!document.ok()) return document.error();
  if (!document->has_value()) return hosts;
  for (const std::string& text : (*document)->pieces) {
    const auto piece = Json::Parse(text, bounds::kDocumentPieceBytes);
    if (!piece.ok()) return piece.error();
    for (const Json& element : (*piece)["items"].Elements()) AddFinding(element, hosts);
  }
  return hosts;
}

Result<std::map<std::string, RunAnswer>> HostsOfMap(DocumentReads& documents, TimePoint& at) {
  std::map<std::string, RunAnswer> hosts;
  const auto run = edge::ReadRun(documents);
  if (!run.ok()) return run.error();
  if (!run->has_value()) return hosts;
  at = (*run)->at;  // when it was read, not when it was stored
  for (const edge::RunHost& host : (*run)->hosts) hosts.insert_or_assign(host.id, OfWaf(host));
  return hosts;
}

}  // namespace

Result<std::shared_ptr<const Runs::Read>> Runs::Newest(std::string_view workflow, DocumentReads& documents) {
  const bool of_waf = workflow == "waf";
  const std::string name(of_waf ? edge::kRunDocument : kPatchFindings);
  const auto info = documents.FindDocument(name);
  if (!info.ok()) return info.error();
  if (!info->has_value()) return std::shared_ptr<const Read>();
  const std::lock_guard lock(mutex_);
  const auto kept = kept_.find(name);
  if (kept != kept_.end() && kept->second->version == (*info)->version) return kept->second;
  auto read = std::make_shared<Read>();
  read->version = (*info)->version;
  read->at = (*info)->at;
  auto hosts = of_waf ? HostsOfMap(documents, read->at) : HostsOfPatches(documents);
  if (!hosts.ok()) return hosts.error();
  read->hosts = *std::move(hosts);
  return std::shared_ptr<const Read>(kept_.insert_or_assign(name, read).first->second);
}

RunAnswer Runs::Ask(std::string_view workflow, const InstanceId& instance, DocumentReads* documents) {
  const std::string of = "workflow " + std::string(workflow);
  if (documents == nullptr) return {Says::kUndetermined, "runs of the " + of + " are not kept here"};
  const auto read = Newest(workflow, *documents);
  if (!read.ok()) {
    return {Says::kUndetermined, "the newest run of the " + of + " could not be read: " + read.error().message};
  }
  if (*read == nullptr) return {Says::kUndetermined, "there is no run of the " + of + " yet"};
  const auto host = (*read)->hosts.find(instance.value);
  RunAnswer answer;
  if (host != (*read)->hosts.end()) {
    answer = host->second;
  } else if (workflow == "inspector") {
    // Of a host that Inspector does not scan there are none either.
    answer = {
        Says::kUndetermined,
        "Inspector has reported nothing about it, and whether it is scanned is undetermined (sallyport coverage)"};
  } else {
    answer = {Says::kNothing, "the newest run of the " + of + " says nothing about it"};
  }
  answer.at = (*read)->at;
  return answer;
}

}  // namespace sallyport::compliance
