// SPDX-License-Identifier: Apache-2.0
//
// Structures from and to JSON.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "aws/operation.h"
#include "aws/shape.h"

namespace sallyport::aws {

// Reads a document. With `answer` members outside the body come from its headers; without, all are in the document.
class JsonReadShape final : public Shape {
 public:
  explicit JsonReadShape(Json document, const WireAnswer* answer = nullptr)
      : answer_(answer), places_{std::move(document)} {}

 protected:
  bool Reads() const override { return true; }
  bool KnowsPlaces() const override { return answer_ != nullptr; }
  std::optional<std::string> Located(std::string_view name, Location location) override;
  bool Enter(std::string_view name) override;
  void BeginStructure() override;
  void EndStructure() override {}
  std::size_t BeginList(std::size_t size) override;
  std::size_t BeginFlatList(std::string_view name) override;
  void EnterItem(std::size_t index) override { places_.push_back(lists_.back()[index]); }
  void EndList() override;
  std::vector<std::string> BeginMap(std::size_t size) override;
  void EnterEntry(std::size_t index, const std::string& key) override;
  void EndMap() override {}
  void Leave() override { places_.pop_back(); }
  void Value(std::string& text) override;
  void Value(std::int64_t& number) override;
  void Value(double& number) override;
  void Value(bool& flag) override;
  void Value(TimePoint& time) override;
  void Value(Json& tree) override { tree = places_.back(); }
  void Value(Secret& secret) override;
  void Rest(Json& tree) override { tree = places_.back(); }
  Error Missing(std::string_view name) const override;

 private:
  template <class T>
  void Take(Result<T> result, T& place);
  void Expected(std::string_view expected);

  const WireAnswer* answer_;
  std::vector<Json> places_;  // from the document to where we are
  std::vector<Json::List> lists_;
};

// What a secret becomes.
enum class Secrets { kSent, kHidden };
// What a time becomes: epoch seconds are the protocols' own, text is for people.
enum class Times { kEpochSeconds, kText };

// Writes one document. `located`, when given, takes the members that stand outside the body.
class JsonWriteShape final : public Shape {
 public:
  explicit JsonWriteShape(Secrets secrets, Times times, Call* located = nullptr)
      : secrets_(secrets), times_(times), located_(located) {}

  std::string Take() { return writer_.Take(); }
  // The whole body, when a member is one.
  const std::optional<std::string>& payload() const { return payload_; }
  const std::vector<std::pair<std::string, std::string>>& path_members() const { return path_members_; }

 protected:
  bool Reads() const override { return false; }
  bool KnowsPlaces() const override { return located_ != nullptr; }
  void PutLocated(std::string_view name, Location location, std::string&& text) override;
  bool Enter(std::string_view name) override;
  void BeginStructure() override { writer_.BeginObject(); }
  void EndStructure() override { writer_.EndObject(); }
  std::size_t BeginList(std::size_t size) override;
  std::size_t BeginFlatList(std::string_view name) override;
  void EnterItem(std::size_t) override {}
  void EndList() override { writer_.EndArray(); }
  std::vector<std::string> BeginMap(std::size_t size) override;
  void EnterEntry(std::size_t, const std::string& key) override { writer_.Key(key); }
  void EndMap() override { writer_.EndObject(); }
  void Leave() override {}
  void Value(std::string& text) override { writer_.String(text); }
  void Value(std::int64_t& number) override { writer_.Int(number); }
  void Value(double& number) override { writer_.Double(number); }
  void Value(bool& flag) override { writer_.Bool(flag); }
  void Value(TimePoint& time) override;
  void Value(Json& tree) override { writer_.Raw(tree.ToText()); }
  void Value(Secret& secret) override;
  void Rest(Json& tree) override;
  Error Missing(std::string_view name) const override;

 private:
  const Secrets secrets_;
  const Times times_;
  Call* located_;
  JsonWriter writer_;
  std::optional<std::string> payload_;
  std::vector<std::pair<std::string, std::string>> path_members_;
};

// The epoch seconds of a time, with the fraction that it has.
std::string EpochSeconds(TimePoint time);
// A number of epoch seconds or ISO 8601 text, as the json protocols answer either.
std::optional<TimePoint> ReadJsonTime(const Json& place);

}  // namespace sallyport::aws
