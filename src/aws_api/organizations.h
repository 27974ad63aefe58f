// SPDX-License-Identifier: Apache-2.0
//
// Organizations, API version 2016-11-28. Policies can be read only from the management account or a delegated
// administrator.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "aws/operation.h"

namespace sallyport::aws::organizations {

struct DescribeOrganizationAnswer {
  std::string id{};
  std::string arn{};
  std::string management_account{};
  std::string feature_set{};
};
struct DescribeOrganization {
  using Answer = DescribeOrganizationAnswer;
  static const Operation kOp;
};

struct PolicySummary {
  std::string id{};
  std::string arn{};
  std::string name{};
  std::string type{};
  std::optional<bool> aws_managed{};
};

struct ListPoliciesForTargetAnswer {
  std::vector<PolicySummary> policies{};
  std::string next_page{};
};
// `filter`: SERVICE_CONTROL_POLICY, RESOURCE_CONTROL_POLICY, ...
struct ListPoliciesForTarget {
  using Answer = ListPoliciesForTargetAnswer;
  static const Operation kOp;
  std::string target{};
  std::string filter{};
  std::optional<std::int64_t> max_results{};
  std::string page_token{};
};

struct DescribePolicyAnswer {
  PolicySummary summary{};
  std::string content{};
};
struct DescribePolicy {
  using Answer = DescribePolicyAnswer;
  static const Operation kOp;
  std::string id{};
};

struct Parent {
  std::string id{};
  std::string type{};
};

struct ListParentsAnswer {
  std::vector<Parent> parents{};
  std::string next_page{};
};
struct ListParents {
  using Answer = ListParentsAnswer;
  static const Operation kOp;
  std::string child{};
  std::optional<std::int64_t> max_results{};
  std::string page_token{};
};

struct Account {
  std::string id{};
  std::string name{};
  std::string status{};  // ACTIVE, SUSPENDED, PENDING_CLOSURE
};

struct ListAccountsAnswer {
  std::vector<Account> accounts{};
  std::string next_page{};
};
// The members of the organization, 20 a page at most. organizations:ListAccounts
struct ListAccounts {
  using Answer = ListAccountsAnswer;
  static const Operation kOp;
  std::optional<std::int64_t> max_results{};
  std::string page_token{};
};

}  // namespace sallyport::aws::organizations
