// SPDX-License-Identifier: Apache-2.0
#include "aws/shape.h"

#include <charconv>

#include "aws/bounds.h"
#include "aws/uri.h"
#include "base/check.h"
#include "base/text.h"

namespace sallyport::aws {
namespace {

Error NoPlace(std::string_view name) {
  return Error{ErrorCode::kInternal, "`" + std::string(name) + "` has no place in this protocol", ""};
}

bool IsEmpty(const Type& type, const void* place) {
  switch (type.kind) {
    case Type::Kind::kText:
      return static_cast<const std::string*>(place)->empty();
    case Type::Kind::kSecret:
      return static_cast<const Secret*>(place)->empty();
    case Type::Kind::kTree:
      return static_cast<const Json*>(place)->IsMissing();
    case Type::Kind::kOptional:
    case Type::Kind::kList:
    case Type::Kind::kMap:
      return type.size(place) == 0;
    default:
      return false;
  }
}

std::string ToText(const Type& type, void* place) {
  if (type.kind == Type::Kind::kOptional) return ToText(*type.element, type.at(place, 0));
  if (type.kind == Type::Kind::kInteger) return std::to_string(*static_cast<const std::int64_t*>(place));
  Check(type.kind == Type::Kind::kText, "a member of this type cannot stand outside the body");
  return *static_cast<const std::string*>(place);
}

}  // namespace

std::optional<std::string> Shape::Located(std::string_view, Location) {
  return std::nullopt;
}

void Shape::PutLocated(std::string_view name, Location, std::string&&) {
  Fail(NoPlace(name));
}

std::size_t Shape::BeginFlatList(std::string_view name) {
  Fail(NoPlace(name));
  return 0;
}

void Shape::Rest(Json&) {
  Fail(NoPlace("..."));
}

void Shape::Walk(const Structure& structure, void* place) {
  BeginStructure();
  Members(structure, place);
  EndStructure();
}

void Shape::Members(const Structure& structure, void* place) {
  for (const MemberRow& row : structure.rows) {
    if (!status_.ok()) return;
    Member(row, row.member(place));
  }
  if (Reads() && structure.complete != nullptr) structure.complete(place);
}

void Shape::Member(const MemberRow& row, void* place) {
  switch (row.form) {
    case Form::kMerged:
      return Members(*row.structure, place);
    case Form::kRest:
      return Rest(*static_cast<Json*>(place));
    case Form::kFlat:
      Items(BeginFlatList(row.name), *row.type, row.structure, place);
      return EndList();
    case Form::kWhole:
      if (Reads() && KnowsPlaces()) return Scalar(row.type->kind, place);
      return PlainMember(row, place);
    default:
      return PlainMember(row, place);
  }
}

void Shape::PlainMember(const MemberRow& row, void* place) {
  if (!Reads() && IsEmpty(*row.type, place)) {
    if (row.required) Fail(Missing(row.name));
    return;
  }
  if (row.location != Location::kBody && KnowsPlaces()) return LocatedMember(row, place);
  if (!Enter(row.name)) {
    if (row.required) Fail(Missing(row.name));
    return;
  }
  Visit(*row.type, row.structure, place);
  Leave();
  if (row.form != Form::kEncoded || !Reads()) return;
  auto& text = *static_cast<std::string*>(place);
  if (auto decoded = PercentDecode(text)) text = *std::move(decoded);
}

void Shape::LocatedMember(const MemberRow& row, void* place) {
  if (!Reads()) {
    PutLocated(row.name, row.location, ToText(*row.type, place));
  } else if (const auto text = Located(row.name, row.location)) {
    FromText(*text, *row.type, place);
  } else if (row.required) {
    Fail(Missing(row.name));
  }
}

void Shape::FromText(const std::string& text, const Type& type, void* place) {
  if (type.kind == Type::Kind::kOptional) return FromText(text, *type.element, type.add(place, ""));
  if (type.kind != Type::Kind::kInteger) {
    Check(type.kind == Type::Kind::kText, "a member of this type cannot stand outside the body");
    *static_cast<std::string*>(place) = text;
    return;
  }
  auto& number = *static_cast<std::int64_t*>(place);
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error == std::errc{} && end == text.data() + text.size()) return;
  Fail(
      Error{ErrorCode::kBadAnswer, "expected a whole number, found `" + Printable(text, bounds::kShownName) + "`", ""});
}

void Shape::Visit(const Type& type, const Structure* structure, void* place) {
  switch (type.kind) {
    case Type::Kind::kOptional:
      return Visit(*type.element, structure, Reads() ? type.add(place, "") : type.at(place, 0));
    case Type::Kind::kList:
      Items(BeginList(type.size(place)), type, structure, place);
      return EndList();
    case Type::Kind::kMap:
      return Entries(type, structure, place);
    default:
      if (structure != nullptr) return Walk(*structure, place);
      return Scalar(type.kind, place);
  }
}

void Shape::Scalar(Type::Kind kind, void* place) {
  switch (kind) {
    case Type::Kind::kText:
      return Value(*static_cast<std::string*>(place));
    case Type::Kind::kInteger:
      return Value(*static_cast<std::int64_t*>(place));
    case Type::Kind::kFraction:
      return Value(*static_cast<double*>(place));
    case Type::Kind::kFlag:
      return Value(*static_cast<bool*>(place));
    case Type::Kind::kTime:
      return Value(*static_cast<TimePoint*>(place));
    case Type::Kind::kTree:
      return Value(*static_cast<Json*>(place));
    case Type::Kind::kSecret:
      return Value(*static_cast<Secret*>(place));
    default:
      Check(false, "a member of this type has no value of its own");
  }
}

void Shape::Items(std::size_t size, const Type& list, const Structure* structure, void* place) {
  if (!Reads()) size = list.size(place);
  for (std::size_t i = 0; i < size && status_.ok(); ++i) {
    EnterItem(i);
    Visit(*list.element, structure, Reads() ? list.add(place, "") : list.at(place, i));
    Leave();
  }
}

void Shape::Entries(const Type& map, const Structure* structure, void* place) {
  std::vector<std::string> keys = BeginMap(map.size(place));
  for (std::size_t i = 0; !Reads() && i < map.size(place); ++i) keys.push_back(map.key(place, i));
  for (std::size_t i = 0; i < keys.size() && status_.ok(); ++i) {
    EnterEntry(i, keys[i]);
    Visit(*map.element, structure, map.add(place, keys[i]));
    Leave();
  }
  EndMap();
}

}  // namespace sallyport::aws
