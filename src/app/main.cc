// SPDX-License-Identifier: Apache-2.0
#include "app/command_line.h"

int main(int argc, char** argv) {
  return sallyport::RunSallyport(argc, argv, sallyport::ProductProgram());
}
