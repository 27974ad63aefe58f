// SPDX-License-Identifier: Apache-2.0
//
// sallyport config evaluate RULE: any rule of AWS Config over an account, a region, an organization or a saved
// snapshot, without AWS Config.
#pragma once

#include <string>
#include <vector>

#include "app/commands.h"

namespace sallyport {

enum class EvaluateFormat { kTable, kJson, kCsv };

struct ConfigEvaluateArguments {
  std::string rule;                     // its name, or the retired one's
  std::vector<std::string> parameters;  // "NAME=VALUE"
  std::vector<std::string> accounts;    // empty: that of our own credentials
  std::vector<std::string> regions;     // empty: that of our own configuration; "all": those that the account has
  bool organization = false;            // all its active accounts
  std::string snapshot;                 // a file with `configurationItems`; then EC2 is not asked
  EvaluateFormat format = EvaluateFormat::kTable;
  std::string html;     // a file to write the page into; empty: none
  std::string explain;  // an instance: everything that decides about it
  bool save = false;    // keeps the run for the next --diff
  bool diff = false;    // what changed since the run that was kept last
};

// kFailed: a host is NON_COMPLIANT; kUndetermined: none is, and something could not be found out.
ExitCode ConfigEvaluateCommand(const CommonArguments& common, const ConfigEvaluateArguments& arguments);

}  // namespace sallyport
