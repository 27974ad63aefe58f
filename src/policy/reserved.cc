// SPDX-License-Identifier: Apache-2.0
#include "policy/reserved.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "base/text.h"

namespace sallyport::policy {
namespace {

// IAM User Guide, "Managed policies and inline policies": "You cannot change the permissions defined in AWS managed
// policies."
constexpr std::array<std::string_view, 7> kPolicyChanges = {
    "createpolicy", "createpolicyversion", "deletepolicy", "deletepolicyversion", "setdefaultpolicyversion",
    "tagpolicy",    "untagpolicy"};

// The roles of permission sets (path /aws-reserved/): only IAM Identity Center changes them, everybody else is answered
// UnmodifiableEntity (IAM API Reference, AttachRolePolicy and its kin). They cannot be passed to a service either:
// their trust policy lets in nobody but the SAML provider of Identity Center.
constexpr std::array<std::string_view, 14> kRoleChanges = {"attachrolepolicy", "createrole",
                                                           "deleterole",       "deleterolepermissionsboundary",
                                                           "deleterolepolicy", "detachrolepolicy",
                                                           "passrole",         "putrolepermissionsboundary",
                                                           "putrolepolicy",    "tagrole",
                                                           "untagrole",        "updateassumerolepolicy",
                                                           "updaterole",       "updateroledescription"};

// KMS API Reference, CreateAlias: "The alias/aws/ prefix is reserved for AWS managed keys."
constexpr std::array<std::string_view, 3> kAliasChanges = {"createalias", "deletealias", "updatealias"};

// KMS Developer Guide, "Allowing users in other accounts to use a KMS key": permissions for other operations "have no
// effect". ReEncrypt has two permissions.
constexpr std::array<std::string_view, 20> kKeyUsesAcrossAccounts = {"creategrant",
                                                                     "decrypt",
                                                                     "derivesharedsecret",
                                                                     "describekey",
                                                                     "encrypt",
                                                                     "generatedatakey",
                                                                     "generatedatakeypair",
                                                                     "generatedatakeypairwithoutplaintext",
                                                                     "generatedatakeywithoutplaintext",
                                                                     "generatemac",
                                                                     "getkeyrotationstatus",
                                                                     "getpublickey",
                                                                     "listgrants",
                                                                     "reencryptfrom",
                                                                     "reencryptto",
                                                                     "retiregrant",
                                                                     "revokegrant",
                                                                     "sign",
                                                                     "verify",
                                                                     "verifymac"};

template <std::size_t N>
bool IsOneOf(std::string_view name, const std::array<std::string_view, N>& names) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

}  // namespace

bool IsReservedForAws(const RequestView& request) {
  const std::string_view action = request.action.lower;
  const Arn& arn = request.resource;
  if (!arn.valid()) return false;
  if (action.starts_with("kms:")) {
    return arn.resource().starts_with("alias/aws/") && IsOneOf(action.substr(4), kAliasChanges);
  }
  if (!action.starts_with("iam:")) return false;
  const std::string_view name = action.substr(4);
  if (arn.resource().starts_with("policy/")) return arn.part(4) == "aws" && IsOneOf(name, kPolicyChanges);
  return arn.resource().starts_with("role/aws-reserved/") && IsOneOf(name, kRoleChanges);
}

bool IsForOwnerOnly(const RequestView& request) {
  // S3 API Reference, PutBucketPolicy and its two kin: the caller must "belong to the bucket owner's account"; others
  // are answered 405 Method Not Allowed.
  const bool about_policy = request.action.rule == ActionName::Rule::kBucketPolicy;
  if (!about_policy && !request.action.is_kms()) return false;
  if (request.caller.account == request.resource_account) return false;
  // Services are in no account: a key policy lets them in by their name.
  return about_policy || (request.resource.resource().starts_with("key/") && !request.caller.account.empty() &&
                          !IsOneOf(std::string_view(request.action.lower).substr(4), kKeyUsesAcrossAccounts));
}

}  // namespace sallyport::policy
