// SPDX-License-Identifier: Apache-2.0
//
// For one action on a set of resources, like the objects of a bucket: a few resources that stand for all of it, for
// thousands of principals. The resources of a set begin alike and end differently, so only the ends are looked at: what
// the patterns of a statement leave open behind the common beginning is one group of patterns (regions.h), looked up
// once for each policy; principals with the same groups share one cut.
//
// Most questions never cut. Where not even the best conceivable resource (in what every Allow names, outside of what
// every Deny names) gives access, none does; and a resource that does give it, made from a pattern's own text, is proof
// enough.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "policy/evaluate.h"
#include "policy/regions.h"

namespace sallyport::policy {

// Whether some ARN may match both; only by what both must start with, so that it may say yes too often.
bool MayOverlap(const ResourcePattern& pattern, std::string_view set);

// A set of resources: the ARN pattern taken apart. An object of S3 has a key of 1 to 1,024 bytes (S3 User Guide,
// "Naming Amazon S3 objects").
struct ResourceSet {
  explicit ResourceSet(std::string_view pattern);

  std::string beginning;                       // what they all begin with
  PatternGroup ends;                           // one pattern
  std::size_t longest = CutOptions().longest;  // bytes of an end
};

// The decision for a set is the best of its resources.
struct BestOfSet {
  Decision decision = Decision::kExplicitlyDenied;
  std::optional<std::size_t> example;  // in Examples(); nothing: none was decided
};

class WitnessFinder {
 public:
  // What was found out about statements; finders of one set may share it for all actions.
  struct Ends;
  // `work` outlives the finder.
  explicit WitnessFinder(std::string_view set, CutWork& work, std::shared_ptr<Ends> ends = nullptr);

  // What to cut by: the resources of statements about `action`, when the set is addressed by `set`, whose ends are
  // those of the finder's own. Returns the lens's number.
  std::size_t AddResources(const ActionName& action, std::string_view set);
  // The same by the values of a condition key that holds the resource's ARN.
  std::size_t AddCondition(const ActionName& action, std::string_view key);

  // Policies, seen through one lens. Policies must outlive the finder.
  struct Source {
    std::size_t lens = 0;
    const PolicySet* policies = nullptr;
  };
  // The resources that were made, each end once. An example and its ARNs stay where they are.
  struct Example {
    std::string end;
    std::vector<Arn> arns;  // one for each lens made by AddResources, in that order
  };
  const std::deque<Example>& examples() const { return examples_; }

  // One example of each region, places in examples().
  struct Exact {
    const std::vector<std::size_t>& examples;
    bool complete;
  };
  Exact Regions(const std::vector<Source>& sources, const Context& context);

  // Of the set as the sources part it. `at_best` decides with views, one for each lens, in which every statement means
  // the best conceivable resource, so that no resource gets more; `decide` for one example. Both settle what is
  // conditional, or neither. "Could not decide" when no access was found and a bound was reached.
  using BestViews = std::vector<const ResourceView*>;
  BestOfSet Best(const std::vector<Source>& sources, const Context& context,
                 const std::function<Decision(const BestViews& views)>& at_best,
                 const std::function<Decision(const Example& example)>& decide);

 private:
  using Group = std::uint32_t;
  enum class Cover : std::uint8_t { kNone, kSome, kAll };
  struct OfStatement {
    Cover cover = Cover::kNone;
    Group group = 0;  // kSome
  };
  struct OfPolicy {
    std::vector<Group> groups;
    std::vector<const CompiledStatement*> with_variables;
  };
  struct Lens {
    ActionName action;
    std::string beginning;
    std::optional<KeyName> key;  // of a condition
    std::size_t place = 0;       // in Example::arns
    std::unordered_map<const Policy*, OfPolicy> policies;
    std::unordered_map<const CompiledStatement*, Cover> covers;
  };
  struct Found {
    std::vector<std::size_t> quick;  // places in examples_
    std::optional<std::vector<std::size_t>> exact;
    bool complete = true;
  };
  class BestView;

  const OfPolicy& Of(Lens& lens, const Policy& policy);
  OfStatement Place(const PatternGroup& patterns, const Lens& lens);
  void LookAt(Lens& lens, const CompiledStatement& statement, OfPolicy& of);
  Group Number(PatternGroup group);
  void Collect(Lens& lens, const std::vector<PolicyPtr>& policies, const Context& context, std::vector<Group>& groups);
  std::vector<Group> GroupsOf(const std::vector<Source>& sources, const Context& context);
  std::size_t ExampleOf(std::string end);
  void AddQuick(const std::vector<Group>& groups, Found& found);
  void CutExactly(const std::vector<Group>& groups, Found& found);

  ResourceSet set_;
  CutWork& work_;
  std::deque<Lens> lenses_;
  std::size_t places_ = 0;
  std::shared_ptr<Ends> ends_;
  std::map<std::vector<Group>, Found> found_;
  std::deque<Example> examples_;
  std::unordered_map<std::string, std::size_t> example_numbers_;
};

struct WitnessFinder::Ends {
  std::map<std::pair<const CompiledStatement*, std::string>, OfStatement> statements;  // by what the set begins with
  std::unordered_map<std::string, Group> numbers;
  std::vector<PatternGroup> groups;
};

}  // namespace sallyport::policy
