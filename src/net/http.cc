// SPDX-License-Identifier: Apache-2.0
#include "net/http.h"

#include "base/text.h"

namespace sallyport {

std::string_view HttpResponse::Header(std::string_view name) const {
  for (const HttpHeader& header : headers) {
    if (EqualsIgnoreCase(header.name, name)) return header.value;
  }
  return {};
}

}  // namespace sallyport
