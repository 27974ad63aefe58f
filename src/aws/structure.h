// SPDX-License-Identifier: Apache-2.0
//
// What a request or an answer consists of, as data: which member of a C++ structure has which name on the wire. One
// description serves all protocols, both ways; shape.h walks it, table.h makes it.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace sallyport::aws {

// Where in the HTTP message a member stands.
enum class Location {
  kBody,
  kPath,   // a `{Name}` of the URI
  kQuery,  // a parameter of the URI
  kHeader,
  kPayload,  // the member is the whole body, as it is
  kBucket,   // S3: the bucket
  kAccount,  // S3 Control: a header that also goes in front of the host
};

// How a member stands in its structure.
enum class Form {
  kPlain,
  kFlat,     // a list without an element around it: its elements stand side by side, each with the list's name. Reading
             // only
  kWhole,    // the text of the outermost element itself; under its name where the text is shown. XML only
  kRest,     // all members of the structure as they are, those that we do not know too. JSON only
  kMerged,   // a structure whose members stand among those of this one
  kEncoded,  // a text that is percent-encoded (RFC 3986; a plus is a plus) when it is read
};

// A C++ type. There is one constant for each (table.h).
struct Type {
  enum class Kind { kText, kInteger, kFraction, kFlag, kTime, kTree, kSecret, kStructure, kOptional, kList, kMap };
  Kind kind;
  // For std::optional, std::vector and std::map<std::string, T>, which all hold a number of elements:
  const Type* element = nullptr;
  std::size_t (*size)(const void* container) = nullptr;
  void* (*at)(void* container, std::size_t index) = nullptr;
  // A further element, as it is when it is made; a map's under `key`.
  void* (*add)(void* container, const std::string& key) = nullptr;
  const std::string& (*key)(const void* container, std::size_t index) = nullptr;  // map only
};

struct Structure;

// One member.
struct MemberRow {
  std::string_view name;
  const Type* type;
  void* (*member)(void* structure);
  const Structure* structure = nullptr;  // what it, or each of its elements, consists of
  Location location = Location::kBody;
  // On writing: an empty one is an error (kInvalidInput). On reading: an absent one is (kBadAnswer).
  bool required = false;
  Form form = Form::kPlain;
};

struct Structure {
  std::span<const MemberRow> rows{};
  // After reading, for what the wire says in two ways.
  void (*complete)(void* structure) = nullptr;
};

}  // namespace sallyport::aws
