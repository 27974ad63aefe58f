// SPDX-License-Identifier: Apache-2.0
#include "net/loopback_server.h"

#include <arpa/inet.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdlib>

#include "base/check.h"
#include "base/text.h"

namespace sallyport {
namespace {

std::size_t ContentLength(std::string_view head) {
  const std::string lower = ToLowerAscii(head);
  const std::size_t at = lower.find("\r\ncontent-length:");
  return at == std::string::npos ? 0 : std::strtoul(lower.c_str() + at + 17, nullptr, 10);
}

BIO* Memory(const std::string& text) {
  return BIO_new_mem_buf(text.data(), static_cast<int>(text.size()));
}

SSL_CTX* MakeContext(const LoopbackServer::Identity& identity) {
  SSL_CTX* context = SSL_CTX_new(TLS_server_method());
  BIO* certificate_text = Memory(identity.certificate);
  BIO* key_text = Memory(identity.key);
  X509* certificate = PEM_read_bio_X509(certificate_text, nullptr, nullptr, nullptr);
  EVP_PKEY* key = PEM_read_bio_PrivateKey(key_text, nullptr, nullptr, nullptr);
  const bool ok = SSL_CTX_use_certificate(context, certificate) == 1 && SSL_CTX_use_PrivateKey(context, key) == 1;
  Check(ok, "the test's certificate cannot be used");
  X509_free(certificate);
  EVP_PKEY_free(key);
  BIO_free(certificate_text);
  BIO_free(key_text);
  return context;
}

// OpenSSL writes without MSG_NOSIGNAL. Only the server's threads are shielded: the client is what is being tested.
void BlockBrokenPipeSignal() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGPIPE);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
}

}  // namespace

bool LoopbackConnection::ReadMore() {
  std::array<char, 4096> bytes{};
  const auto count = tls_ != nullptr ? SSL_read(tls_, bytes.data(), static_cast<int>(bytes.size()))
                                     : recv(socket_, bytes.data(), bytes.size(), 0);
  if (count <= 0) return false;
  buffer_.append(bytes.data(), static_cast<std::size_t>(count));
  return true;
}

std::string LoopbackConnection::ReadRequest() {
  std::size_t end = 0;
  while ((end = buffer_.find("\r\n\r\n")) == std::string::npos) {
    if (!ReadMore()) return {};
  }
  const std::size_t whole = end + 4 + ContentLength(std::string_view(buffer_).substr(0, end + 2));
  while (buffer_.size() < whole) {
    if (!ReadMore()) return {};
  }
  std::string request = buffer_.substr(0, whole);
  buffer_.erase(0, whole);
  return request;
}

bool LoopbackConnection::Write(std::string_view text) {
  while (!text.empty()) {
    const auto count = tls_ != nullptr ? SSL_write(tls_, text.data(), static_cast<int>(text.size()))
                                       : send(socket_, text.data(), text.size(), MSG_NOSIGNAL);
    if (count <= 0) return false;
    text.remove_prefix(static_cast<std::size_t>(count));
  }
  return true;
}

bool LoopbackConnection::Answer(std::string_view body, std::string_view more_headers) {
  return Write("HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(body.size()) + "\r\n" +
               std::string(more_headers) + "\r\n" + std::string(body));
}

void LoopbackConnection::WaitForLeave() {
  while (ReadMore()) buffer_.clear();
}

LoopbackServer::LoopbackServer(std::vector<Script> scripts, const Identity& identity) : scripts_(std::move(scripts)) {
  if (!identity.certificate.empty()) context_ = MakeContext(identity);
  listener_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof(address);
  auto* where = reinterpret_cast<sockaddr*>(&address);
  const bool ok =
      bind(listener_, where, size) == 0 && listen(listener_, 64) == 0 && getsockname(listener_, where, &size) == 0;
  Check(ok, "no loopback port for the test");
  port_ = ntohs(address.sin_port);
  acceptor_ = std::thread([this] { Accept(); });
}

LoopbackServer::~LoopbackServer() {
  stopping_ = true;
  shutdown(listener_, SHUT_RDWR);
  acceptor_.join();
  {
    const std::lock_guard lock(mutex_);
    for (const int open : sockets_) shutdown(open, SHUT_RDWR);
  }
  for (std::thread& worker : workers_) worker.join();
  close(listener_);
  SSL_CTX_free(context_);
}

std::string LoopbackServer::Url(std::string_view path) const {
  return std::string(context_ != nullptr ? "https" : "http") + "://127.0.0.1:" + std::to_string(port_) +
         std::string(path);
}

void LoopbackServer::Accept() {
  while (!stopping_) {
    const int client = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (client < 0) continue;
    const auto number = static_cast<std::size_t>(accepted_++);
    const std::lock_guard lock(mutex_);
    sockets_.push_back(client);
    const Script& script = scripts_[std::min(number, scripts_.size() - 1)];
    workers_.emplace_back([this, client, &script] { Serve(client, script); });
  }
}

void LoopbackServer::Serve(int client, const Script& script) {
  BlockBrokenPipeSignal();
  SSL* tls = nullptr;
  if (context_ != nullptr) {
    tls = SSL_new(context_);
    SSL_set_fd(tls, client);
  }
  if (tls == nullptr || SSL_accept(tls) == 1) {
    LoopbackConnection connection(client, tls);
    script(connection);
  }
  SSL_free(tls);
  const std::lock_guard lock(mutex_);
  std::erase(sockets_, client);
  close(client);
}

}  // namespace sallyport
