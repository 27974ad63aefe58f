// SPDX-License-Identifier: Apache-2.0
#include "edge/addresses.h"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <compare>
#include <cstdint>
#include <optional>
#include <set>
#include <utility>

#include "base/text.h"

namespace sallyport::edge {
namespace {

// An address as a number; of IPv4 the last 32 bits.
struct AddressNumber {
  std::uint64_t high = 0;
  std::uint64_t low = 0;
  auto operator<=>(const AddressNumber&) const = default;
};

struct AddressRange {
  bool v6 = false;
  AddressNumber first;
  AddressNumber last;
  int bits() const { return v6 ? 128 : 32; }
};

constexpr std::uint64_t kAllBits = ~std::uint64_t{0};

// The lowest `count` bits set, 0 to 128.
AddressNumber LowBits(int count) {
  if (count >= 128) return {kAllBits, kAllBits};
  if (count > 64) return {(std::uint64_t{1} << (count - 64)) - 1, kAllBits};
  if (count == 64) return {0, kAllBits};
  return {0, (std::uint64_t{1} << count) - 1};
}

AddressNumber Or(AddressNumber one, AddressNumber other) {
  return {one.high | other.high, one.low | other.low};
}

bool HasAnyBit(AddressNumber one, AddressNumber bits) {
  return ((one.high & bits.high) | (one.low & bits.low)) != 0;
}

AddressNumber Next(AddressNumber number) {
  if (++number.low == 0) ++number.high;
  return number;
}

std::optional<AddressRange> ReadAddress(std::string_view text) {
  const std::string whole(text);
  std::array<std::uint8_t, 16> bytes{};
  AddressRange made;
  made.v6 = whole.find(':') != std::string::npos;
  if (inet_pton(made.v6 ? AF_INET6 : AF_INET, whole.c_str(), bytes.data()) != 1) return std::nullopt;
  const std::size_t count = made.v6 ? 16 : 4;
  for (std::size_t i = 0; i < count; ++i) {
    made.first.high = (made.first.high << 8) | (made.first.low >> 56);
    made.first.low = (made.first.low << 8) | bytes.at(i);
  }
  made.last = made.first;
  return made;
}

std::optional<int> ReadPrefix(const AddressRange& address, std::string_view text) {
  int prefix = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), prefix);
  if (error == std::errc() && end == text.data() + text.size() && !text.empty()) {
    if (prefix < 0 || prefix > address.bits()) return std::nullopt;
    return prefix;
  }
  const auto mask = ReadAddress(text);
  if (!mask || address.v6 || mask->v6) return std::nullopt;
  for (int bits = 0; bits <= 32; ++bits) {
    if (mask->first.low == (kAllBits << (32 - bits) & 0xffffffffU)) return bits;
  }
  return std::nullopt;
}

std::string_view Trimmed(std::string_view text) {
  constexpr std::string_view kBlanks = " \t\r\n";
  const auto first = text.find_first_not_of(kBlanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kBlanks) - first + 1);
}

std::string_view WithoutRemark(std::string_view item) {
  return Trimmed(item.substr(0, std::min(item.find('#'), item.find("//"))));
}

// Nothing: it is no address, network or range.
std::optional<AddressRange> ReadItem(std::string_view item) {
  if (const auto slash = item.find('/'); slash != std::string_view::npos) {
    auto made = ReadAddress(Trimmed(item.substr(0, slash)));
    if (!made) return std::nullopt;
    const auto prefix = ReadPrefix(*made, Trimmed(item.substr(slash + 1)));
    if (!prefix) return std::nullopt;
    const AddressNumber host = LowBits(made->bits() - *prefix);
    made->first = {made->first.high & ~host.high, made->first.low & ~host.low};
    made->last = Or(made->first, host);
    return made;
  }
  const auto dash = item.find('-');
  if (dash == std::string_view::npos) return ReadAddress(item);
  auto made = ReadAddress(Trimmed(item.substr(0, dash)));
  const auto last = ReadAddress(Trimmed(item.substr(dash + 1)));
  if (!made || !last || made->v6 != last->v6 || last->first < made->first) return std::nullopt;
  made->last = last->first;
  return made;
}

std::string TextOfBlock(bool v6, AddressNumber first, int prefix) {
  std::array<std::uint8_t, 16> bytes{};
  const std::size_t count = v6 ? 16 : 4;
  for (std::size_t i = 0; i < count; ++i) {
    const std::size_t shift = 8 * (count - 1 - i);
    bytes.at(i) = static_cast<std::uint8_t>((shift >= 64 ? first.high >> (shift - 64) : first.low >> shift) & 0xffU);
  }
  std::array<char, INET6_ADDRSTRLEN> text{};
  inet_ntop(v6 ? AF_INET6 : AF_INET, bytes.data(), text.data(), text.size());
  return std::string(text.data()) + "/" + std::to_string(prefix);
}

bool CoversAll(const AddressRange& range) {
  return range.first == AddressNumber{} && range.last == LowBits(range.bits());
}

// Sorted, none touching the next.
std::vector<AddressRange> Joined(std::vector<AddressRange> ranges) {
  std::sort(ranges.begin(), ranges.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  std::vector<AddressRange> joined;
  for (const AddressRange& one : ranges) {
    const bool touches =
        !joined.empty() && (joined.back().last == LowBits(one.bits()) || one.first <= Next(joined.back().last));
    if (touches)
      joined.back().last = std::max(joined.back().last, one.last);
    else
      joined.push_back(one);
  }
  return joined;
}

// The largest blocks that make up the range, in order.
void AddBlocks(const AddressRange& range, std::vector<std::string>& blocks) {
  AddressNumber at = range.first;
  while (blocks.size() <= kMostAddresses) {
    int free_bits = 0;
    // A block of /0 is none that WAF takes.
    while (free_bits + 1 < range.bits()) {
      const AddressNumber wider = LowBits(free_bits + 1);
      if (HasAnyBit(at, wider) || range.last < Or(at, wider)) break;
      ++free_bits;
    }
    blocks.push_back(TextOfBlock(range.v6, at, range.bits() - free_bits));
    const AddressNumber end = Or(at, LowBits(free_bits));
    if (end == range.last) return;
    at = Next(end);
  }
}

Result<std::vector<std::string>> BlocksOfRanges(std::vector<AddressRange> ranges) {
  std::vector<std::string> blocks;
  for (const AddressRange& range : Joined(std::move(ranges))) {
    if (CoversAll(range)) {
      return Error{ErrorCode::kInvalidInput,
                   std::string("the list has all addresses of ") + (range.v6 ? "IPv6" : "IPv4") + " in it",
                   "WAF takes no block of /0; use the default action of the web ACL"};
    }
    AddBlocks(range, blocks);
  }
  if (blocks.size() <= kMostAddresses) return blocks;
  return Error{ErrorCode::kTooLarge,
               "the list needs more than " + std::to_string(kMostAddresses) + " CIDR blocks of one version",
               "an IP set of WAF takes no more; split the list, or use whole networks in place of ranges"};
}

// Two texts of one block are the same; what cannot be read is what it is.
std::string FormOf(const std::string& block) {
  const auto range = ReadItem(Trimmed(block));
  if (!range) return block;
  std::vector<std::string> blocks;
  AddBlocks(*range, blocks);
  return blocks.size() == 1 ? blocks.front() : block;
}

}  // namespace

Result<AddressBlocks> BlocksOf(const std::vector<std::string>& items) {
  if (items.size() > kMostAddresses) {
    return Error{ErrorCode::kTooLarge,
                 "the list has " + std::to_string(items.size()) + " items of at most " + std::to_string(kMostAddresses),
                 "split the list"};
  }
  std::vector<AddressRange> v4;
  std::vector<AddressRange> v6;
  for (std::size_t i = 0; i < items.size(); ++i) {
    const std::string_view item = WithoutRemark(items[i]);
    if (item.empty()) continue;
    const auto range = ReadItem(item);
    if (!range) {
      return Error{ErrorCode::kInvalidInput,
                   "item " + std::to_string(i + 1) + " of the list, `" + Printable(items[i], 100) +
                       "`, is no address, network or range",
                   "write it like 192.0.2.7, 192.0.2.0/24 or 192.0.2.2 - 192.0.2.9"};
    }
    (range->v6 ? v6 : v4).push_back(*range);
  }
  auto blocks4 = BlocksOfRanges(std::move(v4));
  if (!blocks4.ok()) return blocks4.error();
  auto blocks6 = BlocksOfRanges(std::move(v6));
  if (!blocks6.ok()) return blocks6.error();
  return AddressBlocks{*std::move(blocks4), *std::move(blocks6)};
}

AddressDifference DifferenceOfBlocks(const std::vector<std::string>& has, const std::vector<std::string>& wanted) {
  AddressDifference difference;
  const std::set<std::string> keep(wanted.begin(), wanted.end());
  std::set<std::string> there;
  for (const std::string& block : has) {
    const std::string form = FormOf(block);
    there.insert(form);
    if (!keep.contains(form)) difference.remove.push_back(block);
  }
  for (const std::string& block : wanted) {
    if (!there.contains(block)) difference.add.push_back(block);
  }
  return difference;
}

bool IsApplied(const AddressDifference& difference, const std::vector<std::string>& has) {
  std::set<std::string> there;
  for (const std::string& block : has) there.insert(FormOf(block));
  const auto is_there = [&](const std::string& block) { return there.contains(FormOf(block)); };
  return std::all_of(difference.add.begin(), difference.add.end(), is_there) &&
         std::none_of(difference.remove.begin(), difference.remove.end(), is_there);
}

std::vector<std::string> Apply(const AddressDifference& difference, const std::vector<std::string>& has) {
  std::set<std::string> gone;
  for (const std::string& block : difference.remove) gone.insert(FormOf(block));
  std::vector<std::string> after;
  std::set<std::string> there;
  for (const std::string& block : has) {
    const std::string form = FormOf(block);
    if (!gone.contains(form) && there.insert(form).second) after.push_back(block);
  }
  for (const std::string& block : difference.add) {
    if (there.insert(FormOf(block)).second) after.push_back(block);
  }
  return after;
}

}  // namespace sallyport::edge
