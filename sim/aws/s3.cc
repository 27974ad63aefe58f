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

Failure Refusal(int status, std::string_view code, std::string message, const std::string& bucket) {
  auto failure = Fail(status, code, std::move(message));
  failure.more["BucketName"] = bucket;
  return failure;
}

// A wrong region is told in three ways; the legacy endpoint redirects, others say which scope they want.
Answer WrongRegion(const Call& call, const std::string& name, const std::string& region) {
  auto failure =
      call.region == "us-east-1"
          ? Refusal(301, "PermanentRedirect",
                    "The bucket you are attempting to access must be addressed using the specified endpoint.", name)
          : Refusal(400, "AuthorizationHeaderMalformed",
                    "The authorization header is malformed; the region '" + call.region + "' is wrong; expecting '" +
                        region + "'",
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
  if (found.bucket == nullptr) return Refusal(404, "NoSuchBucket", "The specified bucket does not exist", name);
  const auto region = TextOf(*found.bucket, "Region");
  if (region != call.region) return WrongRegion(call, name, region);
  if (!OwnerIsExpected(call, *found.owner)) return Refusal(403, "AccessDenied", "Access Denied", name);
  return std::nullopt;
}

bool AllowedByBucketPolicy(World& world, const Call& call, const FoundBucket& found, const std::string& action) {
  const auto bucket = world.Arn("s3", "", "", TextOf(*found.bucket, "Name"));
  return Judge(TextOf(*found.bucket, "Policy"), {action, bucket, call.who->arn, {}}).verdict == Verdict::kAllow;
}

using ShowBucket = Answer (*)(const Call& call, const FoundBucket& found);

// The common frame of the reads of one setting.
Answer Read(World& world, const Call& call, const std::string& action, ShowBucket show) {
  FoundBucket found;
  if (auto stop = Barrier(world, call, found)) return *stop;
  if (found.owner != call.account && !AllowedByBucketPolicy(world, call, found, action)) {
    return Refusal(403, "AccessDenied", "Access Denied", TextOf(call.in, "Bucket"));
  }
  return show(call, found);
}

Answer GetBucketPolicy(World& world, const Call& call) {
  FoundBucket found;
  if (auto stop = Barrier(world, call, found)) return *stop;
  const auto name = TextOf(call.in, "Bucket");
  if (found.owner != call.account) {
    return Refusal(405, "MethodNotAllowed", "The specified method is not allowed against this resource.", name);
  }
  if (!Has(*found.bucket, "Policy")) {
    return Refusal(404, "NoSuchBucketPolicy", "The bucket policy does not exist", name);
  }
  return {TextOf(*found.bucket, "Policy"), "application/json"};
}

// Public as S3 means it, for the policies estates have: an allowing statement for everybody without a condition.
bool IsPublicStatement(const json::value& value) {
  if (!value.is_object()) return false;
  const auto& statement = value.get_object();
  const json::value* principal = statement.if_contains("Principal");
  if (principal == nullptr || TextOf(statement, "Effect") != "Allow" || Has(statement, "Condition")) return false;
  if (principal->is_string()) return principal->get_string() == "*";
  return principal->is_object() && Contains(TextsOf(principal->get_object(), "AWS"), "*");
}

bool IsPublic(const std::string& policy) {
  json::error_code failed;
  const json::value parsed = json::parse(policy, failed);
  if (failed || !parsed.is_object()) return false;
  for (const json::value& statement : ArrayOf(parsed.get_object(), "Statement")) {
    if (IsPublicStatement(statement)) return true;
  }
  return false;
}

Answer GetBucketPolicyStatus(World& world, const Call& call) {
  return Read(world, call, "s3:GetBucketPolicyStatus", [](const Call& c, const FoundBucket& found) -> Answer {
    if (!Has(*found.bucket, "Policy")) {
      return Refusal(404, "NoSuchBucketPolicy", "The bucket policy does not exist", TextOf(c.in, "Bucket"));
    }
    const bool is_public = IsPublic(TextOf(*found.bucket, "Policy"));
    return json::object{{"PolicyStatus", json::object{{"IsPublic", is_public}}}};
  });
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
      return Refusal(404, "NoSuchPublicAccessBlockConfiguration", "The public access block configuration was not found",
                     TextOf(c.in, "Bucket"));
    }
    return json::object{{"PublicAccessBlockConfiguration", found.bucket->at("PublicAccessBlock")}};
  });
}

Answer GetBucketOwnershipControls(World& world, const Call& call) {
  return Read(world, call, "s3:GetBucketOwnershipControls", [](const Call& c, const FoundBucket& found) -> Answer {
    if (!Has(*found.bucket, "ObjectOwnership")) {
      return Refusal(404, "OwnershipControlsNotFoundError", "The bucket ownership controls were not found",
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

Answer HeadBucket(World& world, const Call& call) {
  auto answer =
      Read(world, call, "s3:ListBucket", [](const Call&, const FoundBucket&) -> Answer { return json::object(); });
  const auto found = FindBucket(world, TextOf(call.in, "Bucket"));
  if (found.bucket != nullptr && answer.headers.empty()) {
    answer.headers.emplace_back("x-amz-bucket-region", TextOf(*found.bucket, "Region"));
  }
  return answer;
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

constexpr Binding kS3Bindings[] = {{"GetBucketPolicy", GetBucketPolicy},
                                   {"GetBucketPolicyStatus", GetBucketPolicyStatus},
                                   {"GetBucketAcl", GetBucketAcl},
                                   {"GetPublicAccessBlock", GetPublicAccessBlock},
                                   {"GetBucketOwnershipControls", GetBucketOwnershipControls},
                                   {"GetBucketEncryption", GetBucketEncryption},
                                   {"GetBucketLocation", GetBucketLocation},
                                   {"GetBucketRequestPayment", GetBucketRequestPayment},
                                   {"GetBucketVersioning", GetBucketVersioning},
                                   {"HeadBucket", HeadBucket}};
constexpr Binding kControlBindings[] = {{"ListAccessPoints", ListAccessPoints},
                                        {"GetAccessPoint", GetAccessPoint},
                                        {"GetAccessPointPolicy", GetAccessPointPolicy},
                                        {"GetPublicAccessBlock", GetAccountPublicAccessBlock}};

}  // namespace

Bindings S3Bindings() {
  return kS3Bindings;
}
Bindings S3ControlBindings() {
  return kControlBindings;
}

}  // namespace sallyport::aws_sim
