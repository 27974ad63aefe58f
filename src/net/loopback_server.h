// SPDX-License-Identifier: Apache-2.0
//
// For component tests: a TCP or TLS server on 127.0.0.1 that behaves as badly as the test wants.
#pragma once

#include <atomic>
#include <functional>
#include <list>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

struct ssl_st;
struct ssl_ctx_st;

namespace sallyport {

// One accepted connection, as its script sees it. It is closed when the script returns.
class LoopbackConnection {
 public:
  LoopbackConnection(int socket, ssl_st* tls) : socket_(socket), tls_(tls) {}

  // One request, head and body (by Content-Length). Empty when the client has left.
  std::string ReadRequest();
  // False when the client has left.
  bool Write(std::string_view text);
  // `HTTP/1.1 200 OK` with this body, over a connection that stays open.
  bool Answer(std::string_view body, std::string_view more_headers = "");
  // Returns when the client has left or the server stops.
  void WaitForLeave();

 private:
  bool ReadMore();

  int socket_;
  ssl_st* tls_;
  std::string buffer_;
};

class LoopbackServer {
 public:
  using Script = std::function<void(LoopbackConnection&)>;

  // PEM texts; empty for plain TCP.
  struct Identity {
    std::string certificate;
    std::string key;
  };

  // Connection n runs script n; all later ones run the last.
  explicit LoopbackServer(std::vector<Script> scripts, const Identity& identity = {});
  ~LoopbackServer();
  LoopbackServer(const LoopbackServer&) = delete;
  LoopbackServer& operator=(const LoopbackServer&) = delete;

  int Port() const { return port_; }
  std::string Url(std::string_view path = "/") const;
  int Accepted() const { return accepted_; }

 private:
  void Accept();
  void Serve(int socket, const Script& script);

  std::vector<Script> scripts_;
  ssl_ctx_st* context_ = nullptr;
  int listener_ = -1;
  int port_ = 0;
  std::atomic<int> accepted_{0};
  std::atomic<bool> stopping_{false};
  mutable std::mutex mutex_;
  std::vector<int> sockets_;
  std::list<std::thread> workers_;
  std::thread acceptor_;
};

}  // namespace sallyport
