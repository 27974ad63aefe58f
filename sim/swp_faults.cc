// SPDX-License-Identifier: Apache-2.0
#include "sim/swp_faults.h"

#include <algorithm>
#include <boost/json.hpp>
#include <regex>

#include "base/text.h"

namespace sallyport::sim {
namespace {

namespace json = boost::json;

constexpr int kFarAway = 1'000'000;

constexpr FaultName<SwpFaultKind> kKindNames[] = {{SwpFaultKind::kStatus, "status"},
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

std::string_view ToString(SwpFaultKind kind) {
  return NameOfFault(kKindNames, kind);
}

std::optional<SwpFaultKind> SwpFaultKindFrom(std::string_view name) {
  return FaultNamed(kKindNames, name);
}

Status SwpFaultBook::Add(const SwpFault& fault) {
  try {
    return book_.Add(fault, [method = fault.method, pattern = std::regex(fault.path_pattern)](const Call& call) {
      if (!method.empty() && method != call.method) return false;
      return std::regex_search(call.path.begin(), call.path.end(), pattern);
    });
  } catch (const std::regex_error&) {
    return Error{ErrorCode::kInvalidInput,
                 "fault: `" + Printable(fault.path_pattern, 100) + "` is not a regular expression", ""};
  }
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
