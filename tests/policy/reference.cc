// SPDX-License-Identifier: Apache-2.0
#include "tests/policy/reference.h"

#include <arpa/inet.h>

#include <algorithm>
#include <clocale>
#include <cstdlib>
#include <ctime>
#include <cwctype>
#include <optional>
#include <vector>

namespace sallyport::policy {
namespace {

enum class Answer3 { kNo, kOpen, kYes };  // kOpen: nobody can say; in this order, so that OR is the larger one

Answer3 YesIf(bool yes) {
  return yes ? Answer3::kYes : Answer3::kNo;
}

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

// Letters that differ in case only become one letter, as the C library knows them.
std::u32string Folded(std::u32string points) {
  static const locale_t utf8 = newlocale(LC_CTYPE_MASK, "C.UTF-8", nullptr);
  for (char32_t& point : points) {
    if (point >= kStar) continue;
    point = static_cast<char32_t>(towlower_l(towupper_l(static_cast<wint_t>(point), utf8), utf8));
  }
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
      if (value != nullptr && !value->several && !value->values[0].empty()) {
        filled += Points(value->values[0]);
      } else if ((value == nullptr || !value->several) && fallback) {
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
    const bool all_buckets = world.action == "s3:ListAllMyBuckets" && world.resource == "*";
    const auto wanted = SplitColons(Points(all_buckets ? "arn:aws:s3:::*" : world.resource), 6);
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
    // A variable without a value: the pattern matches no resource.
    const auto last = Fill(parts[5], variables, true);
    return YesIf(last && ReferenceGlob(*last, wanted[5]));
  }

  Answer3 ResourceApplies(const Statement& statement, bool closed, bool variables) const {
    bool listed = false;
    for (const std::string& pattern : statement.resource->patterns) {
      listed = listed || ResourceMatches(pattern, closed, variables) == Answer3::kYes;
    }
    return YesIf(listed != statement.resource->negated);
  }

  // Worlds have numbers of few digits: the sign, and 60 digits before the point and 60 behind it.
  static std::optional<std::pair<int, std::string>> Number(const std::string& text) {
    std::size_t at = 0;
    const bool minus = text.substr(0, 1) == "-";
    if (minus || text.substr(0, 1) == "+") ++at;
    std::string before;
    std::string after;
    bool point = false;
    for (; at < text.size() && text[at] != 'e' && text[at] != 'E'; ++at) {
      if (text[at] == '.' && !point) {
        point = true;
      } else if (text[at] >= '0' && text[at] <= '9') {
        (point ? after : before) += text[at];
      } else {
        return std::nullopt;
      }
    }
    if (before.empty() && after.empty()) return std::nullopt;
    if (at < text.size()) {
      char* end = nullptr;
      const long exponent = std::strtol(text.c_str() + at + 1, &end, 10);
      if (end == text.c_str() + at + 1 || *end != '\0') return std::nullopt;
      for (long i = 0; i < exponent; ++i) {
        before += after.empty() ? '0' : after[0];
        after = after.substr(after.empty() ? 0 : 1);
      }
      for (long i = 0; i > exponent; --i) {
        after.insert(0, 1, before.empty() ? '0' : before.back());
        if (!before.empty()) before.pop_back();
      }
    }
    std::string digits = std::string(60, '0') + before;
    digits = digits.substr(digits.size() - 60) + (after + std::string(60, '0')).substr(0, 60);
    const bool zero = digits.find_first_not_of('0') == std::string::npos;
    return std::pair(zero ? 0 : minus ? -1 : 1, digits);
  }

  // -1, 0 or 1.
  static int Compared(const std::pair<int, std::string>& a, const std::pair<int, std::string>& b) {
    if (a.first != b.first) return a.first < b.first ? -1 : 1;
    const int order = a.second < b.second ? -1 : a.second > b.second ? 1 : 0;
    return a.first < 0 ? -order : order;
  }

  // Seconds. Worlds have dates with and without a time, in UTC, and epoch seconds.
  static std::optional<double> Date(const std::string& text) {
    if (Number(text)) return std::strtod(text.c_str(), nullptr);
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

  // One value of the request against one of the policy, for the operator without its Not. `bad_request`: the request's
  // value is not of the operator's type, so that it is neither equal nor different; `bad_policy`: the policy's is not.
  bool Compare(const std::string& op, const std::string& mine, const std::string& theirs, bool variables,
               bool& bad_request, bool& bad_policy) const {
    if (op == "stringequals" || op == "stringequalsignorecase" || op == "stringlike") {
      const auto pattern = Fill(theirs, variables, op == "stringlike");
      if (!pattern) return false;
      return op == "stringequalsignorecase" ? Folded(*pattern) == Folded(Points(mine))
                                            : ReferenceGlob(*pattern, Points(mine));
    }
    if (op == "arn") {
      const auto pattern = Fill(theirs, variables, true);
      if (!pattern) return false;
      const auto parts = SplitColons(*pattern, 6);
      const auto value = SplitColons(Points(mine), 6);
      // With variables it is only seen when they are filled in, and then it is a value like any other.
      bad_policy = parts.size() < 6 && !(variables && theirs.find("${") != std::string::npos);
      if (parts.size() < 6 || value.size() < 6 || value[0] != U"arn") return false;
      for (std::size_t i = 0; i < 6; ++i) {
        if (!ReferenceGlob(parts[i], value[i])) return false;
      }
      return true;
    }
    if (op.rfind("numeric", 0) == 0 || op.rfind("date", 0) == 0) {
      const bool date = op.rfind("date", 0) == 0;
      bad_request = date ? !Date(mine) : !Number(mine);
      bad_policy = date ? !Date(theirs) : !Number(theirs);
      if (bad_request || bad_policy) return false;
      const int order = Number(mine) && Number(theirs) ? Compared(*Number(mine), *Number(theirs))
                        : *Date(mine) < *Date(theirs)  ? -1
                        : *Date(mine) > *Date(theirs)  ? 1
                                                       : 0;
      const std::string how = op.substr(date ? 4 : 7);
      return how == "equals"           ? order == 0
             : how == "lessthan"       ? order < 0
             : how == "lessthanequals" ? order <= 0
             : how == "greaterthan"    ? order > 0
                                       : order >= 0;
    }
    if (op == "bool") {
      const std::string a = Lower(mine);
      return (a == "true" || a == "false") && a == Lower(theirs);
    }
    if (op == "binaryequals") {
      const char* letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=";
      return mine == theirs && mine.size() % 4 == 0 && mine.find_first_not_of(letters) == mine.npos;
    }
    if (op == "ipaddress") {
      const auto address = Address(mine);
      const auto range = Address(theirs);
      bad_policy = !range;
      return address && range && address->first.size() == range->first.size() && address->second >= range->second &&
             address->first.compare(0, static_cast<std::size_t>(range->second), range->first, 0,
                                    static_cast<std::size_t>(range->second)) == 0;
    }
    return false;
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
    // A null data set: nothing but empty texts.
    if (!set.empty() &&
        std::all_of(value->values.begin(), value->values.end(), [](auto& one) { return one.empty(); })) {
      return YesIf(set == "forallvalues");
    }
    Answer3 any = Answer3::kNo;
    Answer3 all = Answer3::kYes;
    for (const std::string& mine : value->values) {
      bool yes = false;
      bool bad_request = false;
      bool bad_policy = false;
      for (const std::string& theirs : condition.values) {
        bool one_bad_request = false;
        bool one_bad_policy = false;
        yes = Compare(op, mine, theirs, variables, one_bad_request, one_bad_policy) || yes;
        bad_request = bad_request || one_bad_request;
        bad_policy = bad_policy || one_bad_policy;
      }
      Answer3 result = YesIf(yes);
      if (negated) {
        result = yes || bad_request ? Answer3::kNo : bad_policy ? Answer3::kOpen : Answer3::kYes;
      }
      any = std::max(any, result);
      all = std::min(all, result);
    }
    return set == "foranyvalue" ? any : all;
  }

  std::string Account() const { return world.principal.rfind("arn:", 0) == 0 ? world.principal.substr(13, 12) : ""; }
  // The role, or the user for whom a federated session was made.
  std::string RoleArn() const {
    if (Is(":federated-user/") && world.role_arn.empty()) {
      return "arn:aws:iam::" + Account() + ":user/" + world.principal.substr(world.principal.find('/') + 1);
    }
    return Is(":role/") ? world.principal : world.role_arn;
  }
  bool Is(const std::string& kind) const { return world.principal.find(kind) != std::string::npos; }
  bool IsRoot() const { return Is(":root"); }

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

  // `half`: nobody can say whether it means the caller.
  std::string Means(const Statement& statement, bool& half) const {
    half = false;
    if (!statement.principal) return "everyone";
    std::string listed = Listed(*statement.principal);
    if (!statement.principal->negated) return listed;
    if (statement.effect == Effect::kAllow) return listed.empty() ? "everyone" : "";
    if (!world.boundary.empty() || listed.empty()) return "everyone";
    if (listed == "everyone" || Account().empty()) return "";
    bool itself = IsRoot();
    bool account = false;
    for (const std::string& value : statement.principal->aws) {
      itself = itself || value == world.principal || value == RoleArn();
      account = account || value == Account() || value == "arn:aws:iam::" + Account() + ":root";
    }
    half = itself && !account;
    return itself && account ? "" : "everyone";
  }

  Answer3 Applies(const Statement& statement, bool closed, bool variables) const {
    bool half = false;
    if (ActionListed(statement) == statement.action.negated) return Answer3::kNo;
    if (Means(statement, half).empty()) return Answer3::kNo;
    Answer3 applies = half ? Answer3::kOpen : Answer3::kYes;
    applies = std::min(applies, ResourceApplies(statement, closed, variables));
    for (const ConditionElement& condition : statement.conditions) {
      applies = std::min(applies, Condition3(condition, variables));
    }
    return applies;
  }

  // Whether a statement of this effect applies, of those that mean the caller as `means` (empty: in any way).
  Answer3 Any(const std::vector<Document>& documents, bool closed, Effect effect, const std::string& means = "") const {
    Answer3 any = Answer3::kNo;
    bool half = false;
    for (const Document& document : documents) {
      for (const Statement& statement : document.statements) {
        if (statement.effect != effect || (!means.empty() && Means(statement, half) != means)) continue;
        any = std::max(any, Applies(statement, closed, document.version == Version::k2012));
      }
    }
    return any;
  }

  Answer3 BucketPolicyIsPublic() const {
    Answer3 is_public = Answer3::kNo;
    for (const Document& document : world.resource_policy) {
      for (const Statement& statement : document.statements) {
        if (statement.effect != Effect::kAllow) continue;
        bool everyone = statement.principal->everyone;
        for (const std::string& value : statement.principal->aws) everyone = everyone || value == "*";
        if (everyone == statement.principal->negated) continue;
        Answer3 narrowed = Answer3::kNo;
        for (const ConditionElement& condition : statement.conditions) {
          narrowed = std::max(narrowed, Narrows(condition));
        }
        is_public = std::max(is_public, narrowed == Answer3::kYes  ? Answer3::kNo
                                        : narrowed == Answer3::kNo ? Answer3::kYes
                                                                   : Answer3::kOpen);
      }
    }
    return is_public;
  }

  static Answer3 Narrows(const ConditionElement& condition) {
    std::string op = Lower(condition.op);
    if (op.rfind("foranyvalue:", 0) == 0) op = op.substr(12);
    if (op != "stringequals" && op != "stringequalsignorecase" && op != "stringlike" && op != "arnequals" &&
        op != "arnlike" && op != "ipaddress") {
      return Answer3::kNo;
    }
    Answer3 narrows = Answer3::kYes;
    for (const std::string& value : condition.values) {
      const bool fixed = value.find_first_of("*?") == std::string::npos && value.find("${") == std::string::npos;
      if (condition.key == "aws:sourceip") {
        const auto range = op == "ipaddress" ? Address(value) : std::nullopt;
        if (!range || range->second < (range->first.size() == 32 ? 8 : 32)) return Answer3::kNo;
      } else if (condition.key == "aws:principalarn") {
        if (value.rfind("arn:aws:iam::111122223333:", 0) != 0) return Answer3::kNo;
      } else if (condition.key == "aws:principalorgpaths" && !fixed) {
        // Whether a star below a certain organization makes it public is not documented.
        const std::string organization = value.substr(0, value.find('/'));
        if (organization.empty() || organization.find_first_of("*?$") != std::string::npos) return Answer3::kNo;
        narrows = std::min(narrows, Answer3::kOpen);
      } else if (!fixed || value.empty() ||
                 (condition.key != "aws:sourcevpce" && condition.key != "aws:principalorgid" &&
                  condition.key != "aws:principalorgpaths")) {
        return Answer3::kNo;
      }
    }
    return narrows;
  }

  // Operations on a key that another account may be allowed; of those in worlds.
  bool IsForOwnerOnly() const {
    if (Account() == world.resource_account) return false;
    if (IsBucketPolicyCall()) return true;
    const bool key = world.action.rfind("kms:", 0) == 0 && world.resource.find(":key/") != std::string::npos;
    return key && !Account().empty() &&
           (world.action == "kms:ScheduleKeyDeletion" || world.action == "kms:PutKeyPolicy");
  }
  bool IsBucketPolicyCall() const {
    return world.action == "s3:GetBucketPolicy" || world.action == "s3:PutBucketPolicy" ||
           world.action == "s3:DeleteBucketPolicy";
  }

  std::string Decide() const {
    const bool in_account = !Account().empty();
    if (in_account && world.action == "sts:GetCallerIdentity") return "Allowed";
    if (in_account && world.action == "sts:GetSessionToken") {
      return Is(":iam::") && !Is(":role/") ? "Allowed" : "ImplicitlyDenied";
    }
    const bool linked = RoleArn().find(":role/aws-service-role/") != std::string::npos;
    const bool past_policy = IsRoot() && Account() == world.resource_account && IsBucketPolicyCall();
    Answer3 deny = Any(world.endpoint, true, Effect::kDeny);
    if (!past_policy) {
      deny = std::max({deny, Any(world.identity, false, Effect::kDeny), Any(world.boundary, false, Effect::kDeny),
                       Any(world.session, false, Effect::kDeny), Any(world.resource_policy, true, Effect::kDeny)});
    }
    Answer3 grant = past_policy ? Answer3::kYes : Granted();
    for (const auto& level : world.scps) {
      if (!in_account || linked) continue;
      deny = std::max(deny, Any(level, false, Effect::kDeny));
      grant = std::min(grant, Any(level, false, Effect::kAllow));
    }
    for (const auto& level : world.rcps) {
      if (!linked && world.action != "kms:RetireGrant") deny = std::max(deny, Any(level, true, Effect::kDeny));
    }
    if (!world.endpoint.empty()) grant = std::min(grant, Any(world.endpoint, true, Effect::kAllow));
    if (IsForOwnerOnly()) grant = Answer3::kNo;
    const bool s3 = world.action.rfind("s3:", 0) == 0;
    const bool service = world.principal == "ec2.amazonaws.com";
    const bool outside = s3 && world.restrict_public_buckets && !service && Account() != world.resource_account;
    const Answer3 cut_off = outside ? BucketPolicyIsPublic() : Answer3::kNo;
    if (deny == Answer3::kYes) return "ExplicitlyDenied";
    if (grant == Answer3::kNo) return "ImplicitlyDenied";
    const bool open = deny == Answer3::kOpen || grant == Answer3::kOpen;
    if (cut_off == Answer3::kYes) return open ? "ImplicitlyDenied" : "ExplicitlyDenied";
    return open || cut_off == Answer3::kOpen ? "CouldNotDecide" : "Allowed";
  }

  // An object that another account owns: the bucket's owner may restore it, and delete it, and write another.
  bool IsForeignObject() const {
    return !world.object_owner.empty() && world.object_owner != world.resource_account &&
           world.action == "s3:GetObject";
  }

  Answer3 Granted() const {
    Answer3 direct = std::max(Any(world.resource_policy, true, Effect::kAllow, "direct"),
                              Any(world.resource_policy, true, Effect::kAllow, "everyone"));
    Answer3 role = Any(world.resource_policy, true, Effect::kAllow, "role");
    Answer3 account = Any(world.resource_policy, true, Effect::kAllow, "account");
    if (IsForeignObject()) direct = role = account = Answer3::kNo;
    if (Account().empty()) return direct;
    Answer3 within = Answer3::kYes;
    if (!world.boundary.empty()) within = Any(world.boundary, false, Effect::kAllow);
    // A federated user without a session policy has no permissions of its own.
    if (!world.session.empty() || Is(":federated-user/")) {
      within = std::min(within, Any(world.session, false, Effect::kAllow));
    }
    const Answer3 identity = std::min(IsRoot() ? Answer3::kYes : Any(world.identity, false, Effect::kAllow), within);
    const Answer3 by_policy = std::max({direct, role, account});
    const std::string owner = IsForeignObject() ? world.object_owner : world.resource_account;
    if (Account() != owner) return std::min(identity, by_policy);
    const bool key = world.action.rfind("kms:", 0) == 0 && world.resource.find(":key/") != std::string::npos;
    const bool trust = world.action == "sts:AssumeRole" && world.resource.find(":role/") != std::string::npos;
    return std::max({direct, std::min(role, within), key || trust ? std::min(identity, by_policy) : identity});
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
