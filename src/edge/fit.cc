// SPDX-License-Identifier: Apache-2.0
#include "edge/fit.h"

#include <algorithm>
#include <array>

#include "base/text.h"

namespace sallyport::edge {
namespace {

constexpr std::size_t kEvidenceKept = 5;
constexpr std::string_view kAws = "AWS";
constexpr std::string_view kCore = "AWSManagedRulesCommonRuleSet";
constexpr std::string_view kInputs = "AWSManagedRulesKnownBadInputsRuleSet";
constexpr std::string_view kSql = "AWSManagedRulesSQLiRuleSet";
constexpr std::string_view kLinux = "AWSManagedRulesLinuxRuleSet";
constexpr std::string_view kUnix = "AWSManagedRulesUnixRuleSet";
constexpr std::string_view kWindows = "AWSManagedRulesWindowsRuleSet";
constexpr std::string_view kPhp = "AWSManagedRulesPHPRuleSet";
constexpr std::string_view kWordPress = "AWSManagedRulesWordPressRuleSet";

// The names of Trend Micro's two products, as far as they are known (contract waf-facts).
struct Product {
  std::string_view name;
  std::array<std::string_view, 4> words;
};
constexpr std::array<Product, 2> kProducts = {Product{"webserver", {"webserver", "web_server", "apache", "nginx"}},
                                              Product{"cms", {"cms", "content", "wordpress", "joomla"}}};

bool HasAny(std::string_view text, const std::vector<std::string_view>& words) {
  return std::any_of(words.begin(), words.end(),
                     [text](std::string_view word) { return text.find(word) != std::string_view::npos; });
}

bool Speaks(const FitRow& row, const IpsRule& rule) {
  return HasAny(ToLowerAscii(rule.application_type), row.application_types) ||
         HasAny(ToLowerAscii(rule.name), row.rule_words);
}

bool IsOfTrend(const OfferedGroup& group) {
  return ToLowerAscii(group.vendor).find("trend") != std::string::npos;
}

const OfferedGroup* FindProduct(std::string_view product, const std::vector<const OfferedGroup*>& offer) {
  for (const Product& known : kProducts) {
    if (known.name != product) continue;
    for (const OfferedGroup* group : offer) {
      if (!IsOfTrend(*group)) continue;
      const std::string name = ToLowerAscii(group->name);
      if (std::any_of(known.words.begin(), known.words.end(),
                      [&](std::string_view word) { return name.find(word) != std::string::npos; })) {
        return group;
      }
    }
  }
  return nullptr;
}

bool IsOffered(const GroupName& name, const std::vector<const OfferedGroup*>& offer) {
  return std::any_of(offer.begin(), offer.end(), [&](const OfferedGroup* group) {
    return group->vendor == name.vendor && group->name == name.name;
  });
}

class Collector {
 public:
  explicit Collector(const std::vector<const OfferedGroup*>& offer) : offer_(offer) {}

  void Add(const GroupName& name, std::string_view of_class, bool advice_only) {
    for (Wanted& known : wanted_) {
      if (known.group != name) continue;
      known.advice_only = known.advice_only && advice_only;
      if (std::find(known.classes.begin(), known.classes.end(), of_class) == known.classes.end()) {
        known.classes.emplace_back(of_class);
      }
      return;
    }
    wanted_.push_back({name, {std::string(of_class)}, IsOffered(name, offer_), advice_only});
  }

  std::vector<Wanted> Take() { return std::move(wanted_); }

 private:
  const std::vector<const OfferedGroup*>& offer_;
  std::vector<Wanted> wanted_;
};

const FitRow* FindRow(std::string_view name) {
  for (const FitRow& row : FitRows()) {
    if (row.name == name) return &row;
  }
  return nullptr;
}

Error BadLine(std::string_view line, const std::string& why) {
  return {ErrorCode::kInvalidInput, "waf.groups: `" + Printable(line, 200) + "`: " + why,
          "write CLASS=VENDOR/NAME, several with + between"};
}

bool IsGroupText(std::string_view text) {
  return !text.empty() && text.size() <= 128 && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-' ||
           c == ' ';
  });
}

}  // namespace

std::span<const FitRow> FitRows() {
  static const std::array<FitRow, 14> rows = {{
      {"apache",
       {"web server apache", "apache http"},
       {"apache httpd", "apache http server"},
       "webserver",
       {kCore, kInputs, kLinux, kUnix}},
      {"nginx", {"nginx"}, {"nginx"}, "webserver", {kCore, kInputs, kLinux, kUnix}},
      {"iis",
       {"web server iis", "microsoft iis"},
       {"internet information services", "microsoft iis"},
       "",
       {kCore, kInputs, kWindows}},
      {"aspnet", {"asp.net"}, {"asp.net"}, "", {kCore, kInputs, kWindows}},
      {"sharepoint", {"sharepoint"}, {"sharepoint"}, "", {kCore, kInputs, kWindows}},
      {"tomcat", {"tomcat"}, {"tomcat"}, "webserver", {kCore, kInputs, kSql}},
      {"struts", {"struts"}, {"struts"}, "webserver", {kCore, kInputs, kSql}},
      {"solr", {"solr"}, {"apache solr"}, "webserver", {kCore, kInputs}},
      {"java",
       {"java", "jsp", "jboss", "weblogic", "websphere", "spring"},
       {"log4j", "spring framework", "java deserialization", "jboss", "weblogic"},
       "webserver",
       {kInputs, kCore, kSql}},
      {"php", {"php"}, {"php "}, "", {kPhp, kCore, kSql}},
      {"wordpress", {"wordpress"}, {"wordpress"}, "cms", {kWordPress, kPhp, kSql, kCore}, 2},
      {"drupal", {"drupal"}, {"drupal"}, "cms", {kPhp, kSql, kCore}, 2},
      {"joomla", {"joomla"}, {"joomla"}, "cms", {kPhp, kSql, kCore}, 2},
      {"web",
       {"web server common", "web application common", "web application ruby", "web server miscellaneous"},
       {"sql injection", "cross-site scripting", "cross site scripting"},
       "",
       {kCore, kInputs, kSql}},
  }};
  return rows;
}

std::string ToString(const GroupName& group) {
  return group.vendor + "/" + group.name;
}

std::vector<AppClass> ClassesOf(const std::vector<IpsRule>& rules) {
  std::vector<AppClass> classes;
  for (const FitRow& row : FitRows()) {
    AppClass found;
    found.name = row.name;
    for (const IpsRule& rule : rules) {
      if (!Speaks(row, rule)) continue;
      ++found.rules;
      if (found.evidence.size() >= kEvidenceKept) continue;
      const std::string identifier = rule.identifier.empty() ? "" : rule.identifier + " - ";
      found.evidence.push_back({Printable(identifier + rule.name, 200), Printable(rule.application_type, 100)});
    }
    if (found.rules > 0) classes.push_back(std::move(found));
  }
  return classes;
}

Result<FitSettings> ReadFitSettings(const std::vector<std::string>& lines) {
  FitSettings settings;
  for (const std::string& line : lines) {
    const auto equals = line.find('=');
    if (equals == std::string::npos) return BadLine(line, "there is no `=`");
    const std::string name(Trim(std::string_view(line).substr(0, equals)));
    if (FindRow(name) == nullptr) return BadLine(line, "there is no class `" + Printable(name, 60) + "`");
    std::vector<GroupName> groups;
    std::string_view rest = std::string_view(line).substr(equals + 1);
    while (!rest.empty()) {
      const auto plus = rest.find('+');
      const std::string_view one = Trim(rest.substr(0, plus));
      const auto slash = one.find('/');
      if (slash == std::string_view::npos || !IsGroupText(one.substr(0, slash)) ||
          !IsGroupText(one.substr(slash + 1))) {
        return BadLine(line, "`" + Printable(one, 100) + "` is no VENDOR/NAME");
      }
      groups.push_back({std::string(one.substr(0, slash)), std::string(one.substr(slash + 1))});
      rest = plus == std::string_view::npos ? std::string_view() : rest.substr(plus + 1);
    }
    if (!settings.replaced.emplace(name, std::move(groups)).second) return BadLine(line, "the class comes twice");
  }
  return settings;
}

std::vector<Wanted> WantedGroups(const std::vector<AppClass>& classes, bool windows,
                                 const std::vector<const OfferedGroup*>& offer, const FitSettings& settings) {
  Collector collector(offer);
  for (const AppClass& one : classes) {
    const FitRow* row = FindRow(one.name);
    if (row == nullptr || one.rules < row->least_rules) continue;
    if (const auto replaced = settings.replaced.find(one.name); replaced != settings.replaced.end()) {
      for (const GroupName& group : replaced->second) collector.Add(group, one.name, false);
      continue;
    }
    const OfferedGroup* trend = row->trend.empty() ? nullptr : FindProduct(row->trend, offer);
    if (trend != nullptr) collector.Add({trend->vendor, trend->name}, one.name, false);
    for (const std::string_view group : row->aws) {
      // Rules for the other system look for what cannot work there.
      if (windows ? group == kLinux || group == kUnix : group == kWindows) continue;
      collector.Add({std::string(kAws), std::string(group)}, one.name, trend != nullptr);
    }
  }
  return collector.Take();
}

}  // namespace sallyport::edge
