// SPDX-License-Identifier: Apache-2.0
//
// The services and operations that the simulator knows, as data. Names, places and members are those of the services'
// published models (2026).
#pragma once

#include <span>
#include <string_view>

namespace sallyport::aws_sim {

enum class Protocol { kJson10, kJson11, kQuery, kEc2, kRestJson, kRestXml };

struct Answer;
struct Call;
class World;
using Answerer = Answer (*)(World&, const Call&);

struct OperationSpec {
  std::string_view name;
  // Names with spaces between. `*` behind: required. Then `@header` or `?query` when it travels there; members that are
  // labels of the uri, or in the body, have neither.
  std::string_view members;
  Answerer answer;
  std::string_view method = "POST";
  // `/findings/list`, `/{Bucket}?policy`: labels in braces, and the query key that tells operations apart.
  std::string_view uri = "/";
};

struct ServiceSpec {
  std::string_view id;            // as boto3 names it: `elbv2`, `s3control`
  std::string_view signing_name;  // in the credential scope: `elasticloadbalancing`, `s3`
  std::string_view version;
  Protocol protocol;
  std::string_view target_prefix;  // of X-Amz-Target, json only
  std::string_view xml_namespace;  // query, ec2 and rest-xml only
  std::span<const OperationSpec> operations;
};

std::span<const ServiceSpec* const> Services();
const ServiceSpec* FindService(std::string_view id);
const OperationSpec* FindOperation(const ServiceSpec& service, std::string_view name);
// Served, and signed for, in one region only.
bool IsGlobalService(std::string_view id);

}  // namespace sallyport::aws_sim
