// SPDX-License-Identifier: Apache-2.0
#include "aws_api/cloudfront.h"

namespace sallyport::aws::cloudfront {
namespace {

constexpr Service kService{"cloudfront", "CloudFront", "cloudfront", "cloudfront", "cloudfront", Protocol::kRestXml};
constexpr Operation kListDistributions{.service = kService,
                                       .name = "ListDistributions",
                                       .method = "GET",
                                       .uri = "/2020-05-31/distribution",
                                       .root = "DistributionList"};
constexpr Operation kListDistributionsByWebACLId{.service = kService,
                                                 .name = "ListDistributionsByWebACLId",
                                                 .method = "GET",
                                                 .uri = "/2020-05-31/distributionsByWebACLId/{WebACLId}",
                                                 .root = "DistributionList"};

// Lists stand in `Items`, beside a `Quantity`.
struct Origins {
  std::vector<Origin>& items;
};
void Describe(Shape& shape, Origins& place) {
  shape("Items", place.items);
}
struct Aliases {
  std::vector<std::string>& items;
};
void Describe(Shape& shape, Aliases& place) {
  shape("Items", place.items);
}
struct VpcOrigin {
  std::string id{};
};
void Describe(Shape& shape, VpcOrigin& place) {
  shape("VpcOriginId", place.id);
}

}  // namespace

const Operation& ListDistributions::Op() {
  return kListDistributions;
}

const Operation& ListDistributionsByWebACLId::Op() {
  return kListDistributionsByWebACLId;
}

void Describe(Shape& shape, Origin& place) {
  shape.Required("Id", place.id).Required("DomainName", place.domain)("OriginPath", place.path);
  std::optional<VpcOrigin> vpc;
  if (place.is_vpc) vpc.emplace();
  shape("VpcOriginConfig", vpc);
  place.is_vpc = vpc.has_value();
}

void Describe(Shape& shape, Distribution& place) {
  shape.Required("Id", place.id).Required("ARN", place.arn)("Status", place.status)("DomainName", place.domain);
  shape("Enabled", place.enabled)("Staging", place.staging)("WebACLId", place.web_acl_id);
  shape("ConnectionMode", place.connection_mode);
  Origins origins{place.origins};
  Aliases aliases{place.aliases};
  shape.Required("Origins", origins)("Aliases", aliases);
}

void Describe(Shape& shape, ListDistributions& place) {
  shape("Marker", place.page_token, Where::kQuery);
  shape("MaxItems", place.max_items, Where::kQuery);
}

void Describe(Shape& shape, ListDistributionsAnswer& place) {
  shape("Items", place.distributions);
  shape.Required("IsTruncated", place.truncated);
  shape("NextMarker", place.next_page);
}

void Describe(Shape& shape, ListDistributionsByWebACLId& place) {
  shape.Required("WebACLId", place.web_acl_id, Where::kPath);
  shape("Marker", place.page_token, Where::kQuery);
  shape("MaxItems", place.max_items, Where::kQuery);
}

}  // namespace sallyport::aws::cloudfront
