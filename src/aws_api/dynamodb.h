// SPDX-License-Identifier: Apache-2.0
//
// DynamoDB, API version 2012-08-10, json 1.0. Items, keys and values are JSON as the service writes them:
// {"pk":{"S":"a"}}. A condition that is not met is kInvalidInput with the RemoteCode ConditionalCheckFailedException.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "aws/operation.h"
#include "aws/shape.h"

namespace sallyport::aws::dynamodb {

struct WriteAnswer {
  Json attributes{};
};
struct PutItem {
  using Answer = WriteAnswer;
  static const Operation& Op();
  std::string table{};
  Json item{};
  std::string condition{};
  Json names{};
  Json values{};
  std::string return_values{};
  std::string return_on_failure{};
};
struct UpdateItem {
  using Answer = WriteAnswer;
  static const Operation& Op();
  std::string table{};
  Json key{};
  std::string update{};
  std::string condition{};
  Json names{};
  Json values{};
  std::string return_values{};
  std::string return_on_failure{};
};

struct GetItemAnswer {
  Json item{};
};
// A missing item in the answer: there is none.
struct GetItem {
  using Answer = GetItemAnswer;
  static const Operation& Op();
  std::string table{};
  Json key{};
  std::optional<bool> consistent{};
  std::string projection{};
  Json names{};
};

struct QueryAnswer {
  std::vector<Json> items{};
  Json next_page{};
  void Take(QueryAnswer&& page) { Append(items, page.items); }
};
struct Query {
  using Answer = QueryAnswer;
  static const Operation& Op();
  std::string table{};
  std::string index{};
  std::string key_condition{};
  std::string filter{};
  std::string projection{};
  Json names{};
  Json values{};
  std::optional<bool> consistent{};
  std::optional<bool> forward{};
  std::optional<std::int64_t> limit{};
  Json page_token{};
};
struct DeleteItem {
  using Answer = WriteAnswer;
  static const Operation& Op();
  std::string table{};
  Json key{};
  std::string condition{};
  Json names{};
  Json values{};
  std::string return_values{};
};

void Describe(Shape& shape, WriteAnswer& place);
void Describe(Shape& shape, PutItem& place);
void Describe(Shape& shape, UpdateItem& place);
void Describe(Shape& shape, GetItem& place);
void Describe(Shape& shape, GetItemAnswer& place);
void Describe(Shape& shape, Query& place);
void Describe(Shape& shape, QueryAnswer& place);
void Describe(Shape& shape, DeleteItem& place);

}  // namespace sallyport::aws::dynamodb
