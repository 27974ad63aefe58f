// SPDX-License-Identifier: Apache-2.0
#include "swp/search.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <sstream>

#include "base/json.h"

namespace sallyport::swp {
namespace {

TEST(SearchBody, AnExactSearchTurnsTheWildcardsOff) {
  EXPECT_EQ(SearchBody(20).StringEquals("ec2VirtualMachineSummary/instanceID", "i-0123456789abcdef0").ToJson(),
            R"({"maxItems":20,"searchCriteria":[{"fieldName":"ec2VirtualMachineSummary/instanceID",)"
            R"("stringTest":"equal","stringValue":"i-0123456789abcdef0","stringWildcards":false}]})");
}

TEST(SearchBody, APatternTurnsThemOn) {
  EXPECT_EQ(SearchBody(100).StringLike("CVE", "%CVE-2021-44228%").ToJson(),
            R"({"maxItems":100,"searchCriteria":[{"fieldName":"CVE","stringTest":"equal",)"
            R"("stringValue":"%CVE-2021-44228%","stringWildcards":true}]})");
}

TEST(SearchBody, ComparesNumbers) {
  EXPECT_EQ(SearchBody(1).NumberEquals("policyID", 12).ToJson(),
            R"({"maxItems":1,"searchCriteria":[{"fieldName":"policyID","numericTest":"equal","numericValue":12}]})");
}

TEST(SearchBody, PagesByIdInTheOrderOfIds) {
  EXPECT_EQ(SearchBody(250).IdAbove(0).ToJson(),
            R"({"maxItems":250,"sortByObjectID":true,"searchCriteria":[{"idTest":"greater-than","idValue":0}]})");
}

TEST(SearchBody, JoinsCriteria) {
  EXPECT_EQ(SearchBody(5).NumberEquals("policyID", 12).IdAbove(34).ToJson(),
            R"({"maxItems":5,"sortByObjectID":true,"searchCriteria":[)"
            R"({"fieldName":"policyID","numericTest":"equal","numericValue":12},)"
            R"({"idTest":"greater-than","idValue":34}]})");
}

TEST(SearchBody, WithoutCriteriaMatchesEverything) {
  EXPECT_EQ(SearchBody(5).ToJson(), R"({"maxItems":5,"searchCriteria":[]})");
}

TEST(SearchBody, AValueCannotLeaveItsString) {
  EXPECT_EQ(SearchBody(5).StringEquals("name", "a\",\"stringWildcards\":true,\"x\":\"\n\\").ToJson(),
            R"({"maxItems":5,"searchCriteria":[{"fieldName":"name","stringTest":"equal",)"
            R"("stringValue":"a\",\"stringWildcards\":true,\"x\":\"\n\\","stringWildcards":false}]})");
}

std::string SearchExample(const std::string& name) {
  std::ifstream file(std::string(std::getenv("SALLYPORT_SHARED")) + "/contracts/swp-examples/" + name);
  std::stringstream text;
  text << file.rdbuf();
  const auto json = Json::Parse(text.str());
  return json.ok() ? json->ToText() : json.error().message;
}

TEST(SearchExamples, AreWrittenAlike) {
  if (std::getenv("SALLYPORT_SHARED") == nullptr) GTEST_SKIP() << "SALLYPORT_SHARED is not set";
  EXPECT_EQ(SearchBody(2).StringEquals("ec2VirtualMachineSummary/instanceID", "i-0123456789abcdef0").ToJson(),
            SearchExample("search-computer-by-instance-id-request.json"));
  EXPECT_EQ(SearchBody(250).IdAbove(0).ToJson(), SearchExample("search-computers-paged-request.json"));
  EXPECT_EQ(SearchBody(100).StringLike("CVE", "%CVE-2021-44228%").ToJson(),
            SearchExample("search-ips-rule-by-cve-request.json"));
}

}  // namespace
}  // namespace sallyport::swp
