// SPDX-License-Identifier: Apache-2.0
#include "event/retired.h"

#include <algorithm>
#include <array>

#include "base/text.h"

namespace sallyport {
namespace {

constexpr std::size_t kShownId = 200;
constexpr std::string_view kHexDigits = "0123456789abcdefABCDEF";
constexpr std::string_view kInspectorClassic =
    "Inspector Classic, which AWS switched off on 20 May 2026; findings come from Amazon Inspector, as events of "
    "source "
    "`aws.inspector2`";
constexpr std::string_view kWafClassic =
    "WAF Classic, which AWS switched off on 30 September 2025; move to AWS WAF (WAFv2)";

struct RetiredSourceRow {
  std::string_view source;
  std::string_view was;
};
constexpr std::array<RetiredSourceRow, 3> kRetiredSources = {{
    {"aws.inspector", kInspectorClassic},
    {"aws.waf", kWafClassic},
    {"aws.waf-regional", kWafClassic},
}};

// arn:PARTITION:SERVICE:...
std::string_view ServiceOfArn(std::string_view text) {
  if (!text.starts_with("arn:")) return {};
  const std::size_t partition_end = text.find(':', 4);
  if (partition_end == std::string_view::npos) return {};
  const std::string_view rest = text.substr(partition_end + 1);
  return rest.substr(0, rest.find(':'));
}

bool IsInspectorClassicArn(const Json& place) {
  return ServiceOfArn(place.StringOr("")) == "inspector";
}

// 8-4-4-4-12 hexadecimal digits.
bool IsUuid(std::string_view text) {
  constexpr std::string_view kForm = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx";
  return text.size() == kForm.size() && std::equal(text.begin(), text.end(), kForm.begin(), [](char is, char form) {
           return form == '-' ? is == '-' : kHexDigits.find(is) != std::string_view::npos;
         });
}

}  // namespace

std::optional<std::string> RetiredSource(std::string_view source) {
  for (const RetiredSourceRow& row : kRetiredSources) {
    if (row.source == source) return "an event of " + std::string(row.was);
  }
  return std::nullopt;
}

std::optional<std::string> RetiredDocument(const Json& document) {
  const bool is_message = document["event"].IsString() &&
                          (IsInspectorClassicArn(document["template"]) || IsInspectorClassicArn(document["target"]));
  const auto findings = document["findings"].Elements();
  const bool is_answer = !findings.empty() && IsInspectorClassicArn(findings.front()["arn"]);
  if (is_message) return "a message of " + std::string(kInspectorClassic);
  if (is_answer) return "findings of " + std::string(kInspectorClassic);
  return std::nullopt;
}

std::optional<std::string> RetiredWebAcl(std::string_view web_acl) {
  const std::string_view service = ServiceOfArn(web_acl);
  if (service != "waf" && service != "waf-regional" && !IsUuid(web_acl)) return std::nullopt;
  return "`" + Printable(web_acl, kShownId) + "` is a web ACL of " + std::string(kWafClassic);
}

}  // namespace sallyport
