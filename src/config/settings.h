// SPDX-License-Identifier: Apache-2.0
//
// The settings of the program as plain structs with their defaults. docs/settings.md says the same for users; a test
// holds the two together.
#pragma once

#include <chrono>
#include <map>
#include <string>
#include <vector>

#include "base/log.h"
#include "base/secret.h"
#include "base/time.h"
#include "followup/schedule.h"
#include "gates/gates.h"
#include "notify/channel_settings.h"
#include "protection/protection.h"
#include "workflow/apply_settings.h"
#include "workflow/notice_settings.h"
#include "workflow/owner.h"
#include "workflow/row_settings.h"

namespace sallyport {

// How the API key is sent. SWP wants exactly one form, and the key does not say which.
enum class SwpAuthentication {
  kCloudOne,  // "cloud-one": Authorization: ApiKey ...
  kLegacy,    // "api-secret-key": the header of that name: on-premises, SWP console and older keys
};

struct SwpSettings {
  std::string url;  // "https://workload.us-1.cloudone.trendmicro.com/api"; made from `region` when that is given
  SwpAuthentication authentication = SwpAuthentication::kLegacy;
  std::string api_key_file;    // where the key is read from; unused when the environment holds the key
  Secret api_key;              // from the environment or a file, never from the settings file itself; may be empty
  std::string api_key_source;  // "environment variable SALLYPORT_SWP_API_KEY", for messages
  std::string ca_file;         // PEM; empty: the system's
  std::string proxy;           // empty: https_proxy / no_proxy of the environment
  Duration deadline = std::chrono::seconds(30);  // for one call, retries included
  int requests_per_minute = 200;                 // of the tenant's limit, for this process; 0 = no limit of our own
};

// Credentials, endpoints and the profile come from the environment and the shared files, as in the AWS SDKs.
struct AwsSettings {
  std::string region;                // where to begin; empty: AWS_REGION or the profile's
  std::vector<std::string> regions;  // where instances are looked for; empty: all that an account has enabled
  std::string role_name;             // taken in every account that is not listed; empty: in none
  std::map<std::string, std::string> accounts;  // account -> ARN of the role to take there
  std::string external_id;                      // goes with all of these roles; may be empty
};

struct LedgerSettings {
  std::string path;  // empty: $XDG_STATE_HOME/sallyport/ledger.db, else ~/.local/state/sallyport/ledger.db
};

struct NotifySettings {
  OwnerSettings owners;     // its directory comes from owners_file
  std::string owners_file;  // the mapping file; empty: none
  std::vector<ChannelSettings> channels;
  NoticeSettings notices;  // what follows from the channels is set when the program is made
};

struct LambdaSettings {
  Duration deadline_margin = std::chrono::seconds(2);  // work ends this long before the function's time limit
};

struct LogSettings {
  LogLevel level = LogLevel::kWarning;
};

struct Settings {
  SwpSettings swp;
  AwsSettings aws;
  GateSettings gates;
  ProtectionCriteria protection;
  RowSettings rows;  // those of the workflows
  ApplySettings apply;
  FollowUpSettings follow_up;
  LedgerSettings ledger;
  NotifySettings notify;
  LambdaSettings lambda;
  LogSettings log;
};

}  // namespace sallyport
