// SPDX-License-Identifier: Apache-2.0
#include "aws_api/cloudfront_vpc.h"

#include "aws/table.h"

namespace sallyport::aws::cloudfront {
namespace {

constexpr Service kVpcService{"cloudfront", "CloudFront", "cloudfront", "cloudfront", "cloudfront", Protocol::kRestXml};

constexpr auto kVpcOriginSummary =
    Table<VpcOriginSummary>({{"Id", Required<&VpcOriginSummary::id>},
                             {"Status", Field<&VpcOriginSummary::status>},
                             {"OriginEndpointArn", Required<&VpcOriginSummary::endpoint>}});
constexpr auto kListVpcOrigins =
    Table<ListVpcOrigins>({{"Marker", Field<&ListVpcOrigins::page_token>, Location::kQuery},
                           {"MaxItems", Field<&ListVpcOrigins::max_items>, Location::kQuery}});
constexpr auto kListVpcOriginsAnswer =
    Table<ListVpcOriginsAnswer>({{"Items", Field<&ListVpcOriginsAnswer::origins, kVpcOriginSummary>},
                                 {"IsTruncated", Required<&ListVpcOriginsAnswer::truncated>},
                                 {"NextMarker", Field<&ListVpcOriginsAnswer::next_page>}});

}  // namespace

const Operation ListVpcOrigins::kOp = Make<ListVpcOrigins>({.service = kVpcService,
                                                            .name = "ListVpcOrigins",
                                                            .method = "GET",
                                                            .uri = "/2020-05-31/vpc-origin",
                                                            .root = "VpcOriginList"},
                                                           kListVpcOrigins, kListVpcOriginsAnswer);

}  // namespace sallyport::aws::cloudfront
