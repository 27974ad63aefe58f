// SPDX-License-Identifier: Apache-2.0
#include "aws/sigv4.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include "base/json.h"

namespace sallyport::aws {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

const SigningScope kScope{FromEpochMilliseconds(1'440'938'160'000), "eu-west-1", "inspector"};
const Keys kKeys{"AKIDEXAMPLE", Secret("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"), {}};

std::string SecondLine(const CanonicalRequest& canonical) {
  const std::size_t start = canonical.text.find('\n') + 1;
  return canonical.text.substr(start, canonical.text.find('\n', start) - start);
}

std::string CanonicalPathOf(std::string path, PathRule rule) {
  return SecondLine(MakeCanonicalRequest({"GET", std::move(path), "", {}}, rule, ""));
}

std::string Authorization(const Signed& result) {
  return result.secret_headers.back().second.RevealForRequest();
}

TEST(CanonicalPath, OfAServiceIsEncodedAgainAndOfS3Never) {
  struct Row {
    const char* sent;
    const char* service;
    const char* s3;
  };
  for (const Row& row : {
           Row{"", "/", "/"},
           Row{"/x/arn%3Aaws%3Ainspector", "/x/arn%253Aaws%253Ainspector", "/x/arn%3Aaws%3Ainspector"},
           Row{"/a//b/", "/a/b/", "/a//b/"},
           Row{"/a/../b/.", "/b", "/a/../b/."},
           Row{"/../..", "/", "/../.."},
           Row{"/a%2Fb", "/a%252Fb", "/a%2Fb"},
       }) {
    EXPECT_EQ(CanonicalPathOf(row.sent, kServicePath), row.service) << row.sent;
    EXPECT_EQ(CanonicalPathOf(row.sent, kS3Path), row.s3) << row.sent;
  }
}

TEST(CanonicalQuery, GivesAKeyWithoutAValueAnEqualsSign) {
  const auto canonical = MakeCanonicalRequest({"GET", "/", "policy", {}}, kS3Path, "");
  EXPECT_THAT(canonical.text, StartsWith("GET\n/\npolicy=\n"));
}

TEST(CanonicalQuery, IsOrderedByNameThenValueNotByTheWholeText) {
  const auto canonical = MakeCanonicalRequest({"GET", "/", "a-=1&a=2&a=10&&b=%7e", {}}, kS3Path, "");
  EXPECT_THAT(canonical.text, StartsWith("GET\n/\na=10&a=2&a-=1&b=~\n"));
}

TEST(Sign, LeavesOutWhatAProxyMayChange) {
  const WireRequest request{"GET",
                            "/",
                            "",
                            {{"Host", "a.example"},
                             {"User-Agent", "sallyport"},
                             {"Connection", "keep-alive"},
                             {"Expect", "100-continue"},
                             {"Transfer-Encoding", "chunked"},
                             {"X-Amzn-Trace-Id", "Root=1"},
                             {"Accept-Encoding", "gzip"},
                             {"Content-Type", "text/xml"}}};
  EXPECT_THAT(Authorization(Sign(request, "", kKeys, kScope)),
              HasSubstr("SignedHeaders=content-type;host;x-amz-date,"));
}

TEST(Sign, SignsAndAddsTheSessionTokenAsASecret) {
  Keys keys = kKeys;
  keys.session_token = Secret("token");
  const Signed result = Sign({"GET", "/", "", {{"Host", "a.example"}}}, "", keys, kScope);
  EXPECT_THAT(Authorization(result), HasSubstr("SignedHeaders=host;x-amz-date;x-amz-security-token,"));
  ASSERT_EQ(result.secret_headers.size(), 2U);
  EXPECT_EQ(result.secret_headers[0].first, "X-Amz-Security-Token");
  for (const auto& [name, value] : result.headers) EXPECT_THAT(value, Not(HasSubstr("token")));
}

TEST(Sign, HashesTheBodyForS3) {
  const Signed result = Sign({"PUT", "/k", "", {{"Host", "b"}}}, "abc", kKeys, kScope, {kS3Path, true});
  ASSERT_EQ(result.headers.size(), 2U);
  EXPECT_EQ(result.headers[1].first, "X-Amz-Content-Sha256");
  EXPECT_EQ(result.headers[1].second, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_THAT(Authorization(result), HasSubstr("SignedHeaders=host;x-amz-content-sha256;x-amz-date,"));
}

// tests/vectors/sigv4: what botocore signs for paths that the published suites do not have.
TEST(Sign, AgreesWithOurOwnVectors) {
  int cases = 0;
  std::ifstream file(std::string(SALLYPORT_SOURCE_DIR) + "/tests/vectors/sigv4/own.json");
  const std::string text{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  const auto json = Json::Parse(text);
  ASSERT_TRUE(json.ok()) << json.error().ToText();
  for (const Json& row : (*json)["cases"].Elements()) {
    SCOPED_TRACE(row["name"].StringOr(""));
    WireRequest request{row["method"].StringOr(""), row["path"].StringOr(""), row["query"].StringOr(""), {}};
    for (const auto& [name, value] : row["headers"].Members()) request.headers.emplace_back(name, value.StringOr(""));
    const Keys keys{row["access_key_id"].StringOr(""), Secret(row["secret_access_key"].StringOr("")),
                    Secret(row["session_token"].StringOr(""))};
    const SigningScope scope{ParseTime(row["time"].StringOr("")).value(), row["region"].StringOr(""),
                             row["service"].StringOr("")};
    const bool s3 = row["service"].StringOr("") == "s3";
    const Signed result = Sign(request, row["body"].StringOr(""), keys, scope, {s3 ? kS3Path : kServicePath, s3});
    EXPECT_EQ(Authorization(result), row["authorization"].StringOr(""));
    ++cases;
  }
  EXPECT_GE(cases, 8);
}

}  // namespace
}  // namespace sallyport::aws
