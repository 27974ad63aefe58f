// SPDX-License-Identifier: Apache-2.0
//
// An HTTP client for tests that sees what is on the wire: whether the connection was closed, and how much came.
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

namespace sallyport::sim {

struct RawAnswer {
  int status = 0;         // 0: not one byte of an answer
  std::string head;       // with the empty line
  std::string body;       // as much as came
  bool complete = false;  // as long as announced
};

class RawClient {
 public:
  explicit RawClient(int port) : fd_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    connected_ = connect(fd_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
  }
  ~RawClient() { close(fd_); }
  RawClient(const RawClient&) = delete;
  RawClient& operator=(const RawClient&) = delete;

  bool connected() const { return connected_; }
  void Send(std::string_view bytes) { (void)!send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL); }

  // Reads one answer, or what there is of it when the other side closes.
  RawAnswer Read() {
    RawAnswer answer;
    std::size_t end = 0;
    while ((end = buffer_.find("\r\n\r\n")) == std::string::npos) {
      if (!More()) return answer;
    }
    answer.head = buffer_.substr(0, end + 4);
    answer.status = std::atoi(answer.head.substr(9, 3).c_str());
    buffer_.erase(0, end + 4);
    const auto at = answer.head.find("Content-Length: ");
    const auto length =
        at == std::string::npos ? 0 : static_cast<std::size_t>(std::atoll(answer.head.c_str() + at + 16));
    while (buffer_.size() < length && More()) {
    }
    answer.complete = buffer_.size() >= length;
    answer.body = buffer_.substr(0, length);
    buffer_.erase(0, answer.body.size());
    return answer;
  }

  RawAnswer Ask(std::string_view method, std::string_view target, std::string_view headers, std::string_view body) {
    std::string bytes =
        std::string(method) + " " + std::string(target) + " HTTP/1.1\r\nHost: test\r\n" + std::string(headers);
    bytes += "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + std::string(body);
    Send(bytes);
    return Read();
  }

  // True when the other side closes without sending more.
  bool IsClosed() { return buffer_.empty() && !More(); }

 private:
  bool More() {
    char chunk[16 * 1024];
    const auto got = recv(fd_, chunk, sizeof chunk, 0);
    if (got <= 0) return false;
    buffer_.append(chunk, static_cast<std::size_t>(got));
    return true;
  }

  int fd_;
  bool connected_ = false;
  std::string buffer_;
};

}  // namespace sallyport::sim
