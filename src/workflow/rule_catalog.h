// SPDX-License-Identifier: Apache-2.0
//
// The rule catalog: which intrusion prevention rules are for a CVE, by exact membership, and what can be told of them.
// SWP's API names neither the system that a rule is for, nor that it is obsolete, nor surely that it needs
// configuration: each is inferred, and says from what. Pure.
//
// Sources: contract swp-api 7.1 (members of a rule), 7.2 (a search for a CVE finds longer ones too); edge cases I8, I9,
// I12.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "swp/estate.h"

namespace sallyport {

enum class HostSystem { kWindows, kLinux, kUndetermined };
std::string_view ToString(HostSystem system);  // "Windows", "Linux", "undetermined"
// Of a computer's platform ("Ubuntu Linux 22 (64 bit) (5.15)") or Inspector's ("UBUNTU_22_04").
HostSystem SystemOfPlatform(std::string_view platform);

enum class NeedsConfiguration { kNo, kYes, kUndetermined };

struct PatchRule {
  RuleId id;
  std::string identifier;  // the vendor's public number
  std::string name;
  std::string severity;           // "critical"
  std::vector<std::string> cves;  // upper case
  std::optional<std::int32_t> application_type;
  std::vector<RuleId> depends_on;
  bool detect_only = false;  // as the vendor ships it
  bool obsolete = false;     // inferred from its name
  HostSystem system = HostSystem::kUndetermined;
  std::string system_from;  // "its application type `Windows SMB Server`"; empty: nothing says it
  NeedsConfiguration configuration = NeedsConfiguration::kNo;
  std::string configuration_from;  // "its recommendation mode is `unknown`"; empty: nothing speaks for it
  bool operator==(const PatchRule&) const = default;
};
// "1011242 Apache Log4j Remote Code Execution"
std::string NameOfRule(const PatchRule& rule);

// What a rule is, from what SWP says of it. `application_type`: its name; empty: not known.
PatchRule PatchRuleOf(const swp::CatalogRule& rule, std::string_view application_type);

class RuleCatalog {
 public:
  // When all rules were read, and when those that changed since; nothing: never.
  std::optional<TimePoint> whole_at;
  std::optional<TimePoint> read_at;
  // The newest change of a rule by SWP's clock: from there the next refresh reads.
  std::optional<TimePoint> newest_update;

  // Replaces all.
  void Replace(const std::vector<swp::CatalogRule>& rules, const std::vector<swp::ApplicationType>& types,
               TimePoint now);
  // Adds, and replaces those with the same id. How many are new or another now.
  std::size_t Merge(const std::vector<swp::CatalogRule>& rules, const std::vector<swp::ApplicationType>& types,
                    TimePoint now);

  // The rules that list exactly this CVE (upper case), by their ids.
  std::vector<const PatchRule*> RulesFor(const std::string& cve) const;
  const PatchRule* Find(RuleId rule) const;
  std::string TypeName(std::optional<std::int32_t> type) const;  // empty: not known
  std::size_t size() const { return rules_.size(); }

  // As the ledger keeps it: texts of at most some 200 kB, and back, each by itself. `AddPiece` skips what is no part of
  // a catalog. kInvalidInput: it is one, and cannot be read.
  std::vector<std::string> Pieces() const;
  Status AddPiece(const Json& piece);

  bool operator==(const RuleCatalog& other) const {
    return whole_at == other.whole_at && read_at == other.read_at && newest_update == other.newest_update &&
           rules_ == other.rules_ && types_ == other.types_;
  }

 private:
  void Put(PatchRule rule);
  void Index();

  std::map<std::int32_t, PatchRule> rules_;
  std::map<std::int32_t, std::string> types_;
  std::unordered_map<std::string, std::vector<std::int32_t>> by_cve_;
};

// Bounds of what is read from SWP.
inline constexpr std::size_t kMostCatalogRules = 50'000;
inline constexpr std::size_t kMostApplicationTypes = 20'000;

// What there is to do about a catalog at that time, and doing it: nothing while it is younger than `age`; what changed
// since; or all, when it is older than `whole` or was never read. An Error: it could not be read; the catalog stays as
// it was.
Status RefreshCatalog(swp::EstateReads& estate, TimePoint now, Duration age, Duration whole, RuleCatalog& catalog,
                      bool& changed);

}  // namespace sallyport
