// SPDX-License-Identifier: Apache-2.0
//
// The runtime API over HTTP, version 2018-06-01.
#pragma once

#include <string>

#include "lambda/http_connection.h"
#include "lambda/runtime_api.h"

namespace sallyport::lambda {

// Lambda takes a response of at most 6 MB.
inline constexpr std::size_t kResponseBytes = std::size_t{6} * 1024 * 1024;
// Of an error's message; what is over it is cut.
inline constexpr std::size_t kErrorMessageBytes = std::size_t{16} * 1024;

class HttpRuntimeApi final : public RuntimeApi {
 public:
  // `address` is the value of AWS_LAMBDA_RUNTIME_API.
  explicit HttpRuntimeApi(std::string address);

  Result<Invocation> Next() override;
  Status Respond(const std::string& request_id, std::string_view body) override;
  Status Fail(const std::string& request_id, const FunctionError& error) override;
  Status InitError(const FunctionError& error) override;

 private:
  Status Post(const std::string& path, std::string_view body, const FunctionError* error, const std::string& what);

  HttpConnection connection_;
  // Of the invocation that is at work: which of several deliveries of one request this is. It goes back with the answer
  // when it came ("Lambda runtime API", of July 2026; AWS's own runtimes do the same). Empty: it did not come.
  std::string invocation_id_;
};

}  // namespace sallyport::lambda
