// SPDX-License-Identifier: Apache-2.0
//
// The services, each defined in its file, beside the functions that answer.
#pragma once

#include "sim/aws/world.h"

namespace sallyport::aws_sim {

extern const ServiceSpec kEc2Service;
extern const ServiceSpec kIamService;
extern const ServiceSpec kS3Service;
extern const ServiceSpec kS3ControlService;
extern const ServiceSpec kKmsService;
extern const ServiceSpec kOrganizationsService;
extern const ServiceSpec kCloudFrontService;
extern const ServiceSpec kElbService;
extern const ServiceSpec kElbv2Service;
extern const ServiceSpec kWafv2Service;
extern const ServiceSpec kEcsService;
extern const ServiceSpec kConfigService;
extern const ServiceSpec kInspector2Service;
extern const ServiceSpec kGuardDutyService;
extern const ServiceSpec kMacie2Service;
extern const ServiceSpec kSnsService;
extern const ServiceSpec kSqsService;
extern const ServiceSpec kStsService;

}  // namespace sallyport::aws_sim
