// SPDX-License-Identifier: Apache-2.0
//
// Reading: authentication, expand, search, inheritance.
#include <gmock/gmock.h>

#include <algorithm>
#include <tuple>

#include "sim/swp_fixture_for_test.h"

namespace sallyport::sim {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

constexpr std::string_view kVersion = "api-version: v1\r\n";

using Authentication = SwpManagerTest;

TEST_F(Authentication, TakesEitherHeaderButOnlyOne) {
  const std::pair<std::string, int> cases[] = {
      {"api-secret-key: SIM-KEY-FULL\r\n", 200},
      {"Authorization: ApiKey SIM-KEY-FULL\r\n", 200},
      {"Authorization: Bearer SIM-KEY-FULL\r\n", 401},
      {"Authorization: ApiKey SIM-KEY-FULL\r\napi-secret-key: SIM-KEY-FULL\r\n", 401},
      {"", 401},
      {"api-secret-key: wrong\r\n", 401},
      {"api-secret-key: \r\n", 401},
      {"api-secret-key: SIM-KEY-EXPIRED\r\n", 401},
      {"api-secret-key: SIM-KEY-LOCKED\r\n", 401},
      {"Authorization: ApiKey tmcSIMFULL:0000simulated0000full\r\n", 200},
      {"api-secret-key: tmcSIMFULL:0000simulated0000full\r\n", 401}};
  for (const auto& [header, status] : cases) {
    const auto answer = AskRaw("GET", "/api/computers/34", "", std::string(kVersion) + header);
    EXPECT_EQ(answer.status, status) << header;
    if (status == 401) {
      EXPECT_EQ(answer.body, R"({"message":"Invalid API key."})");
    }
  }
}

TEST_F(Authentication, InsistsOnTheVersionHeader) {
  for (const std::string version : {"", "api-version: v2\r\n"}) {
    const auto answer = AskRaw("GET", "/api/computers", "", version + "api-secret-key: SIM-KEY-FULL\r\n");
    EXPECT_EQ(answer.status, 400);
    EXPECT_THAT(answer.body, HasSubstr("Invalid API version."));
  }
}

TEST_F(Authentication, RolesWithoutARightGet403) {
  const std::tuple<std::string, std::string, std::string, std::string, std::string> cases[] = {
      {"SIM-KEY-AUDITOR", "POST", "/computers/34", "{}", "edit computers"},
      {"SIM-KEY-AUDITOR", "POST", "/scheduledtasks", RecommendationScan(34), "create scheduled tasks"},
      {"SIM-KEY-NO-TASKS", "GET", "/scheduledtasks", "", "view scheduled tasks"},
      {"SIM-KEY-NO-EXECUTE", "POST", "/scheduledtasks", RecommendationScan(34), "execute scheduled tasks"},
      {"SIM-KEY-NO-EDIT", "POST", "/computers/34/intrusionprevention/assignments", R"({"ruleIDs":[6745]})",
       "edit assignments"},
      {"SIM-KEY-NO-DELETE", "DELETE", "/scheduledtasks/1", "", "delete scheduled tasks"},
      {"SIM-KEY-NO-KEY-VIEW", "GET", "/apikeys/current", "", "view API keys"}};
  for (const auto& [key, method, path, body, doing] : cases) {
    const auto heard = Ask(method, path, body, key);
    EXPECT_EQ(heard.status, 403) << key << " " << path;
    EXPECT_EQ(heard.body["message"].StringOr(""), "Not authorized to " + doing + ".");
  }
  EXPECT_EQ(Ask("GET", "/computers/34", "", "SIM-KEY-AUDITOR").status, 200);
}

using Reading = SwpManagerTest;

TEST_F(Reading, EveryAnswerHasTheManagersTimeAndVersion) {
  for (const std::string path : {"/computers/34", "/computers/99", "/nothing"}) {
    const auto heard = Get(path);
    EXPECT_THAT(heard.head, HasSubstr("X-DSM-Version: Deep Security/20.0.1234\r\n"));
    EXPECT_THAT(heard.head, HasSubstr("Date: Mon, 24 Nov 2025 16:00:00 GMT\r\n"));
    EXPECT_THAT(heard.head, HasSubstr("Content-Type: application/json\r\n"));
  }
}

TEST_F(Reading, UnknownThingsAre404AndUnknownMethods405) {
  EXPECT_EQ(Get("/computers/99").body["message"].StringOr(""), "The computer does not exist.");
  EXPECT_EQ(Get("/policies/99").body["message"].StringOr(""), "The policy does not exist.");
  EXPECT_EQ(Get("/intrusionpreventionrules/99").body["message"].StringOr(""),
            "The intrusion prevention rule does not exist.");
  EXPECT_EQ(Get("/scheduledtasks/99").body["message"].StringOr(""), "The scheduled task does not exist.");
  EXPECT_EQ(Get("/computers/34/settings/other").body["message"].StringOr(""), "The setting does not exist.");
  EXPECT_EQ(Get("/Computers").status, 404);
  EXPECT_EQ(Get("/computers/34x").status, 404);
  EXPECT_EQ(Ask("PATCH", "/computers/34", "{}").status, 405);
  EXPECT_EQ(Ask("PUT", "/scheduledtasks", "{}").status, 405);
}

TEST_F(Reading, ExpandChoosesTheObjectFields) {
  const auto none = Get("/computers/34?expand=none").body;
  for (const auto& member : none.Members()) EXPECT_FALSE(member.value.IsObject()) << member.key;
  const auto some = Get("/computers/34?expand=computerStatus&expand=intrusionPrevention").body;
  EXPECT_TRUE(some["computerStatus"].IsObject());
  EXPECT_TRUE(some["intrusionPrevention"].IsObject());
  EXPECT_TRUE(some["antiMalware"].IsMissing());
  EXPECT_TRUE(some["ec2VirtualMachineSummary"].IsMissing());
  const auto all = Get("/computers/34").body;
  for (const auto key : {"tasks", "computerSettings", "logInspection", "ec2VirtualMachineSummary"}) {
    EXPECT_TRUE(all[key].IsObject()) << key;
  }
  EXPECT_TRUE(all["noConnectorVirtualMachineSummary"].IsMissing());
  EXPECT_EQ(Get("/computers/34?expand=everything").status, 400);
  EXPECT_TRUE(
      Get("/computers/34?computerStatus").body["antiMalware"].IsObject());  // a misspelt query yields everything
}

TEST_F(Reading, NullsAndEmptyRuleListsAreLeftOut) {
  const auto bare = Get("/computers/35").body;
  EXPECT_TRUE(bare["policyID"].IsMissing());
  EXPECT_TRUE(bare["agentFingerPrint"].IsMissing());
  EXPECT_TRUE(bare["intrusionPrevention"]["ruleIDs"].IsMissing());
  EXPECT_EQ(bare["intrusionPrevention"]["moduleStatus"]["agentStatusMessage"].StringOr(""),
            "Off, not installed, no rules");
  EXPECT_EQ(bare["relayListID"].Int64Or(-1), 0);
  const auto kubernetes = Get("/computers/41").body;
  EXPECT_EQ(kubernetes["noConnectorVirtualMachineSummary"]["region"].StringOr(""), "us-east-1");
}

using Searching = SwpManagerTest;

TEST_F(Searching, FindsAnInstanceByEitherSummary) {
  const auto by = [&](const std::string& field, const std::string& instance) {
    return Ids(Post("/computers/search?expand=none", R"({"searchCriteria":[{"fieldName":")" + field +
                                                         R"(/instanceID","stringTest":"equal","stringValue":")" +
                                                         instance + R"(","stringWildcards":false}]})")
                   .body["computers"]);
  };
  EXPECT_THAT(by("ec2VirtualMachineSummary", "i-0123456789abcdef0"), ElementsAre(34));
  EXPECT_THAT(by("ec2VirtualMachineSummary", "i-0eeee3333ffff4444"), UnorderedElementsAre(43, 44));
  EXPECT_THAT(by("ec2VirtualMachineSummary", "i-0c0ffee0c0ffee0a1"), IsEmpty());
  EXPECT_THAT(by("noConnectorVirtualMachineSummary", "i-0c0ffee0c0ffee0a1"), ElementsAre(41));
}

TEST_F(Searching, FindsComputersWithoutAgent) {
  const auto heard =
      Post("/computers/search", R"({"searchCriteria":[{"fieldName":"agentFingerPrint","nullTest":true}]})");
  EXPECT_THAT(Ids(heard.body["computers"]), UnorderedElementsAre(35, 43));
}

TEST_F(Searching, PagesByIdOnlyWhenSorted) {
  std::vector<int> seen;
  for (int last = 0;;) {
    const auto page =
        Post("/computers/search?expand=none",
             R"({"maxItems":5,"sortByObjectID":true,"searchCriteria":[{"idTest":"greater-than","idValue":)" +
                 std::to_string(last) + "}]}");
    const auto ids = Ids(page.body["computers"]);
    if (ids.empty()) break;
    EXPECT_LE(ids.size(), 5U);
    seen.insert(seen.end(), ids.begin(), ids.end());
    last = ids.back();
  }
  EXPECT_EQ(seen.size(), 12U);
  EXPECT_TRUE(std::is_sorted(seen.begin(), seen.end()));
  const auto unsorted = Ids(Post("/computers/search?expand=none", "").body["computers"]);
  EXPECT_EQ(unsorted.size(), 12U);
  EXPECT_FALSE(std::is_sorted(unsorted.begin(), unsorted.end()));
  EXPECT_FALSE(std::is_sorted(unsorted.rbegin(), unsorted.rend()));
}

TEST_F(Searching, RefusesWhatTheApiDoesNotHave) {
  EXPECT_EQ(Post("/computers/search", R"({"max_items":1})").body["message"].StringOr(""), "Unknown field `max_items`.");
  EXPECT_EQ(Post("/computers/search", R"({"maxItems":"1"})").status, 400);
  EXPECT_EQ(Post("/computers/search", R"({"maxItems":-1})").status, 400);
  EXPECT_EQ(Post("/computers/search", "{").body["message"].StringOr(""), "Invalid request body.");
  EXPECT_EQ(Post("/computers/search", "[]").status, 400);
  EXPECT_EQ(Post("/computers/search", R"({"searchCriteria":[{"fieldName":"policyName","stringValue":"x"}]})").status,
            400);
}

TEST_F(Searching, FindsRulesByCve) {
  const auto heard = Post("/intrusionpreventionrules/search",
                          R"({"searchCriteria":[{"fieldName":"CVE","stringValue":"%CVE-2021-44228%"}]})");
  EXPECT_THAT(Ids(heard.body["intrusionPreventionRules"]), UnorderedElementsAre(6348, 6349));
  EXPECT_TRUE(heard.body["intrusionPreventionRules"].Elements()[0]["sim"].IsMissing());
  const auto none =
      Post("/intrusionpreventionrules/search", R"({"searchCriteria":[{"fieldName":"CVE","stringValue":"x"}]})");
  EXPECT_EQ(none.body.ToText(), R"({"intrusionPreventionRules":[]})");
}

using Inheritance = SwpManagerTest;

TEST_F(Inheritance, RuleListsAccumulateAndNearerValuesWin) {
  const auto policy = Get("/policies/12").body;
  EXPECT_EQ(policy["intrusionPrevention"]["state"].StringOr(""), "prevent");
  EXPECT_THAT(Ints(policy["intrusionPrevention"]["ruleIDs"]), ElementsAre(108, 2874, 3317, 6348));
  EXPECT_THAT(Ints(policy["intrusionPrevention"]["applicationTypeIDs"]), ElementsAre(81, 143, 282));
  EXPECT_EQ(policy["intrusionPrevention"]["moduleStatus"]["statusMessage"].StringOr(""), "Prevent, 4 rules");
  EXPECT_EQ(policy["antiMalware"]["scheduledScanConfigurationID"].Int64Or(0), 3);
  EXPECT_EQ(Get("/policies/13").body["autoRequiresUpdate"].StringOr(""), "off");
  EXPECT_EQ(Get("/computers/42").body["intrusionPrevention"]["state"].StringOr(""), "detect");
  EXPECT_THAT(Ints(Get("/computers/42").body["intrusionPrevention"]["ruleIDs"]), ElementsAre(108, 2874, 3317, 6348));
}

TEST_F(Inheritance, OverridesShowLocalValuesOnly) {
  const auto policy = Get("/policies/12?overrides=true").body;
  EXPECT_TRUE(policy["intrusionPrevention"]["state"].IsMissing());
  EXPECT_THAT(Ints(policy["intrusionPrevention"]["ruleIDs"]), ElementsAre(3317, 6348));
  EXPECT_TRUE(policy["antiMalware"].IsMissing());
  const auto computer = Get("/computers/42?overrides=True").body;
  EXPECT_EQ(computer["intrusionPrevention"]["state"].StringOr(""), "detect");
  EXPECT_TRUE(computer["intrusionPrevention"]["ruleIDs"].IsMissing());
  EXPECT_EQ(Get("/computers/42?overrides=maybe").status, 400);
}

TEST_F(Inheritance, SettingsComeFromTheNearestPlaceThatHasThem) {
  const std::string name = "intrusionPreventionSettingAutoApplyRecommendationsEnabled";
  const auto value = [&](const std::string& path) {
    return Get(path + "/settings/" + name).body["value"].StringOr("?");
  };
  EXPECT_EQ(value("/policies/default"), "No");
  EXPECT_EQ(value("/policies/14"), "Yes");
  EXPECT_EQ(value("/computers/48"), "Yes");
  EXPECT_EQ(value("/computers/34"), "No");
  EXPECT_EQ(Post("/computers/34/settings/" + name, R"({"value":"Yes"})").body["value"].StringOr(""), "Yes");
  EXPECT_EQ(value("/computers/34"), "Yes");
  EXPECT_EQ(Ask("DELETE", "/computers/34/settings/" + name).body["value"].StringOr(""), "No");
  EXPECT_EQ(Post("/computers/34/settings/" + name, R"({"value":true})").status, 400);
  EXPECT_EQ(Post("/computers/34/settings/" + name, "{}").status, 400);
}

TEST_F(Inheritance, AComputersStateCanBeSetAndGivenBack) {
  EXPECT_EQ(Post("/computers/42", R"({"intrusionPrevention":{"state":"inherited"}})")
                .body["intrusionPrevention"]["state"]
                .StringOr(""),
            "prevent");
  EXPECT_EQ(Post("/computers/42", R"({"intrusionPrevention":{"state":"on"}})").status, 400);
  EXPECT_EQ(Post("/computers/42", R"({"policyID":0})").body["policyID"].IsMissing(), true);
  EXPECT_EQ(Post("/computers/42", R"({"policyID":77})").status, 400);
}

using Others = SwpManagerTest;

TEST_F(Others, TheSmallResourcesAreThere) {
  EXPECT_EQ(Get("/apikeys/current").body["keyName"].StringOr(""), "full");
  EXPECT_TRUE(Get("/apikeys/current").body["sim"].IsMissing());
  EXPECT_EQ(Get("/awsconnectors/3").body["accountId"].StringOr(""), "111122223333");
  EXPECT_TRUE(Get("/awsconnectorsettings").body["externalId"].IsString());
  EXPECT_EQ(Get("/computergroups").body["computerGroups"].Elements().size(), 3U);
  EXPECT_EQ(Get("/systemsettings/platformSettingEventForwardingSnsEnabled").body["value"].StringOr(""), "false");
  EXPECT_THAT(
      Ids(Post("/applicationtypes/search", R"({"searchCriteria":[{"fieldName":"name","stringValue":"Web Server %"}]})")
              .body["applicationTypes"]),
      UnorderedElementsAre(81, 212));
}

TEST_F(Others, IpListsCanBeMadeChangedAndDeleted) {
  const auto made = Post("/iplists", R"({"name":"x","items":["198.51.100.1"]})").body;
  const auto path = "/iplists/" + std::to_string(made["ID"].Int64Or(0));
  EXPECT_EQ(Post(path, R"({"items":["198.51.100.2"]})").body["items"].Elements().at(0).StringOr(""), "198.51.100.2");
  EXPECT_EQ(Post(path, R"({"items":[2]})").status, 400);
  EXPECT_EQ(Ask("DELETE", path).status, 200);
  EXPECT_EQ(Get(path).body["message"].StringOr(""), "The IP list does not exist.");
}

TEST_F(Others, ComputersCanBeMadeAndDeleted) {
  const auto made = Post("/computers", R"({"hostName":"new.example.com"})");
  EXPECT_EQ(made.status, 200);
  const auto id = made.body["ID"].Int64Or(0);
  EXPECT_EQ(Ask("DELETE", "/computers", R"({"ids":[)" + std::to_string(id) + "]}").status, 200);
  EXPECT_EQ(Get("/computers/" + std::to_string(id)).status, 404);
  EXPECT_EQ(Ask("DELETE", "/computers", R"({"ids":[]})").status, 400);
  EXPECT_EQ(Post("/computers", "{}").status, 400);
  EXPECT_EQ(Ask("DELETE", "/computers/99").status, 404);
}

TEST_F(Others, BatchDeleteTakesAThousandIdsAndNotOneMore) {
  for (const int count : {1000, 1001}) {
    std::string ids = "99999";
    for (int i = 1; i < count; ++i) ids += ",99999";
    EXPECT_EQ(Ask("DELETE", "/computers", R"({"ids":[)" + ids + "]}").status, count == 1000 ? 200 : 400);
  }
}

}  // namespace
}  // namespace sallyport::sim
