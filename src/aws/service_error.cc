// SPDX-License-Identifier: Apache-2.0
#include "aws/service_error.h"

#include <algorithm>
#include <array>

#include "aws/bounds.h"
#include "aws/endpoint.h"
#include "aws/xml.h"
#include "base/json.h"
#include "base/text.h"

namespace sallyport::aws {
namespace {

template <std::size_t n>
bool IsOneOf(std::string_view code, const std::array<std::string_view, n>& codes) {
  return std::find(codes.begin(), codes.end(), code) != codes.end();
}

// Contract aws-api, section 5, from botocore's standard mode.
constexpr std::array<std::string_view, 15> kThrottling = {"Throttling",
                                                          "ThrottlingException",
                                                          "ThrottledException",
                                                          "Throttled",
                                                          "RequestThrottledException",
                                                          "RequestThrottled",
                                                          "TooManyRequestsException",
                                                          "ProvisionedThroughputExceededException",
                                                          "TransactionInProgressException",
                                                          "RequestLimitExceeded",
                                                          "BandwidthLimitExceeded",
                                                          "LimitExceededException",
                                                          "SlowDown",
                                                          "PriorRequestNotComplete",
                                                          "EC2ThrottledException"};
constexpr std::array<std::string_view, 7> kTransient = {
    "RequestTimeout", "RequestTimeoutException", "InternalError", "InternalFailure", "ServiceUnavailable",
    "Unavailable",    "IDPCommunicationError"};
constexpr std::array<std::string_view, 2> kExpired = {"ExpiredToken", "ExpiredTokenException"};
constexpr std::string_view kSkewed = "RequestTimeTooSkewed";
// EC2 says this of a session that has ended as well as of a request that is too old (aws-sdk-go-v2 issue 1674).
constexpr std::string_view kSkewedOrExpired = "RequestExpired";
constexpr std::array<std::string_view, 2> kBadSignature = {"InvalidSignatureException", "SignatureDoesNotMatch"};
constexpr std::array<std::string_view, 11> kWho = {"AuthFailure",
                                                   "InvalidClientTokenId",
                                                   "UnrecognizedClientException",
                                                   "IncompleteSignature",
                                                   "MissingAuthenticationToken",
                                                   "MissingAuthenticationTokenException",
                                                   "InvalidAccessKeyId",
                                                   "InvalidToken",
                                                   "IncompleteSignatureException",
                                                   "NotAuthorized",
                                                   "InvalidIdentityToken"};
constexpr std::array<std::string_view, 8> kDenied = {
    "AccessDenied",       "AccessDeniedException",       "UnauthorizedOperation",
    "AuthorizationError", "AuthorizationErrorException", "Client.UnauthorizedOperation",
    "AllAccessDisabled",  "UnauthorizedAccess"};
constexpr std::array<std::string_view, 3> kRegionClosed = {"RegionDisabledException", "OptInRequired",
                                                           "SubscriptionRequiredException"};
constexpr std::array<std::string_view, 5> kAbsent = {"WAFNonexistentItemException", "QueueDoesNotExist",
                                                     "AWS.SimpleQueueService.NonExistentQueue",
                                                     "ResourceNotDiscoveredException", "AccessPointNotFound"};

bool Contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

// `com.amazonaws.sqs#QueueDoesNotExist:http://...` -> `QueueDoesNotExist`.
std::string ShortCode(std::string_view type) {
  type = type.substr(0, type.find(':'));
  const std::size_t hash = type.rfind('#');
  return std::string(Trim(hash == std::string_view::npos ? type : type.substr(hash + 1)));
}

void ReadJsonError(const WireAnswer& answer, ServiceError& error) {
  error.code = ShortCode(answer.Header("x-amzn-errortype"));
  const auto json = Json::Parse(answer.body, bounds::kAnswerBytes);
  if (!json.ok()) return;
  if (error.code.empty()) error.code = ShortCode((*json)["__type"].StringOr((*json)["code"].StringOr("")));
  error.message = (*json)["message"].StringOr((*json)["Message"].StringOr(""));
}

// `<Error>` alone, in `<ErrorResponse>`, or in `<Response><Errors>`.
Xml FindError(const Xml& root) {
  if (root.Name() == "Error") return root;
  const Xml inner = root["Error"];
  return inner.IsMissing() ? root["Errors"]["Error"] : inner;
}

void ReadXmlError(const WireAnswer& answer, ServiceError& error) {
  const auto root = Xml::Parse(answer.body);
  if (!root.ok()) return;
  const Xml xml = FindError(*root);
  error.code = ShortCode(Trim(xml["Code"].Text()));
  error.message = xml["Message"].Text();
  error.region = Trim(xml["Region"].Text());
  for (const Xml& id : {(*root)["RequestId"], (*root)["RequestID"], xml["RequestId"]}) {
    if (error.request_id.empty()) error.request_id = Trim(id.Text());
  }
}

bool IsXml(Protocol protocol) {
  return protocol == Protocol::kQuery || protocol == Protocol::kEc2 || protocol == Protocol::kRestXml;
}

// The root element's name, or as much of it as needed, without parsing what may be megabytes of a good answer.
bool StartsWithError(std::string_view body) {
  body = Trim(body);
  if (body.starts_with("<?")) body = Trim(body.substr(std::min(body.find("?>"), body.size() - 2) + 2));
  for (const std::string_view root : {"<Error", "<ErrorResponse", "<Response"}) {
    const std::string_view next = body.substr(0, root.size() + 1);
    if (next.starts_with(root) && next.size() > root.size() && Contains("> \t\r\n/", next.substr(root.size())))
      return true;
  }
  return false;
}

// A json service marks an error by its type, the first member; no answer here has such a member at the top.
bool StartsWithType(std::string_view body) {
  body = Trim(body);
  return body.starts_with('{') && Trim(body.substr(1)).starts_with("\"__type\"");
}

bool IsError(Protocol protocol, const WireAnswer& answer) {
  if (answer.status < 200 || answer.status > 299) return true;
  return IsXml(protocol) ? StartsWithError(answer.body) : StartsWithType(answer.body);
}

// A HEAD has no body to tell more.
std::string CodeOfStatus(int status) {
  switch (status) {
    case 301:
      return "PermanentRedirect";
    case 403:
      return "AccessDenied";
    case 404:
      return "NotFound";
    default:
      return "";
  }
}

bool IsAbsent(std::string_view code, int status) {
  return (status == 404 && !code.empty()) || IsOneOf(code, kAbsent) || code.starts_with("NoSuch") ||
         Contains(code, "NotFound");
}

ErrorCode CodeOf(const ServiceError& error, const Operation& operation) {
  const std::string_view code = error.code;
  if (IsOneOf(code, kDenied) || IsOneOf(code, kRegionClosed)) return ErrorCode::kForbidden;
  if (IsOneOf(code, kExpired) || code == kSkewed || code == kSkewedOrExpired || IsOneOf(code, kBadSignature) ||
      IsOneOf(code, kWho)) {
    return ErrorCode::kUnauthenticated;
  }
  if (IsOneOf(code, kThrottling) || error.status == 429) return ErrorCode::kRateLimited;
  if (IsAbsent(code, error.status)) return ErrorCode::kNotFound;
  if (error.status >= 500 || IsOneOf(code, kTransient) || error.status < 300) {
    return operation.repeatable ? ErrorCode::kUnavailable : ErrorCode::kOutcomeUnknown;
  }
  if (error.status == 401) return ErrorCode::kUnauthenticated;
  if (error.status == 403) return ErrorCode::kForbidden;
  // A 404 in which no service speaks comes from something else on the way, and says nothing about the thing asked for.
  if (error.status < 400 || error.status == 404) return ErrorCode::kBadAnswer;
  return ErrorCode::kInvalidInput;
}

// "User: ... is not authorized to perform: ec2:DescribeInstances on resource: ..."
std::string MissingAction(const ServiceError& error, const Operation& operation) {
  constexpr std::string_view kPhrase = "not authorized to perform: ";
  const std::size_t at = error.message.find(kPhrase);
  if (at == std::string::npos) return operation.Action();
  const std::string_view rest = std::string_view(error.message).substr(at + kPhrase.size());
  const std::string_view action = rest.substr(0, rest.find_first_of(" ,;\n"));
  const bool plausible = Contains(action, ":") && action.size() < bounds::kShownName;
  return plausible ? Printable(action, bounds::kShownName) : operation.Action();
}

std::string CallPlace(const Call& call) {
  std::string where = std::string(call.operation->service.name) + ":" + std::string(call.operation->name);
  where += " in " + Printable(call.place.region, bounds::kShownName);
  if (!call.place.account.empty()) where += " of account " + Printable(call.place.account, bounds::kShownName);
  return where;
}

std::string Advice(const ServiceError& error, ErrorCode code, const Call& call, const std::string& action) {
  const std::string region = Printable(call.place.region, bounds::kShownName);
  const std::string account = call.place.account.empty() ? "the account" : "account " + call.place.account;
  if (IsOneOf(error.code, kRegionClosed)) return "enable the region " + region + " in " + account + " or leave it out";
  if (code == ErrorCode::kForbidden) return "allow `" + action + "` for the role that was used";
  if (code == ErrorCode::kUnauthenticated && IsOptInRegion(call.place.region) && IsOneOf(error.code, kWho)) {
    return "check the credentials; the same comes when the region " + region + " is not enabled in " + account;
  }
  if (code == ErrorCode::kUnauthenticated) return "check the credentials and the clock";
  if (code == ErrorCode::kRateLimited) return "the account's API limit is used up: try later or lower the concurrency";
  return "";
}

std::shared_ptr<ErrorOrigin> OriginOf(const Call& call) {
  auto origin = std::make_shared<ErrorOrigin>();
  origin->service = call.operation->service.name;
  origin->operation = call.operation->name;
  origin->account = call.place.account;
  origin->region = call.place.region;
  return origin;
}

std::string Named(std::string_view request_id) {
  return request_id.empty() ? "" : ", request id " + Printable(request_id, bounds::kShownName);
}

}  // namespace

std::string RequestId(const WireAnswer& answer) {
  for (const std::string_view name : {"x-amzn-requestid", "x-amz-request-id"}) {
    if (const std::string_view id = answer.Header(name); !id.empty()) return std::string(id);
  }
  return "";
}

std::optional<ServiceError> ReadServiceError(Protocol protocol, const WireAnswer& answer) {
  if (!IsError(protocol, answer)) return std::nullopt;
  ServiceError error;
  error.status = answer.status;
  if (IsXml(protocol)) {
    ReadXmlError(answer, error);
  } else {
    ReadJsonError(answer, error);
  }
  if (error.code.empty() && answer.body.empty()) error.code = CodeOfStatus(answer.status);
  if (const std::string id = RequestId(answer); !id.empty()) error.request_id = id;
  if (const auto region = answer.Header("x-amz-bucket-region"); !region.empty()) error.region = region;
  return error;
}

Remedy RemedyOf(const ServiceError& error, bool server_time_off) {
  const std::string_view code = error.code;
  const bool wrong_region = error.status == 301 || error.status == 307 || code == "AuthorizationHeaderMalformed" ||
                            (error.status == 400 && code.empty());
  if (wrong_region && !error.region.empty()) return Remedy::kGoTo;
  if (IsOneOf(code, kExpired)) return Remedy::kNewToken;
  if (code == kSkewedOrExpired) return server_time_off ? Remedy::kSetClock : Remedy::kNewToken;
  const bool says_time = Contains(error.message, "Signature expired") || Contains(error.message, "not yet current");
  if (code == kSkewed || (IsOneOf(code, kBadSignature) && says_time)) return Remedy::kSetClock;
  if (server_time_off && (code == "AuthFailure" || error.status == 403)) return Remedy::kSetClock;
  if (IsOneOf(code, kThrottling) || error.status == 429) return Remedy::kSlowDown;
  const bool by_status = error.status == 500 || error.status == 502 || error.status == 503 || error.status == 504;
  if (by_status || IsOneOf(code, kTransient)) return Remedy::kWait;
  return Remedy::kNone;
}

Error ToError(const ServiceError& error, const Call& call) {
  const ErrorCode code = CodeOf(error, *call.operation);
  auto origin = OriginOf(call);
  origin->code = Printable(error.code, bounds::kShownName);
  origin->request_id = Printable(error.request_id, bounds::kShownName);
  if (code == ErrorCode::kForbidden && !IsOneOf(error.code, kRegionClosed)) {
    origin->missing_action = MissingAction(error, *call.operation);
  }
  std::string message = CallPlace(call) + ": " + (error.code.empty() ? "an error" : origin->code) + " (HTTP " +
                        std::to_string(error.status) + ")";
  if (!Trim(error.message).empty()) message += ": " + Printable(Trim(error.message), bounds::kShownMessage);
  message += Named(error.request_id);
  std::string advice = Advice(error, code, call, origin->missing_action);
  return Error{code, std::move(message), std::move(advice), std::move(origin)};
}

Error WithOrigin(Error error, const Call& call, std::string_view request_id) {
  auto origin = OriginOf(call);
  origin->request_id = Printable(request_id, bounds::kShownName);
  error.message = CallPlace(call) + ": " + error.message + Named(request_id);
  error.origin = std::move(origin);
  return error;
}

}  // namespace sallyport::aws
