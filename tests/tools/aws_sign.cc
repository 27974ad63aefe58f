// SPDX-License-Identifier: Apache-2.0
//
// For tests: signs the requests that stand on standard input, one JSON object a line (the form is in
// tests/python/sigv4_support.py), and prints the Authorization header of each.
#include <cstdio>
#include <exception>
#include <iostream>
#include <string>

#include "aws/sigv4.h"
#include "base/json.h"

namespace sallyport::aws {
namespace {

std::string SignLine(const Json& row) {
  WireRequest request{row["method"].StringOr(""), row["path"].StringOr(""), row["query"].StringOr(""), {}};
  for (const auto& [name, value] : row["headers"].Members()) request.headers.emplace_back(name, value.StringOr(""));
  const Keys keys{row["access_key_id"].StringOr(""), Secret(row["secret_access_key"].StringOr("")),
                  Secret(row["session_token"].StringOr(""))};
  const SigningScope scope{ParseTime(row["time"].StringOr("")).value_or(TimePoint{}), row["region"].StringOr(""),
                           row["service"].StringOr("")};
  const bool s3 = scope.service == "s3";
  const Signed result = Sign(request, row["body"].StringOr(""), keys, scope, {s3 ? kS3Path : kServicePath, s3});
  JsonWriter out;
  out.BeginObject().Member("authorization", result.secret_headers.back().second.RevealForRequest()).EndObject();
  return out.Take();
}

int Run() {
  std::string line;
  while (std::getline(std::cin, line)) {
    const auto row = Json::Parse(line);
    if (!row.ok()) {
      std::fprintf(stderr, "%s\n", row.error().ToText().c_str());
      return 1;
    }
    std::printf("%s\n", SignLine(*row).c_str());
  }
  return 0;
}

}  // namespace
}  // namespace sallyport::aws

int main() {
  try {
    return sallyport::aws::Run();
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 2;
  }
}
