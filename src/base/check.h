// SPDX-License-Identifier: Apache-2.0
//
// Check: an assertion that stays on in release builds. For what only a bug can cause; never for outside input.
#pragma once

#include <string_view>

namespace sallyport {

[[noreturn]] void CheckFailed(std::string_view what);

inline void Check(bool condition, std::string_view what) {
  if (!condition) CheckFailed(what);
}

}  // namespace sallyport
