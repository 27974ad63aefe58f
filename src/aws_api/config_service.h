// SPDX-License-Identifier: Apache-2.0
//
// AWS Config, API version 2014-11-12. `configuration` is JSON text inside the item.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "aws/operation.h"
#include "base/time.h"

namespace sallyport::aws::config_service {

struct Evaluation {
  std::string resource_type{};
  std::string resource_id{};
  std::string compliance{};  // COMPLIANT, NON_COMPLIANT, NOT_APPLICABLE
  std::string annotation{};  // at most 256 characters
  TimePoint ordering{};
};

struct PutEvaluationsAnswer {
  std::vector<Evaluation> failed{};
};
// At most 100. Those in `failed` were not stored and must be sent again.
struct PutEvaluations {
  using Answer = PutEvaluationsAnswer;
  static const Operation kOp;
  std::vector<Evaluation> evaluations{};
  std::string result_token{};
  std::optional<bool> test_mode{};
};

struct Relationship {
  std::string resource_type{};
  std::string resource_id{};
  std::string resource_name{};
  std::string name{};
};

struct ConfigurationItem {
  std::string resource_type{};
  std::string resource_id{};
  std::string arn{};
  std::string account{};
  std::string region{};
  std::string status{};
  std::optional<TimePoint> captured{};
  std::string configuration{};
  std::map<std::string, std::string> supplementary{};
  std::vector<Relationship> relationships{};
};

struct GetResourceConfigHistoryAnswer {
  std::vector<ConfigurationItem> items{};
  std::string next_page{};
};
struct GetResourceConfigHistory {
  using Answer = GetResourceConfigHistoryAnswer;
  static const Operation kOp;
  std::string resource_type{};
  std::string resource_id{};
  std::optional<TimePoint> later_time{};
  std::optional<TimePoint> earlier_time{};
  std::string chronological_order{};
  std::optional<std::int64_t> limit{};
  std::string page_token{};
};

}  // namespace sallyport::aws::config_service
