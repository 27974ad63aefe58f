// SPDX-License-Identifier: Apache-2.0
#include "app/tables.h"

namespace sallyport {

Tables ProductTables() {
  return {ProductActions()};
}

}  // namespace sallyport
