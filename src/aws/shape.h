// SPDX-License-Identifier: Apache-2.0
//
// One description of a structure serves all protocols, both ways.
//
//   void Describe(Shape& shape, Tag& tag) {
//     shape.Required("key", tag.key);
//     shape("value", tag.value);
//   }
//
// A Shape that reads fills the members, one that writes takes them from there. Members that a description does not name
// are skipped on reading. The types of members: std::string, std::int64_t, double, bool, TimePoint, Secret, Json (a
// subtree as it is), structures with a Describe of their own, and std::optional, std::vector and std::map<std::string,
// T> of these. What is empty is not written; what is absent is left empty on reading.
#pragma once

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "base/result.h"
#include "base/secret.h"
#include "base/time.h"

namespace sallyport::aws {

// Where in the HTTP message a member stands.
enum class Where {
  kBody,
  kPath,   // a `{Name}` of the URI
  kQuery,  // a parameter of the URI
  kHeader,
  kPayload,  // the member is the whole body, as it is
  kBucket,   // S3: the bucket
  kAccount,  // S3 Control: a header that also goes in front of the host
};

class Shape {
 public:
  virtual ~Shape() = default;

  template <class T>
  Shape& operator()(std::string_view name, T& place, Where where = Where::kBody) {
    Member(name, place, where, false);
    return *this;
  }
  // On writing: an empty one is an error (kInvalidInput). On reading: an absent one is (kBadAnswer).
  template <class T>
  Shape& Required(std::string_view name, T& place, Where where = Where::kBody) {
    Member(name, place, where, true);
    return *this;
  }
  // A list without an element around it: its elements stand side by side, each with the list's name. Reading only.
  template <class T>
  Shape& Flat(std::string_view name, std::vector<T>& place) {
    if (!status_.ok()) return *this;
    ReadItems(BeginFlatList(name), place);
    EndList();
    return *this;
  }

  // The text of the outermost element itself, under this name where the text is shown. XML only.
  Shape& Whole(std::string_view name, std::string& place) {
    if (Reads() && KnowsPlaces()) {
      Value(place);
    } else {
      Member(name, place, Where::kBody, false);
    }
    return *this;
  }

  // The whole of the current structure, for those that carry members unknown to us. Reading JSON only.
  virtual void Rest(Json&) {}

  // The first error, or ok. After it nothing is read or written.
  const Status& status() const { return status_; }

 protected:
  virtual bool Reads() const = 0;
  // True when members that stand outside the body are handled by Located and PutLocated; false: all are in the body.
  virtual bool KnowsPlaces() const { return false; }
  virtual std::optional<std::string> Located(std::string_view name, Where where);
  virtual void PutLocated(std::string_view name, Where where, std::string&& text);

  // Goes to a member of the current structure. Reading: false when it is absent, and then stays.
  virtual bool Enter(std::string_view name) = 0;
  virtual void BeginStructure() = 0;
  virtual void EndStructure() = 0;
  // Writing: `size` elements follow. Reading: gives how many there are.
  virtual std::size_t BeginList(std::size_t size) = 0;
  virtual std::size_t BeginFlatList(std::string_view name);
  virtual void EnterItem(std::size_t index) = 0;
  virtual void EndList() = 0;
  // Maps. Reading: gives the keys. Writing: `size` entries follow.
  virtual std::vector<std::string> BeginMap(std::size_t size) = 0;
  virtual void EnterEntry(std::size_t index, const std::string& key) = 0;
  virtual void EndMap() = 0;
  // Back from a member, an item or an entry.
  virtual void Leave() = 0;

  virtual void Value(std::string& text) = 0;
  virtual void Value(std::int64_t& number) = 0;
  virtual void Value(double& number) = 0;
  virtual void Value(bool& flag) = 0;
  virtual void Value(TimePoint& time) = 0;
  virtual void Value(Json& tree) = 0;
  virtual void Value(Secret& secret) = 0;

  void Fail(Error error) {
    if (status_.ok()) status_ = std::move(error);
  }
  // "the answer lacks X" or "the member X is missing".
  virtual Error Missing(std::string_view name) const = 0;

 private:
  static bool IsEmpty(const std::string& text) { return text.empty(); }
  static bool IsEmpty(const Secret& secret) { return secret.empty(); }
  static bool IsEmpty(const Json& tree) { return tree.IsMissing(); }
  template <class T>
  static bool IsEmpty(const std::optional<T>& value) {
    return !value.has_value();
  }
  template <class T>
  static bool IsEmpty(const std::vector<T>& list) {
    return list.empty();
  }
  template <class T>
  static bool IsEmpty(const std::map<std::string, T>& map) {
    return map.empty();
  }
  template <class T>
  static bool IsEmpty(const T&) {
    return false;
  }

  template <class T>
  void Member(std::string_view name, T& place, Where where, bool required) {
    if (!status_.ok()) return;
    if (!Reads() && IsEmpty(place)) {
      if (required) Fail(Missing(name));
      return;
    }
    if (where != Where::kBody && KnowsPlaces()) {
      LocatedMember(name, place, where, required);
      return;
    }
    if (!Enter(name)) {
      if (required) Fail(Missing(name));
      return;
    }
    Visit(place);
    Leave();
  }

  template <class T>
  void LocatedMember(std::string_view name, T& place, Where where, bool required) {
    if (!Reads()) {
      PutLocated(name, where, ToText(place));
    } else if (const auto text = Located(name, where)) {
      FromText(*text, place);
    } else if (required) {
      Fail(Missing(name));
    }
  }

  static std::string ToText(const std::string& text) { return text; }
  static std::string ToText(const std::optional<std::int64_t>& number) { return std::to_string(number.value_or(0)); }
  static std::string ToText(const std::optional<std::string>& text) { return text.value_or(""); }
  static void FromText(const std::string& text, std::string& place) { place = text; }
  static void FromText(const std::string& text, std::optional<std::string>& place) { place = text; }
  void FromText(const std::string& text, std::optional<std::int64_t>& place);
  // Other types never stand outside the body.
  template <class T>
  static std::string ToText(const T&) {
    Check(false, "a member of this type cannot stand outside the body");
    return {};
  }
  template <class T>
  static void FromText(const std::string&, T&) {
    Check(false, "a member of this type cannot stand outside the body");
  }

  void Visit(std::string& place) { Value(place); }
  void Visit(std::int64_t& place) { Value(place); }
  void Visit(double& place) { Value(place); }
  void Visit(bool& place) { Value(place); }
  void Visit(TimePoint& place) { Value(place); }
  void Visit(Json& place) { Value(place); }
  void Visit(Secret& place) { Value(place); }
  template <class T>
  void Visit(std::optional<T>& place) {
    if (Reads()) place.emplace();
    Visit(*place);
  }
  template <class T>
  void Visit(std::vector<T>& list) {
    ReadItems(BeginList(list.size()), list);
    EndList();
  }
  template <class T>
  void Visit(std::map<std::string, T>& map) {
    std::vector<std::string> keys = BeginMap(map.size());
    if (!Reads()) {
      for (const auto& [key, value] : map) keys.push_back(key);
    }
    for (std::size_t i = 0; i < keys.size() && status_.ok(); ++i) {
      EnterEntry(i, keys[i]);
      Visit(map[keys[i]]);
      Leave();
    }
    EndMap();
  }
  template <class T>
  void Visit(T& structure) {
    BeginStructure();
    Describe(*this, structure);  // found in the structure's namespace
    EndStructure();
  }

  template <class T>
  void ReadItems(std::size_t size, std::vector<T>& list) {
    if (Reads()) list.resize(size);
    for (std::size_t i = 0; i < list.size() && status_.ok(); ++i) {
      EnterItem(i);
      Visit(list[i]);
      Leave();
    }
  }

  Status status_;

  template <class T>
  friend void DescribeTop(Shape& shape, T& structure);
};

// The outermost structure of a request or an answer.
template <class T>
void DescribeTop(Shape& shape, T& structure) {
  shape.Visit(structure);
}

// For the pages of a listing.
template <class T>
void Append(std::vector<T>& all, std::vector<T>& page) {
  all.insert(all.end(), std::make_move_iterator(page.begin()), std::make_move_iterator(page.end()));
}

}  // namespace sallyport::aws
