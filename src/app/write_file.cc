// SPDX-License-Identifier: Apache-2.0
#include "app/write_file.h"

#include <fstream>

#include "base/text.h"

namespace sallyport {

Status WriteWhole(const std::string& file, const std::string& text) {
  std::ofstream out(file, std::ios::binary | std::ios::trunc);
  out << text;
  out.close();
  if (out) return Ok();
  return Error{ErrorCode::kStorage, "`" + Printable(file, 200) + "` cannot be written",
               "name a file in a folder that is there"};
}

}  // namespace sallyport
