// SPDX-License-Identifier: Apache-2.0
//
// JSON that is safe to print: characters that could steer a terminal or turn text around are `\uNNNN` in it, which
// every JSON reader undoes.
#pragma once

#include <string>
#include <string_view>

namespace sallyport {

std::string EscapeSteering(std::string_view json);

}  // namespace sallyport
