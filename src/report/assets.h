// SPDX-License-Identifier: Apache-2.0
//
// page.js and page.css, as they are in the source tree.
#pragma once

#include <string_view>

namespace sallyport::report {

std::string_view PageScript();
std::string_view PageStyle();

}  // namespace sallyport::report
