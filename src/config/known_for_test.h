// SPDX-License-Identifier: Apache-2.0
//
// For tests: what the product knows and its settings may name.
#pragma once

#include "action/kinds_for_test.h"
#include "config/keys.h"
#include "workflow/tables.h"

namespace sallyport {

inline const Vocabulary& KnownForTest() {
  static const Vocabulary known{KindsForTest(), ProductTables().Keys()};
  return known;
}

}  // namespace sallyport
