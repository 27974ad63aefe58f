// SPDX-License-Identifier: Apache-2.0
//
// The functions that answer, by service. Each file offers the bindings of one or more services; services.cc joins them.
#pragma once

#include <span>
#include <string_view>

#include "sim/aws/world.h"

namespace sallyport::aws_sim {

using Answerer = Answer (*)(World&, const Call&);

struct Binding {
  std::string_view operation;
  Answerer answer;
};
using Bindings = std::span<const Binding>;

Bindings Ec2Bindings();
Bindings IamBindings();
Bindings S3Bindings();
Bindings S3ControlBindings();
Bindings KmsBindings();
Bindings OrganizationsBindings();
Bindings CloudFrontBindings();
Bindings ElbBindings();
Bindings Elbv2Bindings();
Bindings Wafv2Bindings();
Bindings EcsBindings();
Bindings ConfigBindings();
Bindings Inspector2Bindings();
Bindings GuardDutyBindings();
Bindings Macie2Bindings();
Bindings SnsBindings();
Bindings SqsBindings();
Bindings StsBindings();

// Null when the service or the operation has no function (a test holds the two tables together).
Answerer FindAnswerer(std::string_view service_id, std::string_view operation);

}  // namespace sallyport::aws_sim
