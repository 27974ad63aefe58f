// SPDX-License-Identifier: Apache-2.0
#include "sim/swp_events.h"

#include <algorithm>

namespace sallyport::sim {
namespace {

constexpr std::size_t kEventsPerMessage = 100;
constexpr int kTenant = 4235;

std::string Digits(std::int64_t number, std::size_t width) {
  std::string text = std::to_string(number);
  return std::string(width > text.size() ? width - text.size() : 0, '0') + text;
}

std::string InstanceOf(const json::object& record) {
  for (const std::string_view member : {"ec2VirtualMachineSummary", "noConnectorVirtualMachineSummary"}) {
    const json::value* summary = record.if_contains(member);
    if (summary == nullptr || !summary->is_object()) continue;
    std::string instance = TextOr(summary->get_object(), "instanceID", "");
    if (!instance.empty()) return instance;
  }
  return "";
}

std::string AddHidden(World& world, int computer, JobKind kind, const json::object& body, std::string_view member) {
  const json::value* found = body.if_contains(member);
  if (found == nullptr) return "";
  if (!found->is_array()) return "`" + std::string(member) + "` must be a list";
  std::vector<json::object> hidden;
  for (const json::value& one : found->get_array()) {
    if (!one.is_object()) return "`" + std::string(member) + "` must hold objects";
    hidden.push_back(one.get_object());
  }
  world.to_find[{computer, kind}] = std::move(hidden);
  return "";
}

}  // namespace

void World::PublishEvent(std::string_view type, int computer, std::int64_t at, const json::object& members) {
  const auto found = computers.find(computer);
  if (found == computers.end() || published.size() >= kMostPublished) return;
  const std::int64_t number = next_event_++;
  json::object event{{"EventID", number},   {"UniqueID", "00000000-0000-4000-8000-" + Digits(number, 12)},
                     {"EventType", type},   {"LogDate", FormatTime(FromEpochMilliseconds(at))},
                     {"HostID", computer},  {"Hostname", TextOr(found->second.record, "hostName", "")},
                     {"TenantID", kTenant}, {"TenantName", "Example"}};
  if (const std::string instance = InstanceOf(found->second.record); !instance.empty()) {
    event["HostInstanceID"] = instance;
    event["HostCloudType"] = "amazon";
  }
  for (const auto& member : members) event[member.key()] = member.value();
  published.push_back(std::move(event));
}

void World::PublishScan(const Job& job) {
  if (job.kind == JobKind::kSendPolicy) return;
  const std::string_view type = job.kind == JobKind::kMalware ? "AntiMalwareEvent" : "IntegrityEvent";
  if (const auto hidden = to_find.find({job.computer, job.kind}); hidden != to_find.end()) {
    for (const json::object& members : hidden->second) PublishEvent(type, job.computer, job.end, members);
  }
  const std::string_view title = job.kind == JobKind::kMalware     ? "Malware Scan Completed"
                                 : job.kind == JobKind::kIntegrity ? "Integrity Scan Completed"
                                                                   : "Recommendation Scan Completed";
  PublishEvent("SystemEvent", job.computer, job.end, json::object{{"Title", title}});
}

std::string HideFindings(World& world, const json::object& body) {
  const int computer = IntOr(body, "computer", 0);
  if (!world.computers.contains(computer)) return "`computer` must be the number of a computer";
  std::string problem = AddHidden(world, computer, JobKind::kMalware, body, "malware");
  if (problem.empty()) problem = AddHidden(world, computer, JobKind::kIntegrity, body, "integrity");
  return problem;
}

json::object TakePublished(World& world, std::string_view topic, std::int64_t now) {
  json::array messages;
  for (std::size_t first = 0; first < world.published.size(); first += kEventsPerMessage) {
    json::array events;
    const std::size_t end = std::min(world.published.size(), first + kEventsPerMessage);
    for (std::size_t i = first; i < end; ++i) events.emplace_back(world.published[i]);
    json::object sns{
        {"Type", "Notification"},
        {"MessageId", "00000000-0000-0000-0000-" + Digits(static_cast<std::int64_t>(messages.size()) + 1, 12)},
        {"TopicArn", topic},
        {"Timestamp", FormatTime(FromEpochMilliseconds(now))},
        {"Message", json::serialize(events)}};
    json::object record{{"EventVersion", "1.0"}, {"EventSource", "aws:sns"}, {"Sns", std::move(sns)}};
    messages.emplace_back(json::object{{"Records", json::array{std::move(record)}}});
  }
  world.published.clear();
  return json::object{{"messages", std::move(messages)}};
}

}  // namespace sallyport::sim
