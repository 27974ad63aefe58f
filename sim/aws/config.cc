// SPDX-License-Identifier: Apache-2.0
//
// Config: items and evaluations. Items are the records of `configItems`; every instance
// is an item besides.
#include <algorithm>
#include <map>

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
  json::array listed;
  for (const auto& [key, value] : instance.tags) {
    tags[key] = value;
    listed.push_back(json::object{{"key", key}, {"value", value}});
  }
  json::object configuration{{"instanceId", instance.id},
                             {"imageId", instance.image_id},
                             {"instanceType", instance.type},
                             {"state", json::object{{"name", instance.state}}},
                             {"launchTime", instance.launch_time},
                             {"tags", std::move(listed)},
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

// The rule that a token belongs to; nullptr: nobody's.
const json::object* RuleOfToken(const Call& call, const std::string& token) {
  for (const json::object& rule : call.regional->Set("configRules")) {
    if (TextOf(rule, "resultToken") == token) return &rule;
  }
  return nullptr;
}

std::size_t Characters(const std::string& text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

std::optional<Failure> CheckEvaluation(const Call& call, const json::value& value) {
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
  if (one.at("OrderingTimestamp").to_number<double>() > Seconds(call.now) + 1)
    return Fail(400, "InvalidParameterValueException", "The OrderingTimestamp is in the future.");
  if (Characters(TextOf(one, "Annotation")) > 256)
    return Fail(400, "ValidationException", "The Annotation is too long.");
  return std::nullopt;
}

// Whether an evaluation is to be answered with as failed (control `config`, `fail`).
bool FailsNow(World& world, const std::string& resource) {
  for (World::EvaluationFault& fault : world.evaluation_faults) {
    if (fault.times == 0 || !WildcardMatch(fault.resource, resource)) continue;
    if (fault.times > 0) --fault.times;
    return true;
  }
  return false;
}

Answer PutEvaluations(World& world, const Call& call) {
  const auto& evaluations = ArrayOf(call.in, "Evaluations");
  const bool test = FlagOf(call.in, "TestMode");
  const auto token = TextOf(call.in, "ResultToken");
  if (evaluations.size() > 100) return Fail(400, "ValidationException", "Evaluations can have at most 100 elements");
  const json::object* rule = RuleOfToken(call, token);
  if (!test && rule == nullptr) {
    return Fail(400, "InvalidResultTokenException", "The ResultToken provided is not valid.");
  }
  for (const json::value& value : evaluations) {
    if (auto problem = CheckEvaluation(call, value)) return *problem;
  }
  json::array failed;
  for (const json::value& value : evaluations) {
    if (FailsNow(world, TextOf(value.get_object(), "ComplianceResourceId"))) {
      failed.push_back(value);
      continue;
    }
    if (test) continue;
    json::object kept = value.get_object();
    kept["ResultToken"] = token;
    kept["accountId"] = call.account->id;
    kept["region"] = call.region;
    kept["rule"] = TextOf(*rule, "Name");
    world.evaluations.push_back(std::move(kept));
  }
  return json::object{{"FailedEvaluations", std::move(failed)}};
}

// Of each resource the one with the latest ordering timestamp; put later wins a tie.
Answer GetComplianceDetailsByConfigRule(World& world, const Call& call) {
  const auto name = TextOf(call.in, "ConfigRuleName");
  const auto& rules = call.regional->Set("configRules");
  const auto is_it = [&](const json::object& rule) { return TextOf(rule, "Name") == name; };
  if (std::none_of(rules.begin(), rules.end(), is_it)) {
    return Fail(400, "NoSuchConfigRuleException",
                "The ConfigRule '" + Printable(name, 80) + "' provided is not found.");
  }
  std::map<std::string, const json::object*> latest;
  for (const json::object& one : world.evaluations) {
    const bool of_it = TextOf(one, "rule") == name && TextOf(one, "accountId") == call.account->id &&
                       TextOf(one, "region") == call.region;
    if (!of_it) continue;
    auto& kept = latest[TextOf(one, "ComplianceResourceType") + " " + TextOf(one, "ComplianceResourceId")];
    if (kept == nullptr || TimeIn(one, "OrderingTimestamp", 0) >= TimeIn(*kept, "OrderingTimestamp", 0)) kept = &one;
  }
  const auto& wanted = ArrayOf(call.in, "ComplianceTypes");
  json::array results;
  for (const auto& [key, one] : latest) {
    const auto compliance = TextOf(*one, "ComplianceType");
    const auto is_wanted = [&](const json::value& type) { return type.is_string() && type.get_string() == compliance; };
    if (!wanted.empty() && std::none_of(wanted.begin(), wanted.end(), is_wanted)) continue;
    json::object qualifier{{"ConfigRuleName", name},
                           {"ResourceType", TextOf(*one, "ComplianceResourceType")},
                           {"ResourceId", TextOf(*one, "ComplianceResourceId")}};
    json::object result{
        {"EvaluationResultIdentifier", json::object{{"EvaluationResultQualifier", std::move(qualifier)},
                                                    {"OrderingTimestamp", one->at("OrderingTimestamp")}}},
        {"ComplianceType", compliance}};
    if (Has(*one, "Annotation")) result["Annotation"] = one->at("Annotation");
    results.push_back(std::move(result));
  }
  const PageRule rule{.token_in = "NextToken",
                      .token_out = "NextToken",
                      .size_in = "Limit",
                      .default_size = 10,
                      .smallest = 0,
                      .largest = 100,
                      .bad_token = "InvalidNextTokenException",
                      .bad_size = "ValidationException"};
  return OnePage(call, "EvaluationResults", results, rule);
}

constexpr OperationSpec kConfigOperations[] = {
    {"PutEvaluations", "Evaluations ResultToken* TestMode", PutEvaluations},
    {"GetComplianceDetailsByConfigRule", "ConfigRuleName* ComplianceTypes Limit NextToken",
     GetComplianceDetailsByConfigRule},
    {"GetResourceConfigHistory", "resourceType* resourceId* laterTime earlierTime chronologicalOrder limit nextToken",
     GetResourceConfigHistory},
};

}  // namespace

const ServiceSpec kConfigService{"config", "config",         "2014-11-12", Protocol::kJson11, "StarlingDoveService.",
                                 "",       kConfigOperations};

}  // namespace sallyport::aws_sim
