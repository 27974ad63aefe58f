// SPDX-License-Identifier: Apache-2.0
//
// For tests: the keys of the product's rows.
#pragma once

#include "workflow/tables.h"

namespace sallyport {

inline const std::vector<OwnKey>& ProductKeys() {
  static const std::vector<OwnKey> keys = ProductTables().Keys();
  return keys;
}

}  // namespace sallyport
