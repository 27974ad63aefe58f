// SPDX-License-Identifier: Apache-2.0
#include "aws_api/sts.h"

#include "aws/table.h"

namespace sallyport::aws::sts {
namespace {

constexpr Service kService{"sts", "STS", "sts", "sts", "sts", Protocol::kQuery, "2011-06-15"};

constexpr auto kCredentials = Table<Credentials>({{"AccessKeyId", Required<&Credentials::access_key_id>},
                                                  {"SecretAccessKey", Required<&Credentials::secret_access_key>},
                                                  {"SessionToken", Required<&Credentials::session_token>},
                                                  {"Expiration", Required<&Credentials::expires>}});
constexpr auto kAssumeRole = Table<AssumeRole>({{"RoleArn", Required<&AssumeRole::role_arn>},
                                                {"RoleSessionName", Required<&AssumeRole::session_name>},
                                                {"DurationSeconds", Field<&AssumeRole::duration_seconds>},
                                                {"ExternalId", Field<&AssumeRole::external_id>}});
constexpr auto kAssumedRoleUser = Table<AssumeRoleAnswer>({{"Arn", Field<&AssumeRoleAnswer::arn>}});
constexpr auto kAssumeRoleAnswer =
    Table<AssumeRoleAnswer>({{"Credentials", Required<&AssumeRoleAnswer::credentials, kCredentials>},
                             {"AssumedRoleUser", Inside<kAssumedRoleUser>}});
constexpr auto kAssumeRoleWithWebIdentity =
    Table<AssumeRoleWithWebIdentity>({{"RoleArn", Required<&AssumeRoleWithWebIdentity::role_arn>},
                                      {"RoleSessionName", Required<&AssumeRoleWithWebIdentity::session_name>},
                                      {"WebIdentityToken", Required<&AssumeRoleWithWebIdentity::token>},
                                      {"DurationSeconds", Field<&AssumeRoleWithWebIdentity::duration_seconds>}});
constexpr auto kGetCallerIdentityAnswer =
    Table<GetCallerIdentityAnswer>({{"Account", Required<&GetCallerIdentityAnswer::account>},
                                    {"Arn", Required<&GetCallerIdentityAnswer::arn>},
                                    {"UserId", Field<&GetCallerIdentityAnswer::user_id>}});

}  // namespace

const Operation AssumeRole::kOp = Make<AssumeRole>({kService, "AssumeRole"}, kAssumeRole, kAssumeRoleAnswer);
const Operation AssumeRoleWithWebIdentity::kOp =
    Make<AssumeRoleWithWebIdentity>({.service = kService, .name = "AssumeRoleWithWebIdentity", .is_signed = false},
                                    kAssumeRoleWithWebIdentity, kAssumeRoleAnswer);
const Operation GetCallerIdentity::kOp =
    Make<GetCallerIdentity>({kService, "GetCallerIdentity"}, kNothing, kGetCallerIdentityAnswer);

}  // namespace sallyport::aws::sts
