// SPDX-License-Identifier: Apache-2.0
//
// The published vectors: awslabs/aws-c-auth (38 cases, signed by header and by query) and botocore's copy of AWS's
// older suite. Both are Apache-2.0 and are read from the folder that SALLYPORT_SHARED names.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <set>
#include <string>

#include "aws/sigv4.h"
#include "aws/uri.h"
#include "base/digest.h"
#include "base/json.h"
#include "base/test_files.h"
#include "base/text.h"

namespace sallyport::aws {
namespace {

namespace fs = std::filesystem;

fs::path Suite(const char* name) {
  const char* shared = std::getenv("SALLYPORT_SHARED");
  return shared == nullptr ? fs::path() : fs::path(shared) / "vectors" / "sigv4" / name;
}

struct CaseRequest {
  WireRequest request;
  std::string body;
};

// The suites' own notation: raw UTF-8 and spaces in the request line, and header lines that go on when indented.
CaseRequest ReadRequest(const std::string& text) {
  CaseRequest out;
  std::size_t at = text.find('\n');
  const std::string first = text.substr(0, at);
  const std::size_t space = first.find(' ');
  const std::string target = first.substr(space + 1, first.rfind(" HTTP/") - space - 1);
  const std::size_t mark = std::min(target.find('?'), target.size());
  out.request.method = first.substr(0, space);
  out.request.path = target.substr(0, mark);
  out.request.query = mark < target.size() ? target.substr(mark + 1) : "";
  while (at != std::string::npos && at + 1 < text.size()) {
    const std::size_t start = at + 1;
    at = text.find('\n', start);
    const std::string line = text.substr(start, at == std::string::npos ? at : at - start);
    if (line.empty()) {
      out.body = at == std::string::npos ? "" : text.substr(at + 1);
      break;
    }
    if (line.front() == ' ') {
      out.request.headers.back().second += "\n" + line;
      continue;
    }
    const std::size_t colon = line.find(':');
    out.request.headers.emplace_back(line.substr(0, colon), line.substr(colon + 1));
  }
  return out;
}

std::string AuthorizationOf(const Signed& result) {
  return result.secret_headers.back().second.RevealForRequest();
}

struct Context {
  explicit Context(const Json& json)
      : keys{json["credentials"]["access_key_id"].StringOr(""),
             Secret(json["credentials"]["secret_access_key"].StringOr("")),
             Secret(json["credentials"]["token"].StringOr(""))},
        scope{ParseTime(json["timestamp"].StringOr("")).value(), json["region"].StringOr(""),
              json["service"].StringOr("")},
        // The paths of these files are raw, so even the cases of the S3 rule are encoded once.
        rule{json["normalize"].BoolOr(true), true},
        sign_body(json["sign_body"].BoolOr(false)),
        omit_token(json["omit_session_token"].BoolOr(false)),
        expires(json["expiration_in_seconds"].Int64Or(0)) {}

  Keys keys;
  SigningScope scope;
  PathRule rule;
  bool sign_body;
  bool omit_token;
  std::int64_t expires;
};

void CheckSignedByHeader(const fs::path& folder, const CaseRequest& wanted, const Context& context) {
  WireRequest request = wanted.request;
  request.headers.emplace_back("X-Amz-Date", AmzDate(context.scope.time));
  Keys keys = context.keys;
  if (context.omit_token) keys.session_token = Secret();
  if (!keys.session_token.empty()) {
    request.headers.emplace_back("X-Amz-Security-Token", keys.session_token.RevealForRequest());
  }
  const std::string hash = Sha256Hex(wanted.body);
  if (context.sign_body) request.headers.emplace_back("x-amz-content-sha256", hash);
  const CanonicalRequest canonical = MakeCanonicalRequest(request, context.rule, hash);
  EXPECT_EQ(canonical.text, ReadFile(folder / "header-canonical-request.txt"));
  const std::string to_sign = StringToSign(canonical, context.scope);
  EXPECT_EQ(to_sign, ReadFile(folder / "header-string-to-sign.txt"));
  const std::string signature = Signature(keys.secret_access_key, context.scope, to_sign);
  EXPECT_EQ(signature, ReadFile(folder / "header-signature.txt"));

  const Signed whole = Sign(wanted.request, wanted.body, keys, context.scope, {context.rule, context.sign_body});
  const std::string authorization = AuthorizationOf(whole);
  EXPECT_NE(ReadFile(folder / "header-signed-request.txt").find("Authorization:" + authorization), std::string::npos)
      << authorization;
}

// Sallyport sends no presigned request; the cases check the same steps in another arrangement.
void CheckSignedByQuery(const fs::path& folder, const CaseRequest& wanted, const Context& context) {
  WireRequest request = wanted.request;
  const auto add = [&request](const std::string& name, const std::string& value) {
    request.query += (request.query.empty() ? "" : "&") + name + "=" + PercentEncode(value);
  };
  const std::string hash = Sha256Hex(wanted.body);
  add("X-Amz-Algorithm", "AWS4-HMAC-SHA256");
  add("X-Amz-Credential", context.keys.access_key_id + "/" + CredentialScope(context.scope));
  add("X-Amz-Date", AmzDate(context.scope.time));
  add("X-Amz-Expires", std::to_string(context.expires));
  if (!context.keys.session_token.empty() && !context.omit_token) {
    add("X-Amz-Security-Token", context.keys.session_token.RevealForRequest());
  }
  add("X-Amz-SignedHeaders", MakeCanonicalRequest(request, context.rule, hash).signed_headers);
  const CanonicalRequest canonical = MakeCanonicalRequest(request, context.rule, hash);
  EXPECT_EQ(canonical.text, ReadFile(folder / "query-canonical-request.txt"));
  const std::string to_sign = StringToSign(canonical, context.scope);
  EXPECT_EQ(to_sign, ReadFile(folder / "query-string-to-sign.txt"));
  EXPECT_EQ(Signature(context.keys.secret_access_key, context.scope, to_sign),
            ReadFile(folder / "query-signature.txt"));
}

TEST(Sigv4Suite, AllCasesOfAwsCAuth) {
  const fs::path suite = Suite("aws-c-auth-v4");
  if (suite.empty()) GTEST_SKIP() << "SALLYPORT_SHARED is not set: the published vectors are not here";
  int cases = 0;
  for (const auto& entry : fs::directory_iterator(suite)) {
    if (!entry.is_directory()) continue;
    SCOPED_TRACE(entry.path().filename().string());
    const auto json = Json::Parse(ReadFile(entry.path() / "context.json"));
    ASSERT_TRUE(json.ok());
    const Context context(*json);
    const CaseRequest request = ReadRequest(ReadFile(entry.path() / "request.txt"));
    CheckSignedByHeader(entry.path(), request, context);
    CheckSignedByQuery(entry.path(), request, context);
    ++cases;
  }
  EXPECT_EQ(cases, 38);
}

void CheckOlderCase(const fs::path& req) {
  const auto sibling = [&req](const char* extension) { return ReadFile(fs::path(req).replace_extension(extension)); };
  CaseRequest wanted = ReadRequest(ReadFile(req));
  // One case has its token only in the signed request, and signs it.
  const std::string token_name = "X-Amz-Security-Token";
  for (const auto& [name, value] : ReadRequest(sibling(".sreq")).request.headers) {
    const bool is_signed = sibling(".creq").find("x-amz-security-token:") != std::string::npos;
    const bool is_there = req.stem() == "post-sts-header-before";
    if (name == token_name && is_signed && !is_there) wanted.request.headers.emplace_back(name, value);
  }
  const Keys keys{"AKIDEXAMPLE", Secret("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"), {}};
  const SigningScope scope{ParseTime("2015-08-30T12:36:00Z").value(), "us-east-1", "service"};
  const CanonicalRequest canonical = MakeCanonicalRequest(wanted.request, kServicePath, Sha256Hex(wanted.body));
  EXPECT_EQ(canonical.text, sibling(".creq"));
  const std::string to_sign = StringToSign(canonical, scope);
  EXPECT_EQ(to_sign, sibling(".sts"));
  const std::string signature = Signature(keys.secret_access_key, scope, to_sign);
  EXPECT_EQ("AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, SignedHeaders=" +
                canonical.signed_headers + ", Signature=" + signature,
            sibling(".authz"));
}

TEST(Sigv4Suite, AllCasesOfTheOlderSuite) {
  const fs::path suite = Suite("botocore-aws4-testsuite");
  if (suite.empty()) GTEST_SKIP() << "SALLYPORT_SHARED is not set: the published vectors are not here";
  int cases = 0;
  for (const auto& entry : fs::recursive_directory_iterator(suite)) {
    if (entry.path().extension() != ".req") continue;
    SCOPED_TRACE(entry.path().filename().string());
    CheckOlderCase(entry.path());
    ++cases;
  }
  EXPECT_EQ(cases, 34);
}

}  // namespace
}  // namespace sallyport::aws
