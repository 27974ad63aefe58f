// SPDX-License-Identifier: Apache-2.0
#include "base/json.h"

#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <boost/json/basic_parser_impl.hpp>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <optional>
#include <set>

#include "base/text.h"

namespace sallyport {
namespace {

namespace bj = boost::json;

constexpr std::size_t kShownName = 100;
// Any document may have as many.
constexpr std::size_t kFewValues = 100'000;

const bj::value& AsValue(const void* node) {
  return *static_cast<const bj::value*>(node);
}

bj::parse_options Options() {
  bj::parse_options options;
  options.max_depth = bounds::kJsonDepth;
  return options;
}

std::string Position(std::string_view bytes, std::size_t offset) {
  const std::string_view before = bytes.substr(0, std::min(offset, bytes.size()));
  const auto line = std::count(before.begin(), before.end(), '\n') + 1;
  const std::size_t line_start = before.rfind('\n') == std::string_view::npos ? 0 : before.rfind('\n') + 1;
  return "line " + std::to_string(line) + ", column " + std::to_string(before.size() - line_start + 1);
}

std::string Explain(const bj::error_code& code) {
  if (code == bj::error::too_deep) return "nested deeper than " + std::to_string(bounds::kJsonDepth) + " levels";
  if (code == bj::error::incomplete) return "the text ends in the middle of a value";
  return code.message();
}

Error NotJson(std::string_view bytes, std::size_t offset, const bj::error_code& code) {
  return Error{ErrorCode::kInvalidInput, "not valid JSON at " + Position(bytes, offset) + ": " + Explain(code), ""};
}

// The path from `from` down to the value at address `wanted`, put in front of `path`. Only errors need a path, so it is
// searched for then and not carried along before. Depth is bounded by the parser.
bool FindPath(const bj::value& from, const void* wanted, std::string& path) {
  if (&from == wanted) return true;
  const auto put_in_front = [&path](const std::string& step) {
    if (!path.empty() && path.front() != '[') path.insert(0, ".");
    path.insert(0, step);
  };
  if (const bj::object* object = from.if_object()) {
    for (const auto& member : *object) {
      if (!FindPath(member.value(), wanted, path)) continue;
      put_in_front(Printable(std::string_view(member.key().data(), member.key().size()), 100));
      return true;
    }
  }
  if (const bj::array* array = from.if_array()) {
    for (std::size_t i = 0; i < array->size(); ++i) {
      if (!FindPath((*array)[i], wanted, path)) continue;
      put_in_front("[" + std::to_string(i) + "]");
      return true;
    }
  }
  return false;
}

// Makes the value out of what the library's parser reads, and counts the members that the text has: the value has fewer
// of them when an object has a name twice, because the library keeps the last one only.
class Builder {
 public:
  // NOLINTBEGIN(readability-identifier-naming): the library's names
  static constexpr std::size_t max_object_size = bj::object::max_size();
  static constexpr std::size_t max_array_size = bj::array::max_size();
  static constexpr std::size_t max_key_size = bj::string::max_size();
  static constexpr std::size_t max_string_size = bj::string::max_size();
  // NOLINTEND(readability-identifier-naming)

  explicit Builder(bj::storage_ptr storage) : stack_(std::move(storage)) {}

  // More values than that end the reading.
  void LimitTo(std::size_t values) { most_ = values; }
  bj::value Release() { return stack_.release(); }
  std::size_t members() const { return members_; }
  bool overflowed() const { return values_ > most_; }

  bool on_document_begin(bj::error_code&) {
    stack_.reset();
    return true;
  }
  bool on_document_end(bj::error_code&) { return true; }
  bool on_object_begin(bj::error_code& code) { return Counts(code); }
  bool on_object_end(std::size_t count, bj::error_code&) {
    members_ += count;
    stack_.push_object(count);
    return true;
  }
  bool on_array_begin(bj::error_code& code) { return Counts(code); }
  bool on_array_end(std::size_t count, bj::error_code&) {
    stack_.push_array(count);
    return true;
  }
  bool on_key_part(bj::string_view part, std::size_t, bj::error_code&) { return Chars(part); }
  bool on_key(bj::string_view last, std::size_t, bj::error_code&) {
    stack_.push_key(last);
    return true;
  }
  bool on_string_part(bj::string_view part, std::size_t, bj::error_code&) { return Chars(part); }
  bool on_string(bj::string_view last, std::size_t, bj::error_code& code) {
    stack_.push_string(last);
    return Counts(code);
  }
  bool on_number_part(bj::string_view, bj::error_code&) { return true; }
  bool on_int64(std::int64_t number, bj::string_view, bj::error_code& code) {
    stack_.push_int64(number);
    return Counts(code);
  }
  bool on_uint64(std::uint64_t number, bj::string_view, bj::error_code& code) {
    stack_.push_uint64(number);
    return Counts(code);
  }
  bool on_double(double number, bj::string_view, bj::error_code& code) {
    stack_.push_double(number);
    return Counts(code);
  }
  bool on_bool(bool flag, bj::error_code& code) {
    stack_.push_bool(flag);
    return Counts(code);
  }
  bool on_null(bj::error_code& code) {
    stack_.push_null();
    return Counts(code);
  }
  bool on_comment_part(bj::string_view, bj::error_code&) { return true; }
  bool on_comment(bj::string_view, bj::error_code&) { return true; }

 private:
  bool Chars(bj::string_view part) {
    stack_.push_chars(part);
    return true;
  }

  bool Counts(bj::error_code& code) {
    ++values_;
    if (!overflowed()) return true;
    code = bj::error::array_too_large;
    return false;
  }

  bj::value_stack stack_;
  std::size_t members_ = 0;
  std::size_t values_ = 0;
  std::size_t most_ = 0;
};

// What one walk over a value finds.
struct Survey {
  std::size_t members = 0;  // of all objects together
  // A number beyond double's range, which the library reads as infinity. It could not be written as JSON and read
  // again.
  const bj::value* infinity = nullptr;

  void Look(const bj::value& at) {
    if (const double* number = at.if_double(); number != nullptr && infinity == nullptr && !std::isfinite(*number)) {
      infinity = &at;
    }
    if (const bj::object* object = at.if_object()) {
      members += object->size();
      for (const auto& member : *object) Look(member.value());
    }
    if (const bj::array* array = at.if_array()) {
      for (const bj::value& element : *array) Look(element);
    }
  }
};

// Where in a document an object has a name for the second time. `text` starts with a valid document, which has one.
class RepeatedName {
 public:
  explicit RepeatedName(std::string_view text) : text_(text) {
    std::size_t i = 0;
    while (i < text_.size() && !found_) {
      const char c = text_[i];
      if (c == '"') {
        i = TakeString(i);
        continue;
      }
      if (c == '{') objects_.emplace_back();
      if (c == '}') objects_.pop_back();
      ++i;
    }
  }

  std::size_t offset() const { return offset_; }
  const std::string& name() const { return name_; }

 private:
  // Behind the string that starts at `start`.
  std::size_t TakeString(std::size_t start) {
    std::size_t end = start + 1;
    while (text_[end] != '"') end += text_[end] == '\\' ? 2 : 1;
    ++end;
    const std::size_t next = text_.find_first_not_of(" \t\r\n", end);
    const bool is_name = next != std::string_view::npos && text_[next] == ':';
    if (!is_name) return end;
    const bj::value parsed = bj::parse(bj::string_view(text_.data() + start, end - start));
    name_.assign(parsed.get_string().data(), parsed.get_string().size());
    found_ = !objects_.back().insert(name_).second;
    if (found_) offset_ = start;
    return end;
  }

  std::string_view text_;
  std::vector<std::set<std::string>> objects_;
  bool found_ = false;
  std::size_t offset_ = 0;
  std::string name_;
};

// Which of the two counts is anybody's guess, and two readers of one text may guess differently.
Error NameTwice(std::string_view bytes, std::size_t start) {
  const RepeatedName repeated(bytes.substr(start));
  return Error{ErrorCode::kInvalidInput,
               "not usable JSON at " + Position(bytes, start + repeated.offset()) + ": an object has the member `" +
                   Printable(repeated.name(), kShownName) + "` twice",
               ""};
}

Error TooLargeNumber(const bj::value& root, const bj::value* number) {
  std::string path;
  FindPath(root, number, path);
  return Error{ErrorCode::kInvalidInput,
               (path.empty() ? "the document" : path) + ": the number is too large (over 1e308)", ""};
}

// JSON text of the library's. Beyond what JSON asks for, what could deceive a reader is escaped too (text.h): outside
// of strings there is none of it.
std::string Harmless(std::string json) {
  if (!HasDeceptive(json)) return json;
  std::string escaped;
  for (std::string_view rest = json; !rest.empty();) {
    const CodePoint next = FirstCodePoint(rest);
    if (IsDeceptive(next.value)) {
      std::array<char, 8> hex{};
      std::snprintf(hex.data(), hex.size(), "\\u%04x", static_cast<unsigned>(next.value));
      escaped += hex.data();
    } else {
      escaped += rest.substr(0, next.length);
    }
    rest.remove_prefix(next.length);
  }
  return escaped;
}

constexpr std::uint64_t InEachByte(unsigned char byte) {
  return ~std::uint64_t{0} / 0xFF * byte;
}

// Whether one of eight bytes is a quote, a backslash, below ' ' or above '~': the high bit of a byte answers for it.
bool AnyIsWrittenOtherwise(std::uint64_t bytes) {
  const auto is_zero = [](std::uint64_t of) { return (of - InEachByte(1)) & ~of; };
  const std::uint64_t quote = is_zero(bytes ^ InEachByte('"'));
  const std::uint64_t backslash = is_zero(bytes ^ InEachByte('\\'));
  const std::uint64_t below = (bytes - InEachByte(' ')) & ~bytes;
  const std::uint64_t above = (bytes + InEachByte(1)) | bytes;
  return ((quote | backslash | below | above) & InEachByte(0x80)) != 0;
}

// Nearly all texts: nothing in it is written in another way between quotes.
bool IsWrittenAsItIs(std::string_view text) {
  std::uint64_t bytes = 0;
  for (; text.size() >= sizeof bytes; text.remove_prefix(sizeof bytes)) {
    std::memcpy(&bytes, text.data(), sizeof bytes);
    if (AnyIsWrittenOtherwise(bytes)) return false;
  }
  bytes = InEachByte(' ');
  if (!text.empty()) std::memcpy(&bytes, text.data(), text.size());
  return !AnyIsWrittenOtherwise(bytes);
}

void AppendJsonString(std::string& out, std::string_view text) {
  if (!IsWrittenAsItIs(text)) {
    out += JsonString(text);
    return;
  }
  out += '"';
  out += text;
  out += '"';
}

std::optional<std::int64_t> WholeOf(double number) {
  constexpr double kLimit = 9.0e18;
  if (!(number > -kLimit && number < kLimit) || std::floor(number) != number) return std::nullopt;
  return static_cast<std::int64_t>(number);
}

std::optional<std::int64_t> ReadInt64(const bj::value& value) {
  if (const auto* number = value.if_int64()) return *number;
  if (const auto* number = value.if_double()) return WholeOf(*number);
  if (const auto* text = value.if_string()) {
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), number);
    if (error == std::errc{} && end == text->data() + text->size()) return number;
  }
  return std::nullopt;
}

std::optional<double> ReadDouble(const bj::value& value) {
  if (const auto* number = value.if_double()) return *number;
  if (const auto* number = value.if_int64()) return static_cast<double>(*number);
  if (const auto* number = value.if_uint64()) return static_cast<double>(*number);
  return std::nullopt;
}

}  // namespace

// The values of a small document, which are nearly all, are put side by side in blocks and freed with them; one by one
// they take three times as long. Of a large one the last block could be half empty.
struct Json::Document {
  static constexpr std::size_t kSmallBytes = std::size_t{128} << 10U;

  explicit Document(std::size_t bytes) : values(bytes), storage(bytes <= kSmallBytes ? &values : bj::storage_ptr()) {}

  bj::monotonic_resource values;  // takes memory when it is first used
  bj::storage_ptr storage;
  std::optional<bj::value> root;
};

Result<Json> Json::ParseFirst(std::string_view bytes, std::size_t& position, std::size_t max_bytes) {
  const std::size_t start = std::min(position, bytes.size());
  return ParseAt(bytes, start, position, std::min(max_bytes, bytes.size() - start) / bounds::kBytesPerJsonValue);
}

Result<Json> Json::ParseAt(std::string_view bytes, std::size_t start, std::size_t& position, std::size_t values) {
  const std::size_t most_values = std::max(values, kFewValues);
  position = start;
  auto document = std::make_shared<Document>(bytes.size() - start);
  bj::basic_parser<Builder> parser(Options(), document->storage);
  parser.handler().LimitTo(most_values);
  bj::error_code code;
  const std::size_t used = start + parser.write_some(true, bytes.data() + start, bytes.size() - start, code);
  if (parser.handler().overflowed()) {
    return Error{ErrorCode::kTooLarge,
                 "at " + Position(bytes, used) + ": over the bound of " + std::to_string(most_values) + " values", ""};
  }
  if (code) return NotJson(bytes, used, code);
  if (!parser.done()) {
    parser.write_some(false, nullptr, 0, code);
    if (code) return NotJson(bytes, bytes.size(), code);
  }
  const std::size_t next = bytes.find_first_not_of(" \t\r\n", used);
  position = next == std::string_view::npos ? bytes.size() : next;
  document->root.emplace(parser.handler().Release());
  Survey survey;
  survey.Look(*document->root);
  if (survey.members != parser.handler().members()) return NameTwice(bytes, start);
  if (survey.infinity != nullptr) return TooLargeNumber(*document->root, survey.infinity);
  const void* root = &*document->root;
  return Json(std::move(document), root, root);
}

Result<Json> Json::Parse(std::string_view bytes, std::size_t max_bytes) {
  if (bytes.size() > max_bytes) {
    return Error{ErrorCode::kTooLarge,
                 std::to_string(bytes.size()) + " bytes, over the bound of " + std::to_string(max_bytes), ""};
  }
  std::size_t end = 0;
  Result<Json> first = ParseAt(bytes, 0, end, max_bytes / bounds::kBytesPerJsonValue);
  if (first.ok() && end != bytes.size()) {
    return Error{ErrorCode::kInvalidInput,
                 "not valid JSON at " + Position(bytes, end) + ": more text after the end of the value", ""};
  }
  return first;
}

bool Json::IsNull() const {
  return node_ != nullptr && AsValue(node_).is_null();
}
bool Json::IsObject() const {
  return node_ != nullptr && AsValue(node_).is_object();
}
bool Json::IsArray() const {
  return node_ != nullptr && AsValue(node_).is_array();
}
bool Json::IsString() const {
  return node_ != nullptr && AsValue(node_).is_string();
}
bool Json::IsNumber() const {
  return node_ != nullptr && AsValue(node_).is_number();
}
bool Json::IsBool() const {
  return node_ != nullptr && AsValue(node_).is_bool();
}

Json Json::operator[](std::string_view key) const {
  if (IsObject()) {
    if (const bj::value* member = AsValue(node_).get_object().if_contains(bj::string_view(key.data(), key.size()))) {
      return Json(document_, member, root_);
    }
  }
  Json missing(document_, nullptr, root_);
  missing.lacking_ = node_ != nullptr ? node_ : lacking_;
  missing.missing_keys_ = missing_keys_.empty() ? std::string(key) : missing_keys_ + "." + std::string(key);
  return missing;
}

Json::List Json::Elements() const {
  return IsArray() ? List(*this, AsValue(node_).get_array().size()) : List();
}

Json Json::List::operator[](std::size_t index) const {
  Check(index < size_, "an element behind the end of a list");
  return Json(array_.document_, &AsValue(array_.node_).get_array()[index], array_.root_);
}

Json::MemberList Json::Members() const {
  return IsObject() ? MemberList(*this, AsValue(node_).get_object().size()) : MemberList();
}

Json::Member Json::MemberList::operator[](std::size_t index) const {
  Check(index < size_, "a member behind the end of an object");
  const auto& member = *(AsValue(object_.node_).get_object().begin() + static_cast<std::ptrdiff_t>(index));
  return {std::string(member.key().data(), member.key().size()),
          Json(object_.document_, &member.value(), object_.root_)};
}

Error Json::WrongType(std::string_view expected) const {
  const std::string path = Path();
  return Error{ErrorCode::kInvalidInput,
               (path.empty() ? "the document" : path) + ": expected " + std::string(expected) + ", found " +
                   std::string(TypeName()),
               ""};
}

Result<std::string> Json::AsString() const {
  if (!IsString()) return WrongType("a string");
  const bj::string& text = AsValue(node_).get_string();
  return std::string(text.data(), text.size());
}

Result<std::int64_t> Json::AsInt64() const {
  if (const auto number = WholeNumber()) return *number;
  return WrongType("a whole number");
}

Result<double> Json::AsDouble() const {
  if (node_ != nullptr) {
    if (const auto number = ReadDouble(AsValue(node_))) return *number;
  }
  return WrongType("a number");
}

Result<bool> Json::AsBool() const {
  if (!IsBool()) return WrongType("true or false");
  return AsValue(node_).get_bool();
}

std::string Json::StringOr(std::string_view fallback) const {
  if (!IsString()) return std::string(fallback);
  const bj::string& text = AsValue(node_).get_string();
  return std::string(text.data(), text.size());
}
std::optional<std::int64_t> Json::WholeNumber() const {
  return node_ == nullptr ? std::nullopt : ReadInt64(AsValue(node_));
}
// Without an error, whose path would cost a search.
std::int64_t Json::Int64Or(std::int64_t fallback) const {
  return WholeNumber().value_or(fallback);
}
double Json::DoubleOr(double fallback) const {
  return node_ == nullptr ? fallback : ReadDouble(AsValue(node_)).value_or(fallback);
}
bool Json::BoolOr(bool fallback) const {
  return IsBool() ? AsValue(node_).get_bool() : fallback;
}

std::string Json::Path() const {
  std::string path;
  const void* wanted = node_ != nullptr ? node_ : lacking_;
  if (wanted != nullptr) FindPath(AsValue(root_), wanted, path);
  if (!path.empty() && !missing_keys_.empty()) path += '.';
  return path + missing_keys_;
}

Json Json::AsDocument() const {
  return node_ == nullptr ? *this : Json(document_, node_, node_);
}

std::string_view Json::TypeName() const {
  if (IsMissing()) return "nothing";
  if (IsNull()) return "null";
  if (IsObject()) return "an object";
  if (IsArray()) return "an array";
  if (IsString()) return "a string";
  if (IsNumber()) return "a number";
  return "true or false";
}

std::string Json::ToText() const {
  return node_ == nullptr ? "null" : Harmless(bj::serialize(AsValue(node_)));
}

void JsonWriter::Separate() {
  if (need_comma_) out_ += ',';
  need_comma_ = true;
}

JsonWriter& JsonWriter::BeginObject() {
  Separate();
  out_ += '{';
  need_comma_ = false;
  return *this;
}

JsonWriter& JsonWriter::EndObject() {
  out_ += '}';
  need_comma_ = true;
  return *this;
}

JsonWriter& JsonWriter::BeginArray() {
  Separate();
  out_ += '[';
  need_comma_ = false;
  return *this;
}

JsonWriter& JsonWriter::EndArray() {
  out_ += ']';
  need_comma_ = true;
  return *this;
}

JsonWriter& JsonWriter::Key(std::string_view key) {
  Separate();
  AppendJsonString(out_, key);
  out_ += ':';
  need_comma_ = false;
  return *this;
}

JsonWriter& JsonWriter::String(std::string_view value) {
  Separate();
  AppendJsonString(out_, value);
  return *this;
}
JsonWriter& JsonWriter::Int(std::int64_t value) {
  return Raw(std::to_string(value));
}
JsonWriter& JsonWriter::Double(double value) {
  return Raw(std::isfinite(value) ? bj::serialize(bj::value(value)) : "null");
}
JsonWriter& JsonWriter::Bool(bool value) {
  return Raw(value ? "true" : "false");
}
JsonWriter& JsonWriter::Null() {
  return Raw("null");
}

JsonWriter& JsonWriter::Raw(std::string_view json) {
  Separate();
  out_ += json;
  return *this;
}

JsonWriter& JsonWriter::Member(std::string_view key, const std::vector<std::string>& values) {
  Key(key).BeginArray();
  for (const std::string& value : values) String(value);
  return EndArray();
}

std::string JsonString(std::string_view text) {
  if (IsWrittenAsItIs(text)) {
    std::string quoted;
    quoted.reserve(text.size() + 2);
    return quoted.append(1, '"').append(text).append(1, '"');
  }
  if (IsUtf8(text)) return Harmless(bj::serialize(bj::string_view(text.data(), text.size())));
  std::string repaired;
  for (std::size_t i = 0; i < text.size(); ++i) {
    // A well-formed sequence starting here is at most 4 bytes; the longest one that is well-formed is kept.
    std::size_t length = std::min<std::size_t>(4, text.size() - i);
    while (length > 0 && !(IsUtf8(text.substr(i, length)) && (length == 1 || !IsUtf8(text.substr(i, 1))))) --length;
    if (length == 0) {
      repaired += "\xEF\xBF\xBD";
    } else {
      repaired += text.substr(i, length);
      i += length - 1;
    }
  }
  return Harmless(bj::serialize(bj::string_view(repaired.data(), repaired.size())));
}

}  // namespace sallyport
