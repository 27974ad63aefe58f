// SPDX-License-Identifier: Apache-2.0
//
// Lists of addresses as SWP keeps them, as the fewest CIDR blocks that WAFv2 takes. Pure.
//
// A block is text in one form: "192.0.2.0/24", "2001:db8::/32" (RFC 5952), without bits behind its prefix. WAFv2 takes
// /1 to /32 of IPv4 and /1 to /128 of IPv6, 10,000 to an IP set (contract aws-api, section 6; edge case W23).
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace sallyport::edge {

inline constexpr std::size_t kMostAddresses = 10'000;  // of one IP set, and items of one list

struct AddressBlocks {
  std::vector<std::string> v4;  // in the order of addresses, none touching another of its size
  std::vector<std::string> v6;
  bool operator==(const AddressBlocks&) const = default;
};

// `items`: an address, ADDRESS/BITS, ADDRESS/MASK (IPv4), or ADDRESS - ADDRESS; what follows a `#` or `//` is a remark.
// Errors, with the item: kInvalidInput (none of these, or its end is before its begin, or all addresses that there
// are), kTooLarge (more than kMostAddresses items, or blocks of one version).
Result<AddressBlocks> BlocksOf(const std::vector<std::string>& items);

struct AddressDifference {
  std::vector<std::string> add;
  std::vector<std::string> remove;  // as they are written in the set
  bool empty() const { return add.empty() && remove.empty(); }
  bool operator==(const AddressDifference&) const = default;
};
// From what a set has (in whatever form) to what is wanted (of BlocksOf). A block that is there in another form of
// writing stays as it is.
AddressDifference DifferenceOfBlocks(const std::vector<std::string>& has, const std::vector<std::string>& wanted);

// Whether a set has all blocks that were to be added, and none that were to be removed.
bool IsApplied(const AddressDifference& difference, const std::vector<std::string>& has);

// What a set has after a difference that was found out earlier: all that others added meanwhile stays.
std::vector<std::string> Apply(const AddressDifference& difference, const std::vector<std::string>& has);

}  // namespace sallyport::edge
