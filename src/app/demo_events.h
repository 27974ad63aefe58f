// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

namespace sallyport {

struct DemoEvent {
  std::string name;
  std::string json;  // `@NOW@` stands for the time of the demonstration
};

std::vector<DemoEvent> DemoEvents();

}  // namespace sallyport
