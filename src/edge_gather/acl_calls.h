// SPDX-License-Identifier: Apache-2.0
//
// The calls about one web ACL. `aws`: at the account and region of the place.
#pragma once

#include "aws/call.h"
#include "edge/reads.h"

namespace sallyport::edge {

Result<AclNow> ReadAclNow(const aws::Aws& aws, const AclPlace& place);
Result<GroupNow> ReadGroupNow(const aws::Aws& aws, const AclPlace& place, const GroupName& group);
Result<std::int64_t> CheckCapacityOf(const aws::Aws& aws, const AclPlace& place, const Json& rules);
Result<Sampled> ReadSampledNow(const aws::Aws& aws, const AclPlace& place, const std::string& metric, TimePoint from,
                               TimePoint to);
Status UpdateAclNow(const aws::Aws& aws, const AclNow& read, const Json& rules);
Result<std::vector<TagsNow>> ReadTagsNow(const aws::Aws& aws, const std::vector<std::string>& instances);

Result<IpSetNow> ReadIpSetNow(const aws::Aws& aws, const IpSetPlace& place);
Status UpdateIpSetNow(const aws::Aws& aws, const IpSetPlace& place, const IpSetNow& set);

// REGIONAL or CLOUDFRONT, as the ARN says.
std::string ScopeOfArn(std::string_view arn);

}  // namespace sallyport::edge
