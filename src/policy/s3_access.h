// SPDX-License-Identifier: Apache-2.0
//
// Access to data in S3 that takes more than one decision: an encrypted object needs its key as well, and a request
// through an access point has to pass the access point and the bucket. Sources: S3 User Guide, "Protecting data with
// SSE-KMS", "Configuring IAM policies for using access points"; KMS Developer Guide, "Key policies in AWS KMS".
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "policy/evaluate.h"

namespace sallyport::policy {

// A request has to pass both. "Could not decide" stays so, whatever the other says.
Decision Both(Decision a, Decision b);

struct EncryptionKey {
  std::string arn;
  std::string account;
  bool is_aws_managed = false;  // `aws/s3`: for whom S3 lets in, of its own account; never across accounts
  PolicyPtr policy;             // null for the AWS managed key
  std::vector<PolicyLevel> rcps;
};

// The KMS action that an S3 action needs on the key of an encrypted object; nothing for one that needs none.
std::optional<std::string> KmsActionFor(const ActionName& s3_action);

// The request that S3 makes of KMS for a caller, with the policies that it is checked against. What it is made of must
// outlive it.
class KeyRequest {
 public:
  // `region` is the bucket's; `with_bucket_key`: the bucket's S3 Bucket Key setting, which makes the encryption context
  // name the bucket instead of the object. The action needs the key, and the key is not AWS's own.
  KeyRequest(const RequestView& s3_request, const PolicySet& policies, const EncryptionKey& key,
             std::string_view region, bool with_bucket_key);
  KeyRequest(const KeyRequest&) = delete;
  KeyRequest& operator=(const KeyRequest&) = delete;

  const RequestView& view() const { return view_; }
  const PolicySet& policies() const { return policies_; }

 private:
  Context context_;
  ActionName action_;
  Arn resource_;
  PolicySet policies_;
  RequestView view_;
};

// The policies that KMS checks, of those of a request to S3.
PolicySet PoliciesForKey(const PolicySet& policies, const EncryptionKey& key);

// What KMS says when S3 uses the key for this request.
Decision DecideKey(const RequestView& s3_request, const PolicySet& policies, const EncryptionKey& key,
                   std::string_view region, bool with_bucket_key);

// The same when a grant of the key lets the caller in: a grant stands beside key policy and identity policies ("Grants
// in AWS KMS"), and what denies, and what the organization does not allow, still holds.
Decision DecideKeyWithGrant(const KeyRequest& request);

struct AccessPoint {
  std::string arn;                       // arn:aws:s3:REGION:ACCOUNT:accesspoint/NAME
  std::string account;                   // who owns the access point
  PolicyPtr policy;                      // may be null
  bool vpc_origin = false;               // "always considered non-public"
  bool restrict_public_buckets = false;  // fixed when it is made
};

// The condition keys that a request through the access point has besides.
void SetAccessPointKeys(const AccessPoint& point, Context& context);

// The decision for the same request made through the access point: the access point has to allow it, and "the
// underlying bucket must also allow the same access", to the caller or by delegation. `views` are for the access point
// and for the bucket (RequestView::view); null: patterns are compared.
struct AccessPointViews {
  const ResourceView* point = nullptr;
  const ResourceView* bucket = nullptr;
};
Decision DecideThroughAccessPoint(const RequestView& request, const PolicySet& policies, const AccessPoint& point,
                                  const AccessPointViews& views = {});

// The policies that are checked for the access point's ARN, and those for the bucket's.
PolicySet PoliciesAtPoint(const PolicySet& policies, const AccessPoint& point);
PolicySet PoliciesAtBucket(const PolicySet& policies, bool is_same_account);

}  // namespace sallyport::policy
