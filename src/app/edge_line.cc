// SPDX-License-Identifier: Apache-2.0
#include "app/edge_line.h"

#include <utility>

#include "edge_gather/acl_calls.h"
#include "edge_gather/survey.h"
#include "edge_gather/tenant.h"

namespace sallyport {

EdgeScope EdgeScopeOf(const Settings& settings) {
  EdgeScope scope{settings.protection, settings.aws.regions, {}};
  for (const auto& [account, role] : settings.aws.accounts) scope.other_accounts.insert(account);
  return scope;
}

EdgeLine::EdgeLine(LazyAws& aws, swp::Client* swp, EdgeScope scope, const Clock& clock, Logger& log,
                   std::optional<TimePoint> stop_at, MayWrite may_write)
    : aws_(aws), swp_(swp), scope_(std::move(scope)), clock_(clock), log_(log), may_write_(std::move(may_write)) {
  if (stop_at) until_ = clock.Monotonic() + (*stop_at - clock.Now());
}

Status EdgeLine::Connect() {
  if (sender_ != nullptr) return Ok();
  const auto connection = aws_.Connect(until_);
  if (!connection.ok()) return connection.error();
  connection_ = *connection;
  sender_ = (*connection)->NewSender(log_, until_);
  return Ok();
}

Result<aws::Aws> EdgeLine::At(const std::string& account, const std::string& region) {
  if (Status connected = Connect(); !connected.ok()) return connected.error();
  const AwsIdentity& own = connection_->identity();
  const bool home = account.empty() || account == own.account;
  return aws::Aws(sender_->transport(), {home ? "" : account, region.empty() ? own.region : region}, {.until = until_});
}

Result<edge::Estate> EdgeLine::ReadEstate(const edge::SurveyAsk& ask) {
  if (Status connected = Connect(); !connected.ok()) return connected.error();
  edge::SurveyOptions options;
  options.home_account = connection_->identity().account;
  options.home_region = connection_->identity().region;
  options.regions = scope_.regions;
  options.other_accounts = scope_.other_accounts;
  return edge::ReadAwsEstate(sender_->transport(), clock_, options, ask);
}

std::map<std::int32_t, edge::IpsRule> EdgeLine::AddSwp(const edge::SurveyAsk& ask, TimePoint now,
                                                       edge::Estate& estate) {
  if (swp_ != nullptr) return edge::ReadTenant(*swp_, scope_.protection, now, ask, estate);
  for (edge::Host& host : estate.hosts) host.swp.why = host.swp.classes_why = "SWP is not asked here";
  return {};
}

Result<edge::AclNow> EdgeLine::ReadAcl(const edge::AclPlace& place) {
  const auto aws = At(place.account, place.region);
  if (!aws.ok()) return aws.error();
  return edge::ReadAclNow(*aws, place);
}

Result<edge::GroupNow> EdgeLine::ReadGroup(const edge::AclPlace& place, const edge::GroupName& group) {
  const auto aws = At(place.account, place.region);
  if (!aws.ok()) return aws.error();
  return edge::ReadGroupNow(*aws, place, group);
}

Result<std::int64_t> EdgeLine::CapacityOf(const edge::AclPlace& place, const Json& rules) {
  const auto aws = At(place.account, place.region);
  if (!aws.ok()) return aws.error();
  return edge::CheckCapacityOf(*aws, place, rules);
}

Result<edge::Sampled> EdgeLine::ReadSampled(const edge::AclPlace& place, const std::string& metric, TimePoint from,
                                            TimePoint to) {
  const auto aws = At(place.account, place.region);
  if (!aws.ok()) return aws.error();
  return edge::ReadSampledNow(*aws, place, metric, from, to);
}

Result<std::vector<edge::TagsNow>> EdgeLine::ReadTags(const std::string& account, const std::string& region,
                                                      const std::vector<std::string>& instances) {
  const auto aws = At(account, region);
  if (!aws.ok()) return aws.error();
  return edge::ReadTagsNow(*aws, instances);
}

Result<edge::IpSetNow> EdgeLine::ReadIpSet(const edge::IpSetPlace& place) {
  const auto aws = At(place.account, place.region);
  if (!aws.ok()) return aws.error();
  return edge::ReadIpSetNow(*aws, place);
}

Result<edge::IpListNow> EdgeLine::ReadIpList(const std::string& name) {
  if (swp_ == nullptr) return Error{ErrorCode::kUnavailable, "SWP is not asked here", ""};
  auto list = swp_->FindIpList(name);
  if (!list.ok()) return list.error();
  return edge::IpListNow{std::move(list->name), std::move(list->items)};
}

Status EdgeLine::UpdateIpSet(const edge::IpSetPlace& place, const edge::IpSetNow& set) {
  if (const Status may = MayWriteNow(); !may.ok()) return may.error();
  const auto aws = At(place.account, place.region);
  if (!aws.ok()) return aws.error();
  return edge::UpdateIpSetNow(*aws, place, set);
}

Status EdgeLine::MayWriteNow() const {
  if (!may_write_) return Error{ErrorCode::kRefused, "nothing may be written here", ""};
  return may_write_();
}

Status EdgeLine::UpdateAcl(const edge::AclPlace& place, const edge::AclNow& read, const Json& rules) {
  if (const Status may = MayWriteNow(); !may.ok()) return may.error();
  const auto aws = At(place.account, place.region);
  if (!aws.ok()) return aws.error();
  return edge::UpdateAclNow(*aws, read, rules);
}

}  // namespace sallyport
