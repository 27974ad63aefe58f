// SPDX-License-Identifier: Apache-2.0
#include "app/tables.h"

namespace sallyport {

ProgramTables ProductProgram() {
  return {ProductTables(), ProductActions()};
}

Vocabulary VocabularyOf(const ProgramTables& tables) {
  return {KindsOf(tables.actions), tables.workflows.Keys()};
}

}  // namespace sallyport
