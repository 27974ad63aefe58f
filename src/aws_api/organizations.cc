// SPDX-License-Identifier: Apache-2.0
#include "aws_api/organizations.h"

#include "aws/table.h"

namespace sallyport::aws::organizations {
namespace {

constexpr Service kService{"organizations", "Organizations",   "organizations", "organizations",
                           "organizations", Protocol::kJson11, "2016-11-28",    "AWSOrganizationsV20161128"};

constexpr auto kOrganization =
    Table<DescribeOrganizationAnswer>({{"Id", Required<&DescribeOrganizationAnswer::id>},
                                       {"Arn", Field<&DescribeOrganizationAnswer::arn>},
                                       {"MasterAccountId", Field<&DescribeOrganizationAnswer::management_account>},
                                       {"FeatureSet", Field<&DescribeOrganizationAnswer::feature_set>}});
constexpr auto kDescribeOrganizationAnswer =
    Table<DescribeOrganizationAnswer>({{"Organization", RequiredInside<kOrganization>}});
constexpr auto kPolicySummary = Table<PolicySummary>({{"Id", Required<&PolicySummary::id>},
                                                      {"Arn", Field<&PolicySummary::arn>},
                                                      {"Name", Field<&PolicySummary::name>},
                                                      {"Type", Field<&PolicySummary::type>},
                                                      {"AwsManaged", Field<&PolicySummary::aws_managed>}});
constexpr auto kListPoliciesForTarget =
    Table<ListPoliciesForTarget>({{"TargetId", Required<&ListPoliciesForTarget::target>},
                                  {"Filter", Required<&ListPoliciesForTarget::filter>},
                                  {"MaxResults", Field<&ListPoliciesForTarget::max_results>},
                                  {"NextToken", Field<&ListPoliciesForTarget::page_token>}});
constexpr auto kListPoliciesForTargetAnswer =
    Table<ListPoliciesForTargetAnswer>({{"Policies", Required<&ListPoliciesForTargetAnswer::policies, kPolicySummary>},
                                        {"NextToken", Field<&ListPoliciesForTargetAnswer::next_page>}});
constexpr auto kDescribePolicy = Table<DescribePolicy>({{"PolicyId", Required<&DescribePolicy::id>}});
constexpr auto kPolicy =
    Table<DescribePolicyAnswer>({{"PolicySummary", Required<&DescribePolicyAnswer::summary, kPolicySummary>},
                                 {"Content", Required<&DescribePolicyAnswer::content>}});
constexpr auto kDescribePolicyAnswer = Table<DescribePolicyAnswer>({{"Policy", RequiredInside<kPolicy>}});
constexpr auto kParent = Table<Parent>({{"Id", Required<&Parent::id>}, {"Type", Required<&Parent::type>}});
constexpr auto kListParents = Table<ListParents>({{"ChildId", Required<&ListParents::child>},
                                                  {"MaxResults", Field<&ListParents::max_results>},
                                                  {"NextToken", Field<&ListParents::page_token>}});
constexpr auto kListParentsAnswer = Table<ListParentsAnswer>(
    {{"Parents", Required<&ListParentsAnswer::parents, kParent>}, {"NextToken", Field<&ListParentsAnswer::next_page>}});
constexpr auto kAccount = Table<Account>(
    {{"Id", Required<&Account::id>}, {"Name", Field<&Account::name>}, {"Status", Field<&Account::status>}});
constexpr auto kListAccounts = Table<ListAccounts>(
    {{"MaxResults", Field<&ListAccounts::max_results>}, {"NextToken", Field<&ListAccounts::page_token>}});
constexpr auto kListAccountsAnswer =
    Table<ListAccountsAnswer>({{"Accounts", Required<&ListAccountsAnswer::accounts, kAccount>},
                               {"NextToken", Field<&ListAccountsAnswer::next_page>}});

}  // namespace

const Operation DescribeOrganization::kOp =
    Make<DescribeOrganization>({kService, "DescribeOrganization"}, kNothing, kDescribeOrganizationAnswer);
const Operation ListPoliciesForTarget::kOp = Make<ListPoliciesForTarget>(
    {kService, "ListPoliciesForTarget"}, kListPoliciesForTarget, kListPoliciesForTargetAnswer);
const Operation DescribePolicy::kOp =
    Make<DescribePolicy>({kService, "DescribePolicy"}, kDescribePolicy, kDescribePolicyAnswer);
const Operation ListParents::kOp = Make<ListParents>({kService, "ListParents"}, kListParents, kListParentsAnswer);
const Operation ListAccounts::kOp = Make<ListAccounts>({kService, "ListAccounts"}, kListAccounts, kListAccountsAnswer);

}  // namespace sallyport::aws::organizations
