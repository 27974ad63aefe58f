// SPDX-License-Identifier: Apache-2.0
#include "workflow/macie_hosts.h"

#include <algorithm>
#include <map>

#include "base/text.h"

namespace sallyport {
namespace {

constexpr std::size_t kMostListed = 60;
constexpr std::size_t kMostWays = 5;  // of one host

bool Reaches(policy::Decision decision) {
  return decision == policy::Decision::kAllowed || decision == policy::Decision::kConditional;
}

// "can s3:GetObject, s3:ListBucket on `b`", with the statements that say so.
std::string WayOf(const reach::PrincipalAnswer& principal, const std::string& bucket) {
  std::string actions;
  std::string statements;
  std::string condition;
  for (const reach::ActionAnswer& action : principal.actions) {
    if (!Reaches(action.decision)) continue;
    actions += (actions.empty() ? "" : ", ") + action.action;
    if (action.decision == policy::Decision::kConditional && condition.empty()) {
      condition = action.condition.empty() ? "conditions hold" : action.condition;
    }
    for (const std::string& statement : action.statements) {
      if (statements.find(statement) == std::string::npos) statements += (statements.empty() ? "" : ", ") + statement;
    }
  }
  std::string text = "role `" + Printable(principal.role, 80) + "` is allowed " + actions + " on `" + bucket + "`";
  if (!condition.empty()) text += " if " + Printable(condition, 200);
  if (!statements.empty()) text += " (" + Printable(statements, 200) + ")";
  return text;
}

std::vector<swp::Tag> TagsOf(const reach::HostAnswer& host) {
  std::vector<swp::Tag> tags;
  for (const reach::Tag& tag : host.tags) tags.push_back({tag.key, tag.value});
  return tags;
}

class Collector {
 public:
  void Add(const reach::Answer& answer) {
    for (const reach::PrincipalAnswer& principal : answer.principals) Add(principal, answer.bucket);
    for (const reach::Outsider& outsider : answer.outsiders) {
      List((outsider.has_effect ? "other access to `" : "grant without effect on `") + answer.bucket +
           "`: " + Printable(outsider.who, 200) + (outsider.what.empty() ? "" : ": " + Printable(outsider.what, 200)));
    }
    for (const std::string& gap : answer.gaps) exposure_.gaps.push_back(Printable(gap, 400));
    if (answer.undecided > 0) {
      exposure_.gaps.push_back("undetermined for " +
                               CountText(answer.undecided, "role or session", "roles and sessions") +
                               " whether they can reach `" + answer.bucket + "`: sallyport who-can " + answer.bucket);
    }
  }

  Exposure Take() {
    if (unlisted_ > 0) {
      exposure_.listed.push_back("... and " + std::to_string(unlisted_) + " more (all: sallyport who-can)");
    }
    for (auto& [id, host] : hosts_) exposure_.hosts.push_back(std::move(host));
    std::stable_sort(exposure_.hosts.begin(), exposure_.hosts.end(),
                     [](const ExposedHost& a, const ExposedHost& b) { return a.certain && !b.certain; });
    return std::move(exposure_);
  }

 private:
  void List(std::string line) {
    if (exposure_.listed.size() >= kMostListed) {
      ++unlisted_;
    } else {
      exposure_.listed.push_back(std::move(line));
    }
  }

  void Add(const reach::PrincipalAnswer& principal, const std::string& bucket) {
    const std::string role = "role `" + Printable(principal.role, 80) + "` (account " + principal.account + ")";
    if (!principal.assumes.empty()) {
      List("indirect: " + role + " can assume `" + Printable(principal.assumes, 200) + "`");
      return;
    }
    if (!Reaches(principal.Best())) {
      const bool reduced =
          std::any_of(principal.actions.begin(), principal.actions.end(), [](const reach::ActionAnswer& action) {
            return Reaches(action.without_key) && !Reaches(action.decision) &&
                   action.decision != policy::Decision::kUndecided;
          });
      if (reduced) List(role + " is allowed on objects of `" + bucket + "`, but denied the KMS key that encrypts them");
      return;
    }
    for (const std::string& consumer : principal.consumers) List(role + " is also used by " + Printable(consumer, 200));
    for (const std::string& use : principal.other_uses) List(role + " is also used by " + Printable(use, 200));
    if (principal.hosts.empty()) List(role + " can reach `" + bucket + "`; no EC2 instance uses it");
    const std::string way = WayOf(principal, bucket);
    for (const reach::HostAnswer& host : principal.hosts) AddHost(principal, host, way);
  }

  void AddHost(const reach::PrincipalAnswer& principal, const reach::HostAnswer& host, const std::string& way) {
    if (host.decision == policy::Decision::kUndecided) {
      exposure_.gaps.push_back(host.instance.value + ": undetermined whether it can reach the bucket");
      return;
    }
    if (!Reaches(host.decision)) return;
    ExposedHost& exposed = hosts_[host.account + "/" + host.region + "/" + host.instance.value];
    if (exposed.ways.empty()) {
      exposed.host = {host.account, host.region, host.instance, host.Name(), TagsOf(host)};
      // A machine below an ECS task that EC2 could not be asked about: its tags are not known.
      if (host.state.empty()) exposed.host.tags = std::nullopt;
      exposed.state = host.state;
      exposed.found_in = host.how + ", role `" + Printable(principal.role, 80) + "`";
    }
    exposed.certain = exposed.certain || host.decision == policy::Decision::kAllowed;
    const bool known = std::find(exposed.ways.begin(), exposed.ways.end(), way) != exposed.ways.end();
    if (!known && exposed.ways.size() < kMostWays) exposed.ways.push_back(way);
  }

  Exposure exposure_;
  std::map<std::string, ExposedHost> hosts_;
  std::size_t unlisted_ = 0;
};

}  // namespace

Exposure ExposureOf(const MacieFinding& finding, const std::vector<Result<reach::Answer>>& answers) {
  Collector collector;
  std::vector<std::string> failed;
  for (std::size_t i = 0; i < answers.size(); ++i) {
    if (answers[i].ok()) {
      collector.Add(*answers[i]);
    } else {
      failed.push_back("could not determine which EC2 hosts can reach `" + finding.buckets[i] +
                       "`: " + answers[i].error().ToText());
    }
  }
  Exposure exposure = collector.Take();
  exposure.nothing_known = failed.size() == answers.size();
  exposure.gaps.insert(exposure.gaps.begin(), failed.begin(), failed.end());
  return exposure;
}

}  // namespace sallyport
