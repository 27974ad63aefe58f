// SPDX-License-Identifier: Apache-2.0
//
// The pure half of http_server.h: request heads in, answer bytes out (RFC 9112).
#include <algorithm>
#include <optional>

#include "base/text.h"
#include "sim/http_server.h"

namespace sallyport::sim {
namespace {

int HexDigit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

std::string PercentDecode(std::string_view text, bool plus_is_space) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool escape =
        text[i] == '%' && i + 2 < text.size() && HexDigit(text[i + 1]) >= 0 && HexDigit(text[i + 2]) >= 0;
    if (escape) {
      out += static_cast<char>(HexDigit(text[i + 1]) * 16 + HexDigit(text[i + 2]));
      i += 2;
    } else {
      out += plus_is_space && text[i] == '+' ? ' ' : text[i];
    }
  }
  return out;
}

// The text before `end`, which is removed from `text` together with it; nothing when `end` is not there.
std::optional<std::string_view> TakeUntil(std::string_view& text, std::string_view end) {
  const auto at = text.find(end);
  if (at == std::string_view::npos) return std::nullopt;
  const auto taken = text.substr(0, at);
  text.remove_prefix(at + end.size());
  return taken;
}

bool ParseRequestLine(std::string_view line, ServedRequest& request) {
  const auto method = TakeUntil(line, " ");
  const auto target = TakeUntil(line, " ");
  if (!method || method->empty() || !target || !target->starts_with('/') || !line.starts_with("HTTP/1.")) return false;
  request.method = std::string(*method);
  const auto question = target->find('?');
  request.raw_path = std::string(target->substr(0, question));
  request.path = PercentDecode(request.raw_path, false);
  if (question != std::string_view::npos) request.query = std::string(target->substr(question + 1));
  return true;
}

std::string_view Reason(int status) {
  switch (status) {
    case 200:
      return "OK";
    case 400:
      return "Bad Request";
    case 401:
      return "Unauthorized";
    case 403:
      return "Forbidden";
    case 404:
      return "Not Found";
    case 405:
      return "Method Not Allowed";
    case 429:
      return "Too Many Requests";
    case 500:
      return "Internal Server Error";
    case 503:
      return "Service Unavailable";
    default:
      return "Status";
  }
}

}  // namespace

const std::string* ServedRequest::Header(std::string_view name) const {
  const auto found =
      std::find_if(headers.begin(), headers.end(), [&](const auto& header) { return header.first == name; });
  return found == headers.end() ? nullptr : &found->second;
}

std::vector<std::pair<std::string, std::string>> ServedRequest::QueryMembers() const {
  std::vector<std::pair<std::string, std::string>> members;
  std::string_view rest = query;
  while (!rest.empty()) {
    const auto part = rest.substr(0, rest.find('&'));
    rest.remove_prefix(std::min(rest.size(), part.size() + 1));
    const auto equals = part.find('=');
    const auto value = equals == std::string_view::npos ? std::string_view() : part.substr(equals + 1);
    if (!part.empty()) members.emplace_back(PercentDecode(part.substr(0, equals), true), PercentDecode(value, true));
  }
  return members;
}

bool ParseRequestHead(std::string_view head, ServedRequest& request) {
  const auto line = TakeUntil(head, "\r\n");
  if (!line || !ParseRequestLine(*line, request)) return false;
  while (const auto field = TakeUntil(head, "\r\n")) {
    if (field->empty()) return true;
    const auto colon = field->find(':');
    if (colon == std::string_view::npos || colon == 0) return false;
    request.headers.emplace_back(ToLowerAscii(field->substr(0, colon)), std::string(Trim(field->substr(colon + 1))));
  }
  return false;
}

std::string SerializeAnswer(const ServedAnswer& answer) {
  std::string out = "HTTP/1.1 " + std::to_string(answer.status) + " " + std::string(Reason(answer.status)) + "\r\n";
  for (const auto& [name, value] : answer.headers) out.append(name).append(": ").append(value).append("\r\n");
  out += "Content-Length: " + std::to_string(answer.body.size()) + "\r\n\r\n";
  out += answer.body;
  return out;
}

}  // namespace sallyport::sim
