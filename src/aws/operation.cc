// SPDX-License-Identifier: Apache-2.0
#include "aws/operation.h"

#include "base/text.h"

namespace sallyport::aws {

std::string_view WireAnswer::Header(std::string_view name) const {
  for (const auto& [header, value] : headers) {
    if (EqualsIgnoreCase(header, name)) return value;
  }
  return {};
}

}  // namespace sallyport::aws
