// SPDX-License-Identifier: Apache-2.0
#include "sim/serve.h"
#include "sim/swp_run.h"

int main(int argc, char** argv) {
  return sallyport::sim::Guarded("swp_simulator", [&] { return sallyport::sim::RunSwpSimulator(argc, argv); });
}
