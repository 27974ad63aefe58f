// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include "base/json.h"
#include "policy/document.h"
#include "policy/limits.h"
#include "policy/policy.h"

namespace sallyport::policy {
namespace {

TEST(ParsePolicy, OneValueAndAListReadAlike) {
  const auto one = ParseDocument(
      R"({"Statement": {"Effect": "Allow", "Action": "s3:*", "Resource": "*",
          "Condition": {"Bool": {"aws:SecureTransport": true}, "NumericEquals": {"s3:max-keys": [10, 1.5]}}}})");
  const auto list = ParseDocument(
      R"({"Statement": [{"Effect": "Allow", "Action": ["s3:*"], "Resource": ["*"],
          "Condition": {"Bool": {"aws:SecureTransport": ["true"]}, "NumericEquals": {"s3:max-keys": ["10", "1.5"]}}}]})");
  ASSERT_TRUE(one.ok() && list.ok());
  EXPECT_EQ(*one, *list);
}

struct Refused {
  const char* text;
  const char* error;
};

TEST(ParsePolicy, WhatIsNotAPolicyIsRefusedWithThePlace) {
  const Refused cases[] = {
      {"[]", "the document: expected an object, found an array"},
      {R"({"Statement": 1})", "Statement: expected a statement or a list of statements, found a number"},
      {R"({"Statement": [], "X": 1})", "the document: unknown member `X`"},
      {R"({"Version": "2011-01-01", "Statement": []})", "Version: must be `2012-10-17` or `2008-10-17`"},
      {R"({"Statement": [{"Action": "*"}]})", "Statement[0].Effect: must be `Allow` or `Deny`"},
      {R"({"Statement": [{"Effect": "allow", "Action": "*"}]})",
       "Statement[0].Effect: must be `Allow` or `Deny`, not `allow`"},
      {R"({"Statement": [{"Effect": "Allow"}]})", "Statement[0]: has neither `Action` nor `NotAction`"},
      {R"({"Statement": [{"Effect": "Allow", "Action": "*", "NotAction": "*"}]})",
       "Statement[0]: has both `Action` and `NotAction`"},
      {R"({"Statement": [{"Effect": "Allow", "Action": "*", "Principal": "*", "NotPrincipal": "*"}]})",
       "Statement[0]: has both `Principal` and `NotPrincipal`"},
      {R"({"Statement": [{"Effect": "Allow", "Action": ["s3:*", 1]}]})",
       "Statement[0].Action[1]: expected a string, found a number"},
      {R"({"Statement": [{"Effect": "Allow", "Action": {}}]})",
       "Statement[0].Action: expected a string or a list of strings, found an object"},
      {R"({"Statement": [{"Effect": "Allow", "Action": "*", "Actions": "*"}]})",
       "Statement[0]: unknown member `Actions`"},
      {R"({"Statement": [{"Effect": "Allow", "Action": "*", "Principal": "me"}]})",
       "Statement[0].Principal: a principal that is not an object must be `*`"},
      {R"({"Statement": [{"Effect": "Allow", "Action": "*", "Principal": {"Me": "x"}}]})",
       "Statement[0].Principal: unknown kind of principal `Me`"},
      {R"({"Statement": [{"Effect": "Allow", "Action": "*", "Sid": 1}]})",
       "Statement[0].Sid: expected a string, found a number"},
      {R"({"Statement": [{"Effect": "Allow", "Action": "*", "Condition": {"Bool": true}}]})",
       "Statement[0].Condition.Bool: expected an object of condition keys, found true or false"},
      {R"({"Statement": [{"Effect": "Allow", "Action": "*", "Condition": {"Bool": {"k": null}}}]})",
       "Statement[0].Condition.Bool.k: expected a string, a number, true or false, found null"},
      {R"({"Statement": [{"Effect": "Deny", "Effect": "Allow", "Action": "*"}]})",
       "not usable JSON at line 1, column 35: an object has the member `Effect` twice"},
      {R"({"Statement": [{"Effect": "Deny", "\u0045ffect": "Allow", "Action": "*"}]})",
       "not usable JSON at line 1, column 35: an object has the member `Effect` twice"},
  };
  for (const Refused& one : cases) {
    const Result<Document> document = ParseDocument(one.text);
    ASSERT_FALSE(document.ok()) << one.text;
    EXPECT_EQ(document.error().message, one.error);
  }
}

TEST(ParsePolicy, ANameMayStandInSeveralObjects) {
  EXPECT_TRUE(
      ParseDocument(R"({"Statement": [{"Effect": "Allow", "Action": "a:\"{"}, {"Effect": "Deny", "Action": "*"}]})")
          .ok());
}

TEST(ParsePolicy, HoldsToItsBound) {
  const std::string policy = R"({"Statement": []})";
  EXPECT_TRUE(ParseDocument(policy + std::string(limits::kPolicyBytes - policy.size(), ' ')).ok());
  const Result<Document> over = ParseDocument(policy + std::string(limits::kPolicyBytes - policy.size() + 1, ' '));
  ASSERT_FALSE(over.ok());
  EXPECT_EQ(over.error().code, ErrorCode::kTooLarge);
}

TEST(ParsePolicy, TheKindOfPolicySaysWhatItsStatementsNeed) {
  const char* principal = R"({"Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*", "Principal": "*"}]})";
  const char* no_resource = R"({"Statement": [{"Effect": "Allow", "Action": "*", "Principal": "*"}]})";
  EXPECT_EQ(Policy::FromText("p", PolicyType::kIdentity, principal)->error()->message,
            "Statement[0]: only a resource policy may have a principal");
  EXPECT_EQ(Policy::FromText("p", PolicyType::kScp, R"({"Statement": [{"Effect": "Deny", "Action": "*"}]})")
                ->error()
                ->message,
            "Statement[0]: has neither `Resource` nor `NotResource`");
  EXPECT_FALSE(Policy::FromText("p", PolicyType::kResource, principal)->error().has_value());
  // Role trust policies.
  EXPECT_FALSE(Policy::FromText("p", PolicyType::kResource, no_resource)->error().has_value());
}

TEST(PrintPolicy, TheManagedPoliciesCompileAndReadBackTheSame) {
  const char* shared = std::getenv("SALLYPORT_SHARED");
  if (shared == nullptr) GTEST_SKIP() << "SALLYPORT_SHARED is not set: no managed policies here";
  std::size_t count = 0;
  for (const auto& entry : std::filesystem::directory_iterator(std::string(shared) + "/vectors/managed-policies")) {
    if (entry.path().extension() != ".json") continue;
    std::ifstream file(entry.path(), std::ios::binary);
    const std::string bytes((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
    const Result<Json> json = Json::Parse(bytes);
    ASSERT_TRUE(json.ok()) << entry.path();
    const std::string text = (*json)["document"].ToText();
    const Result<Document> document = ParseDocument(text);
    ASSERT_TRUE(document.ok()) << entry.path() << ": " << document.error().message;
    EXPECT_FALSE(Policy::FromText("p", PolicyType::kIdentity, text)->error().has_value()) << entry.path();
    const Result<Document> again = ParseDocument(PrintDocument(*document));
    ASSERT_TRUE(again.ok()) << entry.path();
    EXPECT_EQ(*again, *document) << entry.path();
    ++count;
  }
  EXPECT_GE(count, 205U);
}

}  // namespace
}  // namespace sallyport::policy
