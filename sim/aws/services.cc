// SPDX-License-Identifier: Apache-2.0
#include "sim/aws/services.h"

namespace sallyport::aws_sim {
namespace {

struct Entry {
  std::string_view id;
  Bindings (*bindings)();
};

constexpr Entry kEntries[] = {{"ec2", Ec2Bindings},
                              {"iam", IamBindings},
                              {"s3", S3Bindings},
                              {"s3control", S3ControlBindings},
                              {"kms", KmsBindings},
                              {"organizations", OrganizationsBindings},
                              {"cloudfront", CloudFrontBindings},
                              {"elb", ElbBindings},
                              {"elbv2", Elbv2Bindings},
                              {"wafv2", Wafv2Bindings},
                              {"ecs", EcsBindings},
                              {"config", ConfigBindings},
                              {"inspector2", Inspector2Bindings},
                              {"guardduty", GuardDutyBindings},
                              {"macie2", Macie2Bindings},
                              {"sns", SnsBindings},
                              {"sqs", SqsBindings},
                              {"sts", StsBindings}};

}  // namespace

Answerer FindAnswerer(std::string_view service_id, std::string_view operation) {
  for (const Entry& entry : kEntries) {
    if (entry.id != service_id) continue;
    for (const Binding& binding : entry.bindings()) {
      if (binding.operation == operation) return binding.answer;
    }
  }
  return nullptr;
}

}  // namespace sallyport::aws_sim
