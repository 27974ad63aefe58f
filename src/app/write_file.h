// SPDX-License-Identifier: Apache-2.0
//
// A report as a file of its own.
#pragma once

#include <string>

#include "base/result.h"

namespace sallyport {

// In place of what was there. kStorage: it cannot be written.
Status WriteWhole(const std::string& file, const std::string& text);

}  // namespace sallyport
