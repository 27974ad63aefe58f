// SPDX-License-Identifier: Apache-2.0
//
// The tables of a program: what kinds of things it knows. The product has its own; whoever builds another program may
// append rows and hand them to RunSallyport.
#pragma once

#include "config/keys.h"
#include "executor/action_table.h"
#include "workflow/tables.h"

namespace sallyport {

struct ProgramTables {
  Tables workflows;
  ActionTable actions;
};

ProgramTables ProductProgram();

// What the settings of such a program may name.
Vocabulary VocabularyOf(const ProgramTables& tables);

}  // namespace sallyport
