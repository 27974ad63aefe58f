// SPDX-License-Identifier: Apache-2.0
//
// Makes the tables of structure.h from pointers to members, so that a row of the wrong structure or of a type that no
// protocol has does not compile:
//
//   constexpr auto kTag = Table<Tag>({{"Key", Required<&Tag::key>}, {"Value", Field<&Tag::value>}});
//   constexpr auto kRole = Table<Role>({{"RoleName", Required<&Role::name>}, {"Tags", Field<&Role::tags, kTag>}});
//
// Types of members: std::string, std::int64_t, double, bool, TimePoint, Secret, Json (a subtree as it is), structures
// with a table, and std::optional, std::vector and std::map<std::string, T> of these.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "aws/operation.h"
#include "aws/structure.h"
#include "base/json.h"
#include "base/secret.h"
#include "base/time.h"

namespace sallyport::aws {

template <class T>
inline constexpr Type kType{Type::Kind::kStructure};
template <>
inline constexpr Type kType<std::string>{Type::Kind::kText};
template <>
inline constexpr Type kType<std::int64_t>{Type::Kind::kInteger};
template <>
inline constexpr Type kType<double>{Type::Kind::kFraction};
template <>
inline constexpr Type kType<bool>{Type::Kind::kFlag};
template <>
inline constexpr Type kType<TimePoint>{Type::Kind::kTime};
template <>
inline constexpr Type kType<Json>{Type::Kind::kTree};
template <>
inline constexpr Type kType<Secret>{Type::Kind::kSecret};
template <class T>
inline constexpr Type kType<std::optional<T>>{
    .kind = Type::Kind::kOptional,
    .element = &kType<T>,
    .size = [](const void* from) -> std::size_t {
      return static_cast<const std::optional<T>*>(from)->has_value() ? 1 : 0;
    },
    .at = [](void* from, std::size_t) -> void* { return &**static_cast<std::optional<T>*>(from); },
    .add = [](void* to, const std::string&) -> void* { return &static_cast<std::optional<T>*>(to)->emplace(); }};
template <class T>
inline constexpr Type kType<std::vector<T>>{
    .kind = Type::Kind::kList,
    .element = &kType<T>,
    .size = [](const void* from) { return static_cast<const std::vector<T>*>(from)->size(); },
    .at = [](void* from, std::size_t index) -> void* { return &(*static_cast<std::vector<T>*>(from))[index]; },
    .add = [](void* to, const std::string&) -> void* { return &static_cast<std::vector<T>*>(to)->emplace_back(); }};
template <class T>
inline constexpr Type kType<std::map<std::string, T>>{
    .kind = Type::Kind::kMap,
    .element = &kType<T>,
    .size = [](const void* from) { return static_cast<const std::map<std::string, T>*>(from)->size(); },
    .at = [](void* from, std::size_t index) -> void* {
      return &std::next(static_cast<std::map<std::string, T>*>(from)->begin(), static_cast<std::ptrdiff_t>(index))
                  ->second;
    },
    .add = [](void* to, const std::string& key) -> void* {
      return &(*static_cast<std::map<std::string, T>*>(to))[key];
    },
    .key = [](const void* from, std::size_t index) -> const std::string& {
      return std::next(static_cast<const std::map<std::string, T>*>(from)->begin(), static_cast<std::ptrdiff_t>(index))
          ->first;
    }};

// The rows of the structure S.
template <class S, std::size_t N>
struct TableOf {
  using Owner = S;
  std::array<MemberRow, N> rows;
  void (*complete)(void*) = nullptr;

  // Lives as long as this.
  constexpr Structure View() const { return {rows, complete}; }
};

// A member of S, without its name.
template <class S>
struct MemberOf {
  const Type* type;
  void* (*member)(void*);
  const Structure* structure = nullptr;
  bool required = false;
  Form form = Form::kPlain;
};

namespace table {

struct None {};
inline constexpr None kNone;

template <const auto& Of>
inline constexpr Structure kView = Of.View();

template <class T>
struct ElementOf {
  using type = T;
};
template <class T>
struct ElementOf<std::optional<T>> : ElementOf<T> {};
template <class T>
struct ElementOf<std::vector<T>> : ElementOf<T> {};
template <class T>
struct ElementOf<std::map<std::string, T>> : ElementOf<T> {};

template <auto Pointer, const auto& Of, class S, class T>
constexpr MemberOf<S> Make(T S::*, bool required, Form form) {
  using Element = typename ElementOf<T>::type;
  MemberOf<S> made{&kType<T>, [](void* structure) -> void* { return &(static_cast<S*>(structure)->*Pointer); }};
  made.required = required;
  made.form = form;
  if constexpr (std::is_same_v<std::remove_cvref_t<decltype(Of)>, None>) {
    static_assert(kType<Element>.kind != Type::Kind::kStructure,
                  "a member that is a structure needs that structure's table");
  } else {
    static_assert(std::is_same_v<Element, typename std::remove_cvref_t<decltype(Of)>::Owner>,
                  "the table of another type");
    made.structure = &kView<Of>;
  }
  return made;
}

template <const auto& Of>
constexpr auto MakeInside(bool required) {
  using S = typename std::remove_cvref_t<decltype(Of)>::Owner;
  return MemberOf<S>{&kType<S>, [](void* structure) { return structure; }, &kView<Of>, required};
}

}  // namespace table

// NOLINTBEGIN(readability-identifier-naming): tables are written with them as with functions
template <auto Pointer, const auto& Of = table::kNone>
inline constexpr auto Field = table::Make<Pointer, Of>(Pointer, false, Form::kPlain);
template <auto Pointer, const auto& Of = table::kNone>
inline constexpr auto Required = table::Make<Pointer, Of>(Pointer, true, Form::kPlain);
template <auto Pointer, const auto& Of = table::kNone>
inline constexpr auto Flat = table::Make<Pointer, Of>(Pointer, false, Form::kFlat);
template <auto Pointer, const auto& Of>
inline constexpr auto Merged = table::Make<Pointer, Of>(Pointer, false, Form::kMerged);
template <auto Pointer>
inline constexpr auto Whole = table::Make<Pointer, table::kNone>(Pointer, false, Form::kWhole);
template <auto Pointer>
inline constexpr auto Rest = table::Make<Pointer, table::kNone>(Pointer, false, Form::kRest);
template <auto Pointer>
inline constexpr auto Encoded = table::Make<Pointer, table::kNone>(Pointer, false, Form::kEncoded);
// A structure of the wire whose members are kept in the same C++ structure as what stands around it.
template <const auto& Of>
inline constexpr auto Inside = table::MakeInside<Of>(false);
template <const auto& Of>
inline constexpr auto RequiredInside = table::MakeInside<Of>(true);

template <class S>
struct Entry {
  std::string_view name;
  MemberOf<S> member;
  Location location = Location::kBody;
};

namespace table {

template <class S, std::size_t... I>
constexpr std::array<MemberRow, sizeof...(I)> Rows(const Entry<S>* entries, std::index_sequence<I...>) {
  return {MemberRow{entries[I].name, entries[I].member.type, entries[I].member.member, entries[I].member.structure,
                    entries[I].location, entries[I].member.required, entries[I].member.form}...};
}

}  // namespace table

template <class S, std::size_t N>
constexpr TableOf<S, N> Table(const Entry<S> (&entries)[N], void (*complete)(void*) = nullptr) {
  return {table::Rows<S>(entries, std::make_index_sequence<N>()), complete};
}
// Structures of the wire of which one member counts, in a list of texts.
constexpr TableOf<std::string, 1> Only(std::string_view name) {
  return {{MemberRow{name, &kType<std::string>, [](void* text) { return text; }, nullptr, Location::kBody, true}}};
}
using NoRows = TableOf<Nothing, 0>;
inline constexpr NoRows kNothing{};

// What `complete` is made of: Completed<&Normalize> calls Normalize(S&).
template <auto Function>
inline constexpr void (*Completed)(void*) = nullptr;
template <class S, void (*Function)(S&)>
inline constexpr void (*Completed<Function>)(void*) = [](void* structure) { Function(*static_cast<S*>(structure)); };
// NOLINTEND(readability-identifier-naming)

// The operation with what its request and answer consist of, and how its pages go on: see call.h. `request` is a table
// of Request, or kNothing; `answer` one of its Answer.
template <class Request, class In, class Out>
constexpr Operation Make(Operation facts, const In& request, const Out& answer) {
  using Answer = typename Request::Answer;
  static_assert(std::is_same_v<typename In::Owner, Request> || std::is_same_v<In, NoRows>,
                "the table of another request");
  static_assert(std::is_same_v<typename Out::Owner, Answer>, "the table of another answer");
  facts.request = request.View();
  facts.answer = answer.View();
  if constexpr (requires(Request & one) { one.page_token; }) {
    facts.page_token = [](void* one) { return &static_cast<Request*>(one)->page_token; };
    facts.next_page = [](void* one) { return &static_cast<Answer*>(one)->next_page; };
  }
  if constexpr (requires(Answer & one) { one.truncated; }) {
    facts.truncated = [](void* one) { return &static_cast<Answer*>(one)->truncated; };
  }
  if constexpr (requires(const Request& one) { one.IsGlobal(); }) {
    facts.is_global = [](const void* one) { return static_cast<const Request*>(one)->IsGlobal(); };
  }
  return facts;
}

}  // namespace sallyport::aws
