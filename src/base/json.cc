// SPDX-License-Identifier: Apache-2.0
#include "base/json.h"

#include <algorithm>
#include <boost/json.hpp>
#include <charconv>
#include <cmath>
#include <optional>

#include "base/text.h"

namespace sallyport {
namespace {

namespace bj = boost::json;

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

// A number beyond double's range, which the library reads as infinity. It could not be written as JSON and read again.
const bj::value* FindInfinity(const bj::value& from) {
  if (const double* number = from.if_double()) return std::isfinite(*number) ? nullptr : &from;
  const bj::value* found = nullptr;
  if (const bj::object* object = from.if_object()) {
    for (auto member = object->begin(); member != object->end() && found == nullptr; ++member) {
      found = FindInfinity(member->value());
    }
  }
  if (const bj::array* array = from.if_array()) {
    for (auto element = array->begin(); element != array->end() && found == nullptr; ++element) {
      found = FindInfinity(*element);
    }
  }
  return found;
}

Error TooLargeNumber(const bj::value& root, const bj::value* number) {
  std::string path;
  FindPath(root, number, path);
  return Error{ErrorCode::kInvalidInput,
               (path.empty() ? "the document" : path) + ": the number is too large (over 1e308)", ""};
}

std::optional<std::int64_t> WholeNumber(double number) {
  constexpr double kLimit = 9.0e18;
  if (!(number > -kLimit && number < kLimit) || std::floor(number) != number) return std::nullopt;
  return static_cast<std::int64_t>(number);
}

std::optional<std::int64_t> ReadInt64(const bj::value& value) {
  if (const auto* number = value.if_int64()) return *number;
  if (const auto* number = value.if_double()) return WholeNumber(*number);
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

struct Json::Document {
  bj::value root;
};

Result<Json> Json::ParseFirst(std::string_view bytes, std::size_t& position) {
  const std::size_t start = std::min(position, bytes.size());
  position = start;
  bj::stream_parser parser(bj::storage_ptr{}, Options());
  bj::error_code code;
  const std::size_t used = start + parser.write_some(bytes.data() + start, bytes.size() - start, code);
  if (code) return NotJson(bytes, used, code);
  if (!parser.done()) {
    parser.finish(code);
    if (code) return NotJson(bytes, bytes.size(), code);
  }
  const std::size_t next = bytes.find_first_not_of(" \t\r\n", used);
  position = next == std::string_view::npos ? bytes.size() : next;
  auto document = std::make_shared<Document>(Document{parser.release()});
  if (const bj::value* number = FindInfinity(document->root)) return TooLargeNumber(document->root, number);
  const void* root = &document->root;
  return Json(std::move(document), root, root);
}

Result<Json> Json::Parse(std::string_view bytes, std::size_t max_bytes) {
  if (bytes.size() > max_bytes) {
    return Error{ErrorCode::kTooLarge,
                 std::to_string(bytes.size()) + " bytes, over the bound of " + std::to_string(max_bytes), ""};
  }
  std::size_t end = 0;
  Result<Json> first = ParseFirst(bytes, end);
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

std::vector<Json> Json::Elements() const {
  std::vector<Json> elements;
  if (!IsArray()) return elements;
  for (const bj::value& element : AsValue(node_).get_array()) elements.push_back(Json(document_, &element, root_));
  return elements;
}

std::vector<Json::Member> Json::Members() const {
  std::vector<Member> members;
  if (!IsObject()) return members;
  for (const auto& member : AsValue(node_).get_object()) {
    members.push_back({std::string(member.key().data(), member.key().size()), Json(document_, &member.value(), root_)});
  }
  return members;
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
  if (node_ != nullptr) {
    if (const auto number = ReadInt64(AsValue(node_))) return *number;
  }
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
std::int64_t Json::Int64Or(std::int64_t fallback) const {
  return AsInt64().value_or(fallback);
}
double Json::DoubleOr(double fallback) const {
  return AsDouble().value_or(fallback);
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
  return node_ == nullptr ? "null" : bj::serialize(AsValue(node_));
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
  out_ += JsonString(key);
  out_ += ':';
  need_comma_ = false;
  return *this;
}

JsonWriter& JsonWriter::String(std::string_view value) {
  return Raw(JsonString(value));
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
  if (IsUtf8(text)) return bj::serialize(bj::string_view(text.data(), text.size()));
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
  return bj::serialize(bj::string_view(repaired.data(), repaired.size()));
}

}  // namespace sallyport
