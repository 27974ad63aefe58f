// SPDX-License-Identifier: Apache-2.0
//
// CloudFront. A distribution's configuration is kept as the XML it would be sent as (`xml`, made from `config` when
// first needed), because UpdateDistribution replaces it whole and the next read must give back every element.
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

std::string Element(std::string_view name, std::string_view text) {
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
    out += Element(name, TextOf(distribution, name));
  }
  for (const std::string_view name : {"Aliases", "Origins", "OriginGroups"}) out += PartOrEmptyList(*config, name);
  const XmlNode* behaviour = config->Child("DefaultCacheBehavior");
  out += behaviour != nullptr ? behaviour->ToText() : "<DefaultCacheBehavior/>";
  for (const std::string_view name : {"CacheBehaviors", "CustomErrorResponses"}) out += PartOrEmptyList(*config, name);
  out += Element("Comment", config->ChildText("Comment"));
  out += Element("PriceClass", config->Child("PriceClass") ? config->ChildText("PriceClass") : "PriceClass_All");
  out += Element("Enabled", config->ChildText("Enabled"));
  out += "<ViewerCertificate><CloudFrontDefaultCertificate>true</CloudFrontDefaultCertificate></ViewerCertificate>";
  out +=
      "<Restrictions><GeoRestriction><RestrictionType>none</RestrictionType><Quantity>0</Quantity></GeoRestriction>"
      "</Restrictions>";
  out += Element("WebACLId", config->ChildText("WebACLId"));
  out += Element("HttpVersion", "http2") + Element("IsIPV6Enabled", "true");
  out += Element("Staging", FlagOf(distribution, "Staging") ? "true" : "false");
  if (Has(distribution, "ConnectionMode")) out += Element("ConnectionMode", TextOf(distribution, "ConnectionMode"));
  return out + "</DistributionSummary>";
}

Answer ListXml(const Call& call, const std::vector<json::object*>& found) {
  Page page;
  if (auto problem = TakePage(call, found.size(), kCloudFrontPages, page)) return *problem;
  std::string out = "<?xml version=\"1.0\"?>\n<DistributionList xmlns=\"" + std::string(kNamespace) + "\">";
  out += Element("Marker", TextOf(call.in, "Marker"));
  if (!page.next.empty()) out += Element("NextMarker", page.next);
  out += Element("MaxItems", TextOf(call.in, "MaxItems", "100"));
  out += Element("IsTruncated", page.next.empty() ? "false" : "true");
  out += Element("Quantity", std::to_string(page.end - page.begin));
  if (page.end > page.begin) {
    out += "<Items>";
    for (std::size_t i = page.begin; i < page.end; ++i) out += SummaryXml(*found[i]);
    out += "</Items>";
  }
  return {out + "</DistributionList>", "text/xml"};
}

// A deployment takes its minutes.
void Settle(json::object& distribution, TimePoint now) {
  const auto deployed = NumberOf(distribution, "deployedAt", 0);
  if (TextOf(distribution, "Status") == "InProgress" && deployed > 0 && ToEpochMilliseconds(now) >= deployed) {
    distribution["Status"] = "Deployed";
  }
}

Answer ListDistributions(World&, const Call& call) {
  std::vector<json::object*> found;
  for (json::object& one : call.account->Set("distributions")) {
    Settle(one, call.now);
    found.push_back(&one);
  }
  return ListXml(call, found);
}

Answer ListDistributionsByWebAclId(World&, const Call& call) {
  const auto wanted = TextOf(call.in, "WebACLId");
  std::vector<json::object*> found;
  for (json::object& one : call.account->Set("distributions")) {
    Settle(one, call.now);
    const auto config = ConfigOf(one);
    if (config && config->ChildText("WebACLId") == (wanted == "null" ? "" : wanted)) found.push_back(&one);
  }
  return ListXml(call, found);
}

json::object* FindDistribution(const Call& call) {
  return FindRecord(call.account->Set("distributions"), "Id", TextOf(call.in, "Id"));
}

Failure NoSuchDistribution() {
  return Fail(404, "NoSuchDistribution", "The specified distribution does not exist.");
}

Answer GetDistributionConfig(World&, const Call& call) {
  auto* distribution = FindDistribution(call);
  if (distribution == nullptr) return NoSuchDistribution();
  Answer answer("<?xml version=\"1.0\"?>\n<DistributionConfig xmlns=\"" + std::string(kNamespace) + "\">" +
                    ConfigXml(*distribution) + "</DistributionConfig>",
                "text/xml");
  answer.headers.emplace_back("ETag", TextOf(*distribution, "ETag"));
  return answer;
}

// The inside of the root element, byte for byte.
std::string Inside(std::string_view body) {
  const auto root = body.find("<DistributionConfig");
  const auto open = body.find('>', root);
  const auto close = body.rfind("</DistributionConfig");
  if (root == std::string_view::npos || open == std::string_view::npos || close == std::string_view::npos ||
      close < open) {
    return "";
  }
  return std::string(body.substr(open + 1, close - open - 1));
}

bool WebAclFits(World& world, const Call& call, const std::string& acl) {
  if (!acl.starts_with("arn:")) return acl.empty() || acl.size() == 36;
  const auto parts = SplitArn(acl);
  const bool global =
      parts.service == "wafv2" && parts.region == world.GlobalRegion() && parts.rest.starts_with("global/webacl/");
  return global && FindRecord(call.account->regions[world.GlobalRegion()].Set("webAcls"), "ARN", acl) != nullptr;
}

std::string NextEtag(World& world) {
  auto text = world.NextId("E", 13);
  for (char& c : text) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  return text;
}

std::string DistributionXml(json::object& distribution, std::string_view id) {
  std::string out = "<?xml version=\"1.0\"?>\n<Distribution xmlns=\"" + std::string(kNamespace) + "\">";
  out += Element("Id", id) + Element("ARN", TextOf(distribution, "ARN")) +
         Element("Status", TextOf(distribution, "Status"));
  out += Element("LastModifiedTime", TextOf(distribution, "LastModifiedTime"));
  out += "<InProgressInvalidationBatches>0</InProgressInvalidationBatches>";
  out += Element("DomainName", TextOf(distribution, "DomainName"));
  out += "<ActiveTrustedSigners><Enabled>false</Enabled><Quantity>0</Quantity></ActiveTrustedSigners>";
  return out + "<DistributionConfig>" + ConfigXml(distribution) + "</DistributionConfig></Distribution>";
}

Answer UpdateDistribution(World& world, const Call& call) {
  auto* distribution = FindDistribution(call);
  if (distribution == nullptr) return NoSuchDistribution();
  const auto match = TextOf(call.in, "IfMatch");
  if (match.empty()) return Fail(400, "InvalidIfMatchVersion", "The If-Match version is missing or not valid.");
  if (match != TextOf(*distribution, "ETag")) {
    return Fail(412, "PreconditionFailed", "The request failed because it didn't meet the preconditions.");
  }
  const auto sent = ReadXml(call.body);
  if (!sent || sent->name != "DistributionConfig")
    return Fail(400, "MalformedInput", "The body is not a configuration");
  const auto before = ConfigOf(*distribution);
  if (before && sent->ChildText("CallerReference") != before->ChildText("CallerReference")) {
    return Fail(400, "IllegalUpdate", "The update contains modifications that are not allowed.");
  }
  for (const std::string_view name : {"Origins", "DefaultCacheBehavior", "Comment", "Enabled"}) {
    if (sent->Child(name) == nullptr) return Fail(400, "MissingBody", std::string(name) + " is missing");
  }
  if (!WebAclFits(world, call, sent->ChildText("WebACLId"))) {
    return Fail(400, "InvalidWebACLId", "The web ACL ID is not valid.");
  }
  (*distribution)["xml"] = Inside(call.body);
  (*distribution)["ETag"] = NextEtag(world);
  (*distribution)["Status"] = "InProgress";
  (*distribution)["LastModifiedTime"] = FormatTime(call.now);
  (*distribution)["deployedAt"] = ToEpochMilliseconds(call.now + std::chrono::minutes(5));
  Answer answer(DistributionXml(*distribution, TextOf(*distribution, "Id")), "text/xml");
  answer.headers.emplace_back("ETag", TextOf(*distribution, "ETag"));
  return answer;
}

constexpr Binding kCloudFrontBindings[] = {{"ListDistributions", ListDistributions},
                                           {"GetDistributionConfig", GetDistributionConfig},
                                           {"UpdateDistribution", UpdateDistribution},
                                           {"ListDistributionsByWebACLId", ListDistributionsByWebAclId}};

}  // namespace

Bindings CloudFrontBindings() {
  return kCloudFrontBindings;
}

}  // namespace sallyport::aws_sim
