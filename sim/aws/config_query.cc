// SPDX-License-Identifier: Apache-2.0
#include "sim/aws/config_query.h"

#include <algorithm>

#include "base/text.h"

namespace sallyport::aws_sim {
namespace {

struct Token {
  std::string text;
  bool quoted = false;
};

bool IsWord(char c) {
  return c != ' ' && c != '\n' && c != '\t' && c != ',' && c != '(' && c != ')' && c != '=' && c != '\'';
}

Result<std::vector<Token>> Tokens(std::string_view text) {
  std::vector<Token> tokens;
  std::size_t i = 0;
  while (i < text.size()) {
    if (text[i] == ' ' || text[i] == '\n' || text[i] == '\t') {
      ++i;
    } else if (text[i] == '\'') {
      const auto end = text.find('\'', i + 1);
      if (end == std::string_view::npos) return Error{ErrorCode::kInvalidInput, "Syntax error: a quote is open", ""};
      tokens.push_back({std::string(text.substr(i + 1, end - i - 1)), true});
      i = end + 1;
    } else if (!IsWord(text[i])) {
      tokens.push_back({std::string(1, text[i++]), false});
    } else {
      const auto begin = i;
      while (i < text.size() && IsWord(text[i])) ++i;
      tokens.push_back({std::string(text.substr(begin, i - begin)), false});
    }
  }
  return tokens;
}

class Parser {
 public:
  explicit Parser(std::vector<Token> tokens) : tokens_(std::move(tokens)) {}

  Result<ConfigQuery> Read() {
    ConfigQuery query;
    if (!Take("SELECT")) return Bad("SELECT expected");
    do {
      if (AtEnd() || Peek().quoted) return Bad("a column expected");
      query.columns.push_back(Next());
    } while (Take(","));
    if (AtEnd()) return query;
    if (!Take("WHERE")) return Bad("WHERE expected");
    do {
      ConfigTest test;
      if (!ReadTest(test)) return Bad("field = 'value', LIKE or IN expected");
      query.tests.push_back(std::move(test));
    } while (Take("AND"));
    return AtEnd() ? Result<ConfigQuery>(query) : Bad("unexpected `" + Printable(Peek().text, 40) + "`");
  }

 private:
  static Error Bad(const std::string& what) { return {ErrorCode::kInvalidInput, "Syntax error: " + what, ""}; }
  bool AtEnd() const { return at_ == tokens_.size(); }
  const Token& Peek() const { return tokens_[at_]; }
  std::string Next() { return tokens_[at_++].text; }

  bool Take(std::string_view word) {
    if (AtEnd() || Peek().quoted || !EqualsIgnoreCase(Peek().text, word)) return false;
    ++at_;
    return true;
  }

  bool Value(std::vector<std::string>& values) {
    if (AtEnd() || !Peek().quoted) return false;
    values.push_back(Next());
    return true;
  }

  bool ReadTest(ConfigTest& test) {
    if (AtEnd() || Peek().quoted) return false;
    test.field = Next();
    if (Take("=")) return Value(test.values);
    test.like = Take("LIKE");
    if (test.like) return Value(test.values);
    if (!Take("IN") || !Take("(")) return false;
    do {
      if (!Value(test.values)) return false;
    } while (Take(","));
    return Take(")");
  }

  std::vector<Token> tokens_;
  std::size_t at_ = 0;
};

const json::value* At(const json::object& item, std::string_view path) {
  const json::object* from = &item;
  for (;;) {
    const auto dot = path.find('.');
    const json::value* value = from->if_contains(path.substr(0, dot));
    if (value == nullptr || dot == std::string_view::npos) return value;
    if (!value->is_object()) return nullptr;
    from = &value->get_object();
    path.remove_prefix(dot + 1);
  }
}

}  // namespace

Result<ConfigQuery> ReadConfigQuery(std::string_view text) {
  auto tokens = Tokens(text);
  if (!tokens) return tokens.error();
  return Parser(std::move(tokens).value()).Read();
}

bool QueryFits(const ConfigQuery& query, const json::object& item) {
  return std::all_of(query.tests.begin(), query.tests.end(), [&](const ConfigTest& test) {
    const json::value* value = At(item, test.field);
    if (value == nullptr || value->is_null()) return false;
    const std::string text = value->is_string() ? std::string(value->get_string()) : json::serialize(*value);
    return std::any_of(test.values.begin(), test.values.end(), [&](std::string wanted) {
      if (!test.like) return wanted == text;
      std::replace(wanted.begin(), wanted.end(), '%', '*');
      return WildcardMatch(wanted, text);
    });
  });
}

json::object QueryColumns(const ConfigQuery& query, const json::object& item) {
  json::object row;
  for (const std::string& column : query.columns) {
    const json::value* value = At(item, column);
    if (value == nullptr) continue;
    json::object* at = &row;
    std::string_view path = column;
    for (auto dot = path.find('.'); dot != std::string_view::npos; dot = path.find('.')) {
      json::value& next = (*at)[path.substr(0, dot)];
      if (!next.is_object()) next = json::object();
      at = &next.get_object();
      path.remove_prefix(dot + 1);
    }
    (*at)[path] = *value;
  }
  return row;
}

}  // namespace sallyport::aws_sim
