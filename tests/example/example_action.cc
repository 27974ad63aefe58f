// SPDX-License-Identifier: Apache-2.0
#include "tests/example/example_action.h"

#include "base/text.h"

namespace sallyport {

std::string WatchHost::Describe() const {
  return NameOf(host) + " on the watch list: " + Printable(reason, 200);
}

std::string WatchHost::Undo() const {
  return "take " + NameOf(host) + " off the watch list";
}

void WatchHost::DescribeJson(Members& json) {
  json("host", host)("computer", computer)("reason", reason);
}

}  // namespace sallyport
