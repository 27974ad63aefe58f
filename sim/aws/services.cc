// SPDX-License-Identifier: Apache-2.0
#include "sim/aws/services.h"

namespace sallyport::aws_sim {
namespace {

constexpr const ServiceSpec* kServices[] = {
    &kEc2Service,        &kIamService,       &kS3Service,     &kS3ControlService, &kKmsService, &kOrganizationsService,
    &kCloudFrontService, &kElbService,       &kElbv2Service,  &kWafv2Service,     &kEcsService, &kConfigService,
    &kInspector2Service, &kGuardDutyService, &kMacie2Service, &kSnsService,       &kSqsService, &kStsService};

}  // namespace

std::span<const ServiceSpec* const> Services() {
  return kServices;
}

const ServiceSpec* FindService(std::string_view id) {
  for (const ServiceSpec* service : kServices) {
    if (service->id == id) return service;
  }
  return nullptr;
}

const OperationSpec* FindOperation(const ServiceSpec& service, std::string_view name) {
  for (const OperationSpec& operation : service.operations) {
    if (operation.name == name) return &operation;
  }
  return nullptr;
}

bool IsGlobalService(std::string_view id) {
  return id == "iam" || id == "cloudfront" || id == "organizations";
}

}  // namespace sallyport::aws_sim
