// SPDX-License-Identifier: Apache-2.0
//
// S3's and S3 Control's settings of buckets. A bucket's record: Name, Region, and what it has of Policy (text), Acl
// (AccessControlPolicy), OwnershipControls, PublicAccessBlock, Encryption, accessPoints (records with their Policy).
#include "base/text.h"
#include "sim/aws/policy.h"
#include "sim/aws/services.h"

namespace sallyport::aws_sim {
namespace {

struct FoundBucket {
  Account* owner = nullptr;
  const json::object* bucket = nullptr;
};

FoundBucket FindBucket(World& world, const std::string& name) {
  for (auto& [id, account] : world.accounts) {
    if (const auto* bucket = FindRecord(account.Set("buckets"), "Name", name)) return {&account, bucket};
  }
  return {};
}

Failure BucketRefusal(int status, std::string_view code, std::string message, const std::string& bucket) {
  auto failure = Fail(status, code, std::move(message));
  failure.more["BucketName"] = bucket;
  return failure;
}

// A wrong region is told in three ways; the legacy endpoint redirects, others say which scope they want.
Answer WrongRegion(const Call& call, const std::string& name, const std::string& region) {
  auto failure =
      call.region == "us-east-1"
          ? BucketRefusal(301, "PermanentRedirect",
                          "The bucket you are attempting to access must be addressed using the specified endpoint.",
                          name)
          : BucketRefusal(400, "AuthorizationHeaderMalformed",
                          "The authorization header is malformed; the region '" + call.region +
                              "' is wrong; expecting '" + region + "'",
                          name);
  if (failure.status == 301) failure.more["Endpoint"] = "s3." + region + ".amazonaws.com";
  failure.more["Region"] = region;
  Answer answer(std::move(failure));
  answer.headers.emplace_back("x-amz-bucket-region", region);
  return answer;
}

bool OwnerIsExpected(const Call& call, const Account& owner) {
  const auto expected = TextOf(call.in, "ExpectedBucketOwner");
  return expected.empty() || expected == owner.id;
}

// Everything but the owner's own read ends here. Nothing when the call may go on.
std::optional<Answer> Barrier(World& world, const Call& call, FoundBucket& found) {
  const auto name = TextOf(call.in, "Bucket");
  found = FindBucket(world, name);
  if (found.bucket == nullptr) return BucketRefusal(404, "NoSuchBucket", "The specified bucket does not exist", name);
  const auto region = TextOf(*found.bucket, "Region");
  if (region != call.region) return WrongRegion(call, name, region);
  if (!OwnerIsExpected(call, *found.owner)) return BucketRefusal(403, "AccessDenied", "Access Denied", name);
  return std::nullopt;
}

bool AllowedByBucketPolicy(World& world, const Call& call, const FoundBucket& found, const std::string& action) {
  const auto bucket = world.Arn("s3", "", "", TextOf(*found.bucket, "Name"));
  return Judge(TextOf(*found.bucket, "Policy"), {action, bucket, call.who->arn, {}}) == Verdict::kAllow;
}

using Show = Answer (*)(const Call& call, const FoundBucket& found);

// The common frame of the reads of one setting.
Answer Read(World& world, const Call& call, const std::string& action, Show show) {
  FoundBucket found;
  if (auto stop = Barrier(world, call, found)) return *stop;
  if (found.owner != call.account && !AllowedByBucketPolicy(world, call, found, action)) {
    return BucketRefusal(403, "AccessDenied", "Access Denied", TextOf(call.in, "Bucket"));
  }
  return show(call, found);
}

Answer GetBucketPolicy(World& world, const Call& call) {
  FoundBucket found;
  if (auto stop = Barrier(world, call, found)) return *stop;
  const auto name = TextOf(call.in, "Bucket");
  if (found.owner != call.account) {
    return BucketRefusal(405, "MethodNotAllowed", "The specified method is not allowed against this resource.", name);
  }
  if (!Has(*found.bucket, "Policy")) {
    return BucketRefusal(404, "NoSuchBucketPolicy", "The bucket policy does not exist", name);
  }
  return {TextOf(*found.bucket, "Policy"), "application/json"};
}

json::object OwnerOf(const Account& account) {
  return {{"ID", account.canonical_id}, {"DisplayName", account.name}};
}

json::object ShowGrant(const json::object& grant) {
  json::object grantee{{"@xmlns:xsi", "http://www.w3.org/2001/XMLSchema-instance"}};
  const json::object& given = ObjectOf(grant, "Grantee");
  grantee["@xsi:type"] = TextOf(given, "Type");
  for (const auto& member : given) {
    if (member.key() != "Type") grantee[member.key()] = member.value();
  }
  return {{"Grantee", std::move(grantee)}, {"Permission", TextOf(grant, "Permission")}};
}

Answer GetBucketAcl(World& world, const Call& call) {
  return Read(world, call, "s3:GetBucketAcl", [](const Call&, const FoundBucket& found) -> Answer {
    json::array grants;
    for (const json::value& grant : ArrayOf(*found.bucket, "grants")) {
      if (grant.is_object()) grants.push_back(ShowGrant(grant.get_object()));
    }
    if (!Has(*found.bucket, "grants")) {
      grants.push_back(
          ShowGrant({{"Grantee", json::object{{"Type", "CanonicalUser"}, {"ID", found.owner->canonical_id}}},
                     {"Permission", "FULL_CONTROL"}}));
    }
    json::object policy{{"Owner", OwnerOf(*found.owner)}, {"AccessControlList", json::object{{"Grant", grants}}}};
    return json::object{{"AccessControlPolicy", std::move(policy)}};
  });
}

Answer GetPublicAccessBlock(World& world, const Call& call) {
  return Read(world, call, "s3:GetBucketPublicAccessBlock", [](const Call& c, const FoundBucket& found) -> Answer {
    if (!Has(*found.bucket, "PublicAccessBlock")) {
      return BucketRefusal(404, "NoSuchPublicAccessBlockConfiguration",
                           "The public access block configuration was not found", TextOf(c.in, "Bucket"));
    }
    return json::object{{"PublicAccessBlockConfiguration", found.bucket->at("PublicAccessBlock")}};
  });
}

Answer GetBucketOwnershipControls(World& world, const Call& call) {
  return Read(world, call, "s3:GetBucketOwnershipControls", [](const Call& c, const FoundBucket& found) -> Answer {
    if (!Has(*found.bucket, "ObjectOwnership")) {
      return BucketRefusal(404, "OwnershipControlsNotFoundError", "The bucket ownership controls were not found",
                           TextOf(c.in, "Bucket"));
    }
    json::object rule{{"ObjectOwnership", TextOf(*found.bucket, "ObjectOwnership")}};
    return json::object{{"OwnershipControls", json::object{{"Rule", json::array{std::move(rule)}}}}};
  });
}

Answer GetBucketEncryption(World& world, const Call& call) {
  return Read(world, call, "s3:GetEncryptionConfiguration", [](const Call&, const FoundBucket& found) -> Answer {
    // Since 2023 every bucket has at least SSE-S3.
    json::object rule{{"ApplyServerSideEncryptionByDefault", json::object{{"SSEAlgorithm", "AES256"}}},
                      {"BucketKeyEnabled", false}};
    if (Has(*found.bucket, "Encryption")) {
      rule["ApplyServerSideEncryptionByDefault"] = found.bucket->at("Encryption");
    }
    return json::object{{"ServerSideEncryptionConfiguration", json::object{{"Rule", json::array{std::move(rule)}}}}};
  });
}

Answer GetBucketLocation(World& world, const Call& call) {
  return Read(world, call, "s3:GetBucketLocation", [](const Call&, const FoundBucket& found) -> Answer {
    const auto region = TextOf(*found.bucket, "Region");
    return json::object{{"LocationConstraint", region == "us-east-1" ? "" : region}};
  });
}

// --- S3 Control

std::optional<Failure> OwnAccount(const Call& call) {
  if (TextOf(call.in, "AccountId") == call.account->id) return std::nullopt;
  return Fail(403, "AccessDenied", "Access Denied");
}

json::object ShowAccessPoint(World& world, const Call& call, const json::object& bucket, const json::object& point) {
  const auto name = TextOf(point, "Name");
  json::object shown{{"Name", name}, {"NetworkOrigin", Has(point, "VpcId") ? "VPC" : "Internet"}};
  if (Has(point, "VpcId")) shown["VpcConfiguration"] = json::object{{"VpcId", point.at("VpcId")}};
  shown["Bucket"] = TextOf(bucket, "Name");
  shown["AccessPointArn"] = world.Arn("s3", call.region, call.account->id, "accesspoint/" + name);
  shown["Alias"] = name + "-s3alias";
  shown["BucketAccountId"] = call.account->id;
  return shown;
}

Answer ListAccessPoints(World& world, const Call& call) {
  if (auto problem = OwnAccount(call)) return *problem;
  const auto wanted = TextOf(call.in, "Bucket");
  json::array all;
  for (const json::object& bucket : call.account->Set("buckets")) {
    const bool here = TextOf(bucket, "Region") == call.region && (wanted.empty() || TextOf(bucket, "Name") == wanted);
    for (const json::value& point : ArrayOf(bucket, "accessPoints")) {
      if (here && point.is_object()) all.push_back(ShowAccessPoint(world, call, bucket, point.get_object()));
    }
  }
  const PageRule rule{.default_size = 1000, .smallest = 0, .bad_token = "InvalidToken", .bad_size = "InvalidRequest"};
  Page page;
  if (auto problem = TakePage(call, all.size(), rule, page)) return *problem;
  json::array shown(all.begin() + page.begin, all.begin() + page.end);
  json::object out{{"AccessPointList", json::object{{"AccessPoint", std::move(shown)}}}};
  PutPage(out, page, rule);
  return json::object{{"ListAccessPointsResult", std::move(out)}};
}

struct FoundPoint {
  const json::object* bucket = nullptr;
  const json::object* point = nullptr;
};

// The access point that the call names, of its account and region.
FoundPoint FindAccessPoint(const Call& call) {
  for (const json::object& bucket : call.account->Set("buckets")) {
    if (TextOf(bucket, "Region") != call.region) continue;
    for (const json::value& point : ArrayOf(bucket, "accessPoints")) {
      if (!point.is_object() || TextOf(point.get_object(), "Name") != TextOf(call.in, "name")) continue;
      return {&bucket, &point.get_object()};
    }
  }
  return {};
}

Failure NoSuchAccessPoint() {
  return Fail(404, "NoSuchAccessPoint", "The specified accesspoint does not exist");
}

// S3 switches the four settings on for an access point that is made without any.
json::object BlockOfAccessPoint(const json::object& point) {
  json::object block;
  const json::value* given = point.if_contains("PublicAccessBlock");
  for (const char* setting : {"BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets"}) {
    const json::value* one =
        given != nullptr && given->is_object() ? given->get_object().if_contains(setting) : nullptr;
    block[setting] = given == nullptr || (one != nullptr && one->is_bool() && one->get_bool());
  }
  return block;
}

Answer GetAccessPoint(World& world, const Call& call) {
  if (auto problem = OwnAccount(call)) return *problem;
  const FoundPoint found = FindAccessPoint(call);
  if (found.point == nullptr) return NoSuchAccessPoint();
  json::object shown = ShowAccessPoint(world, call, *found.bucket, *found.point);
  shown["PublicAccessBlockConfiguration"] = BlockOfAccessPoint(*found.point);
  return json::object{{"GetAccessPointResult", std::move(shown)}};
}

Answer GetAccessPointPolicy(World&, const Call& call) {
  if (auto problem = OwnAccount(call)) return *problem;
  const FoundPoint found = FindAccessPoint(call);
  if (found.point == nullptr) return NoSuchAccessPoint();
  if (!Has(*found.point, "Policy")) {
    return Fail(404, "NoSuchAccessPointPolicy", "The specified accesspoint policy does not exist");
  }
  return json::object{{"GetAccessPointPolicyResult", json::object{{"Policy", TextOf(*found.point, "Policy")}}}};
}

Answer GetAccountPublicAccessBlock(World&, const Call& call) {
  if (auto problem = OwnAccount(call)) return *problem;
  if (call.account->public_access_block.empty()) {
    return Fail(404, "NoSuchPublicAccessBlockConfiguration", "The public access block configuration was not found");
  }
  return json::object{{"PublicAccessBlockConfiguration", call.account->public_access_block}};
}

Answer GetBucketRequestPayment(World& world, const Call& call) {
  return Read(world, call, "s3:GetBucketRequestPayment", [](const Call&, const FoundBucket& found) -> Answer {
    return json::object{
        {"RequestPaymentConfiguration", json::object{{"Payer", TextOf(*found.bucket, "RequestPayer", "BucketOwner")}}}};
  });
}

Answer GetBucketVersioning(World& world, const Call& call) {
  return Read(world, call, "s3:GetBucketVersioning", [](const Call&, const FoundBucket& found) -> Answer {
    json::object shown;
    if (Has(*found.bucket, "Versioning")) shown["Status"] = TextOf(*found.bucket, "Versioning");
    if (Has(*found.bucket, "MfaDelete")) shown["MfaDelete"] = TextOf(*found.bucket, "MfaDelete");
    return json::object{{"VersioningConfiguration", std::move(shown)}};
  });
}

constexpr std::string_view kBucketMembers = "Bucket* ExpectedBucketOwner@x-amz-expected-bucket-owner";
constexpr OperationSpec kS3Operations[] = {
    {"GetBucketPolicy", kBucketMembers, GetBucketPolicy, "GET", "/{Bucket}?policy"},
    {"GetBucketAcl", kBucketMembers, GetBucketAcl, "GET", "/{Bucket}?acl"},
    {"GetPublicAccessBlock", kBucketMembers, GetPublicAccessBlock, "GET", "/{Bucket}?publicAccessBlock"},
    {"GetBucketOwnershipControls", kBucketMembers, GetBucketOwnershipControls, "GET", "/{Bucket}?ownershipControls"},
    {"GetBucketLocation", kBucketMembers, GetBucketLocation, "GET", "/{Bucket}?location"},
    {"GetBucketEncryption", kBucketMembers, GetBucketEncryption, "GET", "/{Bucket}?encryption"},
    {"GetBucketRequestPayment", kBucketMembers, GetBucketRequestPayment, "GET", "/{Bucket}?requestPayment"},
    {"GetBucketVersioning", kBucketMembers, GetBucketVersioning, "GET", "/{Bucket}?versioning"},
};
constexpr OperationSpec kS3ControlOperations[] = {
    {"ListAccessPoints",
     "AccountId*@x-amz-account-id Bucket?bucket NextToken?nextToken MaxResults?maxResults "
     "DataSourceId?dataSourceId DataSourceType?dataSourceType",
     ListAccessPoints, "GET", "/v20180820/accesspoint"},
    {"GetAccessPoint", "AccountId*@x-amz-account-id name*", GetAccessPoint, "GET", "/v20180820/accesspoint/{name}"},
    {"GetAccessPointPolicy", "AccountId*@x-amz-account-id name*", GetAccessPointPolicy, "GET",
     "/v20180820/accesspoint/{name}/policy"},
    {"GetPublicAccessBlock", "AccountId*@x-amz-account-id", GetAccountPublicAccessBlock, "GET",
     "/v20180820/configuration/publicAccessBlock"},
};

}  // namespace

const ServiceSpec kS3Service{
    "s3", "s3", "2006-03-01", Protocol::kRestXml, "", "http://s3.amazonaws.com/doc/2006-03-01/", kS3Operations};
const ServiceSpec kS3ControlService{"s3control",         "s3", "2018-08-20",
                                    Protocol::kRestXml,  "",   "http://awss3control.amazonaws.com/doc/2018-08-20/",
                                    kS3ControlOperations};

}  // namespace sallyport::aws_sim
