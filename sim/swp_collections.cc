// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "sim/swp_call.h"
#include "sim/swp_check.h"
#include "sim/swp_search.h"

namespace sallyport::sim {
namespace {

json::object ShownRecord(const json::object& record) {
  json::object out = record;
  out.erase("sim");
  return out;
}

Reply Missing(const Collection& collection) {
  return Fail(404, "The " + std::string(collection.label) + " does not exist.");
}

}  // namespace

Reply SearchReply(const json::object& filter, Fields fields, std::string_view list_key,
                  const std::vector<int>& unsorted, const std::function<const json::object&(int)>& record_of,
                  const std::function<json::object(int)>& show) {
  auto problem = CheckFields(filter, SearchFilterFields());
  if (!problem.empty()) return Fail(400, problem);
  auto compiled = Search::Compile(filter, fields);
  if (const auto* text = std::get_if<std::string>(&compiled)) return Fail(400, *text);
  const auto& search = std::get<Search>(compiled);
  std::vector<int> ids = unsorted;
  if (search.sorted()) std::sort(ids.begin(), ids.end());
  json::array found;
  for (const int id : ids) {
    if (found.size() >= search.max_items()) break;
    if (search.Matches(record_of(id))) found.emplace_back(show(id));
  }
  return {200, json::object{{list_key, std::move(found)}}};
}

Reply ListCollection(World& world, const Call& call) {
  const Collection& collection = world.collections.at(call.collection);
  json::array all;
  for (const int id : UnsortedIds(collection.items)) all.emplace_back(ShownRecord(collection.items.at(id)));
  return {200, json::object{{collection.list_key, std::move(all)}}};
}

Reply SearchCollection(World& world, const Call& call) {
  const Collection& collection = world.collections.at(call.collection);
  return SearchReply(
      call.body, collection.fields, collection.list_key, UnsortedIds(collection.items),
      [&](int id) -> const json::object& { return collection.items.at(id); },
      [&](int id) { return ShownRecord(collection.items.at(id)); });
}

Reply GetFromCollection(World& world, const Call& call) {
  const Collection& collection = world.collections.at(call.collection);
  const auto found = collection.items.find(call.ids.at(0));
  return found == collection.items.end() ? Missing(collection) : Reply{200, ShownRecord(found->second)};
}

Reply CreateInCollection(World& world, const Call& call) {
  Collection& collection = world.collections.at(call.collection);
  auto problem = CheckFields(call.body, collection.fields);
  if (!problem.empty()) return Fail(400, problem);
  json::object record = call.body;
  const int id = collection.items.empty() ? 1 : collection.items.rbegin()->first + 1;
  record["ID"] = id;
  collection.items[id] = record;
  return {200, std::move(record)};
}

Reply ModifyInCollection(World& world, const Call& call) {
  Collection& collection = world.collections.at(call.collection);
  const auto found = collection.items.find(call.ids.at(0));
  if (found == collection.items.end()) return Missing(collection);
  auto problem = CheckFields(call.body, collection.fields);
  if (!problem.empty()) return Fail(400, problem);
  for (const auto& member : call.body) {
    if (member.key() != "ID") found->second[member.key()] = member.value();
  }
  return {200, ShownRecord(found->second)};
}

Reply DeleteFromCollection(World& world, const Call& call) {
  Collection& collection = world.collections.at(call.collection);
  return collection.items.erase(call.ids.at(0)) == 0 ? Missing(collection) : Reply{};
}

Reply GetCurrentApiKey(World&, const Call& call) {
  return {200, ShownRecord(call.key->record)};
}

Reply GetAwsConnectorSettings(World&, const Call&) {
  return {200, json::object{{"externalId", "sallyport-simulator-external-id"}}};
}

}  // namespace sallyport::sim
