// SPDX-License-Identifier: Apache-2.0
//
// Members: one description of a JSON object for both ways. A struct calls one function for each of its members; the
// same calls write them to JSON or read them from it.
//
//   void DeleteTask::DescribeJson(Members& json) {
//     json("host", host)("task", task)("computer", computer);
//   }
//
// Reading keeps the first error (kInvalidInput, with the path); a member that may be absent says so.
#pragma once

#include <concepts>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "action/host.h"
#include "action/link.h"
#include "base/json.h"
#include "base/result.h"
#include "base/time.h"
#include "swp/rules.h"

namespace sallyport {

class Members {
 public:
  // Writes members into an object that is open.
  explicit Members(JsonWriter& out) : out_(&out) {}
  // Reads members of `json`.
  explicit Members(Json json) : in_(std::move(json)) {}

  bool reads() const { return out_ == nullptr; }
  // The first error of reading, or ok.
  const Status& status() const { return status_; }

  // Empty, or false, when it is absent.
  Members& operator()(std::string_view name, std::string& text);
  Members& operator()(std::string_view name, std::vector<std::string>& texts);
  Members& operator()(std::string_view name, bool& flag);
  // An object id of SWP: must be there.
  template <class Id>
  requires std::same_as<decltype(Id::value), std::int32_t> Members& operator()(std::string_view name, Id& id) {
    return SwpId(name, id.value);
  }
  // A list of such ids; empty when it is absent.
  template <class Id>
  requires std::same_as<decltype(Id::value), std::int32_t> Members& operator()(std::string_view name,
                                                                               std::vector<Id>& ids) {
    std::vector<std::int32_t> values;
    values.reserve(ids.size());
    for (const Id id : ids) values.push_back(id.value);
    SwpIds(name, values);
    ids.clear();
    ids.reserve(values.size());
    for (const std::int32_t value : values) ids.push_back(Id{value});
    return *this;
  }
  // Milliseconds since the epoch: must be there.
  Members& operator()(std::string_view name, TimePoint& time);
  // Must be there, with an instance.
  Members& operator()(std::string_view name, Host& host);
  // The member `links`.
  Members& operator()(std::vector<Link>& links);
  // The members `scope` and `scope_id`.
  Members& operator()(swp::Scope& scope);
  // One of several words: must be one that this version knows; `what` for the error: "scan".
  template <class T>
  Members& Word(std::string_view name, T& value, std::string_view (*word)(T),
                std::optional<T> (*parse)(std::string_view), std::string_view what) {
    if (!reads()) {
      out_->Member(name, word(value));
    } else if (const auto parsed = parse(in_[name].StringOr(""))) {
      value = *parsed;
    } else {
      Unknown(name, what);
    }
    return *this;
  }
  // A list of objects, each with members of its own.
  template <class T>
  Members& List(std::string_view name, std::vector<T>& list, void (*describe)(Members&, T&)) {
    if (!reads()) {
      out_->Key(name).BeginArray();
      for (const T& item : list) {
        T copy = item;
        out_->BeginObject();
        Members members(*out_);
        describe(members, copy);
        out_->EndObject();
      }
      out_->EndArray();
      return *this;
    }
    list.clear();
    for (const Json& element : in_[name].Elements()) {
      Members members(element);
      describe(members, list.emplace_back());
      if (members.status().ok()) continue;
      Fail(members.status().error());
      break;
    }
    return *this;
  }
  // For members that are there in some cases alone: `present` when writing, whether `name` has a value when reading.
  bool Has(std::string_view name, bool present) const { return reads() ? in_[name].HasValue() : present; }

 private:
  Members& SwpId(std::string_view name, std::int32_t& id);
  void SwpIds(std::string_view name, std::vector<std::int32_t>& ids);
  void Unknown(std::string_view name, std::string_view what);
  void Fail(Error error) {
    if (status_.ok()) status_ = std::move(error);
  }

  JsonWriter* out_ = nullptr;
  Json in_;
  Status status_;
};

}  // namespace sallyport
