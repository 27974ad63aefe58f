// SPDX-License-Identifier: Apache-2.0
//
// What credentials and settings are read from: variables, files, and the output of a program. A seam for tests.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/secret.h"
#include "base/time.h"

namespace sallyport::aws {

struct Environment {
  // Empty when it is not set.
  std::function<std::string(const std::string& name)> variable;
  // kNotFound when there is no such file.
  std::function<Result<std::string>(const std::string& path)> file;
  // What a command line prints, run without a shell. kUnavailable when it fails or does not end in time.
  std::function<Result<Secret>(const std::string& command)> output;
};

// The process's own.
Environment SystemEnvironment();

// A command line as its words: split at white space, with "..." and '...' around words that have some.
// kInvalidInput for a quote without its pair, or nothing at all.
Result<std::vector<std::string>> SplitCommand(const std::string& command);

}  // namespace sallyport::aws
