// SPDX-License-Identifier: Apache-2.0
#include "app/doctor_checks.h"

#include <unistd.h>

#include <utility>

#include "aws/call.h"
#include "aws_api/ec2.h"
#include "aws_api/iam.h"
#include "aws_api/sts.h"
#include "base/text.h"
#include "config/channel_secrets.h"

extern "C" char** environ;  // POSIX

namespace sallyport {
namespace {

// More accounts than anybody waits for.
constexpr std::size_t kMostRolesChecked = 50;
constexpr std::int64_t kFewInstances = 5;  // the least that EC2 takes

// "ec2:DescribeInstances and iam:GetAccountAuthorizationDetails": what who-can and Macie findings need first.
struct Permission {
  std::string_view name;
  Status (*try_it)(const aws::Aws& aws);
};
Status TryInstances(const aws::Aws& aws) {
  const auto page = aws.Page(aws::ec2::DescribeInstances{.max_results = kFewInstances});
  return page.ok() ? Ok() : Status(page.error());
}
Status TryPolicies(const aws::Aws& aws) {
  const auto page = aws.Page(aws::iam::GetAccountAuthorizationDetails{.filter = {"Role"}, .max_items = 1});
  return page.ok() ? Ok() : Status(page.error());
}
constexpr Permission kPermissions[] = {{"ec2:DescribeInstances", TryInstances},
                                       {"iam:GetAccountAuthorizationDetails", TryPolicies}};

class AwsChecks {
 public:
  AwsChecks(const Settings& settings, aws::Transport& transport, const AwsIdentity& identity,
            std::vector<DoctorCheck>& checks)
      : settings_(settings.aws), transport_(transport), identity_(identity), checks_(checks) {}

  void Add() {
    AddPermissions(identity_.account);
    std::size_t tried = 0;
    for (const auto& [account, role] : settings_.accounts) {
      if (++tried > kMostRolesChecked) break;
      AddRole(account, role);
    }
    if (settings_.accounts.size() > kMostRolesChecked) {
      NotChecked("aws-roles",
                 CountText(settings_.accounts.size() - kMostRolesChecked, "more role") + " of aws.accounts");
    }
    if (!settings_.role_name.empty()) {
      NotChecked("aws-role-name", "aws.role_name `" + settings_.role_name +
                                      "`: which accounts it is needed in shows with the first finding about one");
    }
    NotChecked(
        "aws-buckets",
        "permissions on buckets and KMS keys (kms:DescribeKey, kms:GetKeyPolicy, kms:ListGrants): they show with "
        "the first bucket (sallyport who-can BUCKET)");
  }

 private:
  void NotChecked(std::string name, std::string what) {
    checks_.push_back({std::move(name), Health::kNotChecked, std::move(what), ""});
  }

  aws::Aws In(const std::string& account) const { return {transport_, {account, identity_.region}}; }

  void AddRole(const std::string& account, const std::string& role) {
    const std::string name = "aws-role " + account;
    const auto caller = In(account).Call(aws::sts::GetCallerIdentity{});
    if (!caller.ok()) {
      checks_.push_back(FailedCheck(name, caller.error().In("`" + role + "` cannot be assumed")));
      return;
    }
    if (caller->account != account) {
      checks_.push_back({name, Health::kFailure, "`" + role + "` is of account " + Printable(caller->account, 40),
                         "correct aws.accounts"});
      return;
    }
    checks_.push_back({name, Health::kOk, "can be assumed: " + Printable(caller->arn, 200), ""});
    AddPermissions(account);
  }

  void AddPermissions(const std::string& account) {
    for (const Permission& permission : kPermissions) {
      const std::string name = std::string(permission.name) + " " + account;
      const Status tried = permission.try_it(In(account));
      checks_.push_back(tried.ok() ? DoctorCheck{name, Health::kOk, "allowed", ""} : FailedCheck(name, tried.error()));
    }
  }

  const AwsSettings& settings_;
  aws::Transport& transport_;
  const AwsIdentity& identity_;
  std::vector<DoctorCheck>& checks_;
};

}  // namespace

std::string_view ToString(Health health) {
  switch (health) {
    case Health::kOk:
      return "ok";
    case Health::kNotChecked:
      return "not-checked";
    case Health::kWarning:
      return "warning";
    case Health::kFailure:
      break;
  }
  return "failure";
}

DoctorCheck FailedCheck(std::string name, const Error& error) {
  return {std::move(name), Health::kFailure, error.message, error.advice};
}

void AddChannelChecks(const Settings& settings, std::vector<DoctorCheck>& checks) {
  if (settings.notify.channels.empty()) {
    checks.push_back(
        {"channels", Health::kNotChecked, "none is set: messages are printed, not sent", "set notify.channels"});
    return;
  }
  const Environment environment = ReadEnvironment(environ);
  for (const ChannelSettings& channel : settings.notify.channels) {
    const std::string name = "channel " + Printable(channel.name, 80);
    const auto secrets = ReadChannelSecrets(channel, environment);
    if (!secrets.ok()) {
      checks.push_back(FailedCheck(name, secrets.error()));
      continue;
    }
    checks.push_back({name, Health::kOk, "its settings and secrets are complete", ""});
  }
  checks.push_back({"deliveries", Health::kNotChecked, "whether the channels take messages",
                    "send a sample: sallyport notify test"});
}

// AWS is needed for findings about buckets and for who-can alone.
void AddAwsChecks(const Settings& settings, const ProgramOptions& seams, std::vector<DoctorCheck>& checks) {
  SystemRandom random;
  Logger log(ClockOf(seams), LogLevel::kOff, WriteToStandardError);
  const auto connection =
      AwsConnection::Make(settings.aws, {seams.aws_environment, seams.wrap_aws, {}}, ClockOf(seams), random, log);
  const AwsSettings& aws = settings.aws;
  const bool is_meant = !aws.region.empty() || !aws.role_name.empty() || !aws.accounts.empty();
  if (!connection.ok()) {
    const std::string needed = "needed for Macie findings and `sallyport who-can`; see docs/security.md";
    const Error& error = connection.error();
    checks.push_back({"aws", is_meant ? Health::kFailure : Health::kNotChecked,
                      is_meant ? error.message : "not set up: " + error.message,
                      error.advice.empty() ? needed : error.advice});
    return;
  }
  const AwsIdentity& identity = (*connection)->identity();
  checks.push_back({"aws", Health::kOk, Printable(identity.arn, 200) + " in " + identity.region, ""});
  // Keys that happen to lie about are no wish to use AWS.
  if (!is_meant) return;
  const auto sender = (*connection)->NewSender(log, std::nullopt);
  AwsChecks(settings, sender->transport(), identity, checks).Add();
}

}  // namespace sallyport
