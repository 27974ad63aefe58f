// SPDX-License-Identifier: Apache-2.0
//
// JSON, read and written. The library behind it stays in json.cc.
//
// Reading: Json is one place in a parsed document. It is a value: cheap to copy, never changes, keeps its document
// alive. A place that does not exist is Json too ("missing"), so `event["detail"]["resource"]` needs no checks in
// between; the check comes when a type is asked for, and its error names the whole path:
// "detail.resource.instanceId: expected a string, found a number".
//
// SWP omits nulls (contract 0.2.7), so "missing" and "null" count alike in HasValue() and in the ...Or() readers.
#pragma once

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bounds.h"
#include "base/result.h"

namespace sallyport {

class Json {
 public:
  Json() = default;  // missing

  // Parses one whole document (RFC 8259, UTF-8). Errors: kTooLarge over `max_bytes`, and over so many values that they
  // would take much more memory than text (bounds::kBytesPerJsonValue); kInvalidInput with line and
  // column for anything else, nesting over bounds::kJsonDepth and an object that has a name twice included: which of
  // the two values counts would be a guess.
  static Result<Json> Parse(std::string_view bytes, std::size_t max_bytes = bounds::kEventBytes);

  // Parses the document that starts at `position` in `bytes` and moves `position` to where the next one may start
  // (white space skipped). Errors name line and column in `bytes` as a whole.
  // The bound on values is of what there is to read, not of what there could be.
  static Result<Json> ParseFirst(std::string_view bytes, std::size_t& position,
                                 std::size_t max_bytes = bounds::kInputFileBytes);

  bool IsMissing() const { return node_ == nullptr; }
  bool IsNull() const;
  bool IsObject() const;
  bool IsArray() const;
  bool IsString() const;
  bool IsNumber() const;
  bool IsBool() const;
  bool HasValue() const { return !IsMissing() && !IsNull(); }

  // The member `key`; missing when this is not an object or has no such member. Spelling counts.
  Json operator[](std::string_view key) const;
  // The elements of an array; empty for anything else. The members of an object, in the document's order.
  class List;
  List Elements() const;
  struct Member;
  class MemberList;
  MemberList Members() const;

  // The typed readers that insist: an error names the path and what was found.
  Result<std::string> AsString() const;
  Result<std::int64_t> AsInt64() const;  // also a whole number written as 3.0 or "3"
  Result<double> AsDouble() const;
  Result<bool> AsBool() const;

  // AsInt64 without an error: nothing where that has one.
  std::optional<std::int64_t> WholeNumber() const;
  // The typed readers that do not insist: `fallback` when missing, null or of another type.
  std::string StringOr(std::string_view fallback) const;
  std::int64_t Int64Or(std::int64_t fallback) const;
  double DoubleOr(double fallback) const;
  bool BoolOr(bool fallback) const;

  // Where this is in its document: `detail.resource.tags[2].key`; empty for the document itself.
  std::string Path() const;
  // The same value with paths that start here. For the elements of a long array that are documents of their own: a path
  // costs a search from where it starts.
  Json AsDocument() const;
  // "nothing" (missing), "null", "an object", "an array", "a string", "a number", "true or false".
  std::string_view TypeName() const;
  // This value as compact JSON text, members in the document's order.
  std::string ToText() const;

 private:
  struct Document;
  Json(std::shared_ptr<const Document> document, const void* node, const void* root)
      : document_(std::move(document)), node_(node), root_(root) {}
  Error WrongType(std::string_view expected) const;
  static Result<Json> ParseAt(std::string_view bytes, std::size_t start, std::size_t& position, std::size_t values);

  // Shared by all places in one document; whichever goes last frees it.
  std::shared_ptr<const Document> document_;
  const void* node_ = nullptr;
  const void* root_ = nullptr;  // where paths start; never missing when document_ is there
  // A missing place: where it would have been, as the value that lacks it and the keys from there. The path above that
  // value costs a search through the document, so it waits until somebody asks.
  const void* lacking_ = nullptr;
  std::string missing_keys_;
};

struct Json::Member {
  std::string key;
  Json value;
};

// The elements of an array. Each is made when it is looked at, so that a list of a million of them takes no memory.
class Json::List {
 public:
  class Iterator {
   public:
    using iterator_category = std::input_iterator_tag;
    using value_type = Json;
    using difference_type = std::ptrdiff_t;
    using pointer = void;
    using reference = Json;

    Iterator(const List* list, std::size_t index) : list_(list), index_(index) {}
    Json operator*() const { return (*list_)[index_]; }
    Iterator& operator++() {
      ++index_;
      return *this;
    }
    Iterator operator++(int) { return Iterator(list_, index_++); }
    bool operator==(const Iterator& other) const { return index_ == other.index_; }

   private:
    const List* list_;
    std::size_t index_;
  };

  List() = default;  // empty

  std::size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }
  // `index` under size(); a bug otherwise.
  Json operator[](std::size_t index) const;
  Json at(std::size_t index) const { return (*this)[index]; }
  Json front() const { return (*this)[0]; }
  Iterator begin() const { return {this, 0}; }
  Iterator end() const { return {this, size_}; }

 private:
  friend class Json;
  explicit List(Json array, std::size_t size) : array_(std::move(array)), size_(size) {}

  Json array_;
  std::size_t size_ = 0;
};

// The members of an object, each made when it is looked at, like the elements of an array.
class Json::MemberList {
 public:
  class Iterator {
   public:
    using iterator_category = std::input_iterator_tag;
    using value_type = Member;
    using difference_type = std::ptrdiff_t;
    using pointer = void;
    using reference = Member;

    Iterator(const MemberList* list, std::size_t index) : list_(list), index_(index) {}
    Member operator*() const { return (*list_)[index_]; }
    Iterator& operator++() {
      ++index_;
      return *this;
    }
    Iterator operator++(int) { return Iterator(list_, index_++); }
    bool operator==(const Iterator& other) const { return index_ == other.index_; }

   private:
    const MemberList* list_;
    std::size_t index_;
  };

  MemberList() = default;  // empty

  std::size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }
  // `index` under size(); a bug otherwise.
  Member operator[](std::size_t index) const;
  Iterator begin() const { return {this, 0}; }
  Iterator end() const { return {this, size_}; }

 private:
  friend class Json;
  explicit MemberList(Json object, std::size_t size) : object_(std::move(object)), size_(size) {}

  Json object_;
  std::size_t size_ = 0;
};

// Writes compact JSON text. Calls must nest properly (a bug otherwise). Text that is not UTF-8 is written with each
// bad byte as U+FFFD, so the output is always valid JSON. Control characters (C1 and DEL too), line separators and
// bidirectional controls are written as `\uNNNN`: JSON that is shown cannot deceive whoever looks at it.
class JsonWriter {
 public:
  JsonWriter& BeginObject();
  JsonWriter& EndObject();
  JsonWriter& BeginArray();
  JsonWriter& EndArray();
  JsonWriter& Key(std::string_view key);

  JsonWriter& String(std::string_view value);
  JsonWriter& Int(std::int64_t value);
  JsonWriter& Double(double value);
  JsonWriter& Bool(bool value);
  JsonWriter& Null();
  // `json` is JSON text already.
  JsonWriter& Raw(std::string_view json);

  // A member in one call.
  JsonWriter& Member(std::string_view key, std::string_view value) { return Key(key).String(value); }
  JsonWriter& Member(std::string_view key, const char* value) { return Key(key).String(value); }
  JsonWriter& Member(std::string_view key, std::int64_t value) { return Key(key).Int(value); }
  JsonWriter& Member(std::string_view key, int value) { return Key(key).Int(value); }
  JsonWriter& Member(std::string_view key, bool value) { return Key(key).Bool(value); }
  JsonWriter& Member(std::string_view key, const std::vector<std::string>& values);

  const std::string& text() const { return out_; }
  std::string Take() { return std::move(out_); }

 private:
  void Separate();

  std::string out_;
  bool need_comma_ = false;
};

// `text` as a JSON string, quotes included.
std::string JsonString(std::string_view text);

}  // namespace sallyport
