// SPDX-License-Identifier: Apache-2.0
//
// Walks the tables of structure.h. A Shape that reads fills the members, one that writes takes them from there. Members
// that a table does not name are skipped on reading. What is empty is not written; what is absent is left as it was on
// reading, and a list that is read gets further elements, so that the pages of a listing can be read one after the
// other.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "aws/structure.h"
#include "base/json.h"
#include "base/result.h"
#include "base/secret.h"
#include "base/time.h"

namespace sallyport::aws {

class Shape {
 public:
  virtual ~Shape() = default;

  // The outermost structure of a request or an answer. `place` is the C++ structure that the table is about.
  void Walk(const Structure& structure, void* place);

  // The first error, or ok. After it nothing is read or written.
  const Status& status() const { return status_; }

 protected:
  virtual bool Reads() const = 0;
  // True when members that stand outside the body are handled by Located and PutLocated; false: all are in the body.
  virtual bool KnowsPlaces() const { return false; }
  virtual std::optional<std::string> Located(std::string_view name, Location location);
  virtual void PutLocated(std::string_view name, Location location, std::string&& text);

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
  // All members of the current structure (Form::kRest).
  virtual void Rest(Json& tree);

  void Fail(Error error) {
    if (status_.ok()) status_ = std::move(error);
  }
  // "the answer lacks X" or "the member X is missing".
  virtual Error Missing(std::string_view name) const = 0;

 private:
  void Members(const Structure& structure, void* place);
  void Member(const MemberRow& row, void* place);
  void PlainMember(const MemberRow& row, void* place);
  void LocatedMember(const MemberRow& row, void* place);
  void FromText(const std::string& text, const Type& type, void* place);
  void Visit(const Type& type, const Structure* structure, void* place);
  void Scalar(Type::Kind kind, void* place);
  void Items(std::size_t size, const Type& list, const Structure* structure, void* place);
  void Entries(const Type& map, const Structure* structure, void* place);

  Status status_;
};

}  // namespace sallyport::aws
