// SPDX-License-Identifier: Apache-2.0
//
// A Macie finding, or an alert of Macie Classic, as this program uses it: which bucket, how bad. Pure.
//
// What is in the objects is left out on purpose: no key, no path, no occurrence, no custom identifier's name. Whoever
// needs them follows the link. Members: Macie API, "Finding"; Macie Classic user guide, "CloudWatch Events".
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/severity.h"
#include "base/time.h"
#include "event/bare_form.h"
#include "event/event.h"

namespace sallyport {

// What a family of finding types says about the bucket. docs/macie.md has the table for users.
struct MacieFamily {
  std::string_view name;
  std::string_view pattern;  // of finding types: `*` is any run of characters
  std::string_view why;      // why the hosts that can reach the bucket are looked at
};
// Never fails: a type that no row names belongs to the last row, "unmapped".
const MacieFamily& MacieFamilyOf(std::string_view finding_type);
const std::vector<MacieFamily>& AllMacieFamilies();

// Macie knows no critical findings.
constexpr SeverityBand MacieBand(double severity) {
  return BandOf(severity) == SeverityBand::kCritical ? SeverityBand::kHigh : BandOf(severity);
}

struct MacieFinding {
  std::string id;
  std::string type;  // "SensitiveData:S3Object/Personal"; of a classic alert "Macie Alert: <its name>"
  std::string account;
  std::string region;
  std::string partition;
  double severity = 0;               // 0 to 10: low 2, medium 5, high 8; of a classic alert its risk score
  std::vector<std::string> buckets;  // names, at most kMostBuckets
  std::string no_bucket_reason;      // why there are none; empty when there are
  std::string kind;                  // "policy", "sensitive data", "classic alert"
  std::vector<std::string> what;     // "PERSONAL_INFORMATION (4 places)": Macie's own categories and counts
  std::string exposure;              // "PUBLIC": what Macie says of the bucket's public access; may be empty
  std::string actor;                 // who made the change that a policy finding is about; may be empty
  std::optional<TimePoint> created_at;
  std::optional<TimePoint> updated_at;
  std::int64_t count = 1;
  bool archived = false;
  bool sample = false;
  std::vector<std::string> notes;

  static constexpr std::size_t kMostBuckets = 10;
};

// The finding without its envelope, as `aws macie2 get-findings` prints it.
BareForm MacieBareForm();

// Errors (kInvalidInput) name the JSON path, as those of ReadGuardDutyFinding do.
Result<MacieFinding> ReadMacieFinding(const Event& event);

}  // namespace sallyport
