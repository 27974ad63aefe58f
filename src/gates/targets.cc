// SPDX-License-Identifier: Apache-2.0
#include "gates/targets.h"

#include <algorithm>
#include <optional>

#include "base/text.h"

namespace sallyport {
namespace {

constexpr std::size_t kTargetsNamed = 5;
constexpr std::size_t kShownTag = 60;
constexpr std::size_t kShownAccount = 20;

bool Excludes(const GateSettings& settings, const swp::Tag& tag) {
  return tag.name == settings.exclusion_tag &&
         (settings.exclusion_tag_value.empty() || tag.value == settings.exclusion_tag_value);
}

// Why the host is excluded; nothing: it is not.
std::optional<std::string> WhyExcluded(const GateSettings& settings, const Host& host) {
  if (settings.exclusion_tag.empty()) return std::nullopt;
  if (!host.tags) {
    if (!settings.refuse_when_tags_unknown) return std::nullopt;
    return "its tags are undetermined";
  }
  const auto tag = std::find_if(host.tags->begin(), host.tags->end(),
                                [&](const swp::Tag& candidate) { return Excludes(settings, candidate); });
  if (tag == host.tags->end()) return std::nullopt;
  return "exclusion tag `" + Printable(tag->name, kShownTag) + "`=`" + Printable(tag->value, kShownTag) + "`";
}

std::vector<std::string> NamesOfLeftAlone(const SortedTargets& sorted) {
  std::vector<std::string> names;
  for (const auto* hosts : {&sorted.excluded, &sorted.evidence, &sorted.observed}) {
    for (const auto& [target, why] : *hosts) names.push_back(NameOf(target) + " (" + why + ")");
  }
  return names;
}

std::string WhyObserved(const Host& host) {
  if (!host.account.empty()) return "observe mode for account " + Printable(host.account, kShownAccount);
  return host.instance.value.empty() ? "the setting `mode` is `observe`"
                                     : "its account is undetermined, and some accounts are in observe mode";
}

}  // namespace

Mode ModeFor(const GateSettings& settings, const Host& host) {
  if (!host.account.empty() || host.instance.value.empty()) return ModeFor(settings, host.account);
  const bool any_observes = std::any_of(settings.account_modes.begin(), settings.account_modes.end(),
                                        [](const auto& account) { return account.second == Mode::kObserve; });
  return any_observes ? Mode::kObserve : settings.mode;
}

SortedTargets SortTargets(const GateSettings& settings, const std::vector<Target>& targets) {
  SortedTargets sorted;
  for (const Target& target : targets) {
    if (auto why = WhyExcluded(settings, target.host)) {
      sorted.excluded.push_back({target, *std::move(why)});
    } else if (!target.host.evidence.empty()) {
      sorted.evidence.push_back({target, target.host.evidence});
    } else if (ModeFor(settings, target.host) == Mode::kObserve) {
      sorted.observed.push_back({target, WhyObserved(target.host)});
    } else {
      sorted.free.push_back(target);
    }
  }
  return sorted;
}

std::string LeftAloneText(const SortedTargets& sorted) {
  const std::vector<std::string> names = NamesOfLeftAlone(sorted);
  const std::size_t all = names.size() + sorted.free.size();
  return std::to_string(names.size()) + " of " + CountText(all, "host") +
         " must be left alone: " + Listed(names, kTargetsNamed);
}

std::vector<std::string> AllLeftAlone(const SortedTargets& sorted) {
  std::vector<std::string> lines = NamesOfLeftAlone(sorted);
  if (lines.size() <= kTargetsNamed) return {};
  for (std::string& line : lines) line.insert(0, "left alone: ");
  return lines;
}

}  // namespace sallyport
