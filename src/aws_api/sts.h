// SPDX-License-Identifier: Apache-2.0
//
// STS, API version 2011-06-15.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "aws/operation.h"
#include "base/secret.h"
#include "base/time.h"

namespace sallyport::aws::sts {

struct Credentials {
  std::string access_key_id{};
  Secret secret_access_key{};
  Secret session_token{};
  TimePoint expires{};
};

struct AssumeRoleAnswer {
  Credentials credentials{};
  std::string arn{};  // of the session: `arn:aws:sts::111122223333:assumed-role/name/session`
};
struct AssumeRole {
  using Answer = AssumeRoleAnswer;
  static const Operation kOp;
  std::string role_arn{};
  std::string session_name{};                      // 2 to 64 of [A-Za-z0-9_+=,.@-]
  std::optional<std::int64_t> duration_seconds{};  // 900 to 43200; 3600 when the caller is a role itself
  std::string external_id{};
};

// Not signed: the token is the proof.
struct AssumeRoleWithWebIdentity {
  using Answer = AssumeRoleAnswer;
  static const Operation kOp;
  std::string role_arn{};
  std::string session_name{};
  Secret token{};
  std::optional<std::int64_t> duration_seconds{};
};

// Who we are; needs no permission.
struct GetCallerIdentityAnswer {
  std::string account{};
  std::string arn{};
  std::string user_id{};
};
struct GetCallerIdentity {
  using Answer = GetCallerIdentityAnswer;
  static const Operation kOp;
};

}  // namespace sallyport::aws::sts
