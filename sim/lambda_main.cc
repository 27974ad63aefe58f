// SPDX-License-Identifier: Apache-2.0
#include "sim/lambda_run.h"
#include "sim/serve.h"

int main(int argc, char** argv) {
  return sallyport::sim::Guarded("lambda_simulator", [&] { return sallyport::sim::RunLambdaSimulator(argc, argv); });
}
