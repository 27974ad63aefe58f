// SPDX-License-Identifier: Apache-2.0
//
// DynamoDB tables with a hash key and maybe a range key. No indexes, no capacity; expressions as
// dynamodb_expression.h has them.
#include <algorithm>
#include <variant>

#include "base/text.h"
#include "sim/aws/dynamodb_expression.h"
#include "sim/aws/services.h"

namespace sallyport::aws_sim {
namespace {

constexpr std::size_t kMaxItem = std::size_t{400} * 1024;
constexpr std::size_t kMaxItems = 1'000'000;

using Items = std::map<std::string, json::object>;

struct Table {
  const json::object* record;
  Items* items;
};

Failure Invalid(const std::string& text) {
  return Fail(400, "ValidationException", text);
}

std::optional<Table> FindTable(World& world, const Call& call) {
  const auto name = LastPart(TextOf(call.in, "TableName"));
  const auto* record = FindRecord(call.regional->Set("tables"), "TableName", name);
  if (record == nullptr) return std::nullopt;
  return Table{record, &world.items[call.region + "/" + call.account->id + "/" + name]};
}

Failure NoTable() {
  return Fail(400, "ResourceNotFoundException", "Requested resource not found");
}

// The place of an item; sorts by hash, then range (numbers are few and only compared within a hash by Query).
std::optional<std::string> KeyOf(const Table& table, const json::object& item) {
  std::string key;
  for (const std::string_view part : {"hash", "range"}) {
    const auto name = TextOf(*table.record, part);
    if (name.empty()) continue;
    if (!Has(item, name) || !item.at(name).is_object()) return std::nullopt;
    key += json::serialize(item.at(name)) + "\n";
  }
  return key;
}

const json::object& Present(const Table& table, const std::string& key) {
  static const json::object nothing;
  const auto found = table.items->find(key);
  return found == table.items->end() ? nothing : found->second;
}

ExpressionContext ContextOf(const Call& call, const json::object& item) {
  return {item, ObjectOf(call.in, "ExpressionAttributeNames"), ObjectOf(call.in, "ExpressionAttributeValues")};
}

std::optional<Failure> CheckCondition(const Call& call, const json::object& present) {
  const auto condition = TextOf(call.in, "ConditionExpression");
  if (condition.empty()) return std::nullopt;
  const auto holds = ConditionHolds(condition, ContextOf(call, present));
  if (!holds) return Invalid("Invalid ConditionExpression: " + holds.error().message);
  if (*holds) return std::nullopt;
  auto failure = Fail(400, "ConditionalCheckFailedException", "The conditional request failed");
  const bool give = TextOf(call.in, "ReturnValuesOnConditionCheckFailure") == "ALL_OLD" && !present.empty();
  if (give) failure.more["Item"] = present;
  return failure;
}

// What every write begins with: the table, the item's place, the condition.
struct Write {
  Table table{};
  std::string key;
  json::object before;
};

std::optional<Failure> Begin(World& world, const Call& call, std::string_view key_member, Write& write) {
  auto table = FindTable(world, call);
  if (!table) return NoTable();
  for (const std::string_view old : {"Expected", "AttributeUpdates", "ConditionalOperator"}) {
    if (Has(call.in, old)) return Invalid("The simulator knows expressions only, not " + std::string(old));
  }
  const auto key = KeyOf(*table, ObjectOf(call.in, key_member));
  if (!key) return Invalid("The provided key element does not match the schema");
  write = {*table, *key, Present(*table, *key)};
  return CheckCondition(call, write.before);
}

Answer Ended(const Call& call, const json::object& before, const json::object& after) {
  const auto wanted = TextOf(call.in, "ReturnValues", "NONE");
  if (wanted == "ALL_OLD" && !before.empty()) return json::object{{"Attributes", before}};
  if (wanted == "ALL_NEW") return json::object{{"Attributes", after}};
  return json::object();
}

Answer PutItem(World& world, const Call& call) {
  Write write;
  if (auto problem = Begin(world, call, "Item", write)) return *problem;
  const auto& item = ObjectOf(call.in, "Item");
  if (json::serialize(item).size() > kMaxItem) return Invalid("Item size has exceeded the maximum allowed size");
  if (write.table.items->size() >= kMaxItems) return Fail(400, "RequestLimitExceeded", "The simulator's table is full");
  (*write.table.items)[write.key] = item;
  return Ended(call, write.before, item);
}

Answer UpdateItem(World& world, const Call& call) {
  Write write;
  if (auto problem = Begin(world, call, "Key", write)) return *problem;
  auto item = UpdatedItem(TextOf(call.in, "UpdateExpression"), ContextOf(call, write.before));
  if (!item) return Invalid("Invalid UpdateExpression: " + item.error().message);
  for (const auto& part : ObjectOf(call.in, "Key")) (*item)[part.key()] = part.value();
  if (json::serialize(*item).size() > kMaxItem) return Invalid("Item size has exceeded the maximum allowed size");
  (*write.table.items)[write.key] = *item;
  return Ended(call, write.before, *item);
}

Answer DeleteItem(World& world, const Call& call) {
  Write write;
  if (auto problem = Begin(world, call, "Key", write)) return *problem;
  write.table.items->erase(write.key);
  return Ended(call, write.before, json::object());
}

Answer GetItem(World& world, const Call& call) {
  const auto table = FindTable(world, call);
  if (!table) return NoTable();
  const auto key = KeyOf(*table, ObjectOf(call.in, "Key"));
  if (!key) return Invalid("The provided key element does not match the schema");
  const auto& item = Present(*table, *key);
  if (item.empty()) return json::object();
  return json::object{{"Item", item}};
}

// The items whose key condition holds, by range key.
std::variant<std::vector<const json::object*>, Failure> Matching(const Call& call, const Table& table) {
  std::vector<const json::object*> found;
  for (const auto& [key, item] : *table.items) {
    const auto holds = ConditionHolds(TextOf(call.in, "KeyConditionExpression"), ContextOf(call, item));
    if (!holds) return Invalid("Invalid KeyConditionExpression: " + holds.error().message);
    if (*holds) found.push_back(&item);
  }
  const auto range = TextOf(*table.record, "range");
  if (!range.empty()) {
    std::stable_sort(found.begin(), found.end(),
                     [&](const auto* a, const auto* b) { return AttributeLess(a->at(range), b->at(range)); });
  }
  if (!FlagOf(call.in, "ScanIndexForward", true)) std::reverse(found.begin(), found.end());
  return found;
}

json::object KeyMembers(const Table& table, const json::object& item) {
  json::object key;
  for (const std::string_view part : {"hash", "range"}) {
    const auto name = TextOf(*table.record, part);
    if (!name.empty()) key[name] = item.at(name);
  }
  return key;
}

Answer Query(World& world, const Call& call) {
  const auto table = FindTable(world, call);
  if (!table) return NoTable();
  if (Has(call.in, "IndexName")) return Invalid("The simulator has no indexes");
  auto matching = Matching(call, *table);
  if (auto* problem = std::get_if<Failure>(&matching)) return *problem;
  const auto& found = std::get<0>(matching);
  const auto& start = ObjectOf(call.in, "ExclusiveStartKey");
  std::size_t at = 0;
  for (std::size_t i = 0; i < found.size() && !start.empty(); ++i) {
    if (KeyMembers(*table, *found[i]) == start) at = i + 1;
  }
  std::size_t most = static_cast<std::size_t>(std::max<std::int64_t>(1, NumberOf(call.in, "Limit", 1000)));
  if (call.page_limit > 0) most = std::min(most, call.page_limit);
  const auto end = std::min(found.size(), at + most);
  json::array items;
  for (std::size_t i = at; i < end; ++i) {
    const auto filter = TextOf(call.in, "FilterExpression");
    const auto passes = filter.empty() ? Result<bool>(true) : ConditionHolds(filter, ContextOf(call, *found[i]));
    if (!passes) return Invalid("Invalid FilterExpression: " + passes.error().message);
    if (*passes) items.push_back(*found[i]);
  }
  const auto count = static_cast<std::int64_t>(items.size());
  json::object out{
      {"Items", std::move(items)}, {"Count", count}, {"ScannedCount", static_cast<std::int64_t>(end - at)}};
  if (end < found.size()) out["LastEvaluatedKey"] = KeyMembers(*table, *found[end - 1]);
  return out;
}

constexpr Binding kDynamoDbBindings[] = {{"PutItem", PutItem},
                                         {"UpdateItem", UpdateItem},
                                         {"GetItem", GetItem},
                                         {"Query", Query},
                                         {"DeleteItem", DeleteItem}};

}  // namespace

Bindings DynamoDbBindings() {
  return kDynamoDbBindings;
}

}  // namespace sallyport::aws_sim
