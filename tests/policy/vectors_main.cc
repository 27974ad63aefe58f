// SPDX-License-Identifier: Apache-2.0
//
// vectors iam FILE...: runs files of evaluation vectors and prints those that come out differently.
#include <cstdio>
#include <exception>
#include <string>
#include <string_view>
#include <vector>

#include "tests/policy/vector.h"

namespace {

using sallyport::Result;
using sallyport::policy::Vector;

struct Counts {
  std::size_t passed = 0;
  std::size_t failed = 0;
  std::size_t skipped = 0;
};

void RunOne(const Vector& vector, Counts& counts) {
  if (!vector.skipped.empty()) {
    ++counts.skipped;
    std::printf("%s: skipped: %s\n", vector.id.c_str(), vector.skipped.c_str());
    return;
  }
  const std::string got = sallyport::policy::RunVector(vector).got;
  if (got == vector.expected) {
    ++counts.passed;
    return;
  }
  ++counts.failed;
  std::printf("%s: expected %s, got %s (%s)\n", vector.id.c_str(), vector.expected.c_str(), got.c_str(),
              vector.title.c_str());
}

int RunFiles(int count, char** files) {
  Counts counts;
  bool readable = true;
  for (int i = 0; i < count; ++i) {
    const Result<std::vector<Vector>> vectors = sallyport::policy::ReadVectorFile(files[i]);
    if (!vectors.ok()) {
      readable = false;
      std::fprintf(stderr, "vectors: %s\n", vectors.error().ToText().c_str());
      continue;
    }
    for (const Vector& vector : *vectors) RunOne(vector, counts);
  }
  std::printf("%zu passed, %zu failed, %zu skipped\n", counts.passed, counts.failed, counts.skipped);
  return readable && counts.failed == 0 ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3 || std::string_view(argv[1]) != "iam") {
    std::fputs("usage: vectors iam FILE...\n", stderr);
    return 2;
  }
  try {
    return RunFiles(argc - 2, argv + 2);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "vectors: %s\n", error.what());
    return 1;
  }
}
