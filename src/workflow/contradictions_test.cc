// SPDX-License-Identifier: Apache-2.0
//
// Whose host it is, and who is to be left alone, in every form in which a finding arrives: what contradicts itself
// about the account, or names none, is undetermined, and a tag that cannot be read is never a tag that is not there.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "event/parse.h"
#include "gates/targets.h"
#include "workflow/fake_swp.h"
#include "workflow/inspector_settings.h"
#include "workflow/patch_finding.h"
#include "workflow/tables.h"

namespace sallyport {
namespace {

using testing::HasSubstr;

constexpr const char* kOwnAccount = "111122223333";
constexpr const char* kForeignAccount = "999999999999";
constexpr const char* kContradicted = "i-0123456789abcdef0";
const TimePoint kContradictionNow = FromEpochMilliseconds(1'764'000'000'000);

// What one finding says of accounts and tags; empty: the member is left out.
struct SaidOfAccount {
  std::string envelope = kOwnAccount;
  std::string account = kOwnAccount;
  std::string arn = kOwnAccount;
  std::string host_arn = kOwnAccount;
  std::string resource_arn;  // of an instance, among the envelope's resources
  std::string tags;          // JSON, in the form's own way (TagsIn)
};

std::string MemberText(const std::string& name, const std::string& text) {
  return text.empty() ? "" : "\"" + name + "\":\"" + text + "\",";
}

std::string EnvelopeOf(const SaidOfAccount& said, const std::string& source, const std::string& type,
                       const std::string& detail) {
  const std::string resources =
      said.resource_arn.empty() ? ""
                                : "\"arn:aws:ec2:us-east-1:" + said.resource_arn + ":instance/" + kContradicted + "\"";
  return R"({"version":"0","id":"e","source":")" + source + R"(","detail-type":")" + type +
         R"(","time":"2025-11-24T15:00:00Z","region":"us-east-1",)" + MemberText("account", said.envelope) +
         R"("resources":[)" + resources + R"(],"detail":)" + detail + "}";
}

std::string GuardDutyDetail(const SaidOfAccount& said) {
  return R"({"schemaVersion":"2.0",)" + MemberText("accountId", said.account) +
         R"("region":"us-east-1","id":"f1","arn":"arn:aws:guardduty:us-east-1:)" + said.arn +
         R"(:detector/d/finding/f1","type":"UnauthorizedAccess:EC2/SSHBruteForce","severity":5,)"
         R"("updatedAt":"2025-11-24T15:00:00Z","resource":{"resourceType":"Instance","instanceDetails":{"instanceId":")" +
         kContradicted + "\"" + (said.tags.empty() ? "" : ",\"tags\":" + said.tags) +
         R"(}},"service":{"resourceRole":"TARGET"}})";
}

std::string HubDetail(const SaidOfAccount& said, const std::string& product, const std::string& type) {
  return R"({"Id":"arn:aws:)" + product + ":us-east-1:" + said.arn +
         R"(:detector/d/finding/f1","ProductArn":)"
         R"("arn:aws:securityhub:us-east-1::product/aws/)" +
         (product == "inspector2" ? "inspector" : product) + "\"," + MemberText("AwsAccountId", said.account) +
         R"("Region":"us-east-1","Types":[")" + type +
         R"("],"Severity":{"Product":5,"Normalized":50,"Label":"HIGH"},"Title":"t","UpdatedAt":"2025-11-24T15:00:00Z",)"
         R"("RecordState":"ACTIVE","ProductFields":{"aws/guardduty/service/resourceRole":"TARGET"},)"
         R"("Vulnerabilities":[{"Id":"CVE-2024-10001"}],"Resources":[{"Type":"AwsEc2Instance","Id":"arn:aws:ec2:us-east-1:)" +
         said.host_arn + ":instance/" + kContradicted + "\"" + (said.tags.empty() ? "" : ",\"Tags\":" + said.tags) +
         "}]}";
}

std::string InspectorDetail(const SaidOfAccount& said) {
  return "{" + MemberText("awsAccountId", said.account) + R"("findingArn":"arn:aws:inspector2:us-east-1:)" + said.arn +
         R"(:finding/f1","type":"PACKAGE_VULNERABILITY","title":"t","severity":"HIGH","inspectorScore":8,"status":"ACTIVE",)"
         R"("updatedAt":1764000000,"packageVulnerabilityDetails":{"vulnerabilityId":"CVE-2024-10001"},"resources":[{)"
         R"("type":"AWS_EC2_INSTANCE","id":")" +
         kContradicted + R"(","region":"us-east-1")" + (said.tags.empty() ? "" : ",\"tags\":" + said.tags) + "}]}";
}

// A form in which findings arrive, and what of SaidOfAccount it has.
struct FormOfFinding {
  std::string name;
  std::string (*text)(const SaidOfAccount& said);
  bool has_envelope = true;
  bool has_host_arn = false;
  bool has_tag_list = false;   // [{"key", "value"}]; else an object
  bool has_resources = false;  // those of the envelope
};

std::vector<FormOfFinding> FormsOfFindings() {
  return {
      {"GuardDuty event",
       [](const SaidOfAccount& said) {
         return EnvelopeOf(said, "aws.guardduty", "GuardDuty Finding", GuardDutyDetail(said));
       },
       true, false, true, true},
      {"GuardDuty finding", [](const SaidOfAccount& said) { return GuardDutyDetail(said); }, false, false, true},
      {"GuardDuty list", [](const SaidOfAccount& said) { return "{\"Findings\":[" + GuardDutyDetail(said) + "]}"; },
       false, false, true},
      {"GuardDuty in Security Hub",
       [](const SaidOfAccount& said) {
         return EnvelopeOf(
             said, "aws.securityhub", "Security Hub Findings - Imported",
             "{\"findings\":[" +
                 HubDetail(said, "guardduty", "TTPs/Initial Access/UnauthorizedAccess:EC2-SSHBruteForce") + "]}");
       },
       true, true, false, true},
      {"Inspector event",
       [](const SaidOfAccount& said) {
         return EnvelopeOf(said, "aws.inspector2", "Inspector2 Finding", InspectorDetail(said));
       },
       true, false, false, true},
      {"Inspector finding", [](const SaidOfAccount& said) { return InspectorDetail(said); }, false, false, false},
      {"Inspector list", [](const SaidOfAccount& said) { return "{\"findings\":[" + InspectorDetail(said) + "]}"; },
       false, false, false},
      {"Inspector in Security Hub",
       [](const SaidOfAccount& said) {
         return EnvelopeOf(said, "aws.securityhub", "Security Hub Findings - Imported",
                           "{\"findings\":[" +
                               HubDetail(said, "inspector2", "Software and Configuration Checks/Vulnerabilities/CVE") +
                               "]}");
       },
       true, true, false, true},
  };
}

struct DecidedOfAccount {
  std::vector<Plan> plans;
  std::string unreadable;

  // What would be done, or joined to be done later.
  bool Acts() const {
    return std::any_of(plans.begin(), plans.end(),
                       [](const Plan& plan) { return !plan.actions.empty() || plan.collect.has_value(); });
  }
  std::string Why() const {
    std::string why = unreadable;
    for (const Plan& plan : plans) why += plan.FirstUndetermined() + (plan.reasons.empty() ? "" : plan.reasons.front());
    return why;
  }
  bool IsUndetermined() const {
    return !plans.empty() && std::all_of(plans.begin(), plans.end(), [](const Plan& plan) {
      return plan.decision == Decision::kUndetermined || plan.HasUndetermined();
    });
  }
};

// SWP knows the host, with an agent and in no account that would say more.
DecidedOfAccount Decide(const std::string& text, const WorkflowSettings& settings = {}) {
  const Tables tables = ProductTables();
  DecidedOfAccount decided;
  for (const Arrival& arrival : ParseInput(text, "in", tables.Forms())) {
    if (!arrival.event.ok()) {
      decided.unreadable = arrival.event.error().message;
      continue;
    }
    const auto to_make = PlansToMake(*arrival.event, tables, settings);
    if (!to_make.ok()) {
      decided.unreadable = to_make.error().message;
      continue;
    }
    FakeSwpReads swp;
    swp.everywhere = ProtectedComputer(kContradicted);
    Sources sources{swp, kContradictionNow};
    for (const PlanToMake& one : *to_make) {
      auto plan = one.workflow->make_plan(*arrival.event, one.matter, sources, settings);
      if (!plan.ok()) {
        decided.unreadable = plan.error().message;
        continue;
      }
      decided.plans.push_back(*std::move(plan));
    }
  }
  return decided;
}

TEST(Contradictions, WhereNobodyContradictsItIsActedUpon) {
  for (const FormOfFinding& form : FormsOfFindings()) {
    const DecidedOfAccount decided = Decide(form.text({}));
    EXPECT_TRUE(decided.Acts()) << form.name << ": " << decided.Why();
    EXPECT_FALSE(decided.IsUndetermined()) << form.name;
  }
}

TEST(Contradictions, AboutTheAccountLeaveTheHostUndetermined) {
  struct Case {
    const char* name;
    std::string SaidOfAccount::*member;
    std::string value;
    bool FormOfFinding::*needs;
  };
  const std::vector<Case> cases = {
      {"envelope of another", &SaidOfAccount::envelope, kForeignAccount, &FormOfFinding::has_envelope},
      {"ARN of the finding of another", &SaidOfAccount::arn, kForeignAccount, nullptr},
      {"ARN of the host of another", &SaidOfAccount::host_arn, kForeignAccount, &FormOfFinding::has_host_arn},
      {"instance of another among the resources", &SaidOfAccount::resource_arn, kForeignAccount,
       &FormOfFinding::has_resources},
  };
  for (const FormOfFinding& form : FormsOfFindings()) {
    for (const Case& one : cases) {
      if (one.needs != nullptr && !(form.*one.needs)) continue;
      SaidOfAccount said;
      said.*one.member = one.value;
      const DecidedOfAccount decided = Decide(form.text(said));
      EXPECT_FALSE(decided.Acts()) << form.name << ", " << one.name;
      EXPECT_TRUE(decided.IsUndetermined()) << form.name << ", " << one.name;
      EXPECT_THAT(decided.Why(), HasSubstr("account")) << form.name << ", " << one.name;
    }
    SaidOfAccount nobody;
    nobody.envelope.clear();
    nobody.account.clear();
    const DecidedOfAccount decided = Decide(form.text(nobody));
    EXPECT_FALSE(decided.Acts()) << form.name << ", no account";
    EXPECT_TRUE(decided.IsUndetermined()) << form.name << ", no account";
    EXPECT_THAT(decided.Why(), HasSubstr("no AWS account is named")) << form.name;
  }
}

// A delegated administrator speaks of the hosts of its members, and its detectors' ARNs are its own.
TEST(Contradictions, AnAdministratorOfTheSettingsMaySpeakOfOthers) {
  WorkflowSettings settings;
  settings.gates.account_modes = {{kForeignAccount, Mode::kObserve}};
  for (const FormOfFinding& form : FormsOfFindings()) {
    SaidOfAccount said;
    said.envelope = kForeignAccount;
    said.arn = kForeignAccount;
    EXPECT_TRUE(Decide(form.text(said), settings).Acts()) << form.name;
  }
}

// The hosts of what is planned or collected.
std::vector<Host> HostsDecidedAbout(const DecidedOfAccount& decided) {
  std::vector<Host> hosts;
  for (const Plan& plan : decided.plans) {
    for (const HostDecision& host : plan.hosts) hosts.push_back(host.host);
    if (!plan.collect) continue;
    const auto member = Json::Parse(plan.collect->member.json);
    EXPECT_TRUE(member.ok());
    for (const Json& element : (*member)["findings"].Elements()) {
      const auto finding = PatchFindingFromJson(element);
      EXPECT_TRUE(finding.ok());
      hosts.push_back(finding->host);
      hosts.back().tags = TagsNow(finding->host, ProtectedComputer(kContradicted));
    }
  }
  return hosts;
}

TEST(Contradictions, ATagThatCannotBeReadIsNotOneThatIsNotThere) {
  std::string list;
  std::string object;
  for (int i = 0; i < 150; ++i) {
    list += R"({"key":"k)" + std::to_string(i) + R"(","value":"v"},)";
    object += R"("k)" + std::to_string(i) + R"(":"v",)";
  }
  struct Case {
    const char* name;
    std::string list;
    std::string object;
  };
  const std::vector<Case> cases = {
      {"excluded", R"([{"key":"sallyport:exclude","value":"true"}])", R"({"sallyport:exclude":"true"})"},
      {"not a text", R"([{"key":"sallyport:exclude","value":true}])", R"({"sallyport:exclude":true})"},
      {"an object for a text", R"([{"key":"sallyport:exclude","value":{}}])", R"({"sallyport:exclude":{}})"},
      {"another form", R"({"sallyport:exclude":"true"})", R"([{"Key":"sallyport:exclude","Value":"true"}])"},
      {"a text", R"("sallyport:exclude=true")", R"("sallyport:exclude=true")"},
      {"too many", "[" + list + R"({"key":"sallyport:exclude","value":"true"}])",
       "{" + object + R"("sallyport:exclude":"true"})"},
  };
  WorkflowSettings settings;
  for (const FormOfFinding& form : FormsOfFindings()) {
    for (const Case& one : cases) {
      SaidOfAccount said;
      said.tags = form.has_tag_list ? one.list : one.object;
      const DecidedOfAccount decided = Decide(form.text(said), settings);
      if (!decided.unreadable.empty()) {
        EXPECT_FALSE(decided.Acts()) << form.name << ", " << one.name;
        continue;
      }
      const std::vector<Host> hosts = HostsDecidedAbout(decided);
      EXPECT_FALSE(hosts.empty()) << form.name << ", " << one.name;
      for (const Host& host : hosts) {
        EXPECT_EQ(SortTargets(settings.gates, {Target{ComputerId{34}, host}}).excluded.size(), 1U)
            << form.name << ", " << one.name;
      }
    }
  }
}

TEST(Contradictions, AnInstanceOfTwoAccountsInOneSequenceIsNobodys) {
  const std::string finding = GuardDutyDetail({});
  const std::string sequence = finding.substr(0, finding.rfind("\"resourceRole\"")) +
                               R"("detection":{"sequence":{"resources":[{"resourceType":"EC2_INSTANCE","uid":")" +
                               kContradicted + R"(","accountId":")" + kForeignAccount +
                               R"("}]}},"resourceRole":"TARGET"}})";
  WorkflowSettings settings;
  settings.gates.account_modes = {{kOwnAccount, Mode::kEnforce}};
  const DecidedOfAccount decided = Decide(sequence, settings);
  ASSERT_EQ(decided.plans.size(), 1U) << decided.unreadable;
  EXPECT_EQ(decided.plans.front().hosts.size(), 2U);
  EXPECT_FALSE(decided.Acts());
}

// Security Hub lists the hosts of an attack sequence among its resources.
TEST(Contradictions, EveryInstanceOfASecurityHubFindingIsLookedAt) {
  std::string text = FormsOfFindings()[3].text({});
  const std::string first = R"("Resources":[)";
  text.insert(text.find(first) + first.size(),
              R"({"Type":"AwsEc2Instance","Id":"arn:aws:ec2:us-east-1:111122223333:)"
              R"(instance/i-00000000000000001","Tags":{"sallyport:exclude":"true"}},)");
  const std::vector<Host> hosts = HostsDecidedAbout(Decide(text));
  ASSERT_EQ(hosts.size(), 2U);
  EXPECT_EQ(hosts[0].instance.value, "i-00000000000000001");
  EXPECT_EQ(hosts[1].instance.value, kContradicted);
}

}  // namespace
}  // namespace sallyport
