// SPDX-License-Identifier: Apache-2.0
#include "sim/aws/call.h"

#include <algorithm>
#include <charconv>

namespace sallyport::aws_sim {
namespace {

// FNV-1a, 64 bit: tokens have to be told apart, not to be unguessable.
std::uint64_t Hash(std::string_view text) {
  std::uint64_t hash = 14695981039346656037ULL;
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211ULL;
  return hash;
}

std::string TokenTail(const Call& call, const PageRule& rule) {
  std::string key(call.service->id);
  key.append(":").append(call.operation->name).append(":").append(call.region).append(":");
  if (call.who != nullptr) key += call.who->account;
  for (const auto& member : call.in) {
    if (member.key() == rule.token_in || member.key() == rule.size_in) continue;
    key.append("|").append(member.key()).append("=").append(json::serialize(member.value()));
  }
  char text[20];
  const auto end = std::to_chars(text, text + sizeof text, Hash(key), 16).ptr;
  return "." + std::string(text, end);
}

std::string TokenFor(std::size_t offset, const std::string& tail) {
  return "sim" + std::to_string(offset) + tail;
}

std::optional<std::size_t> OffsetIn(std::string_view token, const std::string& tail) {
  if (!token.starts_with("sim") || !token.ends_with(tail)) return std::nullopt;
  token.remove_prefix(3);
  token.remove_suffix(std::min(token.size(), tail.size()));
  std::size_t offset = 0;
  const auto read = std::from_chars(token.data(), token.data() + token.size(), offset);
  if (read.ec != std::errc() || read.ptr != token.data() + token.size()) return std::nullopt;
  return offset;
}

}  // namespace

std::optional<Failure> TakePage(const Call& call, std::size_t count, const PageRule& rule, Page& page) {
  const auto asked = NumberOf(call.in, rule.size_in, Has(call.in, rule.size_in) ? -1 : rule.default_size);
  if (asked < rule.smallest || asked > rule.largest) {
    return Fail(400, rule.bad_size,
                std::string(rule.size_in) + " must be between " + std::to_string(rule.smallest) + " and " +
                    std::to_string(rule.largest));
  }
  auto size = static_cast<std::size_t>(asked);
  if (call.page_limit > 0) size = std::min(size, call.page_limit);
  const auto tail = TokenTail(call, rule);
  const auto token = TextOf(call.in, rule.token_in);
  if (!token.empty()) {
    const auto offset = OffsetIn(token, tail);
    if (!offset) return Fail(400, rule.bad_token, "The token is not one of this request");
    page.begin = std::min(*offset, count);
  }
  page.end = std::min(count, page.begin + size);
  if (page.end < count) page.next = TokenFor(page.end, tail);
  if (call.repeat_token) page.next = token.empty() ? TokenFor(page.begin, tail) : token;
  return std::nullopt;
}

void PutPage(json::object& out, const Page& page, const PageRule& rule) {
  if (!rule.more.empty()) out[rule.more] = !page.next.empty();
  if (!page.next.empty()) out[rule.token_out] = page.next;
}

Answer OnePage(const Call& call, std::string_view key, const json::array& all, const PageRule& rule) {
  Page page;
  if (auto problem = TakePage(call, all.size(), rule, page)) return *problem;
  json::object out{{key, json::array(all.begin() + page.begin, all.begin() + page.end)}};
  PutPage(out, page, rule);
  return out;
}

Answer OnePage(const Call& call, std::string_view key, const std::vector<const json::object*>& all,
               const PageRule& rule, std::string_view hidden) {
  Page page;
  if (auto problem = TakePage(call, all.size(), rule, page)) return *problem;
  json::array shown;
  for (std::size_t i = page.begin; i < page.end; ++i) shown.push_back(Without(*all[i], {hidden}));
  json::object out{{key, std::move(shown)}};
  PutPage(out, page, rule);
  return out;
}

}  // namespace sallyport::aws_sim
