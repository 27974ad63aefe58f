// SPDX-License-Identifier: Apache-2.0
//
// CloudFront. A distribution's configuration is kept as the XML it is shown as (`xml`, made from `config` when first
// needed).
#include "base/text.h"
#include "sim/aws/services.h"
#include "sim/aws/xml.h"

namespace sallyport::aws_sim {
namespace {

constexpr std::string_view kNamespace = "http://cloudfront.amazonaws.com/doc/2020-05-31/";
constexpr PageRule kCloudFrontPages{.token_in = "Marker",
                                    .token_out = "NextMarker",
                                    .size_in = "MaxItems",
                                    .largest = 100,
                                    .bad_token = "InvalidArgument",
                                    .bad_size = "InvalidArgument"};

// What stands inside <DistributionConfig>.
std::string ConfigXml(json::object& distribution) {
  if (!Has(distribution, "xml")) {
    std::string made;
    WriteXmlMembers(made, ObjectOf(distribution, "config"), ListStyle::kFlat);
    distribution["xml"] = made;
    distribution.erase("config");
  }
  return TextOf(distribution, "xml");
}

Result<XmlNode> ConfigOf(json::object& distribution) {
  return ReadXml("<DistributionConfig>" + ConfigXml(distribution) + "</DistributionConfig>");
}

std::string Tagged(std::string_view name, std::string_view text) {
  return "<" + std::string(name) + ">" + XmlEscaped(text) + "</" + std::string(name) + ">";
}

std::string PartOrEmptyList(const XmlNode& config, std::string_view name) {
  const XmlNode* part = config.Child(name);
  return part != nullptr ? part->ToText()
                         : "<" + std::string(name) + "><Quantity>0</Quantity></" + std::string(name) + ">";
}

std::string SummaryXml(json::object& distribution) {
  const auto config = ConfigOf(distribution);
  if (!config) return "";
  std::string out = "<DistributionSummary>";
  for (const std::string_view name : {"Id", "ARN", "Status", "LastModifiedTime", "DomainName"}) {
    out += Tagged(name, TextOf(distribution, name));
  }
  for (const std::string_view name : {"Aliases", "Origins", "OriginGroups"}) out += PartOrEmptyList(*config, name);
  const XmlNode* behavior = config->Child("DefaultCacheBehavior");
  out += behavior != nullptr ? behavior->ToText() : "<DefaultCacheBehavior/>";
  for (const std::string_view name : {"CacheBehaviors", "CustomErrorResponses"}) out += PartOrEmptyList(*config, name);
  out += Tagged("Comment", config->ChildText("Comment"));
  out += Tagged("PriceClass", config->Child("PriceClass") ? config->ChildText("PriceClass") : "PriceClass_All");
  out += Tagged("Enabled", config->ChildText("Enabled"));
  out += "<ViewerCertificate><CloudFrontDefaultCertificate>true</CloudFrontDefaultCertificate></ViewerCertificate>";
  out +=
      "<Restrictions><GeoRestriction><RestrictionType>none</RestrictionType><Quantity>0</Quantity></GeoRestriction>"
      "</Restrictions>";
  out += Tagged("WebACLId", config->ChildText("WebACLId"));
  out += Tagged("HttpVersion", "http2") + Tagged("IsIPV6Enabled", "true");
  out += Tagged("Staging", FlagOf(distribution, "Staging") ? "true" : "false");
  if (Has(distribution, "ConnectionMode")) out += Tagged("ConnectionMode", TextOf(distribution, "ConnectionMode"));
  return out + "</DistributionSummary>";
}

Answer ListXml(const Call& call, const std::vector<json::object*>& found) {
  Page page;
  if (auto problem = TakePage(call, found.size(), kCloudFrontPages, page)) return *problem;
  std::string out = "<?xml version=\"1.0\"?>\n<DistributionList xmlns=\"" + std::string(kNamespace) + "\">";
  out += Tagged("Marker", TextOf(call.in, "Marker"));
  if (!page.next.empty()) out += Tagged("NextMarker", page.next);
  out += Tagged("MaxItems", TextOf(call.in, "MaxItems", "100"));
  out += Tagged("IsTruncated", page.next.empty() ? "false" : "true");
  out += Tagged("Quantity", std::to_string(page.end - page.begin));
  if (page.end > page.begin) {
    out += "<Items>";
    for (std::size_t i = page.begin; i < page.end; ++i) out += SummaryXml(*found[i]);
    out += "</Items>";
  }
  return {out + "</DistributionList>", "text/xml"};
}

Answer ListDistributions(World&, const Call& call) {
  std::vector<json::object*> found;
  for (json::object& one : call.account->Set("distributions")) found.push_back(&one);
  return ListXml(call, found);
}

Answer ListDistributionsByWebAclId(World&, const Call& call) {
  const auto wanted = TextOf(call.in, "WebACLId");
  std::vector<json::object*> found;
  for (json::object& one : call.account->Set("distributions")) {
    const auto config = ConfigOf(one);
    if (config && config->ChildText("WebACLId") == (wanted == "null" ? "" : wanted)) found.push_back(&one);
  }
  return ListXml(call, found);
}

Answer ListVpcOrigins(World&, const Call& call) {
  const auto& all = call.account->Set("vpcOrigins");
  Page page;
  if (auto problem = TakePage(call, all.size(), kCloudFrontPages, page)) return *problem;
  std::string out = "<?xml version=\"1.0\"?>\n<VpcOriginList xmlns=\"" + std::string(kNamespace) + "\">";
  out += Tagged("Marker", TextOf(call.in, "Marker"));
  if (!page.next.empty()) out += Tagged("NextMarker", page.next);
  out += Tagged("MaxItems", TextOf(call.in, "MaxItems", "100"));
  out += Tagged("IsTruncated", page.next.empty() ? "false" : "true");
  out += Tagged("Quantity", std::to_string(page.end - page.begin)) + "<Items>";
  for (std::size_t i = page.begin; i < page.end; ++i) {
    out += "<VpcOriginSummary>";
    for (const std::string_view name :
         {"Id", "Name", "Status", "CreatedTime", "LastModifiedTime", "Arn", "AccountId", "OriginEndpointArn"}) {
      out += Tagged(name, TextOf(all[i], name));
    }
    out += "</VpcOriginSummary>";
  }
  return {out + "</Items></VpcOriginList>", "text/xml"};
}

constexpr OperationSpec kCloudFrontOperations[] = {
    {"ListDistributions", "Marker?Marker MaxItems?MaxItems", ListDistributions, "GET", "/2020-05-31/distribution"},
    {"ListDistributionsByWebACLId", "Marker?Marker MaxItems?MaxItems WebACLId*", ListDistributionsByWebAclId, "GET",
     "/2020-05-31/distributionsByWebACLId/{WebACLId}"},
    {"ListVpcOrigins", "Marker?Marker MaxItems?MaxItems", ListVpcOrigins, "GET", "/2020-05-31/vpc-origin"},
};

}  // namespace

const ServiceSpec kCloudFrontService{
    "cloudfront",         "cloudfront", "2020-05-31",
    Protocol::kRestXml,   "",           "http://cloudfront.amazonaws.com/doc/2020-05-31/",
    kCloudFrontOperations};

}  // namespace sallyport::aws_sim
