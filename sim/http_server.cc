// SPDX-License-Identifier: Apache-2.0
#include "sim/http_server.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <pthread.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <charconv>
#include <condition_variable>
#include <csignal>
#include <cstdint>
#include <mutex>
#include <set>
#include <thread>

#include "base/text.h"

namespace sallyport::sim {
namespace {

constexpr int kBacklog = 512;
constexpr int kIdleMilliseconds = 60'000;

struct FreeSslContext {
  void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
};
using SslContext = std::unique_ptr<SSL_CTX, FreeSslContext>;

// One accepted socket, with or without TLS. Does not own the descriptor.
class Wire {
 public:
  Wire(int fd, SSL_CTX* context) : fd_(fd), ssl_(context == nullptr ? nullptr : SSL_new(context)) {}
  ~Wire() { SSL_free(ssl_); }
  Wire(const Wire&) = delete;
  Wire& operator=(const Wire&) = delete;

  bool Handshake() { return ssl_ == nullptr || (SSL_set_fd(ssl_, fd_) == 1 && SSL_accept(ssl_) == 1); }

  // Appends what has come; false at the end, on an error and after the idle time.
  bool ReadSome(std::string& buffer) {
    char chunk[16 * 1024];
    if (ssl_ == nullptr || SSL_pending(ssl_) == 0) {
      pollfd waiting{fd_, POLLIN, 0};
      if (poll(&waiting, 1, kIdleMilliseconds) <= 0) return false;
    }
    const auto got =
        ssl_ != nullptr ? static_cast<ssize_t>(SSL_read(ssl_, chunk, sizeof chunk)) : recv(fd_, chunk, sizeof chunk, 0);
    if (got <= 0) return false;
    buffer.append(chunk, static_cast<std::size_t>(got));
    return true;
  }

  bool WriteAll(std::string_view bytes) {
    while (!bytes.empty()) {
      const auto part = bytes.substr(0, std::size_t{1} << 20U);
      const auto sent = ssl_ != nullptr
                            ? static_cast<ssize_t>(SSL_write(ssl_, part.data(), static_cast<int>(part.size())))
                            : send(fd_, part.data(), part.size(), MSG_NOSIGNAL);
      if (sent <= 0) return false;
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
  }

 private:
  int fd_;
  SSL* ssl_;
};

// Reads whole requests from a wire; what came too early waits in the buffer.
class RequestReader {
 public:
  explicit RequestReader(Wire& wire) : wire_(wire) {}

  enum class Outcome { kRequest, kRefuse, kClosed };
  // kRefuse: `refusal` is the answer to give before closing.
  Outcome Read(ServedRequest& request, ServedAnswer& refusal) {
    std::size_t head_end = 0;
    while ((head_end = buffer_.find("\r\n\r\n")) == std::string::npos) {
      if (buffer_.size() > kMaxHeadBytes) return Refuse(refusal, 431);
      if (!wire_.ReadSome(buffer_)) return Outcome::kClosed;
    }
    if (head_end + 4 > kMaxHeadBytes) return Refuse(refusal, 431);
    if (!ParseRequestHead(std::string_view(buffer_).substr(0, head_end + 4), request)) return Refuse(refusal, 400);
    buffer_.erase(0, head_end + 4);
    return ReadBody(request, refusal);
  }

 private:
  static Outcome Refuse(ServedAnswer& refusal, int status) {
    refusal.status = status;
    return Outcome::kRefuse;
  }

  Outcome ReadBody(ServedRequest& request, ServedAnswer& refusal) {
    if (request.Header("transfer-encoding") != nullptr) return Refuse(refusal, 501);
    std::size_t length = 0;
    if (const auto* text = request.Header("content-length")) {
      const auto read = std::from_chars(text->data(), text->data() + text->size(), length);
      if (read.ec != std::errc() || read.ptr != text->data() + text->size()) return Refuse(refusal, 400);
    }
    if (length > kMaxBodyBytes) return Refuse(refusal, 413);
    const auto* expect = request.Header("expect");
    if (expect != nullptr && EqualsIgnoreCase(*expect, "100-continue") && buffer_.size() < length) {
      if (!wire_.WriteAll("HTTP/1.1 100 Continue\r\n\r\n")) return Outcome::kClosed;
    }
    while (buffer_.size() < length) {
      if (!wire_.ReadSome(buffer_)) return Outcome::kClosed;
    }
    request.body = buffer_.substr(0, length);
    buffer_.erase(0, length);
    return Outcome::kRequest;
  }

  Wire& wire_;
  std::string buffer_;
};

// Sends the answer as its delivery says. False when the connection is to be closed.
bool Deliver(Wire& wire, const ServedAnswer& answer) {
  if (answer.delivery == Delivery::kNothing) return false;
  const auto bytes = SerializeAnswer(answer);
  if (answer.delivery == Delivery::kWhole) return wire.WriteAll(bytes);
  (void)wire.WriteAll(std::string_view(bytes).substr(0, bytes.size() - answer.body.size() + answer.body.size() / 2));
  return false;
}

void Converse(Wire& wire, const HttpServer::Handler& handler) {
  RequestReader reader(wire);
  for (;;) {
    ServedRequest request;
    ServedAnswer refusal;
    const auto outcome = reader.Read(request, refusal);
    if (outcome == RequestReader::Outcome::kClosed) return;
    if (outcome == RequestReader::Outcome::kRefuse) {
      refusal.headers.emplace_back("Connection", "close");
      (void)Deliver(wire, refusal);
      return;
    }
    const auto* connection = request.Header("connection");
    const bool last = connection != nullptr && EqualsIgnoreCase(*connection, "close");
    auto answer = handler(request);
    if (last) answer.headers.emplace_back("Connection", "close");
    if (!Deliver(wire, answer) || last) return;
  }
}

class LoopbackServer final : public HttpServer {
 public:
  LoopbackServer(int listener, int port, SslContext context, Handler handler)
      : listener_(listener), port_(port), context_(std::move(context)), handler_(std::move(handler)) {
    acceptor_ = std::thread([this] { AcceptLoop(); });
  }

  ~LoopbackServer() override {
    stopping_ = true;
    shutdown(listener_, SHUT_RDWR);  // wakes accept()
    acceptor_.join();
    close(listener_);
    std::unique_lock lock(mutex_);
    for (const int fd : open_) shutdown(fd, SHUT_RDWR);
    all_gone_.wait(lock, [this] { return open_.empty(); });
  }

  int port() const override { return port_; }

 private:
  void AcceptLoop() {
    while (!stopping_) {
      const int fd = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
      if (fd < 0) continue;
      const int on = 1;
      setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
      const std::lock_guard lock(mutex_);
      open_.insert(fd);
      std::thread([this, fd] { Serve(fd); }).detach();  // the destructor waits for open_ to be empty
    }
  }

  void Serve(int fd) {
    // OpenSSL writes without MSG_NOSIGNAL; a client that went away must not end the process.
    sigset_t pipe_signal;
    sigemptyset(&pipe_signal);
    sigaddset(&pipe_signal, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &pipe_signal, nullptr);
    {
      Wire wire(fd, context_.get());
      if (wire.Handshake()) Converse(wire, handler_);
    }
    const std::lock_guard lock(mutex_);
    close(fd);
    open_.erase(fd);
    all_gone_.notify_all();
  }

  const int listener_;
  const int port_;
  const SslContext context_;
  const Handler handler_;
  std::atomic<bool> stopping_ = false;
  std::mutex mutex_;
  std::condition_variable all_gone_;
  std::set<int> open_;
  std::thread acceptor_;
};

Result<SslContext> LoadTls(const HttpServerOptions& options) {
  if (options.tls_cert.empty() && options.tls_key.empty()) return SslContext();
  SslContext context(SSL_CTX_new(TLS_server_method()));
  if (!context || SSL_CTX_use_certificate_chain_file(context.get(), options.tls_cert.c_str()) != 1) {
    return Error{ErrorCode::kInvalidInput, "cannot use certificate `" + Printable(options.tls_cert, 200) + "`", ""};
  }
  const bool key_fits = SSL_CTX_use_PrivateKey_file(context.get(), options.tls_key.c_str(), SSL_FILETYPE_PEM) == 1 &&
                        SSL_CTX_check_private_key(context.get()) == 1;
  if (!key_fits) {
    return Error{ErrorCode::kInvalidInput, "cannot use private key `" + Printable(options.tls_key, 200) + "`", ""};
  }
  return context;
}

Result<int> Listen(int port) {
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const int on = 1;
  setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  if (bind(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0 && listen(fd, kBacklog) == 0)
    return fd;
  close(fd);
  return Error{ErrorCode::kUnavailable, "cannot listen on 127.0.0.1 port " + std::to_string(port),
               "choose another port"};
}

int PortOf(int fd) {
  sockaddr_in address{};
  socklen_t size = sizeof address;
  getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size);
  return ntohs(address.sin_port);
}

}  // namespace

Result<std::unique_ptr<HttpServer>> HttpServer::Start(const HttpServerOptions& options, Handler handler) {
  auto context = LoadTls(options);
  if (!context) return context.error();
  if (options.port < 0 || options.port > 65535) {
    return Error{ErrorCode::kInvalidInput, "port " + std::to_string(options.port) + " is not between 0 and 65535", ""};
  }
  auto listener = Listen(options.port);
  if (!listener) return listener.error();
  return std::unique_ptr<HttpServer>(
      std::make_unique<LoopbackServer>(*listener, PortOf(*listener), std::move(context).value(), std::move(handler)));
}

}  // namespace sallyport::sim
