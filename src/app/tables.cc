// SPDX-License-Identifier: Apache-2.0
#include "app/tables.h"

namespace sallyport {

ProgramTables ProductProgram() {
  return {ProductTables(), ProductActions()};
}

}  // namespace sallyport
