// SPDX-License-Identifier: Apache-2.0
#include "compliance/runs.h"

#include <algorithm>

#include "base/bounds.h"
#include "base/json.h"
#include "base/text.h"

namespace sallyport::compliance {
namespace {

using Says = RunAnswer::Says;

constexpr std::size_t kMostRunDocuments = 1'000;
constexpr std::size_t kShownCve = 30;
constexpr std::string_view kPatchFindings = "inspector/patches";
// From here on a severity is critical (contract aws-api, section 10: GuardDuty's bands, on whose scale findings are).
constexpr double kCritical = 9;
constexpr const char* kNothingCritical = "no open critical finding about it that an SWP rule exists for";

std::string InstanceOf(const Json& host) {
  for (const Json& place : {host["instance"], host["id"], host["host"]["instance"]}) {
    if (ParseInstanceId(place.StringOr("")).ok()) return place.StringOr("");
  }
  return "";
}

// What the map from the edge to the hosts calls them.
RunAnswer OfWaf(const Json& host) {
  const std::string state = host["state"].StringOr("");
  if (state == "behind") return {Says::kGood, "every way from the internet passes a web ACL that enforces"};
  if (state == "no-way") return {Says::kGood, "the internet reaches it by none of the ways that are looked at"};
  if (state == "counts") return {Says::kBad, "its web ACLs only count: they block nothing"};
  if (state == "partly")
    return {Says::kBad, "one way from the internet passes a web ACL that enforces, another does not"};
  if (state == "not") return {Says::kBad, "a way from the internet passes no web ACL"};
  if (state == "undetermined")
    return {Says::kUndetermined, "undetermined in the run whether it is behind a web ACL"};
  return {Says::kUndetermined,
          "the run says `" + Printable(state, 40) + "` about it, which this version does not know"};
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

void AddHost(std::string_view workflow, const Json& object, std::map<std::string, RunAnswer>& hosts) {
  const bool of_waf = workflow == "waf";
  const std::string instance = of_waf ? InstanceOf(object) : InstanceOf(object["finding"]);
  if (instance.empty()) return;
  // A finding that is closed or not critical shows that Inspector looks at the host, and says nothing against it.
  RunAnswer says = of_waf ? OfWaf(object) : OfInspector(object).value_or(RunAnswer{Says::kGood, kNothingCritical});
  const auto [place, is_new] = hosts.try_emplace(instance, says);
  if (!is_new) Merge(std::move(says), place->second);
}

Status AddPiece(std::string_view workflow, const std::string& text, std::map<std::string, RunAnswer>& hosts) {
  const auto piece = Json::Parse(text, bounds::kDocumentPieceBytes);
  if (!piece.ok()) return piece.error();
  AddHost(workflow, *piece, hosts);
  for (const std::string_view list : {"hosts", "items"}) {
    for (const Json& element : (*piece)[list].Elements()) AddHost(workflow, element, hosts);
  }
  return Ok();
}

// The document that a question about this account is for: the account's own, or one that is about all.
std::optional<DocumentInfo> Choose(const std::vector<DocumentInfo>& found, const std::string& account) {
  std::optional<DocumentInfo> chosen;
  for (const DocumentInfo& one : found) {
    if (!account.empty() && one.name.ends_with("/" + account)) return one;
    const std::string last = one.name.substr(one.name.rfind('/') + 1);
    const bool of_another = ParseAccountId(last).ok();
    if (!of_another && (!chosen || one.at > chosen->at)) chosen = one;
  }
  return chosen;
}

}  // namespace

Result<std::shared_ptr<const Runs::Read>> Runs::Newest(std::string_view workflow, const std::string& account,
                                                       DocumentReads& documents) {
  const auto found = documents.ListDocuments(std::string(workflow) + "/", kMostRunDocuments);
  if (!found.ok()) return found.error();
  // Beside its findings the workflow keeps other documents.
  const bool of_inspector = workflow == "inspector";
  const auto is_findings = [](const DocumentInfo& one) { return one.name == kPatchFindings; };
  const auto findings = std::find_if(found->begin(), found->end(), is_findings);
  const auto info = !of_inspector              ? Choose(*found, account)
                    : findings == found->end() ? std::optional<DocumentInfo>()
                                               : std::optional(*findings);
  if (!info) return std::shared_ptr<const Read>();
  const std::lock_guard lock(mutex_);
  const auto kept = kept_.find(info->name);
  if (kept != kept_.end() && kept->second->version == info->version) return kept->second;
  const auto document = ReadDocument(documents, info->name);
  if (!document.ok()) return document.error();
  if (!document->has_value()) return std::shared_ptr<const Read>();
  auto read = std::make_shared<Read>();
  read->version = (*document)->info.version;
  read->at = (*document)->info.at;
  for (const std::string& piece : (*document)->pieces) {
    if (const Status added = AddPiece(workflow, piece, read->hosts); !added.ok()) return added.error();
  }
  if (kept_.size() >= kMostRunDocuments) kept_.clear();
  return std::shared_ptr<const Read>(kept_.insert_or_assign(info->name, read).first->second);
}

RunAnswer Runs::Ask(std::string_view workflow, const InstanceId& instance, const std::string& account,
                    DocumentReads* documents) {
  const std::string of = "workflow " + std::string(workflow);
  if (documents == nullptr) return {Says::kUndetermined, "runs of the " + of + " are not kept here"};
  const auto read = Newest(workflow, account, *documents);
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
