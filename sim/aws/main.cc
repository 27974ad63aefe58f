// SPDX-License-Identifier: Apache-2.0
#include "sim/aws/run.h"
#include "sim/serve.h"

int main(int argc, char** argv) {
  return sallyport::sim::Guarded("aws_simulator", [&] { return sallyport::aws_sim::RunAwsSimulator(argc, argv); });
}
