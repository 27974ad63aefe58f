// SPDX-License-Identifier: Apache-2.0
#include "reach/trust.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "base/text.h"
#include "policy/arn.h"
#include "policy/document.h"
#include "policy/glob.h"

namespace sallyport::reach {
namespace {

struct Consumer {
  std::string_view service;
  std::string_view words;
};

constexpr std::string_view kPods = "pods.eks.amazonaws.com";

// The service principals of roles that run somebody's code or jobs; others are shown by their name.
constexpr std::array kConsumers = {
    Consumer{"lambda.amazonaws.com", "Lambda functions"},
    Consumer{"pods.eks.amazonaws.com", "EKS pods (Pod Identity)"},
    Consumer{"glue.amazonaws.com", "Glue jobs"},
    Consumer{"states.amazonaws.com", "Step Functions"},
    Consumer{"codebuild.amazonaws.com", "CodeBuild projects"},
    Consumer{"sagemaker.amazonaws.com", "SageMaker"},
    Consumer{"batch.amazonaws.com", "Batch"},
    Consumer{"elasticmapreduce.amazonaws.com", "EMR"},
};

void AddOnce(std::vector<std::string>& list, std::string text) {
  if (std::find(list.begin(), list.end(), text) == list.end()) list.push_back(std::move(text));
}

void AddService(const std::string& service, Trust& trust) {
  // Some are written with a region or a partition's suffix: `ec2.amazonaws.com.cn`.
  if (service.starts_with("ec2.")) {
    trust.ec2 = true;
    return;
  }
  if (service.starts_with("ecs-tasks.")) {
    trust.ecs_tasks = true;
    return;
  }
  const auto known = std::find_if(kConsumers.begin(), kConsumers.end(),
                                  [&service](const Consumer& one) { return one.service == service; });
  AddOnce(trust.others,
          known != kConsumers.end() ? std::string(known->words) : "AWS service `" + Printable(service, 100) + "`");
}

void AddFederated(const std::string& provider, Trust& trust) {
  if (provider.find("oidc-provider/oidc.eks.") != std::string::npos) {
    AddOnce(trust.others, "EKS service accounts (IRSA)");
  } else if (provider.find("saml-provider/AWSSSO") != std::string::npos) {
    AddOnce(trust.others, "people through IAM Identity Center");
  } else {
    AddOnce(trust.others, "identities of `" + Printable(provider, 150) + "`");
  }
}

bool Includes(const policy::PatternElement& actions, std::string_view action) {
  const std::string lower = ToLowerAscii(action);
  const bool listed = std::any_of(actions.patterns.begin(), actions.patterns.end(), [&](const std::string& pattern) {
    return policy::Glob(ToLowerAscii(pattern)).Matches(lower);
  });
  return listed != actions.negated;
}

// Instances get no session tags, whatever the trust policy would let them have.
void AddTagging(const policy::PrincipalElement& who, Trust& trust) {
  const auto is_pods = [](const std::string& service) { return service == kPods; };
  const auto is_ec2 = [](const std::string& service) { return service.starts_with("ec2."); };
  trust.pod_tags = trust.pod_tags || std::any_of(who.service.begin(), who.service.end(), is_pods);
  const bool others = who.negated || who.everyone || !who.aws.empty() || !who.federated.empty() ||
                      std::any_of(who.service.begin(), who.service.end(),
                                  [&](const std::string& service) { return !is_pods(service) && !is_ec2(service); });
  trust.session_tags = trust.session_tags || others;
}

}  // namespace

Trust ReadTrust(const RoleFacts& role) {
  Trust trust;
  const auto document = policy::ParseDocument(role.trust);
  if (!document.ok()) {
    trust.others.emplace_back("a trust policy that cannot be read");
    return trust;
  }
  for (const policy::Statement& statement : document->statements) {
    if (statement.effect != policy::Effect::kAllow || !statement.principal) continue;
    const policy::PrincipalElement& who = *statement.principal;
    if (Includes(statement.action, "sts:TagSession")) AddTagging(who, trust);
    trust.federated = trust.federated || !who.federated.empty();
    for (const std::string& service : who.service) AddService(service, trust);
    for (const std::string& provider : who.federated) AddFederated(provider, trust);
    if (who.everyone) AddOnce(trust.others, "everyone who meets a condition of its trust policy");
    for (const std::string& value : who.aws) {
      AddOnce(trust.others, "principals that may assume it as `" + Printable(value, 150) + "`");
    }
  }
  return trust;
}

}  // namespace sallyport::reach
