// SPDX-License-Identifier: Apache-2.0
//
// Every vector of tests/vectors/iam, one assertion each; and that the runner can say no.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

#include "tests/policy/vector.h"

namespace sallyport::policy {
namespace {

std::vector<std::filesystem::path> Files() {
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(SALLYPORT_SOURCE_DIR "/tests/vectors/iam")) {
    if (entry.path().extension() == ".json") files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

TEST(PolicyVectors, AllComeOutAsExpected) {
  std::size_t run = 0;
  for (const std::filesystem::path& file : Files()) {
    const Result<std::vector<Vector>> vectors = ReadVectorFile(file.string());
    ASSERT_TRUE(vectors.ok()) << vectors.error().ToText();
    run += vectors->size();
    for (const Vector& vector : *vectors) {
      EXPECT_EQ(vector.skipped, "") << vector.id;
      const VectorResult result = RunVector(vector);
      EXPECT_EQ(result.got, vector.expected) << vector.id << ": " << vector.title;
      if (vector.blocked_by.empty()) continue;
      EXPECT_EQ(result.blocked_by, vector.blocked_by) << vector.id;
    }
  }
  EXPECT_GE(run, 929U);
}

constexpr const char* kOne = R"([{"id": "x-1", "title": "t", "expected": "Allowed",
  "request": {"principal": "%s", "action": "s3:GetObject",
    "resource": {"resource": "arn:aws:s3:::b/k", "accountId": "111122223333"}, "contextVariables": {}},
  "identityPolicies": %s}])";

std::string VectorText(const std::string& principal, const std::string& policies) {
  std::string text = kOne;
  text.replace(text.find("%s"), 2, principal);
  return text.replace(text.find("%s"), 2, policies);
}

TEST(PolicyVectors, WhatIsNotGrantedComesOutAsDenied) {
  const auto vectors = ReadVectors(VectorText("arn:aws:iam::111122223333:role/R", "[]"));
  ASSERT_TRUE(vectors.ok());
  EXPECT_EQ(RunVector(vectors->front()).got, "ImplicitlyDenied");
}

TEST(PolicyVectors, APolicyThatDoesNotParseIsNeverDenied) {
  const auto vectors =
      ReadVectors(VectorText("arn:aws:iam::111122223333:role/R", R"([{"name": "p", "policy": {"X": 1}}])"));
  ASSERT_TRUE(vectors.ok());
  EXPECT_EQ(RunVector(vectors->front()).got, "CouldNotDecide");
}

TEST(PolicyVectors, APrincipalThatIsNotEvaluatedIsSkippedWithTheReason) {
  const auto vectors = ReadVectors(VectorText("arn:aws:iam::111122223333:group/Admins", "[]"));
  ASSERT_TRUE(vectors.ok());
  EXPECT_NE(vectors->front().skipped.find("`arn:aws:iam::111122223333:group/Admins`"), std::string::npos);
}

TEST(PolicyVectors, AFileThatIsNotVectorsIsAnError) {
  EXPECT_EQ(ReadVectors("{}").error().message, "expected a list of vectors");
  EXPECT_FALSE(ReadVectors("[{}]").ok());
  EXPECT_EQ(ReadVectorFile("/nowhere/x.json").error().message, "cannot read `/nowhere/x.json`");
}

}  // namespace
}  // namespace sallyport::policy
