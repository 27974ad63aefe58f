// SPDX-License-Identifier: Apache-2.0
#include "sim/swp_faults.h"

#include <algorithm>
#include <boost/json.hpp>
#include <random>
#include <regex>

#include "base/text.h"

namespace sallyport::sim {
namespace {

namespace json = boost::json;

constexpr int kFarAway = 1'000'000;
constexpr int kLongestDelay = 600'000;

struct KindName {
  SwpFaultKind kind;
  std::string_view name;
};
constexpr KindName kKindNames[] = {{SwpFaultKind::kStatus, "status"},
                                   {SwpFaultKind::kHtmlError, "html-error"},
                                   {SwpFaultKind::kCutBefore, "cut-before"},
                                   {SwpFaultKind::kDelay, "delay"},
                                   {SwpFaultKind::kCutAfter, "cut-after"},
                                   {SwpFaultKind::kMalformedJson, "malformed-json"},
                                   {SwpFaultKind::kTruncatedBody, "truncated-body"},
                                   {SwpFaultKind::kStaleAnswer, "stale-answer"},
                                   {SwpFaultKind::kUnknownEnum, "unknown-enum"},
                                   {SwpFaultKind::kDateAsString, "date-as-string"},
                                   {SwpFaultKind::kMissingModuleStatus, "missing-module-status"},
                                   {SwpFaultKind::kDuplicateInstance, "duplicate-instance"}};

constexpr std::string_view kScanDates[] = {"lastRecommendationScanDate", "lastIntegrityScan", "lastScheduledScan",
                                           "lastManualScan"};

void SpoilMember(SwpFaultKind kind, std::string_view key, json::value& value) {
  const bool status = key == "recommendationScanStatus" || key == "agentStatus";
  if (kind == SwpFaultKind::kUnknownEnum && status && value.is_string()) value = "word-from-the-future";
  const bool date = std::find(std::begin(kScanDates), std::end(kScanDates), key) != std::end(kScanDates);
  if (kind == SwpFaultKind::kDateAsString && date && value.is_int64()) value = std::to_string(value.get_int64());
}

void SpoilValue(SwpFaultKind kind, json::value& value) {
  if (value.is_array()) {
    for (json::value& element : value.get_array()) SpoilValue(kind, element);
  }
  if (!value.is_object()) return;
  if (kind == SwpFaultKind::kMissingModuleStatus) value.get_object().erase("moduleStatus");
  for (auto& member : value.get_object()) {
    SpoilMember(kind, member.key(), member.value());
    SpoilValue(kind, member.value());
  }
}

// Adds what a re-activation leaves behind: the same instance under another ID, without an agent.
void DuplicateFirst(json::value& value) {
  if (!value.is_object()) return;
  json::value* list = value.get_object().if_contains("computers");
  if (list == nullptr || !list->is_array() || list->get_array().empty() || !list->get_array()[0].is_object()) return;
  json::object copy = list->get_array()[0].get_object();
  if (copy.contains("ID") && copy["ID"].is_int64()) copy["ID"] = copy["ID"].get_int64() + kFarAway;
  for (const auto key : {"agentFingerPrint", "policyID", "lastAgentCommunication"}) copy.erase(key);
  copy["agentVersion"] = "0.0.0.0";
  list->get_array().emplace_back(std::move(copy));
}

}  // namespace

struct SwpFaultBook::Entry {
  SwpFault fault;
  std::regex pattern;
  std::mt19937_64 random;
  int seen = 0;
  int applied = 0;
};

SwpFaultBook::SwpFaultBook() = default;
SwpFaultBook::~SwpFaultBook() = default;

std::string_view ToString(SwpFaultKind kind) {
  for (const KindName& entry : kKindNames) {
    if (entry.kind == kind) return entry.name;
  }
  return "";
}

std::optional<SwpFaultKind> SwpFaultKindFrom(std::string_view name) {
  for (const KindName& entry : kKindNames) {
    if (entry.name == name) return entry.kind;
  }
  return std::nullopt;
}

Status SwpFaultBook::Add(const SwpFault& fault) {
  const bool in_range = fault.skip >= 0 && fault.times >= -1 && fault.delay_ms >= 0 &&
                        fault.delay_ms <= kLongestDelay && fault.status >= 100 && fault.status <= 599 &&
                        fault.probability >= 0 && fault.probability <= 1;
  if (!in_range) return Error{ErrorCode::kInvalidInput, "fault: a number is out of range", ""};
  auto entry = std::make_unique<Entry>();
  entry->fault = fault;
  entry->random.seed(fault.seed);
  try {
    entry->pattern = std::regex(fault.path_pattern);
  } catch (const std::regex_error&) {
    return Error{ErrorCode::kInvalidInput,
                 "fault: `" + Printable(fault.path_pattern, 100) + "` is not a regular expression", ""};
  }
  const std::lock_guard lock(mutex_);
  entries_.push_back(std::move(entry));
  return Ok();
}

void SwpFaultBook::Clear() {
  const std::lock_guard lock(mutex_);
  entries_.clear();
}

std::vector<SwpFault> SwpFaultBook::Match(std::string_view method, std::string_view path) {
  std::vector<SwpFault> matched;
  const std::lock_guard lock(mutex_);
  for (const auto& entry : entries_) {
    const SwpFault& fault = entry->fault;
    if (!fault.method.empty() && fault.method != method) continue;
    if (!std::regex_search(path.begin(), path.end(), entry->pattern)) continue;
    if (entry->seen++ < fault.skip) continue;
    if (fault.times >= 0 && entry->applied >= fault.times) continue;
    if (std::uniform_real_distribution<double>(0, 1)(entry->random) >= fault.probability) continue;
    ++entry->applied;
    matched.push_back(fault);
  }
  return matched;
}

std::string SpoilBody(SwpFaultKind kind, const std::string& body) {
  if (kind == SwpFaultKind::kMalformedJson) return body.substr(0, body.size() / 2) + "\"";
  json::error_code failed;
  json::value value = json::parse(body, failed);
  if (failed) return body;
  if (kind == SwpFaultKind::kDuplicateInstance) {
    DuplicateFirst(value);
  } else {
    SpoilValue(kind, value);
  }
  return json::serialize(value);
}

}  // namespace sallyport::sim
