// SPDX-License-Identifier: Apache-2.0
//
// Between structures and HTTP, for every protocol. Pure.
#pragma once

#include <algorithm>
#include <memory>

#include "aws/operation.h"
#include "aws/service_error.h"
#include "aws/shape.h"
#include "base/result.h"

namespace sallyport::aws {

// The request, to be sent to `place`. kInvalidInput when a required member is missing.
Result<Call> Encode(const Operation& operation, const Place& place, void* request);

// Reads the members of the operation's result, whatever is wrapped around it, into `answer`. kBadAnswer (kTooLarge)
// when the body is not what the operation answers.
Status Decode(const Operation& operation, const WireAnswer& wire, void* answer);

}  // namespace sallyport::aws
