// SPDX-License-Identifier: Apache-2.0
//
// The mapping file that `notify.owners_file` names (docs/notifications.md):
//
//   owners:
//     team-web: {display: Web team, email: web@example.com, slack_user: S012AB3CD, slack_channel: C012AB3CD}
//   accounts: {"111122223333": team-web}
//   groups: {web-asg: team-web}
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "workflow/owner.h"

namespace sallyport {

struct OwnersFile {
  OwnerDirectory directory;
  std::vector<std::string> problems;  // "owners.yaml:7: accounts: there is no owner `team-wob` (did you mean ...?)"
};

// All that is wrong is said at once; a directory with problems is not to be used.
OwnersFile ParseOwners(std::string_view yaml_text, std::string_view file_name);

}  // namespace sallyport
