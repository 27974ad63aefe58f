// SPDX-License-Identifier: Apache-2.0
#include "sim/swp_estate.h"

#include <gmock/gmock.h>

#include <set>

#include "base/json.h"
#include "sim/swp_manager.h"

namespace sallyport::sim {
namespace {

using ::testing::HasSubstr;

std::string Complaint(std::string_view yaml) {
  const auto estate = ReadSwpEstate(yaml, "e.yaml");
  return estate.ok() ? "" : estate.error().message;
}

TEST(ReadSwpEstate, KeepsTheTypesThatTheApiHas) {
  const auto estate = ReadSwpEstate(R"(
awsConnectors: [{ ID: 3, accountId: 111122223333, workspacesEnabled: false, lastSyncTime: 10m }]
defaultSettings: { a: 5 }
)",
                                    "e.yaml");
  ASSERT_TRUE(estate.ok()) << estate.error().ToText();
  EXPECT_EQ(estate->aws_connectors.at(0),
            R"({"ID":3,"accountId":"111122223333","workspacesEnabled":false,"lastSyncTime":"10m"})");
  EXPECT_EQ(estate->default_settings, R"({"a":"5"})");
}

TEST(ReadSwpEstate, NamesFileAndLineOfWhatIsWrong) {
  EXPECT_EQ(Complaint("computers:\n  - ID: 1\n    color: red\n"), "e.yaml line 3: unknown key `color` in `computers`");
  EXPECT_EQ(Complaint("roles: []\nnonsense: 1\n"), "e.yaml line 2: unknown key `nonsense`");
  EXPECT_EQ(Complaint("computers:\n  - { ID: one }\n"), "e.yaml line 2: `ID`: `one` is not a whole number");
  EXPECT_EQ(Complaint("computers:\n  - { ID: 1, ID: 2 }\n"), "e.yaml line 2: `ID` is there twice");
  EXPECT_EQ(Complaint("computers: 5\n"), "e.yaml line 1: `computers`: expected a list");
  EXPECT_EQ(Complaint("ipLists: [{ ID: 1, items: x }]\n"), "e.yaml line 1: `items`: expected a list");
  EXPECT_EQ(Complaint("apiKeys: [{ ID: 1, active: yes }]\n"), "e.yaml line 1: `active`: expected true or false");
  EXPECT_EQ(Complaint("computers: [{ ID: 1, sim: { onlin: true } }]\n"), "e.yaml line 1: unknown key `onlin` in `sim`");
  EXPECT_THAT(Complaint("computers: [\n"), HasSubstr("e.yaml line "));
}

TEST(ReadSwpEstate, SaysWhenAFileIsNotThere) {
  EXPECT_THAT(ReadSwpEstateFile("/no/such/estate.yaml").error().message, HasSubstr("`/no/such/estate.yaml`"));
}

std::string StartComplaint(const SwpEstate& estate) {
  const auto manager = SwpManager::Start(estate, {});
  return manager.ok() ? "" : manager.error().message;
}

TEST(SwpEstates, AreCheckedWhenASimulationStarts) {
  SwpEstate estate;
  estate.computers = {R"({"ID":1,"lastAgentCommunication":"soon"})"};
  EXPECT_THAT(StartComplaint(estate), HasSubstr("`lastAgentCommunication`: `soon` is not a duration"));
  estate.computers = {R"({"hostName":"x"})"};
  EXPECT_THAT(StartComplaint(estate), HasSubstr("needs a positive `ID`"));
  estate.computers = {R"({"ID":1})", R"({"ID":1})"};
  EXPECT_THAT(StartComplaint(estate), HasSubstr("its `ID` is there already"));
  estate.computers = {"[]"};
  EXPECT_THAT(StartComplaint(estate), HasSubstr("not a JSON object"));
  estate.computers.clear();
  estate.api_keys = {R"({"ID":1,"roleID":9,"sim":{"key":"k"}})"};
  EXPECT_THAT(StartComplaint(estate), HasSubstr("its role does not exist"));
}

TEST(GenerateSwpEstate, MakesTheSameFromTheSameSeed) {
  const auto estate = GenerateSwpEstate(5, 300);
  EXPECT_EQ(estate.computers, GenerateSwpEstate(5, 300).computers);
  EXPECT_NE(estate.computers, GenerateSwpEstate(6, 300).computers);
  ASSERT_EQ(estate.computers.size(), 300U);
  EXPECT_THAT(estate.computers.back(), HasSubstr("\"i-0000000000000012c\""));
  EXPECT_EQ(StartComplaint(estate), "");
}

TEST(DemoSwpEstate, IsTheFileInTheSourceTree) {
  const auto file = ReadSwpEstateFile(SALLYPORT_SOURCE_DIR "/sim/estates/demo.yaml");
  ASSERT_TRUE(file.ok()) << file.error().ToText();
  EXPECT_EQ(file->computers, DemoSwpEstate().computers);
}

}  // namespace
}  // namespace sallyport::sim
