// SPDX-License-Identifier: Apache-2.0
//
// KMS, API version 2014-11-01.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "aws/operation.h"
#include "base/json.h"

namespace sallyport::aws::kms {

struct GetKeyPolicyAnswer {
  std::string policy{};
};
// `key_id`: an id or an ARN, never an alias (DescribeKey resolves those). Not across accounts.
struct GetKeyPolicy {
  using Answer = GetKeyPolicyAnswer;
  static const Operation kOp;
  std::string key_id{};
};

struct KeyMetadata {
  std::string arn{};
  std::string id{};
  std::string account{};
  std::string state{};
  std::string manager{};
};

struct DescribeKeyAnswer {
  KeyMetadata metadata{};
};
// `key_id`: an id, an ARN or an alias.
struct DescribeKey {
  using Answer = DescribeKeyAnswer;
  static const Operation kOp;
  std::string key_id{};
};

struct Grant {
  std::string id{};
  std::string grantee{};
  std::string retiring_principal{};
  std::vector<std::string> operations{};
  // What the encryption context has to be; none when it is missing.
  Json constraints{};
};

struct ListGrantsAnswer {
  std::vector<Grant> grants{};
  std::optional<bool> truncated{};
  std::string next_page{};
};
struct ListGrants {
  using Answer = ListGrantsAnswer;
  static const Operation kOp;
  std::string key_id{};
  std::string grantee{};
  std::optional<std::int64_t> limit{};
  std::string page_token{};
};

}  // namespace sallyport::aws::kms
