// SPDX-License-Identifier: Apache-2.0
//
// The sections of an estate file: which keys their records have, and what completes them. Internal to the estate files.
#pragma once

#include "sim/aws/estate.h"

namespace sallyport::aws_sim {

struct SectionPlace {
  World& world;
  Account& account;
  const std::string& region;  // empty for the sections of an account
};

struct Section {
  std::string_view name;
  // The keys of a record, with `*` behind those that must be there. Empty: any (documents of the services).
  std::string_view keys;
  // Completes the record in place. May be null.
  Status (*complete)(const SectionPlace&, json::object&);
};

std::span<const Section> AccountSections();
std::span<const Section> RegionalSections();

// What records have that do not say when they were made.
inline constexpr std::string_view kSomeDate = "2024-03-01T09:00:00Z";

inline Error BadEstate(const std::string& what) {
  return {ErrorCode::kInvalidInput, what, ""};
}
Status CheckKeys(const json::object& record, std::string_view keys, std::string_view section);
// Sets what is not there.
template <class Value>
void Default(json::object& record, std::string_view key, Value&& value) {
  if (!Has(record, key)) record[key] = std::forward<Value>(value);
}
// A policy given as YAML becomes text; one given as text stays. Nothing happens when it is not there.
void DocumentToText(json::object& record, std::string_view key);
Result<Instance> MakeInstance(const SectionPlace& place, const json::object& record);

}  // namespace sallyport::aws_sim
