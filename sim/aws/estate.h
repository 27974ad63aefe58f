// SPDX-License-Identifier: Apache-2.0
//
// Where a World comes from: one YAML file, or a generator. sim/README-aws.md describes the file.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"
#include "sim/aws/world.h"

namespace sallyport::aws_sim {

// kInvalidInput with the place in the file (line for YAML itself, path and name for its contents).
Result<World> ReadAwsEstate(std::string_view yaml, std::string_view file_name);
Result<World> ReadAwsEstateFile(const std::string& path);
// The demonstration estate, compiled in.
World DemoAwsEstate();

// The same from a document that is JSON already.
Result<World> BuildWorld(const json::object& estate);

struct GenerateOptions {
  std::uint64_t seed = 1;
  int hosts = 10;             // 1 to 1,000,000
  bool in_one_place = false;  // all hosts in the first account and region
};
// Made-up hosts over two accounts and two regions with what stands around hosts: profiles, roles, buckets, load
// balancers, web ACLs, distributions, clusters, findings. The same seed and size give the same world on every machine.
// Instance ids are those that the SWP simulator's --generate has: `i-` + number as 17 hexadecimal digits.
World GenerateAwsWorld(const GenerateOptions& options);

// One record of a section, checked and completed with what the file may leave out (ARNs, ids, dates). Used by both.
Status AddAccountRecord(World& world, Account& account, std::string_view section, json::object record);
Status AddRegionalRecord(World& world, Account& account, const std::string& region, std::string_view section,
                         json::object record);
// Sorts the instances and builds the index; once, when all are there.
void FinishRegional(Regional& regional);

}  // namespace sallyport::aws_sim
