// SPDX-License-Identifier: Apache-2.0
#include "aws_api/cloudfront.h"

#include "aws/table.h"

namespace sallyport::aws::cloudfront {
namespace {

constexpr Service kService{"cloudfront", "CloudFront", "cloudfront", "cloudfront", "cloudfront", Protocol::kRestXml};

constexpr auto kVpcOrigin = Table<Origin>({{"VpcOriginId", Required<&Origin::vpc_origin>}});
constexpr auto kOrigin = Table<Origin>({{"Id", Required<&Origin::id>},
                                        {"DomainName", Required<&Origin::domain>},
                                        {"OriginPath", Field<&Origin::path>},
                                        {"VpcOriginConfig", Inside<kVpcOrigin>}});
// Lists stand in `Items`, beside a `Quantity`.
constexpr auto kOrigins = Table<Distribution>({{"Items", Field<&Distribution::origins, kOrigin>}});
constexpr auto kAliases = Table<Distribution>({{"Items", Field<&Distribution::aliases>}});
constexpr auto kDistribution = Table<Distribution>({{"Id", Required<&Distribution::id>},
                                                    {"ARN", Required<&Distribution::arn>},
                                                    {"Status", Field<&Distribution::status>},
                                                    {"DomainName", Field<&Distribution::domain>},
                                                    {"Enabled", Field<&Distribution::enabled>},
                                                    {"Staging", Field<&Distribution::staging>},
                                                    {"WebACLId", Field<&Distribution::web_acl_id>},
                                                    {"ConnectionMode", Field<&Distribution::connection_mode>},
                                                    {"Origins", RequiredInside<kOrigins>},
                                                    {"Aliases", Inside<kAliases>}});
constexpr auto kListDistributions =
    Table<ListDistributions>({{"Marker", Field<&ListDistributions::page_token>, Location::kQuery},
                              {"MaxItems", Field<&ListDistributions::max_items>, Location::kQuery}});
constexpr auto kListDistributionsAnswer =
    Table<ListDistributionsAnswer>({{"Items", Field<&ListDistributionsAnswer::distributions, kDistribution>},
                                    {"IsTruncated", Required<&ListDistributionsAnswer::truncated>},
                                    {"NextMarker", Field<&ListDistributionsAnswer::next_page>}});
constexpr auto kListDistributionsByWebACLId = Table<ListDistributionsByWebACLId>(
    {{"WebACLId", Required<&ListDistributionsByWebACLId::web_acl_id>, Location::kPath},
     {"Marker", Field<&ListDistributionsByWebACLId::page_token>, Location::kQuery},
     {"MaxItems", Field<&ListDistributionsByWebACLId::max_items>, Location::kQuery}});

}  // namespace

const Operation ListDistributions::kOp = Make<ListDistributions>({.service = kService,
                                                                  .name = "ListDistributions",
                                                                  .method = "GET",
                                                                  .uri = "/2020-05-31/distribution",
                                                                  .root = "DistributionList"},
                                                                 kListDistributions, kListDistributionsAnswer);
const Operation ListDistributionsByWebACLId::kOp =
    Make<ListDistributionsByWebACLId>({.service = kService,
                                       .name = "ListDistributionsByWebACLId",
                                       .method = "GET",
                                       .uri = "/2020-05-31/distributionsByWebACLId/{WebACLId}",
                                       .root = "DistributionList"},
                                      kListDistributionsByWebACLId, kListDistributionsAnswer);

}  // namespace sallyport::aws::cloudfront
