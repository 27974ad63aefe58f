// SPDX-License-Identifier: Apache-2.0
#include "edge_gather/survey.h"

#include <iterator>

#include "aws/endpoint.h"
#include "aws_api/ec2.h"
#include "aws_client/fan_out.h"
#include "edge_gather/survey_parts.h"

namespace sallyport::edge {
namespace {

// What a rate refuses is asked again: a sweep has time, and a part that is missing makes hosts undetermined.
constexpr int kPatience = 5;

bool IsRefusedByRate(const Result<aws::WireAnswer>& answer) {
  return !answer.ok() && answer.error().code == ErrorCode::kRateLimited;
}

}  // namespace

Result<aws::WireAnswer> CountingTransport::Send(const aws::Call& call) {
  {
    const std::lock_guard lock(mutex_);
    ++counts_[std::string(call.operation->service.name) + " " + std::string(call.operation->name)];
  }
  Result<aws::WireAnswer> answer = inner_.Send(call);
  for (int again = 0; again < kPatience && IsRefusedByRate(answer); ++again) answer = inner_.Send(call);
  return answer;
}

void Jobs::Run(const Clock& clock, int concurrency) {
  aws::RunInLanes(clock, {.concurrency = concurrency}, lanes_, [this](std::size_t i) { work_[i](); });
  lanes_.clear();
  work_.clear();
}

std::string LaneOf(const Place& place, std::string_view what) {
  return place.account + "/" + place.region + "/" + std::string(what);
}

Estate Survey::Read() {
  FindPlaces();
  ListEverything();
  AskForDetails();
  ExplainAddresses();
  return Merge();
}

aws::Aws Survey::At(const Place& place) {
  return {transport_, {place.account == options_.home_account ? "" : place.account, place.region}};
}

void Survey::AddGap(PlaceFacts& facts, Part part, const Error& error, bool global) {
  const std::lock_guard lock(facts.gaps_mutex);
  facts.gaps.push_back({part, facts.place.account, global ? "" : facts.place.region, error.ToText()});
}

void Survey::FindPlaces() {
  std::set<std::string> accounts = options_.other_accounts;
  accounts.insert(options_.home_account);
  accounts.insert(ask_.accounts.begin(), ask_.accounts.end());
  for (const std::string& account : accounts) accounts_.push_back({account, {}, {}, {}});
  std::vector<std::vector<std::string>> regions(accounts_.size(), options_.regions);
  for (std::size_t i = 0; i < accounts_.size() && options_.regions.empty(); ++i) {
    jobs_.Add(accounts_[i].account, [this, i, &regions] {
      const auto answer = At({accounts_[i].account, options_.home_region}).Call(aws::ec2::DescribeRegions{});
      if (!answer.ok()) {
        accounts_[i].gaps.push_back({Part::kRegion, accounts_[i].account, "", answer.error().ToText()});
        return;
      }
      for (const aws::ec2::Region& region : answer->regions) {
        if (region.opt_in_status != "not-opted-in") regions[i].push_back(region.name);
      }
    });
  }
  Run();
  const std::string global = std::string(aws::PartitionOf(options_.home_region).global_region);
  for (std::size_t i = 0; i < accounts_.size(); ++i) {
    for (const std::string& region : regions[i]) AddPlace(accounts_[i].account, region);
    // The ACLs for CloudFront are there whether the region is looked at or not.
    global_[accounts_[i].account] = AddPlace(accounts_[i].account, global, true);
  }
}

PlaceFacts* Survey::AddPlace(const std::string& account, const std::string& region, bool only_global) {
  for (const auto& known : places_) {
    if (known->place.account == account && known->place.region == region) return known.get();
  }
  auto& target = only_global ? hidden_places_ : places_;
  target.push_back(std::make_unique<PlaceFacts>());
  target.back()->place = {account, region};
  return target.back().get();
}

void Survey::ListEverything() {
  for (AccountFacts& account : accounts_) {
    jobs_.Add(account.account + "/cloudfront", [this, &account] { ReadDistributions(account); });
    PlaceFacts* global = global_[account.account];
    jobs_.Add(LaneOf(global->place, "acls"), [this, global] { ListAcls(*global, "CLOUDFRONT"); });
    jobs_.Add(LaneOf(global->place, "logs"), [this, global] { ListLogging(*global, "CLOUDFRONT"); });
  }
  for (const auto& owned : places_) {
    PlaceFacts* facts = owned.get();
    const Place& place = facts->place;
    jobs_.Add(LaneOf(place, "acls"), [this, facts] { ListAcls(*facts, "REGIONAL"); });
    jobs_.Add(LaneOf(place, "logs"), [this, facts] { ListLogging(*facts, "REGIONAL"); });
    jobs_.Add(LaneOf(place, "elb"), [this, facts] { ReadBalancers(*facts); });
    jobs_.Add(LaneOf(place, "classic"), [this, facts] { ReadClassics(*facts); });
    jobs_.Add(LaneOf(place, "groups"), [this, facts] { ReadGroups(*facts); });
    jobs_.Add(LaneOf(place, "instances"), [this, facts] { ReadInstances(*facts); });
  }
  Run();
}

void Survey::AskForDetails() {
  FindHeaderChecks();
  for (const auto* list : {&places_, &hidden_places_}) {
    for (const auto& owned : *list) AskForAcls(*owned);
  }
  for (const auto& owned : places_) {
    PlaceFacts* facts = owned.get();
    for (TargetGroup& group : facts->groups) {
      jobs_.Add(LaneOf(facts->place, "targets"), [this, facts, &group] { ReadTargets(*facts, group); });
    }
    jobs_.Add(LaneOf(facts->place, "security"), [this, facts] { ReadAccess(*facts); });
  }
  Run();
}

Estate Survey::Merge() {
  Estate estate;
  for (const auto& owned : places_) estate.places.push_back(owned->place);
  for (AccountFacts& account : accounts_) {
    Append(account.distributions, estate.distributions);
    Append(account.vpc_origins, estate.vpc_origins);
    Append(account.gaps, estate.gaps);
  }
  for (auto* list : {&places_, &hidden_places_}) {
    for (auto& owned : *list) {
      PlaceFacts& facts = *owned;
      Append(facts.gaps, estate.gaps);
      Append(facts.acls, estate.acls);
      Append(facts.offered, estate.offered);
      Append(facts.offers, estate.offers);
      Append(facts.balancers, estate.balancers);
      Append(facts.classics, estate.balancers);
      Append(facts.groups, estate.groups);
      Append(facts.security_groups, estate.security_groups);
      Append(facts.interfaces, estate.interfaces);
      Append(facts.tasks, estate.tasks);
      Append(facts.hosts, estate.hosts);
    }
  }
  estate.calls = transport_.Take();
  return estate;
}

Estate ReadAwsEstate(aws::Transport& transport, const Clock& clock, const SurveyOptions& options,
                     const SurveyAsk& ask) {
  return Survey(transport, clock, options, ask).Read();
}

}  // namespace sallyport::edge
