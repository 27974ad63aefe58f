// SPDX-License-Identifier: Apache-2.0
//
// The map's ways to AWS and SWP, for one piece of work; and what workflows ask AWS, in one.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "app/aws_connection.h"
#include "aws/call.h"
#include "config/settings.h"
#include "edge/reads.h"
#include "net/write_guard_client.h"
#include "protection/protection.h"
#include "reach/remembered_reads.h"
#include "swp_client/client.h"

namespace sallyport {

// What of the settings the map needs.
struct EdgeScope {
  ProtectionCriteria protection;
  std::vector<std::string> regions;      // empty: all that an account has enabled
  std::set<std::string> other_accounts;  // that a role is configured for
};
EdgeScope EdgeScopeOf(const Settings& settings);

// One sender. Nothing is made before it is asked. Belongs to one thread; references outlive it.
class EdgeLine final : public edge::Access {
 public:
  // `may_write`: asked before each request that changes something; empty: nothing is ever changed.
  EdgeLine(LazyAws& aws, swp::Client* swp, EdgeScope scope, const Clock& clock, Logger& log,
           std::optional<TimePoint> stop_at, MayWrite may_write = {});

  Result<edge::Estate> ReadEstate(const edge::SurveyAsk& ask) override;
  std::map<std::int32_t, edge::IpsRule> AddSwp(const edge::SurveyAsk& ask, TimePoint now,
                                               edge::Estate& estate) override;
  Result<edge::AclNow> ReadAcl(const edge::AclPlace& place) override;
  Result<edge::GroupNow> ReadGroup(const edge::AclPlace& place, const edge::GroupName& group) override;
  Result<std::int64_t> CapacityOf(const edge::AclPlace& place, const Json& rules) override;
  Result<edge::Sampled> ReadSampled(const edge::AclPlace& place, const std::string& metric, TimePoint from,
                                    TimePoint to) override;
  Result<std::vector<edge::TagsNow>> ReadTags(const std::string& account, const std::string& region,
                                              const std::vector<std::string>& instances) override;
  Result<edge::IpSetNow> ReadIpSet(const edge::IpSetPlace& place) override;
  Result<edge::IpListNow> ReadIpList(const std::string& name) override;
  Status UpdateIpSet(const edge::IpSetPlace& place, const edge::IpSetNow& set) override;
  Status UpdateAcl(const edge::AclPlace& place, const edge::AclNow& read, const Json& rules) override;

  int calls() const { return sender_ == nullptr ? 0 : sender_->calls(); }
  // The way itself, as `account` sees it. An Error: there is none.
  Result<aws::Aws> At(const std::string& account, const std::string& region);

 private:
  Status Connect();
  Status MayWriteNow() const;

  LazyAws& aws_;
  swp::Client* swp_;
  const EdgeScope scope_;
  const Clock& clock_;
  Logger& log_;
  const MayWrite may_write_;
  std::optional<AwsConnection::Instant> until_;
  std::unique_ptr<AwsConnection::Sender> sender_;
  const AwsConnection* connection_ = nullptr;
};

// All that workflows ask of AWS: who can reach a bucket (remembered), and the map.
class WorkReach final : public reach::Reads {
 public:
  WorkReach(reach::Reads& inner, edge::Reads& edge) : remembered_(inner), edge_(edge) {}
  Result<reach::Answer> WhoCan(const reach::Ask& ask) override { return remembered_.WhoCan(ask); }
  edge::Reads* Edge() override { return &edge_; }
  Result<std::string> InstanceState(const std::string& account, const std::string& region,
                                    const InstanceId& instance) override {
    return remembered_.InstanceState(account, region, instance);
  }

 private:
  reach::RememberedReads remembered_;
  edge::Reads& edge_;
};

}  // namespace sallyport
