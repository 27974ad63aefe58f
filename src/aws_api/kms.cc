// SPDX-License-Identifier: Apache-2.0
#include "aws_api/kms.h"

#include "aws/table.h"

namespace sallyport::aws::kms {
namespace {

constexpr Service kService{"kms", "KMS", "kms", "kms", "kms", Protocol::kJson11, "2014-11-01", "TrentService"};

constexpr auto kGetKeyPolicy = Table<GetKeyPolicy>({{"KeyId", Required<&GetKeyPolicy::key_id>}});
constexpr auto kGetKeyPolicyAnswer = Table<GetKeyPolicyAnswer>({{"Policy", Required<&GetKeyPolicyAnswer::policy>}});
constexpr auto kKeyMetadata = Table<KeyMetadata>({{"Arn", Field<&KeyMetadata::arn>},
                                                  {"KeyId", Required<&KeyMetadata::id>},
                                                  {"AWSAccountId", Field<&KeyMetadata::account>},
                                                  {"KeyState", Field<&KeyMetadata::state>},
                                                  {"KeyManager", Field<&KeyMetadata::manager>}});
constexpr auto kDescribeKey = Table<DescribeKey>({{"KeyId", Required<&DescribeKey::key_id>}});
constexpr auto kDescribeKeyAnswer =
    Table<DescribeKeyAnswer>({{"KeyMetadata", Required<&DescribeKeyAnswer::metadata, kKeyMetadata>}});
constexpr auto kGrant = Table<Grant>({{"GrantId", Required<&Grant::id>},
                                      {"GranteePrincipal", Field<&Grant::grantee>},
                                      {"RetiringPrincipal", Field<&Grant::retiring_principal>},
                                      {"Operations", Field<&Grant::operations>},
                                      {"Constraints", Field<&Grant::constraints>}});
constexpr auto kListGrants = Table<ListGrants>({{"KeyId", Required<&ListGrants::key_id>},
                                                {"GranteePrincipal", Field<&ListGrants::grantee>},
                                                {"Limit", Field<&ListGrants::limit>},
                                                {"Marker", Field<&ListGrants::page_token>}});
constexpr auto kListGrantsAnswer = Table<ListGrantsAnswer>({{"Grants", Required<&ListGrantsAnswer::grants, kGrant>},
                                                            {"Truncated", Field<&ListGrantsAnswer::truncated>},
                                                            {"NextMarker", Field<&ListGrantsAnswer::next_page>}});

}  // namespace

const Operation GetKeyPolicy::kOp = Make<GetKeyPolicy>({kService, "GetKeyPolicy"}, kGetKeyPolicy, kGetKeyPolicyAnswer);
const Operation DescribeKey::kOp = Make<DescribeKey>({kService, "DescribeKey"}, kDescribeKey, kDescribeKeyAnswer);
const Operation ListGrants::kOp = Make<ListGrants>({kService, "ListGrants"}, kListGrants, kListGrantsAnswer);

}  // namespace sallyport::aws::kms
