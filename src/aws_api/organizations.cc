// SPDX-License-Identifier: Apache-2.0
#include "aws_api/organizations.h"

namespace sallyport::aws::organizations {
namespace {

constexpr Service kService{"organizations", "Organizations",   "organizations", "organizations",
                           "organizations", Protocol::kJson11, "2016-11-28",    "AWSOrganizationsV20161128"};
constexpr Operation kDescribeOrganization{.service = kService, .name = "DescribeOrganization"};
constexpr Operation kListPoliciesForTarget{.service = kService, .name = "ListPoliciesForTarget"};
constexpr Operation kDescribePolicy{.service = kService, .name = "DescribePolicy"};
constexpr Operation kListAccounts{.service = kService, .name = "ListAccounts"};
constexpr Operation kListParents{.service = kService, .name = "ListParents"};

struct Organization {
  DescribeOrganizationAnswer& answer;
};
void Describe(Shape& shape, Organization& place) {
  shape.Required("Id", place.answer.id)("Arn", place.answer.arn);
  shape("MasterAccountId", place.answer.management_account)("FeatureSet", place.answer.feature_set);
}
struct Policy {
  DescribePolicyAnswer& answer;
};
void Describe(Shape& shape, Policy& place) {
  shape.Required("PolicySummary", place.answer.summary).Required("Content", place.answer.content);
}

}  // namespace

const Operation& DescribeOrganization::Op() {
  return kDescribeOrganization;
}

const Operation& ListPoliciesForTarget::Op() {
  return kListPoliciesForTarget;
}

const Operation& DescribePolicy::Op() {
  return kDescribePolicy;
}

const Operation& ListAccounts::Op() {
  return kListAccounts;
}

const Operation& ListParents::Op() {
  return kListParents;
}

void Describe(Shape&, DescribeOrganization&) {}

void Describe(Shape& shape, DescribeOrganizationAnswer& place) {
  Organization organization{place};
  shape.Required("Organization", organization);
}

void Describe(Shape& shape, PolicySummary& place) {
  shape.Required("Id", place.id);
  shape("Arn", place.arn);
  shape("Name", place.name);
  shape("Type", place.type);
  shape("AwsManaged", place.aws_managed);
}

void Describe(Shape& shape, ListPoliciesForTarget& place) {
  shape.Required("TargetId", place.target);
  shape.Required("Filter", place.filter);
  shape("MaxResults", place.max_results);
  shape("NextToken", place.page_token);
}

void Describe(Shape& shape, ListPoliciesForTargetAnswer& place) {
  shape.Required("Policies", place.policies);
  shape("NextToken", place.next_page);
}

void Describe(Shape& shape, DescribePolicy& place) {
  shape.Required("PolicyId", place.id);
}

void Describe(Shape& shape, DescribePolicyAnswer& place) {
  Policy policy{place};
  shape.Required("Policy", policy);
}

void Describe(Shape& shape, Parent& place) {
  shape.Required("Id", place.id);
  shape.Required("Type", place.type);
}

void Describe(Shape& shape, Account& place) {
  shape.Required("Id", place.id);
  shape("Name", place.name);
  shape("Status", place.status);
}

void Describe(Shape& shape, ListAccounts& place) {
  shape("MaxResults", place.max_results);
  shape("NextToken", place.page_token);
}

void Describe(Shape& shape, ListAccountsAnswer& place) {
  shape.Required("Accounts", place.accounts);
  shape("NextToken", place.next_page);
}

void Describe(Shape& shape, ListParents& place) {
  shape.Required("ChildId", place.child);
  shape("MaxResults", place.max_results);
  shape("NextToken", place.page_token);
}

void Describe(Shape& shape, ListParentsAnswer& place) {
  shape.Required("Parents", place.parents);
  shape("NextToken", place.next_page);
}

}  // namespace sallyport::aws::organizations
