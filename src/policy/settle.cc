// SPDX-License-Identifier: Apache-2.0
#include "policy/settle.h"

#include <algorithm>
#include <map>
#include <set>

#include "base/text.h"
#include "base/time.h"
#include "policy/code_points.h"
#include "policy/regions.h"

namespace sallyport::policy {
namespace {

constexpr std::size_t kValuesInSets = 5;  // 31 sets of values

// What a condition compares with, as far as values that behave alike go together.
enum class Family { kText, kFolded, kNumber, kDate, kBool, kBinary, kAddress, kPresence };

Family FamilyOf(Comparison comparison) {
  switch (comparison) {
    case Comparison::kStringEquals:
    case Comparison::kStringLike:
    case Comparison::kArn:
      return Family::kText;
    case Comparison::kStringEqualsIgnoreCase:
      return Family::kFolded;
    case Comparison::kDateEquals:
    case Comparison::kDateLess:
    case Comparison::kDateLessEquals:
    case Comparison::kDateGreater:
    case Comparison::kDateGreaterEquals:
      return Family::kDate;
    case Comparison::kBool:
      return Family::kBool;
    case Comparison::kBinaryEquals:
      return Family::kBinary;
    case Comparison::kIpAddress:
      return Family::kAddress;
    case Comparison::kNull:
    case Comparison::kUnsupported:
      return Family::kPresence;
    default:
      return Family::kNumber;
  }
}

// AWS gives each key one type. These are lists in every request that has them (IAM User Guide, "AWS global condition
// context keys"); others are taken to be single values unless a set operator is used on them.
bool IsListKey(std::string_view lower) {
  static constexpr std::array<std::string_view, 9> kLists = {
      "aws:calledvia",        "aws:principalorgpaths", "aws:principalservicenameslist",
      "aws:resourceorgpaths", "aws:sourceorgpaths",    "aws:tagkeys",
      "aws:vpceorgpaths",     "dynamodb:attributes",   "dynamodb:leadingkeys"};
  return std::find(kLists.begin(), kLists.end(), lower) != kLists.end();
}

// Instants before, between and after those that are compared with.
std::vector<std::int64_t> AroundEach(const std::set<std::int64_t>& dates) {
  constexpr std::int64_t kStep = 1'000;
  std::vector<std::int64_t> all;
  std::optional<std::int64_t> last;
  for (const std::int64_t date : dates) {
    all.push_back(last ? *last + (date - *last) / 2 : date - kStep);
    all.push_back(date);
    last = date;
  }
  if (last) all.push_back(*last + kStep);
  return all;
}

// `digits` behind the point, and more zeros: "0." "00" "12" for 0.0012.
std::string DecimalText(const Decimal& number) {
  if (number.digits.empty()) return "0";
  return (number.negative ? "-0." : "0.") + number.digits + "e" + std::to_string(number.exponent);
}

// The number that is further from zero by the smallest bit: one more digit, behind at least `places` of them.
std::string JustBeyond(const Decimal& number, std::size_t places) {
  Decimal beyond = number;
  beyond.digits.resize(std::max(places, beyond.digits.size()), '0');
  beyond.digits += '1';
  return DecimalText(beyond);
}

// Numbers below, between and above those that are compared with.
std::vector<std::string> AroundEach(const std::set<Decimal>& numbers) {
  std::vector<std::string> all;
  if (numbers.empty()) return all;
  const auto size_of = [](const Decimal& number) { return number.exponent; };
  const std::int64_t largest = std::max({size_of(*numbers.begin()), size_of(*numbers.rbegin()), std::int64_t{0}});
  const std::string beyond_all = "1e" + std::to_string(largest + 1);
  // With this many digits two neighbors of any two of them differ.
  std::size_t places = 1;
  for (const Decimal& number : numbers) {
    const std::int64_t above = largest - number.exponent;
    places = std::max(places, number.digits.size() + static_cast<std::size_t>(std::max(above, std::int64_t{0})));
  }
  all.push_back("-" + beyond_all);
  const Decimal* last = nullptr;
  for (const Decimal& number : numbers) {
    if (last != nullptr) {
      const bool last_negative = last->negative && !last->digits.empty();
      if (last_negative && number.digits.empty()) {
        all.push_back("-1e-" + std::to_string(places + 2));
      } else if (last_negative && !number.negative) {
        all.emplace_back("0");
      } else if (last_negative) {
        all.push_back(JustBeyond(number, places));
      } else {
        all.push_back(last->digits.empty() ? "1e-" + std::to_string(places + 2) : JustBeyond(*last, places));
      }
    }
    all.push_back(DecimalText(number));
    last = &number;
  }
  all.push_back(beyond_all);
  return all;
}

// The values of one unknown key, gathered from the conditions on it.
class Candidates {
 public:
  void Add(const Condition& condition, const Context& context) {
    const Comparison comparison = condition.op().comparison;
    families_.insert(FamilyOf(comparison));
    if (FamilyOf(comparison) == Family::kText) {
      // The values of a condition are alternatives, but of a list each one is compared alone.
      const bool together = condition.op().set == SetOperator::kNone;
      for (auto& pattern : condition.PatternsFor(context)) {
        if (!together || groups_.empty() || last_ != &condition) groups_.emplace_back();
        last_ = &condition;
        groups_.back().push_back(std::move(pattern));
      }
    } else {
      for (const std::string& value : condition.ValuesFor(context)) AddValue(comparison, value);
    }
    several_ = several_ || condition.op().set != SetOperator::kNone || IsListKey(condition.key().lower);
  }
  void AddText(const std::string& text) { texts_.insert(text); }

  // Every value, or set of values, to try; false when they may not be all that differ.
  bool Collect(const KeyValue& known, CutWork& work, std::vector<std::optional<std::vector<std::string>>>& choices) {
    families_.erase(Family::kPresence);
    bool all = all_tried_ && families_.size() <= 1;
    all = CutTexts(known.prefix, work) && all;
    for (const std::string& number : AroundEach(numbers_)) texts_.insert(number);
    for (const std::int64_t date : AroundEach(dates_)) {
      texts_.insert(FormatTime(FromEpochMilliseconds(date)));
    }
    texts_.insert({known.prefix, known.prefix + "x"});
    std::erase_if(texts_, [&known](const std::string& text) { return !text.starts_with(known.prefix); });
    if (!known.values.empty()) texts_ = std::set<std::string>(known.values.begin(), known.values.end());
    if (known.state != KeyState::kPresent) choices.emplace_back(std::nullopt);
    for (const std::string& text : texts_) choices.emplace_back(std::vector<std::string>{text});
    if (several_) all = AddSets(choices) && all;
    return all;
  }

 private:
  void AddValue(Comparison comparison, const std::string& value) {
    switch (FamilyOf(comparison)) {
      case Family::kFolded:
        texts_.insert(FoldCase(value));
        break;
      case Family::kNumber:
        if (const auto number = ParseNumber(value)) numbers_.insert(*number);
        break;
      case Family::kDate:
        if (const auto date = ParseDate(value)) AddDate(*date);
        break;
      case Family::kBool:
        texts_.insert({"true", "false"});
        break;
      case Family::kBinary:
        texts_.insert(value);
        break;
      case Family::kAddress:
        if (const auto range = ParseCidr(value)) AddRange(*range);
        break;
      case Family::kText:
      case Family::kPresence:
        break;
    }
  }

  // Dates that cannot be written are no values to try.
  void AddDate(std::int64_t date) {
    constexpr std::int64_t kLastThatIsWritten = 253'402'300'799'000;  // the last second of the year 9999
    const bool is_written = date > 0 && date < kLastThatIsWritten;
    if (is_written) dates_.insert(date);
    all_tried_ = all_tried_ && is_written;
  }

  // The first and the last address of a range and their neighbors outside.
  void AddRange(const Cidr& range) {
    Cidr first = range;
    Cidr last = range;
    for (unsigned bit = range.prefix; bit < range.bits(); ++bit) {
      const auto mask = static_cast<std::uint8_t>(0x80U >> (bit % 8));
      first.bytes[bit / 8] = static_cast<std::uint8_t>(first.bytes[bit / 8] & ~mask);
      last.bytes[bit / 8] = static_cast<std::uint8_t>(last.bytes[bit / 8] | mask);
    }
    texts_.insert({FormatAddress(first), FormatAddress(last)});
    if (Step(first, false)) texts_.insert(FormatAddress(first));
    if (Step(last, true)) texts_.insert(FormatAddress(last));
  }

  static bool Step(Cidr& address, bool up) {
    for (std::size_t i = address.bits() / 8; i-- > 0;) {
      const std::uint8_t edge = up ? 0xFF : 0x00;
      const bool carries = address.bytes[i] == edge;
      address.bytes[i] = static_cast<std::uint8_t>(up ? address.bytes[i] + 1 : address.bytes[i] - 1);
      if (!carries) return true;
    }
    return false;
  }

  // All texts that begin with `prefix`.
  bool CutTexts(const std::string& prefix, CutWork& work) {
    if (groups_.empty()) return true;
    std::vector<PatternGroup> groups = {
        {{{{GlobToken::Kind::kText, prefix}, false}, {{GlobToken::Kind::kRun, ""}, false}}}};
    groups.insert(groups.end(), groups_.begin(), groups_.end());
    CutWork own;
    own.left = std::min(own.left, work.left);
    const std::uint64_t before = own.left;
    const Regions regions = CutIntoRegions(groups, {true, CutOptions().longest}, own);
    work.left -= before - own.left;
    for (const Region& region : regions.list) texts_.insert(region.text);
    return regions.complete;
  }

  bool AddSets(std::vector<std::optional<std::vector<std::string>>>& choices) const {
    const std::vector<std::string> singles(texts_.begin(), texts_.end());
    const std::size_t count = std::min(singles.size(), kValuesInSets);
    for (std::size_t bits = 1; bits < (std::size_t{1} << count); ++bits) {
      std::vector<std::string> set;
      for (std::size_t i = 0; i < count; ++i) {
        if ((bits >> i) & 1U) set.push_back(singles[i]);
      }
      // Twice the same value makes it a list of several, which differs from a single value only in being one.
      if (set.size() == 1) set.push_back(set.front());
      choices.emplace_back(std::move(set));
    }
    return singles.size() <= kValuesInSets;
  }

  std::set<Family> families_;
  std::vector<PatternGroup> groups_;
  const Condition* last_ = nullptr;
  std::set<std::string> texts_;
  std::set<Decimal> numbers_;
  std::set<std::int64_t> dates_;
  bool several_ = false;
  bool all_tried_ = true;
};

struct Key {
  KeyName name;
  Candidates candidates;
  std::vector<std::optional<std::vector<std::string>>> choices;
};

class Search {
 public:
  Search(const RequestView& request, const PolicySet& policies) : request_(request), policies_(policies) {}

  void Add(const OpenCondition& open) {
    if (open.why == Why::kOperatorUnsupported || open.why == Why::kValueInvalid || open.why == Why::kKeyUnread) {
      certain_ = false;
    }
    if (open.why == Why::kPrincipalHalfListed) {
      certain_ = false;
      return;
    }
    if (open.condition == nullptr) {
      AddResource(*open.statement);
      return;
    }
    const Condition& condition = *open.condition;
    if (IsOpen(condition.key())) KeyFor(condition.key()).candidates.Add(condition, request_.context);
    if (open.why != Why::kVariableUnknown && !condition.has_variables()) return;
    for (const KeyName& key : condition.VariableKeys()) {
      if (IsOpen(key)) AddVariable(key, condition.key());
    }
  }

  Settled Run(std::size_t bound, SettleWork& work) {
    std::size_t most = std::min(bound, work.assignments);
    if (most == 0) most = 1;
    std::size_t total = 1;
    for (auto& [name, key] : keys_) {
      certain_ = key.candidates.Collect(request_.context.Find(key.name), work.cuts, key.choices) && certain_;
      total = total > most ? total : total * key.choices.size();
    }
    // Over the bound: every n-th assignment, n odd, so that all keys change.
    const std::size_t step = total > most ? total / most * 2 + 1 : 1;
    certain_ = certain_ && total <= most;
    Settled settled;
    for (std::size_t at = 0, tried = 0; at < total && tried < most; at += step, ++tried) {
      Try(at, settled);
      work.assignments -= work.assignments > 0 ? 1 : 0;
      if (settled.allowed && settled.not_allowed) break;
    }
    Conclude(settled);
    return settled;
  }

 private:
  bool IsOpen(const KeyName& key) const {
    const KeyState state = request_.context.Find(key).state;
    return state == KeyState::kUnknown || state == KeyState::kPresent;
  }

  Key& KeyFor(const KeyName& name) {
    Key& key = keys_[name.lower];
    key.name = name;
    return key;
  }

  // What to fill in for a variable is guessed from what it is compared with, so that not all ways are tried.
  void AddVariable(const KeyName& key, const KeyName& compared_with) {
    certain_ = false;
    Candidates& candidates = KeyFor(key).candidates;
    const KeyValue& value = request_.context.Find(compared_with);
    for (const std::string& one : value.values) candidates.AddText(one);
  }

  void AddResource(const CompiledStatement& statement) {
    certain_ = false;
    for (const ResourcePattern& pattern : statement.resources()) {
      for (const KeyName& key : pattern.VariableKeys()) {
        if (!IsOpen(key)) continue;
        std::string_view rest = request_.resource.resource();
        while (!rest.empty()) {
          const std::size_t end = rest.find_first_of("/:");
          KeyFor(key).candidates.AddText(std::string(rest.substr(0, end)));
          rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
        }
      }
    }
  }

  void Try(std::size_t at, Settled& settled) {
    Context context(KeyState::kUnknown, &request_.context);
    Assignment assignment;
    for (const auto& [name, key] : keys_) {
      const auto& choice = key.choices[at % key.choices.size()];
      at /= key.choices.size();
      if (!choice) {
        context.SetAbsent(key.name.text);
      } else if (choice->size() == 1) {
        context.Set(key.name.text, choice->front());
      } else {
        context.SetList(key.name.text, *choice);
      }
      assignment.emplace_back(key.name.text, choice);
    }
    RequestView request(request_.caller, request_.action, request_.resource, request_.resource_account, context, false);
    request.view = request_.view;
    const Decision decision = Decide(request, policies_);
    if (decision == Decision::kAllowed) {
      if (!settled.allowed) settled.allowed = std::move(assignment);
      return;
    }
    all_explicit_ = all_explicit_ && decision == Decision::kExplicitlyDenied;
    if (!settled.not_allowed) settled.not_allowed = std::move(assignment);
  }

  void Conclude(Settled& settled) const {
    if (settled.allowed && settled.not_allowed) {
      settled.certain = true;
      return;
    }
    settled.certain = certain_;
    if (!certain_) return;
    settled.decision = settled.allowed ? Decision::kAllowed
                       : all_explicit_ ? Decision::kExplicitlyDenied
                                       : Decision::kImplicitlyDenied;
  }

  const RequestView request_;
  const PolicySet& policies_;
  std::map<std::string, Key> keys_;
  bool certain_ = true;
  bool all_explicit_ = true;
};

}  // namespace

Settled Settle(const RequestView& request, const PolicySet& policies, const std::vector<OpenCondition>& open,
               std::size_t most, SettleWork& work) {
  Search search(request, policies);
  for (const OpenCondition& one : open) search.Add(one);
  return search.Run(most, work);
}

}  // namespace sallyport::policy
