// SPDX-License-Identifier: Apache-2.0
//
// `bootstrap`: what `sallyport lambda` does, as a program of its own without command line, demonstration and simulator,
// which would have to be loaded before the first poll.
#include <exception>
#include <string>

#include "app/commands.h"
#include "app/console.h"
#include "base/core_dumps.h"
#include "base/prepare_process.h"

int main() {
  sallyport::ForbidCoreDumps();
  sallyport::PrepareProcess();
  try {
    const sallyport::ProgramTables tables = sallyport::ProductProgram();
    return static_cast<int>(sallyport::LambdaCommand({"", "", &tables}));
  } catch (const std::exception& error) {
    sallyport::Complain(std::string("internal error: ") + error.what());
  } catch (...) {
    sallyport::Complain("internal error");
  }
  return static_cast<int>(sallyport::ExitCode::kInternal);
}
