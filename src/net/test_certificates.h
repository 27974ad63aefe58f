// SPDX-License-Identifier: Apache-2.0
//
// For component tests: certificates made on the spot, so that none in the tree can expire.
#pragma once

#include <string>

#include "net/loopback_server.h"

struct evp_pkey_st;
struct x509_st;

namespace sallyport {

struct LeafOptions {
  std::string subject_alternative_name = "IP:127.0.0.1";
  long valid_from_seconds = -3600;  // from now
  long valid_to_seconds = 3600;
};

class TestCa {
 public:
  TestCa();
  ~TestCa();
  TestCa(const TestCa&) = delete;
  TestCa& operator=(const TestCa&) = delete;

  // The file that a client is given to trust this CA; removed with the object.
  const std::string& File() const { return file_; }
  LoopbackServer::Identity Issue(const LeafOptions& options = {}) const;
  // Issued by itself instead of this CA.
  static LoopbackServer::Identity IssueSelfSigned();

 private:
  evp_pkey_st* key_;
  x509_st* certificate_;
  std::string file_;
};

}  // namespace sallyport
