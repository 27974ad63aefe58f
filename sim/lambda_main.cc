// SPDX-License-Identifier: Apache-2.0
#include <cstdio>
#include <exception>

#include "sim/lambda_run.h"

int main(int argc, char** argv) {
  try {
    return sallyport::sim::RunLambdaSimulator(argc, argv);
  } catch (const std::exception& failed) {
    std::fprintf(stderr, "lambda_simulator: %s\n", failed.what());
    return 1;
  }
}
