// SPDX-License-Identifier: Apache-2.0
//
// The product with the rows of the examples beside its own: what whoever adds to Sallyport without changing it builds.
#include <cstdlib>

#include "app/command_line.h"
#include "tests/example/example_actor.h"
#include "tests/example/example_collect.h"
#include "tests/example/example_workflow.h"

int main(int argc, char** argv) {
  const char* watch_list = std::getenv("WATCH_LIST");
  sallyport::ProgramTables tables = sallyport::ProductProgram();
  tables.actions.push_back(sallyport::WatchHostRow(watch_list == nullptr ? "." : watch_list));
  tables.workflows.workflows.push_back(sallyport::AbuseWorkflow().Row());
  tables.workflows.workflows.push_back(sallyport::AdvisoryWorkflow().Row());
  tables.workflows.questions.Add(sallyport::AdvisoryQuestion().Row());
  return sallyport::RunSallyport(argc, argv, tables);
}
