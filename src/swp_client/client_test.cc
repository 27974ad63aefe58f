// SPDX-License-Identifier: Apache-2.0
#include "swp_client/client.h"

#include <gtest/gtest.h>

#include <functional>

#include "swp_client/client_fixture_for_test.h"

namespace sallyport::swp {
namespace {

// ---- the request itself --------------------------------------------------------------------------------------------

std::vector<std::string> HeaderNames(const HttpRequest& request) {
  std::vector<std::string> names;
  for (const HttpHeader& header : request.headers) names.push_back(header.name + ": " + header.value);
  for (const auto& [name, secret] : request.secret_headers) names.push_back(name + ": " + secret.RevealForRequest());
  return names;
}

TEST_F(ClientTest, SendsTheConsolesKeyInExactlyOneHeader) {
  http_.Answer(200, R"({"ID":34})");
  ASSERT_TRUE(client_.GetComputer(ComputerId{34}).ok());
  const HttpRequest request = http_.Requests().front();
  EXPECT_EQ(HeaderNames(request), (Lines{"api-version: v1", "Accept: application/json", "api-secret-key: " + kKey}));
  EXPECT_EQ(request.repeat, Repeat::kSafe);
  EXPECT_EQ(request.deadline, Duration(7s));
}

TEST_F(ClientTest, SendsACloudOneKeyInExactlyOneHeader) {
  Client client(http_, clock_, Options(KeyHeader::kAuthorization));
  http_.Answer(200, R"({"policies":[]})");
  ASSERT_TRUE(client.FindPolicies("Base Policy").ok());
  EXPECT_EQ(HeaderNames(http_.Requests().front()),
            (Lines{"api-version: v1", "Accept: application/json", "Content-Type: application/json",
                   "Authorization: ApiKey " + kKey}));
}

TEST_F(ClientTest, EveryReadIsOneCall) {
  const Scope computer = Scope::Of(ComputerId{34});
  const Scope policy = Scope::Of(PolicyId{12});
  http_.Answer(200, R"({"ID":34})");
  EXPECT_TRUE(client_.GetComputer(ComputerId{34}).ok());
  http_.Answer(200, R"({"ID":12})");
  EXPECT_TRUE(client_.GetPolicy(PolicyId{12}).ok());
  http_.Answer(200, R"({"policies":[{"ID":12}]})");
  EXPECT_EQ(client_.FindPolicies("Base Policy")->size(), 1U);
  http_.Answer(200, R"({"assignedRuleIDs":[1]})");
  EXPECT_EQ(client_.GetAssignments(computer, RuleModule::kIntrusionPrevention)->assigned.size(), 1U);
  http_.Answer(200, R"({"assignedRuleIDs":[]})");
  EXPECT_TRUE(client_.GetOwnAssignments(policy, RuleModule::kIntegrityMonitoring).ok());
  http_.Answer(200, R"({"ID":5})");
  EXPECT_TRUE(client_.GetRule(RuleModule::kLogInspection, RuleId{5}).ok());
  http_.Answer(200, R"({"applicationTypes":[]})");
  EXPECT_TRUE(client_.FindApplicationTypes("Web Server %").ok());
  http_.Answer(200, R"({"keyName":"responder"})");
  EXPECT_EQ(client_.GetCurrentApiKey()->name, "responder");
  EXPECT_EQ(Asked(),
            (Lines{"GET /computers/34" + kExpand, "GET /policies/12",
                   "POST /policies/search " + Exactly("name", "Base Policy", 100),
                   "GET /computers/34/intrusionprevention/assignments",
                   "GET /policies/12/integritymonitoring/assignments?overrides=true", "GET /loginspectionrules/5",
                   "POST /applicationtypes/search " + Like("name", "Web Server %", 250), "GET /apikeys/current"}));
  for (const HttpRequest& request : http_.Requests()) EXPECT_EQ(request.repeat, Repeat::kSafe) << request.url;
}

TEST_F(ClientTest, AssignmentsAreAddedAndRemovedNeverReplaced) {
  const Scope computer = Scope::Of(ComputerId{34});
  http_.Answer(200, R"({"assignedRuleIDs":[5,6]})");
  EXPECT_EQ(client_.AssignRules(computer, RuleModule::kIntrusionPrevention, {{5}, {6}})->now.assigned.size(), 2U);
  http_.Answer(200, R"({"assignedRuleIDs":[6]})");
  EXPECT_EQ(client_.RemoveAssignment(Scope::Of(PolicyId{12}), RuleModule::kLogInspection, RuleId{5})->assigned.size(),
            1U);
  EXPECT_EQ(Asked(), (Lines{R"(POST /computers/34/intrusionprevention/assignments {"ruleIDs":[5,6]})",
                            "DELETE /policies/12/loginspection/assignments/5"}));
}

// ---- errors --------------------------------------------------------------------------------------------------------

// Every operation, by the name that its errors carry.
struct NamedOperation {
  std::string what;
  std::string right;
  std::function<std::optional<Error>(Client&)> call;
};

template <class T>
std::optional<Error> ErrorOf(const Result<T>& result) {
  return result.ok() ? std::nullopt : std::optional(result.error());
}

std::vector<NamedOperation> Operations() {
  const Scope computer = Scope::Of(ComputerId{34});
  const Scope policy = Scope::Of(PolicyId{12});
  const RuleModule module = RuleModule::kIntrusionPrevention;
  const std::string any = "access to all computers and policies";
  return {
      {"search computers", any, [](Client& c) { return ErrorOf(c.FindComputers(kInstance)); }},
      {"read a computer", any, [](Client& c) { return ErrorOf(c.GetComputer(ComputerId{34})); }},
      {"search computers", any,
       [](Client& c) { return ErrorOf(c.VisitComputers(SearchBody(5), [](const Computer&) { return true; })); }},
      {"read a policy", any, [](Client& c) { return ErrorOf(c.GetPolicy(PolicyId{12})); }},
      {"search policies", any, [](Client& c) { return ErrorOf(c.FindPolicies("x")); }},
      {"search policies", any, [](Client& c) { return ErrorOf(c.PoliciesBelow(PolicyId{12}, 10)); }},
      {"search computers", any, [](Client& c) { return ErrorOf(c.ComputersOf(PolicyId{12}, 10)); }},
      {"read rule assignments", any, [=](Client& c) { return ErrorOf(c.GetAssignments(computer, module)); }},
      {"read rule assignments", any, [=](Client& c) { return ErrorOf(c.GetOwnAssignments(computer, module)); }},
      {"assign rules to a computer", "the right computerRights.canEditComputerProperties",
       [=](Client& c) { return ErrorOf(c.AssignRules(computer, module, {{1}})); }},
      {"assign rules to a policy", "the right policyRights.canEditPolicyProperties",
       [=](Client& c) { return ErrorOf(c.AssignRules(policy, module, {{1}})); }},
      {"assign rules to a computer", "the right computerRights.canEditComputerProperties",
       [=](Client& c) { return ErrorOf(c.RemoveAssignment(computer, module, RuleId{1})); }},
      {"search rules", any, [](Client& c) { return ErrorOf(c.FindRulesByCve("CVE-2021-44228")); }},
      {"read a rule", any, [=](Client& c) { return ErrorOf(c.GetRule(module, RuleId{1})); }},
      {"search application types", any, [](Client& c) { return ErrorOf(c.FindApplicationTypes("%")); }},
      {"read the current API key", "the right administratorRights (to view API keys)",
       [](Client& c) { return ErrorOf(c.GetCurrentApiKey()); }},
      {"search scheduled tasks", "the right scheduledTaskRights.canViewScheduledTasks",
       [](Client& c) { return ErrorOf(c.FindOurTasks(ComputerId{34})); }},
      {"search scheduled tasks", "the right scheduledTaskRights.canViewScheduledTasks",
       [](Client& c) { return ErrorOf(c.FindTasksLeft(std::chrono::hours(6))); }},
      {"create a scheduled task",
       "the right scheduledTaskRights.canCreateNewScheduledTasks and canExecuteScheduledTasks",
       [](Client& c) { return ErrorOf(c.RequestScan(kScan)); }},
      {"delete a scheduled task", "the right scheduledTaskRights.canDeleteScheduledTasks",
       [](Client& c) { return ErrorOf(c.DeleteTask(ScheduledTaskId{301})); }},
      {"read rule assignments", any,
       [](Client& c) { return ErrorOf(c.CheckScan(kScan.kind, kScan.computer, kDateTime)); }},
  };
}

TEST_F(ClientTest, A403NamesTheMissingRightOfEveryOperation) {
  for (const NamedOperation& operation : Operations()) {
    http_.Answer(403, R"({"message":"Not authorized"})");
    const auto error = operation.call(client_);
    ASSERT_TRUE(error) << operation.what;
    EXPECT_EQ(*error, (Error{ErrorCode::kForbidden, "SWP refused to " + operation.what + " (HTTP 403): Not authorized",
                             "give the API key's role " + operation.right}));
  }
}

TEST_F(ClientTest, AnAnswerThatDidNotComeIsAnErrorOfEveryOperation) {
  for (const NamedOperation& operation : Operations()) {
    http_.Fail(ErrorCode::kUnavailable, "no connection");
    const auto error = operation.call(client_);
    ASSERT_TRUE(error) << operation.what;
    EXPECT_EQ(error->code, ErrorCode::kUnavailable) << operation.what;
    EXPECT_NE(error->message.find("could not "), std::string::npos) << error->message;
    EXPECT_NE(error->message.find("no connection"), std::string::npos) << error->message;
  }
}

TEST_F(ClientTest, AListThatIsNotThereIsNeverAnEmptyOne) {
  const std::pair<std::string, std::function<std::optional<Error>()>> lists[] = {
      {"computers", [&] { return ErrorOf(client_.FindComputers(kInstance)); }},
      {"computers",
       [&] { return ErrorOf(client_.VisitComputers(SearchBody(5), [](const Computer&) { return true; })); }},
      {"policies", [&] { return ErrorOf(client_.FindPolicies("x")); }},
      {"policies", [&] { return ErrorOf(client_.PoliciesBelow(PolicyId{12}, 10)); }},
      {"computers", [&] { return ErrorOf(client_.ComputersOf(PolicyId{12}, 10)); }},
      {"intrusionPreventionRules", [&] { return ErrorOf(client_.FindRulesByCve("CVE-2021-44228")); }},
      {"applicationTypes", [&] { return ErrorOf(client_.FindApplicationTypes("%")); }},
      {"scheduledTasks", [&] { return ErrorOf(client_.FindOurTasks(ComputerId{34})); }},
      {"scheduledTasks", [&] { return ErrorOf(client_.FindTasksLeft(std::chrono::hours(6))); }},
  };
  for (const auto& [key, call] : lists) {
    http_.Answer(200, R"({"message":"ok"})");
    const auto error = call();
    ASSERT_TRUE(error) << key;
    EXPECT_EQ(*error, (Error{ErrorCode::kBadAnswer,
                             "expected an object with the list `" + key + "`, found an object without it", ""}));
  }
}

TEST_F(ClientTest, NoErrorOfAnyOperationHoldsTheKey) {
  for (const KeyHeader form : {KeyHeader::kApiSecretKey, KeyHeader::kAuthorization}) {
    Client client(http_, clock_, Options(form));
    for (const NamedOperation& operation : Operations()) {
      for (const int status : {200, 302, 400, 401, 403, 404, 413, 429}) {
        http_.Answer(status, "not json");
        http_.Answer(503);  // for those that ask again
        const auto error = operation.call(client);
        const std::string text = error ? error->ToText() : "";
        EXPECT_EQ(text.find("SECRET"), std::string::npos) << text;
        while (http_.Left() > 0) (void)http_.Send({});
      }
    }
    EXPECT_EQ(client.DescribeRequestScan(kScan).find("SECRET"), std::string::npos);
  }
}

TEST_F(ClientTest, DescribesTheRequestThatItWouldMake) {
  EXPECT_EQ(client_.DescribeRequestScan(kScan), "POST " + kBase + "/scheduledtasks " + CreateTaskBody(kScan));
}

// ---- finding computers ---------------------------------------------------------------------------------------------

TEST_F(ClientTest, AHostWithAnAgentIsOneCall) {
  http_.Answer(200, R"({"computers":[{"ID":34,"agentFingerPrint":"14:F3"},{"ID":35}]})");
  const auto found = client_.FindComputers(kInstance);
  ASSERT_TRUE(found.ok());
  EXPECT_EQ(found->size(), 2U);
  EXPECT_EQ(Asked(), Lines{kByConnector});
}

TEST_F(ClientTest, AHostWithoutAnAgentIsLookedForAmongTheAgentsToo) {
  http_.Answer(200, R"({"computers":[{"ID":34}]})");
  http_.Answer(200, R"({"computers":[{"ID":77,"agentFingerPrint":"14:F3"}]})");
  const auto found = client_.FindComputers(kInstance);
  ASSERT_TRUE(found.ok());
  ASSERT_EQ(found->size(), 2U);
  EXPECT_EQ((*found)[0].id, ComputerId{34});
  EXPECT_EQ((*found)[1].id, ComputerId{77});
  EXPECT_EQ(Asked(), (Lines{kByConnector, kByAgent}));
}

TEST_F(ClientTest, ARecordThatBothSearchesFindIsOneRecord) {
  http_.Answer(200, R"({"computers":[{"ID":34},{"ID":35}]})");
  http_.Answer(200, R"({"computers":[{"ID":35},{"ID":36}]})");
  const auto found = client_.FindComputers(kInstance);
  ASSERT_TRUE(found.ok());
  ASSERT_EQ(found->size(), 3U);
  EXPECT_EQ((*found)[2].id, ComputerId{36});
}

TEST_F(ClientTest, NoRecordAtAllIsAnEmptyListAfterTwoCalls) {
  http_.Answer(200, R"({"computers":[]})");
  http_.Answer(200, R"({"computers":[]})");
  const auto found = client_.FindComputers(kInstance);
  ASSERT_TRUE(found.ok());
  EXPECT_TRUE(found->empty());
  EXPECT_EQ(Asked(), (Lines{kByConnector, kByAgent}));
}

TEST_F(ClientTest, AFailureOfTheSecondSearchIsNeverAList) {
  for (const char* first : {R"({"computers":[]})", R"({"computers":[{"ID":34}]})"}) {
    http_.Answer(200, first);
    http_.Answer(500);
    const auto found = client_.FindComputers(kInstance);
    ASSERT_FALSE(found.ok());
    EXPECT_EQ(found.error().code, ErrorCode::kUnavailable);
    http_.Answer(200, first);
    http_.Answer(200, R"({"computers":)");
    EXPECT_EQ(client_.FindComputers(kInstance).error().code, ErrorCode::kBadAnswer);
    http_.Answer(200, first);
    http_.Fail(ErrorCode::kTimeout);
    EXPECT_EQ(client_.FindComputers(kInstance).error().code, ErrorCode::kTimeout);
  }
}

std::string Page(std::int64_t after, int items) {
  return "POST /computers/search" + kExpand + R"( {"maxItems":)" + std::to_string(items) +
         R"(,"sortByObjectID":true,"searchCriteria":[{"idTest":"greater-than","idValue":)" + std::to_string(after) +
         "}]}";
}

TEST_F(ClientTest, VisitsPageByPageUntilAPageIsEmpty) {
  http_.Answer(200, R"({"computers":[{"ID":3},{"ID":7}]})");
  http_.Answer(200, R"({"computers":[{"ID":9}]})");  // short, and yet not the end
  http_.Answer(200, R"({"computers":[]})");
  std::vector<std::int32_t> seen;
  EXPECT_TRUE(client_
                  .VisitComputers(SearchBody(2),
                                  [&](const Computer& computer) {
                                    seen.push_back(computer.id.value);
                                    return true;
                                  })
                  .ok());
  EXPECT_EQ(seen, (std::vector<std::int32_t>{3, 7, 9}));
  EXPECT_EQ(Asked(), (Lines{Page(0, 2), Page(7, 2), Page(9, 2)}));
}

std::string Below(std::int64_t above) {
  return R"(POST /policies/search {"maxItems":100,"sortByObjectID":true,"searchCriteria":[{"fieldName":"parentID",)"
         R"("numericTest":"equal","numericValue":12},{"idTest":"greater-than","idValue":)" +
         std::to_string(above) + "}]}";
}

// Whole lists: a page that is short may have a successor, only an empty one is the end.
TEST_F(ClientTest, TheComputersOfAPolicyAreAllOfThemWithTheirCloudRecords) {
  http_.Answer(200,
               R"({"computers":[{"ID":3,"ec2VirtualMachineSummary":{"instanceID":"i-1","metadata":[]}},{"ID":7}]})");
  http_.Answer(200, R"({"computers":[{"ID":9}]})");
  http_.Answer(200, R"({"computers":[]})");
  const auto computers = client_.ComputersOf(PolicyId{12}, 3);
  ASSERT_TRUE(computers.ok()) << computers.error().ToText();
  ASSERT_EQ(computers->size(), 3U);
  EXPECT_EQ(computers->front().tags, std::vector<Tag>());
  EXPECT_EQ(Asked().front(),
            "POST /computers/search?expand=ec2VirtualMachineSummary&expand=noConnectorVirtualMachineSummary "
            R"({"maxItems":250,"sortByObjectID":true,"searchCriteria":[{"fieldName":"policyID","numericTest":"equal",)"
            R"("numericValue":12},{"idTest":"greater-than","idValue":0}]})");
}

TEST_F(ClientTest, MoreComputersOfAPolicyThanAskedForAreAnErrorAndNoPart) {
  http_.Answer(200, R"({"computers":[{"ID":3},{"ID":7},{"ID":9}]})");
  EXPECT_EQ(client_.ComputersOf(PolicyId{12}, 2).error(),
            (Error{ErrorCode::kTooLarge, "more than 2 computers have policy 12", ""}));
}

TEST_F(ClientTest, ThePoliciesBelowAPolicyAreAllOfThem) {
  http_.Answer(200, R"({"policies":[{"ID":14},{"ID":15}]})");
  http_.Answer(200, R"({"policies":[{"ID":20}]})");
  http_.Answer(200, R"({"policies":[]})");
  EXPECT_EQ(client_.PoliciesBelow(PolicyId{12}, 3).value(),
            (std::vector<PolicyId>{PolicyId{14}, PolicyId{15}, PolicyId{20}}));
  EXPECT_EQ(Asked(), (Lines{Below(0), Below(15), Below(20)}));
}

TEST_F(ClientTest, MorePoliciesBelowThanAskedForAreAnErrorAndNoPart) {
  http_.Answer(200, R"({"policies":[{"ID":14},{"ID":15}]})");
  EXPECT_EQ(client_.PoliciesBelow(PolicyId{12}, 1).error(),
            (Error{ErrorCode::kTooLarge, "more than 1 policies are below policy 12", ""}));
}

TEST_F(ClientTest, PoliciesThatDoNotAdvanceAreAnError) {
  http_.Answer(200, R"({"policies":[{"ID":14}]})");
  http_.Answer(200, R"({"policies":[{"ID":14}]})");
  EXPECT_EQ(client_.PoliciesBelow(PolicyId{12}, 10).error().code, ErrorCode::kBadAnswer);
}

TEST_F(ClientTest, AFailedPageOfComputersIsNoList) {
  http_.Answer(200, R"({"computers":[{"ID":3}]})");
  http_.Answer(403, R"({"message":"no"})");
  EXPECT_FALSE(client_.ComputersOf(PolicyId{12}, 10).ok());
}

TEST_F(ClientTest, VisitingKeepsTheCriteria) {
  http_.Answer(200, R"({"computers":[]})");
  EXPECT_TRUE(
      client_.VisitComputers(SearchBody(2).NumberEquals("policyID", 12), [](const Computer&) { return true; }).ok());
  EXPECT_EQ(http_.Requests().front().body,
            R"({"maxItems":2,"sortByObjectID":true,"searchCriteria":[{"fieldName":"policyID","numericTest":"equal",)"
            R"("numericValue":12},{"idTest":"greater-than","idValue":0}]})");
}

TEST_F(ClientTest, APageThatDoesNotAdvanceIsAnError) {
  for (const char* second : {R"({"computers":[{"ID":3},{"ID":7}]})", R"({"computers":[{"ID":7}]})"}) {
    http_.Answer(200, R"({"computers":[{"ID":3},{"ID":7}]})");
    http_.Answer(200, second);
    int seen = 0;
    const Status done = client_.VisitComputers(SearchBody(2), [&](const Computer&) { return ++seen > 0; });
    ASSERT_FALSE(done.ok());
    EXPECT_EQ(done.error(), (Error{ErrorCode::kBadAnswer, "SWP's list of computers does not advance past id 7",
                                   "try again; report it to the vendor when it stays"}));
    EXPECT_EQ(seen, 2);
  }
}

TEST_F(ClientTest, VisitingStopsWhenToldTo) {
  http_.Answer(200, R"({"computers":[{"ID":3},{"ID":7}]})");
  int seen = 0;
  EXPECT_TRUE(client_.VisitComputers(SearchBody(2), [&](const Computer&) { return ++seen < 1; }).ok());
  EXPECT_EQ(seen, 1);
  EXPECT_EQ(Asked().size(), 1U);
}

TEST_F(ClientTest, AFailureInTheMiddleOfVisitingIsAnError) {
  http_.Answer(200, R"({"computers":[{"ID":3}]})");
  http_.Answer(503);
  EXPECT_EQ(client_.VisitComputers(SearchBody(2), [](const Computer&) { return true; }).error().code,
            ErrorCode::kUnavailable);
}

// ---- rules ---------------------------------------------------------------------------------------------------------

TEST_F(ClientTest, FindsRulesThatListExactlyTheCve) {
  http_.Answer(200, R"({"intrusionPreventionRules":[
      {"ID":1,"CVE":["CVE-2021-44228","CVE-2021-45046"]}, {"ID":2,"CVE":["CVE-2021-4422"]},
      {"ID":3,"CVE":["cve-2021-4422"]}, {"ID":4}, {"ID":5,"CVE":["CVE-2021-4422, CVE-2021-1"]},
      {"ID":6,"CVE":["CVE-2020-1","CVE-2021-4422"]}]})");
  http_.Answer(200, R"({"intrusionPreventionRules":[]})");
  const auto rules = client_.FindRulesByCve("CVE-2021-4422");
  ASSERT_TRUE(rules.ok());
  std::vector<std::int32_t> ids;
  for (const Rule& rule : *rules) ids.push_back(rule.id.value);
  EXPECT_EQ(ids, (std::vector<std::int32_t>{2, 3, 6}));
  EXPECT_EQ(Asked(), (Lines{"POST /intrusionpreventionrules/search " + Like("CVE", "%CVE-2021-4422%", 1000),
                            "POST /intrusionpreventionrules/search " + Like("CVE", "%CVE-2021-4422%", 1000, 6)}));
}

// ---- requesting scans ----------------------------------------------------------------------------------------------

TEST_F(ClientTest, ARequestedScanIsAcceptedByTheManagersClock) {
  http_.Answer(200, kCreated, {kDate});
  const auto accepted = client_.RequestScan(kScan);
  ASSERT_TRUE(accepted.ok());
  EXPECT_EQ(*accepted, (AcceptedScan{ScheduledTaskId{301}, kDateTime, false}));
  EXPECT_EQ(Asked(), Lines{kCreateTask});
  EXPECT_EQ(http_.Requests().front().repeat, Repeat::kUnsafe);
  EXPECT_TRUE(clock_.slept().empty());
}

TEST_F(ClientTest, WithoutADateAScanIsAcceptedWhenItWasSent) {
  http_.WhileSending([&](const HttpRequest&) { clock_.Advance(3s); });
  http_.Answer(200, kCreated);
  EXPECT_EQ(client_.RequestScan(kScan)->accepted_at, FromEpochMilliseconds(1764000000000));
  // Once the manager's clock is known, by that clock: here it is 2 s ahead.
  http_.Answer(200, R"({"ID":34})", {{"Date", "Mon, 24 Nov 2025 16:00:08 GMT"}});
  ASSERT_TRUE(client_.GetComputer(ComputerId{34}).ok());
  http_.Answer(200, kCreated);
  EXPECT_EQ(client_.RequestScan(kScan)->accepted_at, FromEpochMilliseconds(1764000008000));
}

TEST_F(ClientTest, AfterALostAnswerTheScanIsFoundByItsName) {
  const std::function<void()> losses[] = {
      [&] { http_.Fail(ErrorCode::kOutcomeUnknown); },
      [&] { http_.Fail(ErrorCode::kTooLarge); },
      [&] { http_.Answer(500); },
      [&] { http_.Answer(504, "<html>"); },
      [&] { http_.Answer(200, "garbage"); },
      [&] { http_.Answer(200, ""); },
      [&] { http_.Answer(200, R"({"name":"no id"})"); },
  };
  for (const auto& lose : losses) {
    const std::size_t before = Asked().size();
    lose();
    http_.Answer(200, R"({"scheduledTasks":[{"ID":300,"name":"other"},)" +
                          Task(301, kScanName, R"(,"lastRunTime":1764000004000)") + "]}");
    const auto accepted = client_.RequestScan(kScan);
    ASSERT_TRUE(accepted.ok()) << accepted.error().message;
    EXPECT_EQ(*accepted, (AcceptedScan{ScheduledTaskId{301}, FromEpochMilliseconds(1764000004000), true}));
    const Lines asked = Asked();
    EXPECT_EQ(Lines(asked.begin() + static_cast<std::ptrdiff_t>(before), asked.end()), (Lines{kCreateTask, kLookUp}));
  }
  EXPECT_TRUE(clock_.slept().empty());
}

TEST_F(ClientTest, AFoundScanThatHasNotRunCountsFromWhenItWasSent) {
  http_.Fail(ErrorCode::kOutcomeUnknown);
  http_.Answer(200, R"({"scheduledTasks":[)" + Task(301, kScanName) + "]}");
  EXPECT_EQ(client_.RequestScan(kScan)->accepted_at, FromEpochMilliseconds(1764000000000));
}

// Whoever did not answer, or not with a refusal, may still be about to act: a second request could become a second
// scan.
TEST_F(ClientTest, ARequestWithoutAnAnswerIsNotSentAgainThoughItsScanIsNotThere) {
  const std::pair<std::function<void()>, std::string> losses[] = {
      {[&] { http_.Fail(ErrorCode::kOutcomeUnknown, "no whole answer within 30s"); }, "no whole answer within 30s"},
      {[&] { http_.Answer(500, R"({"message":"busy"})"); }, "SWP could not create a scheduled task (HTTP 500): busy"},
      {[&] { http_.Answer(504); }, "SWP could not create a scheduled task (HTTP 504)"},
  };
  for (const auto& [lose, why] : losses) {
    SCOPED_TRACE(why);
    const std::size_t before = Asked().size();
    lose();
    // What a search without wildcards may still bring: names that differ.
    http_.Answer(200, R"({"scheduledTasks":[{"ID":300,"name":"Sallyport scan-for-recommendations computer 34 x"}]})");
    const auto accepted = client_.RequestScan(kScan);
    ASSERT_FALSE(accepted.ok());
    EXPECT_EQ(accepted.error(), (Error{ErrorCode::kOutcomeUnknown,
                                       "the scan may have been requested: " + why + "; SWP holds no task for it yet",
                                       "look for the task `" + kScanName + "` in SWP before asking again"}));
    const Lines asked = Asked();
    EXPECT_EQ(Lines(asked.begin() + static_cast<std::ptrdiff_t>(before), asked.end()), (Lines{kCreateTask, kLookUp}));
  }
  EXPECT_TRUE(clock_.slept().empty());
}

// The same for what may be repeated without harm: it is for the caller to look first.
TEST_F(ClientTest, AWriteWithoutAnAnswerMayHaveBeenCarriedOut) {
  const std::pair<std::string, std::function<std::optional<Error>()>> writes[] = {
      {"assign rules",
       [&] { return ErrorOf(client_.AssignRules(Scope::Of(PolicyId{12}), RuleModule::kIntrusionPrevention, {{5}})); }},
      {"remove a rule",
       [&] {
         return ErrorOf(client_.RemoveAssignment(Scope::Of(PolicyId{12}), RuleModule::kIntrusionPrevention, {5}));
       }},
  };
  for (const auto& [what, write] : writes) {
    SCOPED_TRACE(what);
    for (const std::function<void()>& lose : {std::function<void()>([&] { http_.Fail(ErrorCode::kOutcomeUnknown); }),
                                              std::function<void()>([&] { http_.Answer(500); })}) {
      lose();
      const auto error = write();
      ASSERT_TRUE(error);
      EXPECT_EQ(error->code, ErrorCode::kOutcomeUnknown);
      EXPECT_TRUE(error->message.starts_with("SWP may have done it (" + what + "): ")) << error->message;
      EXPECT_EQ(http_.Requests().back().repeat, Repeat::kUnsafe);
      EXPECT_TRUE(http_.Requests().back().changes);
    }
    http_.Answer(403);
    EXPECT_EQ(write()->code, ErrorCode::kForbidden);
  }
}

TEST_F(ClientTest, WhenTheLookUpFailsTheOutcomeIsUnknown) {
  const std::function<void()> failures[] = {
      [&] { http_.Answer(503); },
      [&] { http_.Answer(403); },
      [&] { http_.Answer(404); },
      [&] { http_.Answer(200, "{}"); },
      [&] { http_.Fail(ErrorCode::kTimeout); },
      [&] { http_.Fail(ErrorCode::kNotFound); },
  };
  for (const auto& fail : failures) {
    const std::size_t before = Asked().size();
    http_.Fail(ErrorCode::kOutcomeUnknown, "the connection broke");
    fail();
    const auto accepted = client_.RequestScan(kScan);
    ASSERT_FALSE(accepted.ok());
    EXPECT_EQ(accepted.error().code, ErrorCode::kOutcomeUnknown);
    EXPECT_TRUE(accepted.error().message.starts_with(
        "the scan may have been requested: the connection broke; and it could not be looked up: "))
        << accepted.error().message;
    EXPECT_EQ(accepted.error().advice, "look for the task `" + kScanName + "` in SWP before asking again");
    EXPECT_EQ(Asked().size(), before + 2);
  }
}

TEST_F(ClientTest, ARefusalIsFinalAfterOnePost) {
  for (const int status : {302, 400, 401, 403, 404, 413, 422, 429}) {
    const std::size_t before = Asked().size();
    http_.Answer(status, R"({"message":"no"})");
    EXPECT_FALSE(client_.RequestScan(kScan).ok()) << status;
    EXPECT_EQ(Asked().size(), before + 1) << status;
  }
  EXPECT_TRUE(clock_.slept().empty());
}

TEST_F(ClientTest, ARequestThatWasSurelyNotSentIsFinalAfterOnePost) {
  for (const ErrorCode code : {ErrorCode::kUnavailable, ErrorCode::kTimeout, ErrorCode::kRateLimited}) {
    const std::size_t before = Asked().size();
    http_.Fail(code, "not sent");
    const auto accepted = client_.RequestScan(kScan);
    ASSERT_FALSE(accepted.ok());
    EXPECT_EQ(accepted.error().code, code);
    EXPECT_NE(accepted.error().message.find("not sent"), std::string::npos);
    EXPECT_EQ(Asked().size(), before + 1);
  }
}

TEST_F(ClientTest, FindsOnlyOurTasksOfThatComputer) {
  http_.Answer(200, R"({"scheduledTasks":[)" + Task(1, kScanName) + "," +
                        Task(2, "sallyport scan-for-malware computer 35 1f2e3d4c5b6a7988") +
                        R"(,{"ID":3,"name":"sallyport by hand computer 34 now"}, {"ID":4}]})");
  const auto tasks = client_.FindOurTasks(ComputerId{34});
  ASSERT_TRUE(tasks.ok());
  ASSERT_EQ(tasks->size(), 1U);
  EXPECT_EQ(tasks->front().id, ScheduledTaskId{1});
  EXPECT_EQ(Asked(), Lines{"POST /scheduledtasks/search " + Like("name", "sallyport % computer 34 %", 100)});
}

// ---- watching scans ------------------------------------------------------------------------------------------------

const std::string kAssignments = "GET /computers/34/intrusionprevention/assignments";
const std::string kComputer = "GET /computers/34" + kExpand;

TEST_F(ClientTest, ARecommendationScanIsDoneWhenItsDateIsNewerAndItsStatusValid) {
  http_.Answer(200, Scanned(1764000005001, "valid"));
  const auto progress = client_.CheckScan(kScan.kind, kScan.computer, kDateTime);
  ASSERT_TRUE(progress.ok());
  EXPECT_TRUE(progress->finished);
  EXPECT_EQ(progress->finished_at, FromEpochMilliseconds(1764000005001));
  EXPECT_EQ(progress->scan_status, "valid");
  EXPECT_EQ(Asked(), Lines{kAssignments});
}

TEST_F(ClientTest, ARecommendationScanIsNotDoneBeforeThat) {
  struct Case {
    std::string assignments;
    std::string status;
  };
  const Case cases[] = {{Scanned(1764000005000, "valid"), "valid"},
                        {Scanned(1764000005001, "out-of-date"), "out-of-date"},
                        {Scanned(1764000005001, "unknown"), "unknown"},
                        {Scanned(1764000005001, "novel"), "novel"},
                        {R"({"assignedRuleIDs":[],"recommendationScanStatus":"none"})", "none"},
                        {R"({"assignedRuleIDs":[],"recommendationScanStatus":"valid"})", "valid"},
                        {R"({"assignedRuleIDs":[]})", ""}};
  for (const Case& c : cases) {
    for (const bool busy : {false, true}) {
      http_.Answer(200, c.assignments);
      http_.Answer(200, busy ? R"({"ID":34,"tasks":{"agentTasks":["Scanning"]}})" : R"({"ID":34})");
      const auto progress = client_.CheckScan(kScan.kind, kScan.computer, kDateTime);
      ASSERT_TRUE(progress.ok());
      EXPECT_FALSE(progress->finished) << c.assignments;
      EXPECT_EQ(progress->scan_status, c.status);
      EXPECT_EQ(!progress->computer->agent_tasks.empty(), busy);
    }
  }
  EXPECT_EQ(Asked().at(0), kAssignments);
  EXPECT_EQ(Asked().at(1), kComputer);
}

TEST_F(ClientTest, AnIntegrityScanIsDoneWhenItsTimeIsNewer) {
  const ScanRequest scan{ScanKind::kIntegrity, ComputerId{34}, kScan.token};
  const auto answer = [&](std::int64_t at) {
    http_.Answer(200, R"({"ID":34,"integrityMonitoring":{"lastIntegrityScan":)" + std::to_string(at) +
                          R"(},"antiMalware":{"lastManualScan":1764999999999}})");
  };
  answer(1764000005001);
  EXPECT_TRUE(client_.CheckScan(scan.kind, scan.computer, kDateTime)->finished);
  answer(1764000005000);
  const auto progress = client_.CheckScan(scan.kind, scan.computer, kDateTime);
  EXPECT_FALSE(progress->finished);
  EXPECT_EQ(progress->finished_at, kDateTime);
  answer(0);
  EXPECT_FALSE(client_.CheckScan(scan.kind, scan.computer, kDateTime)->finished);
  http_.Answer(200, R"({"ID":34,"tasks":{"agentTasks":["Scanning"]}})");
  const auto without_module = client_.CheckScan(scan.kind, scan.computer, kDateTime);
  EXPECT_FALSE(without_module->finished);
  EXPECT_TRUE(!without_module->computer->agent_tasks.empty());
  EXPECT_EQ(Asked(), Lines(4, kComputer));
}

TEST_F(ClientTest, AMalwareScanIsDoneWhenEitherTimeIsNewer) {
  const ScanRequest scan{ScanKind::kMalware, ComputerId{34}, kScan.token};
  const auto finished = [&](const std::string& times) {
    http_.Answer(
        200, R"({"ID":34,"antiMalware":{)" + times + R"(},"integrityMonitoring":{"lastIntegrityScan":1764999999999}})");
    return client_.CheckScan(scan.kind, scan.computer, kDateTime)->finished;
  };
  EXPECT_TRUE(finished(R"("lastManualScan":1764000005001)"));
  EXPECT_TRUE(finished(R"("lastScheduledScan":1764000005001,"lastManualScan":1764000000000)"));
  EXPECT_FALSE(finished(R"("lastScheduledScan":1764000005000,"lastManualScan":1764000000000)"));
  EXPECT_FALSE(finished(""));
  EXPECT_EQ(Asked(), Lines(4, kComputer));
}

TEST_F(ClientTest, AFailedCheckIsAnErrorNotAnUnfinishedScan) {
  http_.Answer(500);
  EXPECT_EQ(client_.CheckScan(kScan.kind, kScan.computer, kDateTime).error().code, ErrorCode::kUnavailable);
  http_.Answer(200, R"({"assignedRuleIDs":[]})");
  http_.Answer(500);
  EXPECT_EQ(client_.CheckScan(kScan.kind, kScan.computer, kDateTime).error().code, ErrorCode::kUnavailable);
}

// ---- cleaning up ---------------------------------------------------------------------------------------------------

TEST_F(ClientTest, ADeletedTaskIsGoneAndOneThatWasGoneToo) {
  for (const int status : {200, 204, 404}) {
    http_.Answer(status);
    EXPECT_TRUE(client_.DeleteTask(ScheduledTaskId{301}).ok()) << status;
  }
  EXPECT_EQ(Asked(), Lines(3, "DELETE /scheduledtasks/301"));
  EXPECT_EQ(http_.Requests().front().repeat, Repeat::kSafe);
  EXPECT_TRUE(http_.Requests().front().changes);
  http_.Answer(500);
  EXPECT_EQ(client_.DeleteTask(ScheduledTaskId{301}).error().code, ErrorCode::kUnavailable);
  http_.Answer(302);
  EXPECT_EQ(client_.DeleteTask(ScheduledTaskId{301}).error().code, ErrorCode::kBadAnswer);
}

// By the manager's clock, which its first answer tells.
TEST_F(ClientTest, TasksLeftAreOursAndOld) {
  const std::string old = R"(,"lastRunTime":1764000004999)";
  const TimePoint manager_now = kDateTime + std::chrono::hours(6);
  clock_.Advance(manager_now - clock_.Now());
  http_.Answer(200, R"({"scheduledTasks":[)" + Task(1, kScanName, old) + "," +
                        Task(2, kScanName, R"(,"lastRunTime":1764000005000)") + "," + Task(3, kScanName) + "," +
                        Task(4, "sallyport weekly report", old) + "," + Task(5, "on-demand scan", old) + "," +
                        Task(6, "sallyport scan-for-malware computer 35 1f2e3d4c5b6a7988", old) + "]}");
  http_.Answer(200, R"({"scheduledTasks":[]})");
  const auto left = client_.FindTasksLeft(std::chrono::hours(6));
  ASSERT_TRUE(left.ok());
  ASSERT_EQ(left->size(), 2U);
  EXPECT_EQ(left->at(0).id, ScheduledTaskId{1});
  EXPECT_EQ(left->at(1).id, ScheduledTaskId{6});
  EXPECT_EQ(left->at(1).computer, ComputerId{35});
  EXPECT_EQ(Asked(), (Lines{"POST /scheduledtasks/search " + Like("name", "sallyport %", 250),
                            "POST /scheduledtasks/search " + Like("name", "sallyport %", 250, 6)}));
}

// A list that is cut off in the middle is none.
TEST_F(ClientTest, TasksLeftAreAllOrAnError) {
  const std::string old = R"(,"lastRunTime":1763900000000)";
  std::string page;
  for (int i = 1; i <= 250; ++i) page += (i == 1 ? "" : ",") + Task(i, kScanName, old);
  http_.Answer(200, R"({"scheduledTasks":[)" + page + "]}");
  http_.Answer(403);
  EXPECT_EQ(client_.FindTasksLeft(std::chrono::hours(6)).error().code, ErrorCode::kForbidden);
  EXPECT_EQ(Asked().size(), 2U);
}

// ---- the manager's clock -------------------------------------------------------------------------------------------

TEST_F(ClientTest, TheClockDifferenceIsThatOfTheLastAnswerWithADate) {
  EXPECT_EQ(client_.ClockDifference(), std::nullopt);
  const auto after = [&](std::vector<HttpHeader> headers, int status = 200) {
    http_.Answer(status, R"({"ID":34})", std::move(headers));
    (void)client_.GetComputer(ComputerId{34});
    return client_.ClockDifference();
  };
  EXPECT_EQ(after({}), std::nullopt);
  EXPECT_EQ(after({{"Date", "yesterday"}}), std::nullopt);
  EXPECT_EQ(after({kDate}), Duration(5s));
  EXPECT_EQ(after({}), Duration(5s));
  EXPECT_EQ(after({{"date", "Mon, 24 Nov 2025 16:00:02 GMT"}}, 401), Duration(2s));
  http_.Fail(ErrorCode::kUnavailable);
  (void)client_.GetComputer(ComputerId{34});
  EXPECT_EQ(client_.ClockDifference(), Duration(2s));
}

}  // namespace
}  // namespace sallyport::swp
