// SPDX-License-Identifier: Apache-2.0
//
// Events that SWP forwards to an SNS topic, as this program uses them. Pure. All text is as SWP sent it, and partly
// chosen by an attacker (file names, rule names): every output escapes it for itself.
//
// Fields follow SWP's "Events in JSON format" (contract 9.4). An SNS message holds an array of them; the parser makes
// one Event of those that come together, and keeps of each what is used here.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/ids.h"
#include "base/result.h"
#include "base/time.h"
#include "event/bare_form.h"
#include "event/event.h"
#include "workflow/swp_evidence.h"

namespace sallyport {

// Our own: SWP names no source.
inline constexpr std::string_view kSwpEventsSource = "trendmicro.swp";
inline constexpr std::string_view kSwpEventsDetailType = "Server & Workload Protection Events";

struct SwpEvent {
  // 16 hexadecimal digits: of `UniqueID`, or, where there is none, of the members that tell events apart.
  std::string id;
  SwpEventKind kind = SwpEventKind::kUnknown;
  SwpOutcome outcome = SwpOutcome::kUnknown;
  std::string type;                    // `EventType`, as written
  std::optional<TimePoint> at;         // `LogDate`; nothing: absent or unreadable
  ComputerId computer;                 // `HostID`; 0: absent or no such number
  std::string instance;                // `HostInstanceID` when it is an instance id; else empty
  std::string tenant;                  // `TenantID`, as digits; may be empty
  std::string what;                    // malware, rule, file or title; may be empty
  std::string where;                   // path or key; may be empty
  std::vector<std::string> addresses;  // both ends of the traffic
  bool operator==(const SwpEvent&) const = default;
};

struct SwpEvents {
  std::vector<SwpEvent> events;
  std::int64_t others = 0;  // values between them that are no objects: texts of a test message
};

BareForm SwpEventsBareForm();
// kInvalidInput, with the path: the detail is not what the form writes. A member of an event that cannot be read is
// as one that is absent.
Result<SwpEvents> ReadSwpEvents(const Event& event);

// "2026-11-28T00:41:02Z malware Eicar in /tmp/a: quarantined"
std::string LineOf(const SwpEvent& event);

}  // namespace sallyport
