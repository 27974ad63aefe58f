// SPDX-License-Identifier: Apache-2.0
//
// EventBridge, API version 2015-10-07. HTTP 200 does not mean that all were taken: look at `failed`.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "aws/operation.h"
#include "aws/shape.h"

namespace sallyport::aws::events {

struct Entry {
  std::string source{};
  std::string detail_type{};
  std::string detail{};
  std::string bus{};
  std::vector<std::string> resources{};
  std::optional<TimePoint> time{};
};

struct EntryResult {
  std::string event_id{};
  std::string code{};
  std::string message{};
};

struct PutEventsAnswer {
  std::int64_t failed = 0;
  std::vector<EntryResult> entries{};
};
// 1 to 10 entries, 256 kB in all; `detail` is JSON text. The results stand in the order of the entries.
struct PutEvents {
  using Answer = PutEventsAnswer;
  static const Operation& Op();
  std::vector<Entry> entries{};
};

void Describe(Shape& shape, Entry& place);
void Describe(Shape& shape, EntryResult& place);
void Describe(Shape& shape, PutEvents& place);
void Describe(Shape& shape, PutEventsAnswer& place);

}  // namespace sallyport::aws::events
