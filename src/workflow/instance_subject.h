// SPDX-License-Identifier: Apache-2.0
//
// An EC2 instance as a subject of a plan that does not look at its protection: a finding that joins a question, a host
// that could not be asked about. Its case concerns the host all the same.
#pragma once

#include <optional>
#include <string>

#include "workflow/plan.h"

namespace sallyport {

OtherSubject InstanceSubject(const Host& host, std::string found_in);
// Host::Subject() of it; nothing: it is something else, or an instance whose account is not known.
std::optional<std::string> HostOfSubject(const OtherSubject& subject);

}  // namespace sallyport
