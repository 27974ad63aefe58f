// SPDX-License-Identifier: Apache-2.0
#include "lambda/http_connection.h"

#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <memory>

#include "base/text.h"

namespace sallyport::lambda {
namespace {

struct FreeAddresses {
  void operator()(addrinfo* list) const { freeaddrinfo(list); }
};
using Addresses = std::unique_ptr<addrinfo, FreeAddresses>;

struct HostAndPort {
  std::string host;
  std::string port = "80";
};

HostAndPort Split(const std::string& address) {
  const std::size_t bracket = address.rfind(']');
  const std::size_t colon = address.rfind(':');
  const bool has_port = colon != std::string::npos && (bracket == std::string::npos || colon > bracket);
  HostAndPort split;
  split.host = has_port ? address.substr(0, colon) : address;
  if (has_port) split.port = address.substr(colon + 1);
  if (split.host.size() >= 2 && split.host.front() == '[') split.host = split.host.substr(1, split.host.size() - 2);
  return split;
}

Error NoConnection(const std::string& address, const char* why) {
  return {ErrorCode::kUnavailable, "no connection to `" + Printable(address, 200) + "`: " + why, ""};
}

int ConnectTo(const addrinfo& address) {
  const int made = socket(address.ai_family, address.ai_socktype | SOCK_CLOEXEC, address.ai_protocol);
  if (made < 0) return -1;
  while (connect(made, address.ai_addr, address.ai_addrlen) != 0) {
    if (errno == EINTR) continue;
    const int reason = errno;
    close(made);
    errno = reason;
    return -1;
  }
  const int on = 1;
  setsockopt(made, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  return made;
}

void SendAll(int to, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = send(to, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent < 0 && errno == EINTR) continue;
    if (sent < 0) return;  // the other side may have answered before it closed: reading tells
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
}

std::size_t Receive(int from, char* into, std::size_t size) {
  while (true) {
    const ssize_t got = recv(from, into, size, 0);
    if (got < 0 && errno == EINTR) continue;
    return got < 0 ? 0 : static_cast<std::size_t>(got);
  }
}

std::string Serialize(std::string_view method, std::string_view target, const std::string& host,
                      const std::vector<HttpHeader>& headers, std::string_view body) {
  std::string bytes = std::string(method) + " " + std::string(target) + " HTTP/1.1\r\nHost: " + host + "\r\n";
  for (const HttpHeader& header : headers) bytes += header.name + ": " + header.value + "\r\n";
  if (method != "GET") bytes += "Content-Length: " + std::to_string(body.size()) + "\r\n";
  bytes += "\r\n";
  bytes += body;
  return bytes;
}

}  // namespace

HttpConnection::~HttpConnection() {
  Close();
}

void HttpConnection::Close() {
  if (socket_ >= 0) close(socket_);
  socket_ = -1;
}

Status HttpConnection::Connect() {
  const HostAndPort to = Split(address_);
  addrinfo wanted{};
  wanted.ai_socktype = SOCK_STREAM;
  wanted.ai_flags = AI_NUMERICSERV;
  addrinfo* found = nullptr;
  const int code = getaddrinfo(to.host.c_str(), to.port.c_str(), &wanted, &found);
  if (code != 0) return NoConnection(address_, gai_strerror(code));
  const Addresses addresses(found);
  for (const addrinfo* address = found; address != nullptr && socket_ < 0; address = address->ai_next) {
    socket_ = ConnectTo(*address);
  }
  return socket_ < 0 ? Status(NoConnection(address_, std::strerror(errno))) : Ok();
}

Result<Answer> HttpConnection::TryOnce(std::string_view bytes, bool& began) {
  SendAll(socket_, bytes);
  AnswerReader reader([this](char* into, std::size_t size) { return Receive(socket_, into, size); }, max_body_);
  auto answer = reader.Read();
  began = reader.Began();
  if (!answer.ok() || !answer->may_keep) Close();
  return answer;
}

Result<Answer> HttpConnection::Exchange(std::string_view method, std::string_view target,
                                        const std::vector<HttpHeader>& headers, std::string_view body) {
  const std::string bytes = Serialize(method, target, address_, headers, body);
  for (bool again = false;; again = true) {
    if (socket_ < 0) {
      if (Status connected = Connect(); !connected.ok()) return connected.error();
    }
    bool began = false;
    auto answer = TryOnce(bytes, began);
    if (answer.ok() || began || again) return answer;
  }
}

}  // namespace sallyport::lambda
