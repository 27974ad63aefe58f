// SPDX-License-Identifier: Apache-2.0
//
// The wire protocols: which operation a request is, its members, and answers and errors in the form of its protocol.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "sim/aws/call.h"
#include "sim/http_server.h"

namespace sallyport::aws_sim {

struct Route {
  const ServiceSpec* service = nullptr;
  const OperationSpec* operation = nullptr;  // null: the service has no such operation
  json::object labels;                       // from the path
};

// `signing_name`: of the credential scope; empty for an unsigned request, then only STS is looked at. The service is
// null when nobody signs with that name.
Route FindRoute(const sim::ServedRequest& request, std::string_view signing_name);

// The members of the request, or the error it gets for what is missing, unknown or not readable.
std::variant<json::object, Failure> ReadMembers(const sim::ServedRequest& request, const Route& route);

sim::ServedAnswer WriteAnswer(const Route& route, const Answer& answer, const std::string& request_id, TimePoint now);
// `in_200`: with status 200, as S3 does now and then.
sim::ServedAnswer WriteFailure(const ServiceSpec& service, const Failure& failure, const std::string& request_id,
                               TimePoint now, bool in_200 = false);

// `Sun, 06 Nov 1994 08:49:37 GMT`
std::string HttpDate(TimePoint time);
std::string PercentDecoded(std::string_view text);

}  // namespace sallyport::aws_sim
