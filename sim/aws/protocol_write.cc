// SPDX-License-Identifier: Apache-2.0
//
// The answer half of protocol.h.
#include <cstdio>
#include <ctime>

#include "sim/aws/protocol.h"
#include "sim/aws/xml.h"

namespace sallyport::aws_sim {
namespace {

using Headers = std::vector<std::pair<std::string, std::string>>;

constexpr std::string_view kXmlHead = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";

std::string Open(std::string_view name, std::string_view xmlns) {
  std::string out = "<" + std::string(name);
  if (!xmlns.empty()) out.append(" xmlns=\"").append(xmlns).append("\"");
  return out + ">";
}

std::string Close(std::string_view name) {
  return "</" + std::string(name) + ">";
}

std::string Ec2Body(const Route& route, const json::object& members, const std::string& request_id) {
  const auto root = std::string(route.operation->name) + "Response";
  std::string out = std::string(kXmlHead) + Open(root, route.service->xml_namespace);
  out += "<requestId>" + request_id + "</requestId>";
  WriteXmlMembers(out, members, ListStyle::kItem);
  return out + Close(root);
}

std::string QueryBody(const Route& route, const json::object& members, const std::string& request_id) {
  const auto root = std::string(route.operation->name) + "Response";
  const auto result = std::string(route.operation->name) + "Result";
  std::string out = Open(root, route.service->xml_namespace) + Open(result, "");
  WriteXmlMembers(out, members, ListStyle::kMember);
  out += Close(result) + "<ResponseMetadata><RequestId>" + request_id + "</RequestId></ResponseMetadata>";
  return out + Close(root);
}

// Rest-xml operations hand over one member: the root element.
std::string RestXmlBody(const Route& route, const json::object& members) {
  if (members.empty()) return "";
  const auto& root = *members.begin();
  std::string out = std::string(kXmlHead) + Open(root.key(), route.service->xml_namespace);
  if (root.value().is_object()) {
    WriteXmlMembers(out, root.value().get_object(), ListStyle::kFlat);
  } else if (root.value().is_string()) {
    out += XmlEscaped(root.value().get_string());
  }
  return out + Close(root.key());
}

std::string_view ContentType(Protocol protocol) {
  switch (protocol) {
    case Protocol::kJson10:
      return "application/x-amz-json-1.0";
    case Protocol::kJson11:
      return "application/x-amz-json-1.1";
    case Protocol::kRestJson:
      return "application/json";
    case Protocol::kEc2:
      return "text/xml;charset=UTF-8";
    case Protocol::kQuery:
      return "text/xml";
    case Protocol::kRestXml:
      break;
  }
  return "application/xml";
}

std::string BodyOf(const Route& route, const Answer& answer, const std::string& request_id) {
  if (!answer.content_type.empty()) return answer.text;
  switch (route.service->protocol) {
    case Protocol::kEc2:
      return Ec2Body(route, answer.members, request_id);
    case Protocol::kQuery:
      return QueryBody(route, answer.members, request_id);
    case Protocol::kRestXml:
      return RestXmlBody(route, answer.members);
    default:
      return json::serialize(answer.members);
  }
}

void AddCommonHeaders(const ServiceSpec& service, const std::string& request_id, TimePoint now, Headers& headers) {
  headers.emplace_back(service.signing_name == "s3" ? "x-amz-request-id" : "x-amzn-RequestId", request_id);
  headers.emplace_back("Date", HttpDate(now));
}

std::string XmlFailure(const ServiceSpec& service, const Failure& failure, const std::string& request_id) {
  json::object error{{"Code", failure.code}, {"Message", failure.message}};
  for (const auto& member : failure.more) error[member.key()] = member.value();
  std::string out;
  if (service.protocol == Protocol::kEc2) {
    WriteXmlElement(out, "Response",
                    json::object{{"Errors", json::object{{"Error", std::move(error)}}}, {"RequestID", request_id}},
                    ListStyle::kFlat);
  } else if (service.id == "s3") {
    error["RequestId"] = request_id;
    WriteXmlElement(out, "Error", error, ListStyle::kFlat);
  } else {
    json::object typed{{"Type", failure.status >= 500 ? "Receiver" : "Sender"}};
    for (const auto& member : error) typed[member.key()] = member.value();
    out += Open("ErrorResponse", service.xml_namespace);
    WriteXmlElement(out, "Error", typed, ListStyle::kFlat);
    out += "<RequestId>" + request_id + "</RequestId></ErrorResponse>";
  }
  return std::string(kXmlHead) + out;
}

// SQS kept the codes of its query protocol in a header.
std::string_view OldSqsCode(std::string_view code) {
  if (code == "QueueDoesNotExist") return "AWS.SimpleQueueService.NonExistentQueue";
  if (code == "EmptyBatchRequest") return "AWS.SimpleQueueService.EmptyBatchRequest";
  if (code == "TooManyEntriesInBatchRequest") return "AWS.SimpleQueueService.TooManyEntriesInBatchRequest";
  if (code == "BatchEntryIdsNotDistinct") return "AWS.SimpleQueueService.BatchEntryIdsNotDistinct";
  return code;
}

std::string JsonFailure(const ServiceSpec& service, const Failure& failure, Headers& headers) {
  json::object error;
  if (service.protocol == Protocol::kRestJson) {
    headers.emplace_back("x-amzn-ErrorType", failure.code + ":http://internal.amazon.com/coral/");
  } else if (service.id == "sqs") {
    error["__type"] = "com.amazonaws.sqs#" + failure.code;
    headers.emplace_back("x-amzn-query-error",
                         std::string(OldSqsCode(failure.code)) + (failure.status >= 500 ? ";Receiver" : ";Sender"));
  } else {
    error["__type"] = failure.code;
  }
  error["message"] = failure.message;
  for (const auto& member : failure.more) error[member.key()] = member.value();
  return json::serialize(error);
}

}  // namespace

std::string HttpDate(TimePoint time) {
  const std::time_t seconds = std::chrono::system_clock::to_time_t(time);
  std::tm parts{};
  gmtime_r(&seconds, &parts);
  constexpr const char* kDays[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  constexpr const char* kMonths[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                     "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  char text[48];
  std::snprintf(text, sizeof text, "%s, %02d %s %04d %02d:%02d:%02d GMT", kDays[parts.tm_wday], parts.tm_mday,
                kMonths[parts.tm_mon], parts.tm_year + 1900, parts.tm_hour, parts.tm_min, parts.tm_sec);
  return text;
}

sim::ServedAnswer WriteAnswer(const Route& route, const Answer& answer, const std::string& request_id, TimePoint now) {
  if (answer.failure) {
    auto served = WriteFailure(*route.service, *answer.failure, request_id, now);
    served.headers.insert(served.headers.end(), answer.headers.begin(), answer.headers.end());
    return served;
  }
  sim::ServedAnswer served;
  served.body = BodyOf(route, answer, request_id);
  const auto type = answer.content_type.empty() ? ContentType(route.service->protocol) : answer.content_type;
  served.headers.emplace_back("Content-Type", type);
  AddCommonHeaders(*route.service, request_id, now, served.headers);
  served.headers.insert(served.headers.end(), answer.headers.begin(), answer.headers.end());
  return served;
}

sim::ServedAnswer WriteFailure(const ServiceSpec& service, const Failure& failure, const std::string& request_id,
                               TimePoint now, bool in_200) {
  sim::ServedAnswer served;
  served.status = in_200 ? 200 : failure.status;
  const bool xml = service.protocol == Protocol::kEc2 || service.protocol == Protocol::kQuery ||
                   service.protocol == Protocol::kRestXml;
  served.headers.emplace_back("Content-Type", std::string(ContentType(service.protocol)));
  AddCommonHeaders(service, request_id, now, served.headers);
  served.body = xml ? XmlFailure(service, failure, request_id) : JsonFailure(service, failure, served.headers);
  return served;
}

}  // namespace sallyport::aws_sim
