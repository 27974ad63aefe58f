// SPDX-License-Identifier: Apache-2.0
#include "workflow/swp_events.h"

#include <array>
#include <limits>

#include "base/digest.h"
#include "base/text.h"

namespace sallyport {
namespace {

// Of each text that is kept; paths on Linux have at most 4,096 bytes, and whoever wants to read one looks into SWP.
constexpr std::size_t kKeptBytes = 300;
constexpr std::size_t kIdDigits = 16;
constexpr std::int64_t kDetectOnly = 0x80;

// What is kept of an event; the rest (users, hashes, ports, MAC addresses) stays in SWP.
constexpr std::array<std::string_view, 26> kKept = {
    "EventID",  "UniqueID",     "EventType",        "LogDate",  "HostID",      "HostInstanceID",    "TenantID",
    "Action",   "ActionString", "ScanResultString", "Reason",   "Rank",        "MalwareName",       "InfectedFilePath",
    "Severity", "SourceIP",     "DestinationIP",    "Key",      "Risk",        "OSSEC_Description", "FileName",
    "Path",     "Title",        "Description",      "TargetIP", "ChangeString"};

struct KindRow {
  std::string_view type;
  SwpEventKind kind;
  std::string_view what;   // the member that names it
  std::string_view where;  // and the one that says where; may be empty
};
constexpr std::array<KindRow, 8> kKinds = {{
    {"AntiMalwareEvent", SwpEventKind::kMalware, "MalwareName", "InfectedFilePath"},
    {"IntegrityEvent", SwpEventKind::kIntegrity, "Reason", "Key"},
    {"PayloadLog", SwpEventKind::kIntrusion, "Reason", ""},
    {"PacketLog", SwpEventKind::kFirewall, "Reason", ""},
    {"WebReputationEvent", SwpEventKind::kWebReputation, "Reason", "TargetIP"},
    {"LogInspectionEvent", SwpEventKind::kLogInspection, "OSSEC_Description", ""},
    {"AppControlEvent", SwpEventKind::kApplicationControl, "FileName", "Path"},
    {"SystemEvent", SwpEventKind::kSystem, "Title", ""},
}};

// A text, or a number as its digits: both have been seen for the same member.
std::string TextOf(const Json& place) {
  if (place.IsString()) return place.StringOr("");
  const auto number = place.WholeNumber();
  return number ? std::to_string(*number) : "";
}

bool Holds(const std::string& lower, std::string_view part) {
  return lower.find(part) != std::string::npos;
}

// A result can name several steps ("Clean failed, Quarantined"): the file is where it was unless the last one worked.
SwpOutcome MalwareOutcome(const Json& event) {
  std::string lower = ToLowerAscii(TextOf(event["ScanResultString"]));
  if (const std::size_t comma = lower.rfind(','); comma != std::string::npos) lower.erase(0, comma + 1);
  if (Holds(lower, "fail") || Holds(lower, "unable") || Holds(lower, "not ")) return SwpOutcome::kFailed;
  if (Holds(lower, "quarantined")) return SwpOutcome::kQuarantined;
  if (Holds(lower, "deleted")) return SwpOutcome::kDeleted;
  if (Holds(lower, "cleaned")) return SwpOutcome::kCleaned;
  if (Holds(lower, "denied")) return SwpOutcome::kDenied;
  return Holds(lower, "pass") ? SwpOutcome::kPassed : SwpOutcome::kUnknown;
}

// Intrusion prevention: 1 Deny, 2 Reset, 3 Insert, 4 Delete, 5 Replace, 6 Log Only; with 0x80 it would have. Insert,
// Delete and Replace change what passes; the traffic itself passed.
SwpOutcome IntrusionOutcome(const Json& event) {
  const auto action = event["Action"].WholeNumber();
  if (!action) return SwpOutcome::kUnknown;
  if ((*action & kDetectOnly) != 0 || *action == 6) return SwpOutcome::kDetected;
  if (*action == 1 || *action == 2) return SwpOutcome::kBlocked;
  return *action >= 3 && *action <= 5 ? SwpOutcome::kChanged : SwpOutcome::kUnknown;
}

SwpOutcome FirewallOutcome(const Json& event) {
  const auto action = event["Action"].WholeNumber();
  if (!action) return SwpOutcome::kUnknown;
  if ((*action & kDetectOnly) != 0 || *action == 6) return SwpOutcome::kDetected;
  return *action == 1 ? SwpOutcome::kBlocked : SwpOutcome::kUnknown;
}

SwpOutcome ApplicationOutcome(const Json& event) {
  const std::string lower = ToLowerAscii(TextOf(event["Action"]) + " " + TextOf(event["ActionString"]));
  if (Holds(lower, "block") || Holds(lower, "denied")) return SwpOutcome::kBlocked;
  if (Holds(lower, "allow")) return SwpOutcome::kAllowed;
  return Holds(lower, "detect") ? SwpOutcome::kDetected : SwpOutcome::kUnknown;
}

SwpOutcome SystemOutcome(const Json& event) {
  const std::string lower = ToLowerAscii(TextOf(event["Title"]));
  const bool completed = Holds(lower, "scan") && (Holds(lower, "complete") || Holds(lower, "finished"));
  return completed && !Holds(lower, "incomplete") && !Holds(lower, "not complete") ? SwpOutcome::kScanCompleted
                                                                                   : SwpOutcome::kReported;
}

SwpOutcome OutcomeOf(SwpEventKind kind, const Json& event) {
  switch (kind) {
    case SwpEventKind::kMalware:
      return MalwareOutcome(event);
    case SwpEventKind::kIntrusion:
      return IntrusionOutcome(event);
    case SwpEventKind::kFirewall:
      return FirewallOutcome(event);
    case SwpEventKind::kApplicationControl:
      return ApplicationOutcome(event);
    case SwpEventKind::kSystem:
      return SystemOutcome(event);
    default:
      return SwpOutcome::kReported;
  }
}

std::string IdOf(const Json& event) {
  JsonWriter parts;
  parts.BeginArray();
  const std::string unique = TextOf(event["UniqueID"]);
  if (!unique.empty()) {
    parts.String(unique);
  } else {
    for (const std::string_view member : kKept) parts.String(TextOf(event[member]));
  }
  return Sha256Hex(parts.EndArray().Take()).substr(0, kIdDigits);
}

SwpEvent ReadOneEvent(const Json& json) {
  SwpEvent event;
  event.id = IdOf(json);
  event.type = TextOf(json["EventType"]);
  event.at = ParseTime(TextOf(json["LogDate"]));
  const std::int64_t computer = json["HostID"].WholeNumber().value_or(0);
  if (computer > 0 && computer <= std::numeric_limits<std::int32_t>::max()) {
    event.computer = ComputerId{static_cast<std::int32_t>(computer)};
  }
  const std::string instance = TextOf(json["HostInstanceID"]);
  if (ParseInstanceId(instance).ok()) event.instance = instance;
  event.tenant = TextOf(json["TenantID"]);
  for (const std::string_view end : {"SourceIP", "DestinationIP"}) {
    if (std::string address = TextOf(json[end]); !address.empty()) event.addresses.push_back(std::move(address));
  }
  for (const KindRow& row : kKinds) {
    if (row.type != event.type) continue;
    event.kind = row.kind;
    event.what = TextOf(json[row.what]);
    if (!row.where.empty()) event.where = TextOf(json[row.where]);
  }
  event.outcome = OutcomeOf(event.kind, json);
  return event;
}

bool IsSwpEvent(const Json& object) {
  if (!object["EventType"].IsString() || object["Records"].HasValue() || object["detail"].HasValue()) return false;
  return object["UniqueID"].HasValue() || object["EventID"].HasValue() || object["LogDate"].HasValue();
}

void WriteKept(const Json& event, JsonWriter& out) {
  out.BeginObject();
  for (const std::string_view member : kKept) {
    const Json value = event[member];
    if (!value.HasValue() || value.IsObject() || value.IsArray()) continue;
    out.Key(member);
    const std::string text = value.StringOr("");
    // What was cut is still told from others by its digest.
    if (text.size() > kKeptBytes) {
      out.String(Printable(text, kKeptBytes) + " #" + Sha256Hex(text).substr(0, kIdDigits));
    } else {
      out.Raw(value.ToText());
    }
  }
  out.EndObject();
}

Event ReadSwpForm(const Json& together, JsonFields& fields) {
  JsonWriter out;
  out.BeginObject().Key("objects").BeginArray();
  for (const Json& object : together["objects"].Elements()) WriteKept(object, out);
  out.EndArray().Member("others", together["others"].Int64Or(0)).EndObject();
  auto detail = Json::Parse(out.text());
  if (!detail.ok()) {
    fields.Fail(detail.error());
    return {};
  }
  Event event;
  event.source = kSwpEventsSource;
  event.detail_type = kSwpEventsDetailType;
  event.detail = *std::move(detail);
  return event;
}

}  // namespace

BareForm SwpEventsBareForm() {
  BareForm form{"`EventType` with `UniqueID`, `EventID` or `LogDate` (Server & Workload Protection event)", IsSwpEvent,
                ReadSwpForm};
  form.is_batched = true;
  return form;
}

Result<SwpEvents> ReadSwpEvents(const Event& event) {
  JsonFields fields;
  SwpEvents read;
  for (const Json& object : fields.Array(event.detail["objects"]).Elements()) {
    if (!object.IsObject()) fields.Expected(object, "an object", object.TypeName());
    if (!fields.status().ok()) return fields.status().error();
    read.events.push_back(ReadOneEvent(object));
  }
  read.others = event.detail["others"].Int64Or(0);
  if (!fields.status().ok()) return fields.status().error();
  return read;
}

std::string LineOf(const SwpEvent& event) {
  std::string line = event.at ? FormatTime(*event.at) : "";
  line += " " + std::string(event.kind == SwpEventKind::kUnknown ? Printable(event.type, 60) : ToString(event.kind));
  if (!event.what.empty()) line += " " + Printable(event.what, 120);
  if (!event.where.empty()) line += " in " + Printable(event.where, 160);
  if (!event.addresses.empty()) line += " from " + Printable(event.addresses.front(), 64);
  if (event.outcome != SwpOutcome::kReported) line += ": " + std::string(ToString(event.outcome));
  return line;
}

}  // namespace sallyport
