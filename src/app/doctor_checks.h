// SPDX-License-Identifier: Apache-2.0
//
// What `sallyport doctor` finds. A check is "ok" only for what it looked at; what no command can look at without doing
// it is a line of its own, "not-checked".
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "app/wire.h"
#include "base/result.h"
#include "config/settings.h"

namespace sallyport {

enum class Health { kOk, kNotChecked, kWarning, kFailure };
std::string_view ToString(Health health);

struct DoctorCheck {
  std::string name;
  Health health = Health::kOk;
  std::string found;
  std::string advice;
};

DoctorCheck FailedCheck(std::string name, const Error& error);

// Every channel of notify.channels: whether its secret is there. Nothing is sent.
void AddChannelChecks(const Settings& settings, std::vector<DoctorCheck>& checks);

// The credentials, each role of aws.accounts, and in each account the permissions that can be tried by reading.
void AddAwsChecks(const Settings& settings, const ProgramOptions& seams, std::vector<DoctorCheck>& checks);

}  // namespace sallyport
