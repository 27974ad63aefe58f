// SPDX-License-Identifier: Apache-2.0
//
// Reads files of IAM evaluation vectors (tests/vectors/iam/README.md has the format) into requests for the engine.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "base/result.h"
#include "policy/evaluate.h"

namespace sallyport::policy {

struct Vector {
  std::string id;
  std::string title;
  std::string expected;                 // `Allowed`, `ExplicitlyDenied`, `ImplicitlyDenied`
  std::vector<std::string> blocked_by;  // may be empty: not said
  std::shared_ptr<Context> context;     // what `request` points to
  Request request;
  PolicySet policies;
  bool is_pattern = false;  // the resource stands for a set
  // When it is not empty the vector uses something that is not evaluated, and why.
  std::string skipped;
};

// Errors name the vector: a file that is not vectors is an error, not zero of them.
Result<std::vector<Vector>> ReadVectors(std::string_view text);
Result<std::vector<Vector>> ReadVectorFile(const std::string& path);

struct VectorResult {
  std::string got;
  std::vector<std::string> blocked_by;
};
VectorResult RunVector(const Vector& vector);

}  // namespace sallyport::policy
