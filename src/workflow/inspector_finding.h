// SPDX-License-Identifier: Apache-2.0
//
// A finding of Amazon Inspector (the service of today, `aws.inspector2`) as this program uses it: which CVEs, which
// host, how bad, whether there is a fix. Pure. Members: Inspector API 2020-06-08, "Finding"; Security Hub's ASFF.
// All text is as it was sent: every output escapes it for itself.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "action/host.h"
#include "base/json_fields.h"
#include "base/result.h"
#include "base/time.h"
#include "event/bare_form.h"
#include "event/event.h"
#include "workflow/security_hub.h"

namespace sallyport {

enum class FindingStatus { kActive, kClosed, kSuppressed };
std::string_view ToString(FindingStatus status);  // "ACTIVE", "CLOSED", "SUPPRESSED", as Inspector has it
std::optional<FindingStatus> FindingStatusFromWord(std::string_view word);

struct InspectorFinding {
  std::string arn;
  std::string type;     // "PACKAGE_VULNERABILITY", "NETWORK_REACHABILITY", "CODE_VULNERABILITY", or newer
  std::string account;  // whose finding it is: of a delegated administrator's event the member's
  std::string region;
  std::string title;
  FindingStatus status = FindingStatus::kActive;
  double severity = 0;         // 0 to 10, in the band of Inspector's word
  std::optional<double> epss;  // 0 to 1
  bool exploit_available = false;
  std::string fix_available;            // "YES", "NO", "PARTIAL"; empty: not said
  std::string fixed_in;                 // "openssl 0:3.0.8-r4, snapd 2.63"; empty: not said
  std::vector<std::string> cves;        // upper case, each once, in the finding's order; at most kMostCves
  bool cves_from_title = false;         // nothing else names one
  std::vector<std::string> advisories;  // other ids: "GHSA-...", "ALAS2-2023-2222", "USN-6940-1", "RHSA-..."
  std::optional<TimePoint> updated_at;  // moves when it is closed or suppressed
  std::optional<TimePoint> first_observed;
  std::vector<Host> hosts;     // EC2 instances, at most kMostHosts
  std::string platform;        // "UBUNTU_22_04"; may be empty
  std::string doubt;           // why it cannot be said whose a host of it is: it contradicts itself; empty: it does not
  std::string no_host_reason;  // why there are none; empty when there are
  std::string exposure;        // of network reachability: "TCP 22-22 is reachable through igw-261bab4d"
  std::string through;         // "Security Hub" when it came that way; else empty
  std::vector<std::string> notes;

  static constexpr std::size_t kMostCves = 800;
  static constexpr std::size_t kMostHosts = 20;
  bool operator==(const InspectorFinding&) const = default;
};

// Whether `text` is a CVE id as a whole ("CVE-2021-44228", in any case; four to nineteen digits), in upper case;
// nothing: it is none.
std::optional<std::string> CveId(std::string_view text);
// The CVE ids that stand in a text, upper case, each once.
std::vector<std::string> CvesInText(std::string_view text);

// Inspector's time in any of its forms: `Wed Sep 04 16:59:44.356 UTC 2024` (events), seconds since 1970 (API), ISO 8601
// (AWS CLI, Security Hub). Nothing when it is none.
std::optional<TimePoint> ReadInspectorTime(const Json& place);

// All findings of an event: one of `Inspector2 Finding`; several of a list that an earlier release recorded whole, and
// of Security Hub. Errors (kInvalidInput) name the JSON path; kTooLarge over kMostFindings.
inline constexpr std::size_t kMostFindings = 20;
Result<std::vector<InspectorFinding>> ReadInspectorFindings(const Event& event);
// One finding as the API gives it; `path` is that of `json`. Account and region where it does not say: the fallbacks.
InspectorFinding ReadInspectorFinding(const Json& json, const std::string& account, const std::string& region,
                                      JsonFields& fields);

inline constexpr std::string_view kInspectorSource = "aws.inspector2";
inline constexpr std::string_view kInspectorDetailType = "Inspector2 Finding";
// What `aws inspector2 list-findings` prints: {"findings": [...]}. Earlier releases took it as one event; the parser
// takes such a list apart now.
inline constexpr std::string_view kInspectorListDetailType = "Inspector2 Findings";

// A finding without its envelope, as the API gives it.
BareForm InspectorBareForm();

// Whether a Security Hub event carries a finding of Inspector.
bool CarriesInspector(const Event& event);

}  // namespace sallyport
