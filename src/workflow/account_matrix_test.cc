// SPDX-License-Identifier: Apache-2.0
//
// Whose host it is, where no finding names it: an invocation of AWS Config names accounts in seven places, and a
// finding of Macie leads to hosts that AWS names. One that contradicts the others leaves it undetermined
// (contradictions_test.cc has the sources that name hosts themselves).
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "event/parse.h"
#include "reach/reads.h"
#include "workflow/fake_swp.h"
#include "workflow/tables.h"

namespace sallyport {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

constexpr const char* kMatrixAccount = "111122223333";
constexpr const char* kMatrixOther = "444455556666";
constexpr const char* kMatrixHost = "i-0123456789abcdef0";
const TimePoint kMatrixNow = FromEpochMilliseconds(1'764'000'000'000);

std::string Quoted(const std::string& text) {
  return "\"" + text + "\"";
}

class MatrixReach final : public reach::Reads {
 public:
  reach::Answer answer;
  int asked = 0;
  Result<reach::Answer> WhoCan(const reach::Ask&) override {
    ++asked;
    return answer;
  }
};

// SWP knows the host, with an agent and of the account `of_record`.
struct MatrixWorld {
  FakeSwpReads swp;
  MatrixReach reach;
  WorkflowSettings settings;

  explicit MatrixWorld(const std::string& of_record = "") {
    swp::Computer computer = ProtectedComputer(kMatrixHost);
    computer.account_id = of_record;
    swp.computers.emplace(kMatrixHost, std::vector<swp::Computer>{computer});
    reach::HostAnswer host;
    host.account = kMatrixAccount;
    host.region = "us-east-1";
    host.instance = {kMatrixHost};
    host.state = "running";
    host.decision = policy::Decision::kAllowed;
    reach::PrincipalAnswer principal;
    principal.arn = "arn:aws:iam::111122223333:role/web";
    principal.account = kMatrixAccount;
    principal.role = "web";
    reach::ActionAnswer action;
    action.action = "s3:GetObject";
    action.decision = action.without_key = policy::Decision::kAllowed;
    principal.actions = {action};
    principal.hosts = {host};
    reach.answer.bucket = "example-customers";
    reach.answer.principals = {principal};
  }

  std::vector<Plan> PlansOf(const std::string& text) {
    std::vector<Plan> plans;
    const Tables tables = ProductTables();
    for (const Arrival& arrival : ParseInput(text, "in", tables.Forms())) {
      if (!arrival.event.ok()) continue;
      const auto to_make = PlansToMake(*arrival.event, tables, settings);
      if (!to_make.ok()) continue;
      Sources sources{swp, kMatrixNow, &reach};
      for (const PlanToMake& one : *to_make) {
        auto plan = one.workflow->make_plan(*arrival.event, one.matter, sources, settings);
        if (plan.ok()) plans.push_back(*std::move(plan));
      }
    }
    return plans;
  }
};

std::string WhyOf(const Plan& plan) {
  return plan.FirstUndetermined() + (plan.reasons.empty() ? "" : plan.reasons.front());
}

// --- AWS Config

struct SaidByConfig {
  std::string rule = kMatrixAccount;      // accountId
  std::string rule_arn = kMatrixAccount;  // configRuleArn
  std::string role = kMatrixAccount;      // executionRoleArn
  std::string item = kMatrixAccount;      // of the item, or of the schedule
  std::string item_arn = kMatrixAccount;  // ARN of the item
  std::string instance_of_arn = kMatrixHost;
  std::string configured = kMatrixHost;  // configuration.instanceId
};

std::string InvocationOf(const SaidByConfig& said, const std::string& message) {
  std::string escaped;
  for (const char c : message) escaped += c == '"' ? "\\\"" : std::string(1, c);
  return R"({"version":"1.0","invokingEvent":")" + escaped +
         R"(","ruleParameters":"{\"rule\":\"protected\"}","resultToken":"token","eventLeftScope":false,)" +
         R"("executionRoleArn":"arn:aws:iam::)" + said.role +
         R"(:role/config-role","configRuleArn":"arn:aws:config:us-east-1:)" + said.rule_arn +
         R"(:config-rule/config-rule-a1b2c3","configRuleName":"r","configRuleId":"config-rule-a1b2c3","accountId":)" +
         Quoted(said.rule) + "}";
}

std::string ChangeSaying(const SaidByConfig& said) {
  return InvocationOf(
      said,
      R"({"messageType":"ConfigurationItemChangeNotification","notificationCreationTime":"2025-11-24T15:00:00.000Z",)"
      R"("configurationItem":{"configurationItemCaptureTime":"2025-11-24T15:00:00.000Z",)"
      R"("configurationItemStatus":"OK","awsAccountId":)" +
          Quoted(said.item) + R"(,"awsRegion":"us-east-1","resourceType":"AWS::EC2::Instance","resourceId":)" +
          Quoted(kMatrixHost) + R"(,"ARN":"arn:aws:ec2:us-east-1:)" + said.item_arn + ":instance/" +
          said.instance_of_arn + R"(","tags":{},"configuration":{"instanceId":)" + Quoted(said.configured) +
          R"(,"state":{"name":"running"},"launchTime":"2025-06-01T08:30:00.000Z"}}})");
}

std::string ScheduleSaying(const SaidByConfig& said) {
  return InvocationOf(said, R"({"messageType":"ScheduledNotification","awsAccountId":)" + Quoted(said.item) +
                                R"(,"notificationCreationTime":"2025-11-24T15:00:00.000Z"})");
}

struct MatrixCase {
  const char* name;
  std::string SaidByConfig::*member;
  const char* value;
  bool in_schedule;
};
const std::vector<MatrixCase>& ContradictionsOfConfig() {
  static const std::vector<MatrixCase> cases = {
      {"the rule", &SaidByConfig::rule, kMatrixOther, true},
      {"the ARN of the rule", &SaidByConfig::rule_arn, kMatrixOther, true},
      {"the role", &SaidByConfig::role, kMatrixOther, true},
      {"the item or schedule", &SaidByConfig::item, kMatrixOther, true},
      {"the ARN of the item", &SaidByConfig::item_arn, kMatrixOther, false},
      {"the instance of the ARN", &SaidByConfig::instance_of_arn, "i-0fedcba9876543210", false},
      {"the configuration", &SaidByConfig::configured, "i-0fedcba9876543210", false}};
  return cases;
}

TEST(AccountsOfConfig, WhereAllAreOneTheVerdictIsTold) {
  MatrixWorld world(kMatrixAccount);
  const auto plans = world.PlansOf(ChangeSaying({}));
  ASSERT_EQ(plans.size(), 1U);
  EXPECT_EQ(plans[0].decision, Decision::kAct) << WhyOf(plans[0]);
  EXPECT_EQ(plans[0].actions.size(), 1U);
}

TEST(AccountsOfConfig, OneThatContradictsTheOthersIsNoVerdict) {
  for (const MatrixCase& one : ContradictionsOfConfig()) {
    SaidByConfig said;
    said.*one.member = one.value;
    for (const std::string& text : {ChangeSaying(said), ScheduleSaying(said)}) {
      if (!one.in_schedule && text == ScheduleSaying(said)) continue;
      MatrixWorld world(kMatrixAccount);
      const auto plans = world.PlansOf(text);
      ASSERT_EQ(plans.size(), 1U) << one.name;
      EXPECT_EQ(plans[0].decision, Decision::kUndetermined) << one.name;
      EXPECT_THAT(plans[0].actions, IsEmpty()) << one.name;
      EXPECT_THAT(WhyOf(plans[0]), HasSubstr(one.value)) << one.name;
    }
  }
}

// What the settings say of accounts changes nothing: AWS Config calls a rule of an account for that account.
TEST(AccountsOfConfig, AnAccountOfTheSettingsContradictsAsWell) {
  MatrixWorld world(kMatrixAccount);
  world.settings.gates.account_modes = {{kMatrixOther, Mode::kEnforce}};
  SaidByConfig said;
  said.item = kMatrixOther;
  EXPECT_EQ(world.PlansOf(ChangeSaying(said)).at(0).decision, Decision::kUndetermined);
}

// SWP's record of this instance in another account is a record of another host: nothing is known of ours.
TEST(AccountsOfConfig, ARecordOfAnotherAccountIsNoProtection) {
  MatrixWorld world(kMatrixOther);
  const auto plans = world.PlansOf(ChangeSaying({}));
  ASSERT_EQ(plans.size(), 1U);
  for (const PlannedAction& planned : plans[0].actions) {
    EXPECT_THAT(ActionToJson(planned.action), testing::Not(HasSubstr("\"COMPLIANT\"")));
  }
}

// --- Macie

struct SaidByMacie {
  std::string envelope = kMatrixAccount;
  std::string account = kMatrixAccount;
  std::string resource;  // the account of an instance among the envelope's resources
};

std::string MacieDetail(const SaidByMacie& said) {
  const std::string account = said.account.empty() ? "" : "\"accountId\":" + Quoted(said.account) + ",";
  return R"({"schemaVersion":"1.0","id":"2aa2","region":"us-east-1","partition":"aws","category":"CLASSIFICATION",)" +
         account +
         R"("type":"SensitiveData:S3Object/Personal","title":"t","description":"d","severity":{"description":"High","score":3},)"
         R"("createdAt":"2025-11-24T15:00:00Z","updatedAt":"2025-11-24T15:00:00Z","count":1,"archived":false,)"
         R"("resourcesAffected":{"s3Bucket":{"name":"example-customers","arn":"arn:aws:s3:::example-customers"}}})";
}

std::string MacieOfHub(const SaidByMacie& said) {
  const std::string account = said.account.empty() ? "" : "\"AwsAccountId\":" + Quoted(said.account) + ",";
  return R"({"SchemaVersion":"2018-10-08","Id":"5be50fce24526e670df77bc00example",)" + account +
         R"("ProductArn":"arn:aws:securityhub:us-east-1::product/aws/macie","Region":"us-east-1",)"
         R"("Types":["Sensitive Data Identifications/PII/SensitiveData:S3Object-Personal"],"Severity":{"Label":"HIGH"},)"
         R"("Title":"t","CreatedAt":"2025-11-24T15:00:00Z","UpdatedAt":"2025-11-24T15:00:00Z",)"
         R"("Resources":[{"Type":"AwsS3Bucket","Id":"arn:aws:s3:::example-customers"}]})";
}

std::string InEnvelope(const SaidByMacie& said, const std::string& source, const std::string& type,
                       const std::string& detail) {
  const std::string account = said.envelope.empty() ? "" : "\"account\":" + Quoted(said.envelope) + ",";
  const std::string resources =
      said.resource.empty() ? "" : Quoted("arn:aws:ec2:us-east-1:" + said.resource + ":instance/" + kMatrixHost);
  return R"({"version":"0","id":"e","source":")" + source + R"(","detail-type":")" + type +
         R"(","time":"2025-11-24T15:00:00Z","region":"us-east-1",)" + account + R"("resources":[)" + resources +
         R"(],"detail":)" + detail + "}";
}

struct FormOfMacie {
  std::string name;
  std::string (*text)(const SaidByMacie& said);
  bool has_envelope;
};
const std::vector<FormOfMacie>& FormsOfMacie() {
  static const std::vector<FormOfMacie> forms = {
      {"event",
       [](const SaidByMacie& said) { return InEnvelope(said, "aws.macie", "Macie Finding", MacieDetail(said)); }, true},
      {"finding", MacieDetail, false},
      {"list", [](const SaidByMacie& said) { return "{\"findings\":[" + MacieDetail(said) + "]}"; }, false},
      {"in Security Hub",
       [](const SaidByMacie& said) {
         return InEnvelope(said, "aws.securityhub", "Security Hub Findings - Imported",
                           "{\"findings\":[" + MacieOfHub(said) + "]}");
       },
       true},
      {"of Security Hub alone", MacieOfHub, false},
  };
  return forms;
}

bool ActsOn(const std::vector<Plan>& plans) {
  return std::any_of(plans.begin(), plans.end(), [](const Plan& plan) { return !plan.actions.empty(); });
}

TEST(AccountsOfMacie, WhereAllAreOneItIsActedUpon) {
  for (const FormOfMacie& form : FormsOfMacie()) {
    MatrixWorld world(kMatrixAccount);
    const auto plans = world.PlansOf(form.text({}));
    ASSERT_EQ(plans.size(), 1U) << form.name;
    EXPECT_TRUE(ActsOn(plans)) << form.name << ": " << WhyOf(plans[0]);
    EXPECT_EQ(world.reach.asked, 1) << form.name;
  }
}

TEST(AccountsOfMacie, AnEnvelopeOrAResourceOfAnotherLeavesItUndetermined) {
  for (const FormOfMacie& form : FormsOfMacie()) {
    if (!form.has_envelope) continue;
    for (std::string SaidByMacie::*member : {&SaidByMacie::envelope, &SaidByMacie::resource}) {
      SaidByMacie said;
      said.*member = kMatrixOther;
      MatrixWorld world(kMatrixAccount);
      const auto plans = world.PlansOf(form.text(said));
      ASSERT_EQ(plans.size(), 1U) << form.name;
      EXPECT_FALSE(ActsOn(plans)) << form.name;
      EXPECT_EQ(plans[0].decision, Decision::kUndetermined) << form.name;
      EXPECT_THAT(WhyOf(plans[0]), HasSubstr(kMatrixOther)) << form.name;
      EXPECT_EQ(world.reach.asked, 0) << form.name << ": AWS is not asked about somebody's bucket";
    }
  }
}

TEST(AccountsOfMacie, WithoutAnAccountNobodysBucketIsLookedAt) {
  for (const FormOfMacie& form : FormsOfMacie()) {
    MatrixWorld world(kMatrixAccount);
    const auto plans = world.PlansOf(form.text({"", "", ""}));
    EXPECT_FALSE(ActsOn(plans)) << form.name;
    for (const Plan& plan : plans) EXPECT_EQ(plan.decision, Decision::kUndetermined) << form.name << WhyOf(plan);
  }
}

TEST(AccountsOfMacie, AnAdministratorOfTheSettingsMaySpeakOfOthers) {
  SaidByMacie said;
  said.envelope = kMatrixOther;
  MatrixWorld world(kMatrixAccount);
  world.settings.gates.account_modes = {{kMatrixOther, Mode::kObserve}};
  EXPECT_TRUE(ActsOn(world.PlansOf(FormsOfMacie()[0].text(said))));
}

// EC2 says whose host it is; a record of another account in SWP is another host.
TEST(AccountsOfMacie, ARecordOfAnotherAccountIsNotWrittenTo) {
  for (const FormOfMacie& form : FormsOfMacie()) {
    MatrixWorld world(kMatrixOther);
    for (const Plan& plan : world.PlansOf(form.text({}))) {
      for (const PlannedAction& planned : plan.actions) {
        EXPECT_EQ(KindOf(planned.action), "notify-owner") << form.name;
      }
    }
  }
}

}  // namespace
}  // namespace sallyport
