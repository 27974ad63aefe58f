// SPDX-License-Identifier: Apache-2.0
//
// Any answer of an AWS service -> typed data, or an error that can be shown. The first byte chooses the operation, the
// second the status; the rest is the body.
#include <array>
#include <cstddef>
#include <cstdint>
#include <string>

#include "aws/codec.h"
#include "aws/service_error.h"
#include "aws_api/cloudfront.h"
#include "aws_api/ec2.h"
#include "aws_api/ecs.h"
#include "aws_api/guardduty.h"
#include "aws_api/iam.h"
#include "aws_api/kms.h"
#include "aws_api/s3.h"
#include "aws_api/s3control.h"
#include "aws_api/sqs.h"
#include "aws_api/sts.h"
#include "aws_api/wafv2.h"
#include "base/check.h"
#include "base/text.h"

namespace sallyport::aws {
namespace {

constexpr std::array kStatuses = {200, 200, 200, 204, 301, 400, 403, 404, 429, 500, 503};

void CheckError(const Error& error) {
  Check(!error.message.empty() && error.message.size() < 8192, "an error says something, and not too much");
  Check(Printable(error.message, error.message.size()) == error.message, "an error can be shown as it is");
}

template <class Request>
void Read(const WireAnswer& answer) {
  Call call;
  call.operation = &Request::kOp;
  call.place = {"111122223333", "eu-west-1"};
  if (const auto error = ReadServiceError(Request::kOp.service.protocol, answer)) {
    const Error shown = ToError(*error, call);
    CheckError(shown);
    Check(shown.origin != nullptr, "an error of a service names it");
    (void)RemedyOf(*error, true);
    return;
  }
  Check(answer.status >= 200 && answer.status <= 299, "only a success is read");
  typename Request::Answer into;
  const Status read = Decode(Request::kOp, answer, &into);
  if (!read.ok()) CheckError(WithOrigin(read.error(), call));
}

using ReadsAnAnswer = void (*)(const WireAnswer&);
constexpr std::array<ReadsAnAnswer, 15> kReaders = {Read<ec2::DescribeInstances>,
                                                    Read<iam::GetAccountAuthorizationDetails>,
                                                    Read<iam::GetPolicyVersion>,
                                                    Read<s3::GetBucketAcl>,
                                                    Read<s3::GetBucketLocation>,
                                                    Read<s3::GetBucketOwnershipControls>,
                                                    Read<s3control::ListAccessPoints>,
                                                    Read<cloudfront::ListDistributions>,
                                                    Read<sts::AssumeRole>,
                                                    Read<guardduty::GetFindings>,
                                                    Read<wafv2::GetWebACL>,
                                                    Read<ecs::DescribeTasks>,
                                                    Read<sqs::ReceiveMessage>,
                                                    Read<kms::ListGrants>,
                                                    Read<iam::GetPolicy>};

}  // namespace
}  // namespace sallyport::aws

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sallyport::aws;  // NOLINT(google-build-using-namespace)
  if (size < 2) return 0;
  WireAnswer answer;
  answer.status = kStatuses[data[1] % kStatuses.size()];
  answer.headers = {{"x-amzn-requestid", "r"}};
  answer.body.assign(reinterpret_cast<const char*>(data) + 2, size - 2);
  kReaders[data[0] % kReaders.size()](answer);
  return 0;
}
