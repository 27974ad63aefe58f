// SPDX-License-Identifier: Apache-2.0
#include <cstdio>
#include <exception>

#include "sim/aws/run.h"

int main(int argc, char** argv) {
  try {
    return sallyport::aws_sim::RunAwsSimulator(argc, argv);
  } catch (const std::exception& failed) {
    std::fprintf(stderr, "aws_simulator: %s\n", failed.what());
    return 1;
  }
}
