// SPDX-License-Identifier: Apache-2.0
#include "tests/policy/reference.h"

#include <arpa/inet.h>

#include <cstdlib>
#include <ctime>
#include <optional>
#include <vector>

namespace sallyport::policy {
namespace {

enum class Answer3 { kNo, kYes, kOpen };  // kOpen: the documentation does not say

std::string Lower(std::string text) {
  for (char& c : text) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return text;
}

// Code points above U+10FFFF stand for wildcards that came from the policy, so that the text filled in for a variable
// keeps its stars.
constexpr char32_t kStar = 0x110000;
constexpr char32_t kOne = 0x110001;

std::u32string Points(const std::string& text) {
  std::u32string points;
  for (std::size_t i = 0; i < text.size();) {
    const auto byte = static_cast<unsigned char>(text[i]);
    int more = byte >= 0xF0 ? 3 : byte >= 0xE0 ? 2 : byte >= 0xC0 ? 1 : 0;
    char32_t point = more == 0 ? byte : byte & (0x3F >> more);
    ++i;
    for (; more > 0; --more, ++i) point = point * 64 + (static_cast<unsigned char>(text[i]) & 0x3F);
    points += point;
  }
  return points;
}

std::u32string Wild(std::u32string points) {
  for (char32_t& point : points) point = point == U'*' ? kStar : point == U'?' ? kOne : point;
  return points;
}

std::vector<std::u32string> SplitColons(const std::u32string& text, std::size_t parts) {
  std::vector<std::u32string> split = {U""};
  for (const char32_t point : text) {
    if (point == U':' && split.size() < parts) {
      split.emplace_back();
    } else {
      split.back() += point;
    }
  }
  return split;
}

struct Evaluation {
  const World& world;

  const WorldValue* Find(const std::string& key) const {
    const auto found = world.context.find(Lower(key));
    return found == world.context.end() ? nullptr : &found->second;
  }

  // The pattern with variables filled in; nothing when one has no value.
  std::optional<std::u32string> Fill(const std::string& text, bool variables, bool wildcards) const {
    const auto plain = [wildcards](const std::string& part) { return wildcards ? Wild(Points(part)) : Points(part); };
    std::u32string filled;
    std::string rest = text;
    while (variables && rest.find("${") != std::string::npos && rest.find('}', rest.find("${")) != std::string::npos) {
      const std::size_t open = rest.find("${");
      const std::size_t close = rest.find('}', open);
      filled += plain(rest.substr(0, open));
      std::string name = rest.substr(open + 2, close - open - 2);
      rest = rest.substr(close + 1);
      if (name == "*" || name == "?" || name == "$") {
        filled += Points(name);
        continue;
      }
      std::optional<std::string> fallback;
      if (const std::size_t comma = name.find(','); comma != std::string::npos) {
        const std::size_t first = name.find('\'');
        fallback = name.substr(first + 1, name.rfind('\'') - first - 1);
        name = name.substr(0, comma);
      }
      const WorldValue* value = Find(name);
      if (value != nullptr && !value->several) {
        filled += Points(value->values[0]);
      } else if (value == nullptr && fallback) {
        filled += Points(*fallback);
      } else {
        return std::nullopt;
      }
    }
    return filled + plain(rest);
  }

  bool ActionListed(const Statement& statement) const {
    for (const std::string& pattern : statement.action.patterns) {
      if (ReferenceGlob(Wild(Points(Lower(pattern))), Points(Lower(world.action)))) return true;
    }
    return false;
  }

  Answer3 ResourceMatches(const std::string& pattern, bool closed, bool variables) const {
    if (pattern == "*") return Answer3::kYes;
    const auto wanted = SplitColons(Points(world.resource), 6);
    if (wanted.size() < 6 || wanted[0] != U"arn") return Answer3::kNo;
    std::vector<std::string> parts = {""};
    int braces = 0;
    for (std::size_t i = 0; i < pattern.size(); ++i) {
      if (pattern[i] == '$' && i + 1 < pattern.size() && pattern[i + 1] == '{') ++braces;
      if (pattern[i] == '}' && braces > 0) --braces;
      if (pattern[i] == ':' && braces == 0 && parts.size() < 6) {
        parts.emplace_back();
      } else {
        parts.back() += pattern[i];
      }
    }
    if (parts.size() < 6 && closed && pattern.find('*') == std::string::npos) return Answer3::kNo;
    if (parts.size() > 2 && parts[2].find_first_of("*?") != std::string::npos) return Answer3::kNo;
    while (parts.size() < 6) parts.emplace_back("*");
    for (std::size_t i = 0; i < 5; ++i) {
      if (!ReferenceGlob(Wild(Points(parts[i])), wanted[i])) return Answer3::kNo;
    }
    const auto last = Fill(parts[5], variables, true);
    if (!last) return Answer3::kOpen;
    return ReferenceGlob(*last, wanted[5]) ? Answer3::kYes : Answer3::kNo;
  }

  Answer3 ResourceApplies(const Statement& statement, bool closed, bool variables) const {
    bool open = false;
    for (const std::string& pattern : statement.resource->patterns) {
      const Answer3 answer = ResourceMatches(pattern, closed, variables);
      if (answer == Answer3::kYes) return statement.resource->negated ? Answer3::kNo : Answer3::kYes;
      open = open || answer == Answer3::kOpen;
    }
    if (!statement.resource->negated) return Answer3::kNo;
    return open ? Answer3::kOpen : Answer3::kYes;
  }

  static std::optional<double> Number(const std::string& text) {
    if (text.empty() || text.find_first_not_of("0123456789.-+eE") != std::string::npos) return std::nullopt;
    char* end = nullptr;
    const double number = std::strtod(text.c_str(), &end);
    return *end == '\0' ? std::optional(number) : std::nullopt;
  }

  // Seconds. Worlds have dates with and without a time, in UTC, and epoch seconds.
  static std::optional<double> Date(const std::string& text) {
    if (const auto number = Number(text); number && text.find('-') == std::string::npos) return number;
    std::tm parts = {};
    const bool with_time = text.find('T') != std::string::npos;
    const char* rest = strptime(text.c_str(), with_time ? "%Y-%m-%dT%H:%M:%S" : "%Y-%m-%d", &parts);
    if (rest == nullptr) return std::nullopt;
    char* end = const_cast<char*>(rest);
    const double fraction = *rest == '.' ? std::strtod(rest, &end) : 0;
    if (std::string(end) != (with_time ? "Z" : "")) return std::nullopt;
    return static_cast<double>(timegm(&parts)) + fraction;
  }

  // The bits of an address and how many of them count.
  static std::optional<std::pair<std::string, int>> Address(const std::string& text) {
    const std::size_t slash = text.find('/');
    const std::string address = text.substr(0, slash);
    unsigned char bytes[16] = {};
    const bool v6 = address.find(':') != std::string::npos;
    if (inet_pton(v6 ? AF_INET6 : AF_INET, address.c_str(), bytes) != 1) return std::nullopt;
    std::string bits;
    for (int i = 0; i < (v6 ? 128 : 32); ++i) bits += (bytes[i / 8] >> (7 - i % 8)) & 1 ? '1' : '0';
    int length = static_cast<int>(bits.size());
    if (slash != std::string::npos) length = std::atoi(text.c_str() + slash + 1);
    return std::pair(bits, length);
  }

  // One value of the request against one of the policy, for the operator without its Not. `type_error` when the
  // comparison has no meaning and a Not must not turn it into true.
  Answer3 Compare(const std::string& op, const std::string& mine, const std::string& theirs, bool variables,
                  bool& type_error) const {
    const auto yes_if = [](bool yes) { return yes ? Answer3::kYes : Answer3::kNo; };
    if (op == "stringequals" || op == "stringequalsignorecase" || op == "stringlike") {
      const bool fold = op == "stringequalsignorecase";
      const auto pattern = Fill(theirs, variables, op == "stringlike");
      if (!pattern) return Answer3::kOpen;
      std::u32string value = Points(fold ? Lower(mine) : mine);
      std::u32string wanted = *pattern;
      for (char32_t& point : wanted) point = fold && point >= U'A' && point <= U'Z' ? point + 32 : point;
      return yes_if(ReferenceGlob(wanted, value));
    }
    if (op == "arn") {
      const auto pattern = Fill(theirs, variables, true);
      if (!pattern) return Answer3::kOpen;
      const auto parts = SplitColons(*pattern, 6);
      const auto value = SplitColons(Points(mine), 6);
      if (parts.size() < 6 || value.size() < 6 || value[0] != U"arn") return Answer3::kNo;
      for (std::size_t i = 0; i < 6; ++i) {
        if (!ReferenceGlob(parts[i], value[i])) return Answer3::kNo;
      }
      return Answer3::kYes;
    }
    if (op.rfind("numeric", 0) == 0 || op.rfind("date", 0) == 0) {
      const bool date = op.rfind("date", 0) == 0;
      const auto a = date ? Date(mine) : Number(mine);
      const auto b = date ? Date(theirs) : Number(theirs);
      if (!a || !b) {
        type_error = true;
        return Answer3::kNo;
      }
      const std::string how = op.substr(date ? 4 : 7);
      return yes_if(how == "equals"           ? *a == *b
                    : how == "lessthan"       ? *a < *b
                    : how == "lessthanequals" ? *a <= *b
                    : how == "greaterthan"    ? *a > *b
                                              : *a >= *b);
    }
    if (op == "bool") {
      const std::string a = Lower(mine);
      return yes_if((a == "true" || a == "false") && a == Lower(theirs));
    }
    if (op == "binaryequals") return yes_if(mine == theirs && mine.size() % 4 == 0 && mine.find('*') == mine.npos);
    if (op == "ipaddress") {
      const auto address = Address(mine);
      const auto range = Address(theirs);
      return yes_if(address && range && address->first.size() == range->first.size() &&
                    address->second >= range->second &&
                    address->first.compare(0, static_cast<std::size_t>(range->second), range->first, 0,
                                           static_cast<std::size_t>(range->second)) == 0);
    }
    return Answer3::kNo;
  }

  Answer3 Condition3(const ConditionElement& condition, bool variables) const {
    std::string op = Lower(condition.op);
    std::string set;
    if (const std::size_t colon = op.find(':'); colon != std::string::npos) {
      set = op.substr(0, colon);
      op = op.substr(colon + 1);
    }
    bool if_exists = false;
    if (op.size() > 8 && op.substr(op.size() - 8) == "ifexists") {
      if_exists = true;
      op.resize(op.size() - 8);
    }
    const WorldValue* value = Find(condition.key);
    if (op == "null") {
      for (const std::string& one : condition.values) {
        if (Lower(one) == (value == nullptr ? "true" : "false")) return Answer3::kYes;
      }
      return Answer3::kNo;
    }
    bool negated = false;
    if (const std::size_t found = op.find("not"); found != std::string::npos) {
      negated = true;
      op.erase(found, 3);
    }
    if (op == "arnequals" || op == "arnlike") op = "arn";
    if (value == nullptr) {
      if (set == "foranyvalue") return Answer3::kNo;
      if (if_exists || set == "forallvalues") return Answer3::kYes;
      return set.empty() && negated ? Answer3::kYes : Answer3::kNo;
    }
    if (set.empty() && value->several) return Answer3::kNo;
    bool any_yes = false;
    bool any_no = false;
    bool any_open = false;
    for (const std::string& mine : value->values) {
      bool yes = false;
      bool open = false;
      bool type_error = false;
      for (const std::string& theirs : condition.values) {
        const Answer3 one = Compare(op, mine, theirs, variables, type_error);
        yes = yes || one == Answer3::kYes;
        open = open || one == Answer3::kOpen;
      }
      bool result = yes;
      if (negated) {
        // What is not a number or a date is neither equal nor different.
        result = !yes && !type_error;
        if (!yes && open) {
          any_open = true;
          continue;
        }
      }
      any_yes = any_yes || result;
      any_no = any_no || !result;
    }
    if (set == "foranyvalue") return any_yes ? Answer3::kYes : any_open ? Answer3::kOpen : Answer3::kNo;
    return any_no ? Answer3::kNo : any_open ? Answer3::kOpen : Answer3::kYes;
  }

  std::string Account() const { return world.principal.rfind("arn:", 0) == 0 ? world.principal.substr(13, 12) : ""; }
  std::string RoleArn() const {
    return world.principal.find(":role/") != std::string::npos ? world.principal : world.role_arn;
  }

  // "", "account", "role", "direct" or "everyone"
  std::string Listed(const PrincipalElement& element) const {
    if (element.everyone) return "everyone";
    std::string found;
    const auto better = [&found](const std::string& kind) {
      const std::string order = "account role direct everyone";
      if (found.empty() || order.find(kind) > order.find(found)) found = kind;
    };
    for (const std::string& value : element.aws) {
      if (value == "*") {
        better("everyone");
      } else if (!Account().empty() && (value == Account() || value == "arn:aws:iam::" + Account() + ":root")) {
        better("account");
      } else if (!RoleArn().empty() && value == RoleArn()) {
        better("role");
      } else if (value == world.principal) {
        better("direct");
      }
    }
    for (const std::string& value : element.service) {
      if (value == world.principal) better("direct");
    }
    return found;
  }

  std::string Means(const Statement& statement) const {
    if (!statement.principal) return "everyone";
    std::string listed = Listed(*statement.principal);
    if (!statement.principal->negated) return listed;
    if (statement.effect == Effect::kDeny && !world.boundary.empty()) return "everyone";
    return listed.empty() ? "everyone" : "";
  }

  bool Applies(const Statement& statement, bool closed, bool variables) const {
    if (ActionListed(statement) == statement.action.negated) return false;
    if (Means(statement).empty()) return false;
    if (ResourceApplies(statement, closed, variables) != Answer3::kYes) return false;
    for (const ConditionElement& condition : statement.conditions) {
      if (Condition3(condition, variables) != Answer3::kYes) return false;
    }
    return true;
  }

  // Whether a statement of this effect applies, of those that mean the caller as `means` (empty: in any way).
  bool Any(const std::vector<Document>& documents, bool closed, Effect effect, const std::string& means = "") const {
    for (const Document& document : documents) {
      for (const Statement& statement : document.statements) {
        if (statement.effect != effect || (!means.empty() && Means(statement) != means)) continue;
        if (Applies(statement, closed, document.version == Version::k2012)) return true;
      }
    }
    return false;
  }

  bool BucketPolicyIsPublic() const {
    for (const Document& document : world.resource_policy) {
      for (const Statement& statement : document.statements) {
        if (statement.effect != Effect::kAllow) continue;
        bool everyone = statement.principal->everyone;
        for (const std::string& value : statement.principal->aws) everyone = everyone || value == "*";
        if (everyone == statement.principal->negated) continue;
        bool narrowed = false;
        for (const ConditionElement& condition : statement.conditions) narrowed = narrowed || Narrows(condition);
        if (!narrowed) return true;
      }
    }
    return false;
  }

  static bool Narrows(const ConditionElement& condition) {
    std::string op = Lower(condition.op);
    if (op.rfind("foranyvalue:", 0) == 0) op = op.substr(12);
    if (op != "stringequals" && op != "stringequalsignorecase" && op != "stringlike" && op != "arnequals" &&
        op != "arnlike" && op != "ipaddress") {
      return false;
    }
    for (const std::string& value : condition.values) {
      const bool fixed = value.find_first_of("*?") == std::string::npos && value.find("${") == std::string::npos;
      if (condition.key == "aws:sourceip") {
        const auto range = op == "ipaddress" ? Address(value) : std::nullopt;
        if (!range || range->second < (range->first.size() == 32 ? 8 : 32)) return false;
      } else if (condition.key == "aws:principalarn") {
        if (value.rfind("arn:aws:iam::111122223333:", 0) != 0) return false;
      } else if (!fixed || (condition.key != "aws:sourcevpce" && condition.key != "aws:principalorgid")) {
        return false;
      }
    }
    return true;
  }

  std::string Decide() const {
    const bool in_account = !Account().empty();
    const bool linked = RoleArn().find(":role/aws-service-role/") != std::string::npos;
    bool deny = Any(world.identity, false, Effect::kDeny) || Any(world.boundary, false, Effect::kDeny) ||
                Any(world.session, false, Effect::kDeny) || Any(world.endpoint, true, Effect::kDeny) ||
                Any(world.resource_policy, true, Effect::kDeny);
    bool scps_allow = true;
    for (const auto& level : world.scps) {
      if (!in_account || linked) continue;
      deny = deny || Any(level, false, Effect::kDeny);
      scps_allow = scps_allow && Any(level, false, Effect::kAllow);
    }
    for (const auto& level : world.rcps) deny = deny || (!linked && Any(level, true, Effect::kDeny));
    const bool s3 = world.action.rfind("s3:", 0) == 0;
    const bool service = world.principal == "ec2.amazonaws.com";
    const bool cut_off = s3 && world.restrict_public_buckets && BucketPolicyIsPublic() && !service &&
                         Account() != world.resource_account;
    if (deny) return "ExplicitlyDenied";
    if (!scps_allow) return "ImplicitlyDenied";
    if (!world.endpoint.empty() && !Any(world.endpoint, true, Effect::kAllow)) return "ImplicitlyDenied";
    if (!Granted()) return "ImplicitlyDenied";
    return cut_off ? "ExplicitlyDenied" : "Allowed";
  }

  bool Granted() const {
    const bool direct = Any(world.resource_policy, true, Effect::kAllow, "direct") ||
                        Any(world.resource_policy, true, Effect::kAllow, "everyone");
    if (Account().empty()) return direct;
    const bool role = Any(world.resource_policy, true, Effect::kAllow, "role");
    const bool account = Any(world.resource_policy, true, Effect::kAllow, "account");
    const bool within = (world.boundary.empty() || Any(world.boundary, false, Effect::kAllow)) &&
                        (world.session.empty() || Any(world.session, false, Effect::kAllow));
    const bool identity = Any(world.identity, false, Effect::kAllow) && within;
    if (Account() != world.resource_account) return identity && (direct || role || account);
    const bool key = world.action.rfind("kms:", 0) == 0 && world.resource.find(":key/") != std::string::npos;
    const bool trust = world.action == "sts:AssumeRole" && world.resource.find(":role/") != std::string::npos;
    if (direct || (role && within)) return true;
    return identity && ((!key && !trust) || account || role);
  }
};

bool TryGlob(std::u32string_view pattern, std::u32string_view text, std::vector<signed char>& memory,
             std::size_t width) {
  signed char& known = memory[pattern.size() * width + text.size()];
  if (known >= 0) return known == 1;
  bool matches = false;
  if (pattern.empty()) {
    matches = text.empty();
  } else if (pattern[0] == kStar) {
    matches = TryGlob(pattern.substr(1), text, memory, width) ||
              (!text.empty() && TryGlob(pattern, text.substr(1), memory, width));
  } else if (!text.empty() && (pattern[0] == kOne || pattern[0] == text[0])) {
    matches = TryGlob(pattern.substr(1), text.substr(1), memory, width);
  }
  known = matches ? 1 : 0;
  return matches;
}

}  // namespace

bool ReferenceGlob(std::u32string_view pattern, std::u32string_view text) {
  std::vector<signed char> memory((pattern.size() + 1) * (text.size() + 1), -1);
  return TryGlob(pattern, text, memory, text.size() + 1);
}

std::string ReferenceDecide(const World& world) {
  return Evaluation{world}.Decide();
}

}  // namespace sallyport::policy
