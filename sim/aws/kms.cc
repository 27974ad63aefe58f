// SPDX-License-Identifier: Apache-2.0
//
// KMS: key policies, metadata and grants. A key's record: KeyId, Arn, what DescribeKey shows, `aliases`, `policy`
// (text) and `grants`.
#include "base/text.h"
#include "sim/aws/services.h"

namespace sallyport::aws_sim {
namespace {

Failure NotFound(const std::string& id) {
  return Fail(400, "NotFoundException", "Key '" + Printable(id, 200) + "' does not exist");
}

// The keys among which `id` can be; null when it names another region or an unknown account.
const Records* KeysFor(World& world, const Call& call, const std::string& id) {
  const auto parts = SplitArn(id);
  Account* owner = parts.account.empty() ? call.account : world.FindAccount(parts.account);
  if (owner == nullptr || (!parts.region.empty() && parts.region != call.region)) return nullptr;
  return &owner->regions[call.region].Set("keys");
}

// The key by id or ARN; with `aliases` by alias or alias ARN too.
const json::object* FindKey(World& world, const Call& call, const std::string& id, bool aliases) {
  const auto rest = SplitArn(id).rest;
  const auto name = rest.empty() ? id : rest;
  const Records* keys = KeysFor(world, call, id);
  if (keys == nullptr) return nullptr;
  for (const json::object& key : *keys) {
    const auto key_id = TextOf(key, "KeyId");
    if (name == key_id || name == "key/" + key_id) return &key;
    if (aliases && Contains(TextsOf(key, "aliases"), name)) return &key;
  }
  return nullptr;
}

// Nothing when the caller may read the policy of that key.
std::optional<Failure> OwnKey(const Call& call, const std::string& id) {
  const auto parts = SplitArn(id);
  if (id.starts_with("alias/") || parts.rest.starts_with("alias/")) {
    return Fail(400, "InvalidArnException", "Invalid keyId '" + Printable(id, 200) + "'");
  }
  if (parts.account.empty() || parts.account == call.account->id) return std::nullopt;
  return Fail(400, "AccessDeniedException",
              "User: " + call.who->arn + " is not authorized to perform: kms:" + std::string(call.operation->name) +
                  " on resource: " + id);
}

Answer GetKeyPolicy(World& world, const Call& call) {
  const auto id = TextOf(call.in, "KeyId");
  if (auto problem = OwnKey(call, id)) return *problem;
  const auto* key = FindKey(world, call, id, false);
  if (key == nullptr) return NotFound(id);
  if (TextOf(call.in, "PolicyName", "default") != "default") {
    return Fail(400, "NotFoundException", "No such policy exists");
  }
  return json::object{{"Policy", TextOf(*key, "policy")}, {"PolicyName", "default"}};
}

Answer DescribeKey(World& world, const Call& call) {
  const auto id = TextOf(call.in, "KeyId");
  const auto* key = FindKey(world, call, id, true);
  if (key == nullptr) return NotFound(id);
  return json::object{{"KeyMetadata", Without(*key, {"aliases", "policy", "grants"})}};
}

Answer ListGrants(World& world, const Call& call) {
  const auto id = TextOf(call.in, "KeyId");
  const auto* key = FindKey(world, call, id, false);
  if (key == nullptr) return NotFound(id);
  json::array found;
  for (const json::value& value : ArrayOf(*key, "grants")) {
    const auto* grant = value.if_object();
    if (grant == nullptr) continue;
    bool fits = true;
    for (const std::string_view name : {"GrantId", "GranteePrincipal"}) {
      fits = fits && (!Has(call.in, name) || TextOf(call.in, name) == TextOf(*grant, name));
    }
    if (!fits) continue;
    json::object shown = *grant;
    shown["KeyId"] = TextOf(*key, "Arn");
    found.push_back(std::move(shown));
  }
  const PageRule rule{.token_in = "Marker",
                      .token_out = "NextMarker",
                      .size_in = "Limit",
                      .default_size = 50,
                      .more = "Truncated",
                      .bad_token = "InvalidMarkerException",
                      .bad_size = "ValidationException"};
  return OnePage(call, "Grants", found, rule);
}

constexpr OperationSpec kKmsOperations[] = {
    {"GetKeyPolicy", "KeyId* PolicyName", GetKeyPolicy},
    {"DescribeKey", "KeyId* GrantTokens", DescribeKey},
    {"ListGrants", "Limit Marker KeyId* GrantId GranteePrincipal GranteeServicePrincipal", ListGrants},
};

}  // namespace

const ServiceSpec kKmsService{"kms", "kms", "2014-11-01", Protocol::kJson11, "TrentService.", "", kKmsOperations};

}  // namespace sallyport::aws_sim
