// SPDX-License-Identifier: Apache-2.0
//
// The bounds on what AWS answers. Those that are not AWS's own are in base/bounds.h.
#pragma once

#include <cstddef>

namespace sallyport::aws::bounds {

// One answer's body. The largest here are pages of GetAccountAuthorizationDetails and of DescribeInstances with 1000
// instances, some MB.
inline constexpr std::size_t kAnswerBytes = std::size_t{32} * 1024 * 1024;
// The deepest modeled XML (a distribution's configuration) nests 12 levels.
inline constexpr std::size_t kXmlDepth = 64;
// Tags of one XML answer, counted before it is parsed: an element costs about 20 times its shortest form. A page of
// 1000 instances has some 300,000.
inline constexpr std::size_t kXmlTags = 2'000'000;
// Pages of one listing: a million instances at 1000 a page, with room for short pages.
inline constexpr int kPages = 10'000;
// What is shown of a message that came from outside.
inline constexpr std::size_t kShownMessage = 400;
// What is shown of a name that came from outside.
inline constexpr std::size_t kShownName = 100;

}  // namespace sallyport::aws::bounds
