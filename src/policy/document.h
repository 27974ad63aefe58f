// SPDX-License-Identifier: Apache-2.0
//
// A policy document as it is written, and reading and printing it. Nothing is interpreted here: what a statement means
// is compile.h's business.
//
// Reading is strict. A document with an unknown or repeated member, a value of the wrong type, or a statement that
// lacks a part is refused with the path to it ("Statement[2].Action: ..."), because an answer from half a policy would
// be a guess. Source: IAM User Guide, "Grammar of the IAM JSON policy language".
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace sallyport::policy {

enum class Version {
  k2008,  // "2008-10-17", also when the document has none: no policy variables
  k2012,  // "2012-10-17"
};

enum class Effect { kAllow, kDeny };

// Principal or NotPrincipal. `everyone` is the bare "*"; the lists are the members of the object form.
struct PrincipalElement {
  bool negated = false;
  bool everyone = false;
  std::vector<std::string> aws;
  std::vector<std::string> service;
  std::vector<std::string> federated;
  std::vector<std::string> canonical_user;

  bool operator==(const PrincipalElement&) const = default;
};

// Action, Resource and their Not forms.
struct PatternElement {
  bool negated = false;
  std::vector<std::string> patterns;

  bool operator==(const PatternElement&) const = default;
};

// One key under one operator. JSON booleans and numbers are kept as the text they have in JSON.
struct ConditionElement {
  std::string op;
  std::string key;
  std::vector<std::string> values;

  bool operator==(const ConditionElement&) const = default;
};

struct Statement {
  std::string sid;  // may be empty
  Effect effect = Effect::kDeny;
  std::optional<PrincipalElement> principal;
  PatternElement action;
  std::optional<PatternElement> resource;  // role trust policies have none
  std::vector<ConditionElement> conditions;

  bool operator==(const Statement&) const = default;
};

struct Document {
  std::optional<Version> version;  // as written
  std::string id;
  std::vector<Statement> statements;

  bool operator==(const Document&) const = default;
};

// Errors: kTooLarge over limits::kPolicyBytes; kInvalidInput with the place for anything else.
Result<Document> ParseDocument(std::string_view text);

// The document as JSON text that reads as the same document: every list is written as a list, condition values as
// strings.
std::string PrintDocument(const Document& document);
// One statement alone, for quoting it.
std::string PrintStatement(const Statement& statement);

}  // namespace sallyport::policy
