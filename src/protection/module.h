// SPDX-License-Identifier: Apache-2.0
//
// What one module of a computer amounts to. Source: contract swp-api 3.4 (states), 3.7 (what protects).
#pragma once

#include <vector>

#include "protection/protection.h"
#include "swp/computer.h"

namespace sallyport {

struct ModuleVerdict {
  ModuleProtection protection = ModuleProtection::kUnknown;
  std::vector<ProtectionNote> notes;  // why it is not kProtects
};

ModuleVerdict JudgeModule(const swp::ModuleState& state);

}  // namespace sallyport
