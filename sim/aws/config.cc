// SPDX-License-Identifier: Apache-2.0
//
// Config: items and evaluations. Items are the records of `configItems`; every instance
// is an item besides.
#include <algorithm>

#include "base/text.h"
#include "sim/aws/services.h"

namespace sallyport::aws_sim {
namespace {

constexpr std::string_view kInstanceType = "AWS::EC2::Instance";

double Seconds(TimePoint time) {
  return static_cast<double>(ToEpochMilliseconds(time)) / 1000;
}

json::object InstanceItem(World& world, const Call& call, const Instance& instance) {
  json::object tags;
  for (const auto& [key, value] : instance.tags) tags[key] = value;
  json::object configuration{{"instanceId", instance.id},
                             {"imageId", instance.image_id},
                             {"instanceType", instance.type},
                             {"state", json::object{{"name", instance.state}}},
                             {"privateIpAddress", instance.private_address}};
  const auto launched = ParseTime(instance.launch_time);
  return {{"version", "1.3"},
          {"accountId", call.account->id},
          {"configurationItemCaptureTime", Seconds(launched.value_or(TimePoint{}))},
          {"configurationItemStatus", instance.state == "terminated" ? "ResourceDeleted" : "OK"},
          {"configurationStateId", "1"},
          {"arn", world.Arn("ec2", call.region, call.account->id, "instance/" + instance.id)},
          {"resourceType", kInstanceType},
          {"resourceId", instance.id},
          {"awsRegion", call.region},
          {"availabilityZone", instance.zone},
          {"tags", std::move(tags)},
          {"relationships", json::array()},
          {"configuration", json::serialize(configuration)},
          {"supplementaryConfiguration", json::object()}};
}

// All items of one resource, newest first; empty when there are none.
std::vector<json::object> ItemsOf(World& world, const Call& call, const std::string& type, const std::string& id) {
  std::vector<json::object> found;
  for (const json::object& item : call.regional->Set("configItems")) {
    if (TextOf(item, "resourceType") == type && TextOf(item, "resourceId") == id) found.push_back(item);
  }
  const auto* instance = type == kInstanceType ? call.regional->FindInstance(id) : nullptr;
  if (found.empty() && instance != nullptr) found.push_back(InstanceItem(world, call, *instance));
  const auto captured = [](const json::object& item) {
    const auto* time = item.if_contains("configurationItemCaptureTime");
    return time != nullptr && time->is_number() ? time->to_number<double>() : 0.0;
  };
  std::stable_sort(found.begin(), found.end(), [&](const auto& a, const auto& b) { return captured(a) > captured(b); });
  return found;
}

double TimeIn(const json::object& from, std::string_view key, double fallback) {
  const auto* time = from.if_contains(key);
  return time != nullptr && time->is_number() ? time->to_number<double>() : fallback;
}

Answer GetResourceConfigHistory(World& world, const Call& call) {
  auto items = ItemsOf(world, call, TextOf(call.in, "resourceType"), TextOf(call.in, "resourceId"));
  if (items.empty()) {
    return Fail(400, "ResourceNotDiscoveredException",
                "Resource " + Printable(TextOf(call.in, "resourceId"), 200) + " of type " +
                    Printable(TextOf(call.in, "resourceType"), 80) + " is not discovered.");
  }
  const double later = TimeIn(call.in, "laterTime", 1e18);
  const double earlier = TimeIn(call.in, "earlierTime", 0);
  if (later < earlier) return Fail(400, "InvalidTimeRangeException", "The specified time range is not valid.");
  items.erase(std::remove_if(items.begin(), items.end(),
                             [&](const json::object& item) {
                               const double at = TimeIn(item, "configurationItemCaptureTime", 0);
                               return at > later || at < earlier;
                             }),
              items.end());
  if (TextOf(call.in, "chronologicalOrder") == "Forward") std::reverse(items.begin(), items.end());
  const PageRule rule{.token_in = "nextToken",
                      .token_out = "nextToken",
                      .size_in = "limit",
                      .default_size = 10,
                      .smallest = 0,
                      .largest = 100,
                      .bad_token = "InvalidNextTokenException",
                      .bad_size = "InvalidLimitException"};
  return OnePage(call, "configurationItems", json::array(items.begin(), items.end()), rule);
}

bool KnownToken(const Call& call, const std::string& token) {
  for (const json::object& rule : call.regional->Set("configRules")) {
    if (TextOf(rule, "resultToken") == token) return true;
  }
  return false;
}

std::optional<Failure> CheckEvaluation(const json::value& value) {
  const json::object empty;
  const auto& one = value.is_object() ? value.get_object() : empty;
  for (const std::string_view name :
       {"ComplianceResourceType", "ComplianceResourceId", "ComplianceType", "OrderingTimestamp"}) {
    if (!Has(one, name)) return Fail(400, "ValidationException", "An evaluation has no " + std::string(name));
  }
  if (!Contains({"COMPLIANT", "NON_COMPLIANT", "NOT_APPLICABLE"}, TextOf(one, "ComplianceType"))) {
    return Fail(400, "InvalidParameterValueException", "The ComplianceType is not valid.");
  }
  if (!one.at("OrderingTimestamp").is_number())
    return Fail(400, "SerializationException", "OrderingTimestamp is a number");
  if (TextOf(one, "Annotation").size() > 1024) return Fail(400, "ValidationException", "The Annotation is too long.");
  return std::nullopt;
}

Answer PutEvaluations(World& world, const Call& call) {
  const auto& evaluations = ArrayOf(call.in, "Evaluations");
  const bool test = FlagOf(call.in, "TestMode");
  const auto token = TextOf(call.in, "ResultToken");
  if (evaluations.size() > 100) return Fail(400, "ValidationException", "Evaluations can have at most 100 elements");
  if (!test && !KnownToken(call, token)) {
    return Fail(400, "InvalidResultTokenException", "The ResultToken provided is not valid.");
  }
  for (const json::value& value : evaluations) {
    if (auto problem = CheckEvaluation(value)) return *problem;
  }
  if (test) return json::object{{"FailedEvaluations", json::array()}};
  for (const json::value& value : evaluations) {
    json::object kept = value.get_object();
    kept["ResultToken"] = token;
    kept["accountId"] = call.account->id;
    world.evaluations.push_back(std::move(kept));
  }
  return json::object{{"FailedEvaluations", json::array()}};
}

constexpr OperationSpec kConfigOperations[] = {
    {"PutEvaluations", "Evaluations ResultToken* TestMode", PutEvaluations},
    {"GetResourceConfigHistory", "resourceType* resourceId* laterTime earlierTime chronologicalOrder limit nextToken",
     GetResourceConfigHistory},
};

}  // namespace

const ServiceSpec kConfigService{"config", "config",         "2014-11-12", Protocol::kJson11, "StarlingDoveService.",
                                 "",       kConfigOperations};

}  // namespace sallyport::aws_sim
