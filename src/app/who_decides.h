// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "app/commands.h"

namespace sallyport {

// Who approves, rejects, closes or acknowledges something, as the system knows him and not as he says: the user, the
// user that logged in when that is another one (sudo), the machine, and who AWS says that he is: the name of a session
// of IAM Identity Center (SSO), or an IAM user. AWS is asked only where credentials are set up, for some seconds at
// most; without an answer it is left out. "root (login ana)@admin-host, AWS ana@example.com"
std::string WhoDecides(const CommonArguments& common);

// The name in an ARN of a caller that AWS itself vouches for; empty: none. A name that a caller chose for a role
// session is none.
std::string NameInAws(std::string_view arn);

}  // namespace sallyport
