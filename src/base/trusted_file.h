// SPDX-License-Identifier: Apache-2.0
//
// Files whose content must come from nobody but this user or root: secrets, and the ledger.
#pragma once

#include <string>

#include "base/result.h"

namespace sallyport {

// A file that is open, closed with this object. Not to be copied.
class OpenDescriptor {
 public:
  explicit OpenDescriptor(int descriptor) : descriptor_(descriptor) {}
  OpenDescriptor(OpenDescriptor&& other) noexcept : descriptor_(other.Release()) {}
  OpenDescriptor& operator=(OpenDescriptor&&) = delete;
  OpenDescriptor(const OpenDescriptor&) = delete;
  OpenDescriptor& operator=(const OpenDescriptor&) = delete;
  ~OpenDescriptor();
  int get() const { return descriptor_; }
  int Release();
  // Closes it and takes another one.
  void Reset(int descriptor);

 private:
  int descriptor_;
};

// Refuses what somebody else may have put there, may change, or may read:
//   - every symbolic link on the way and the file itself belong to this user or to root; on NFS, where the server says
//     whose a file is (Amazon EFS access points), also to whom its folder belongs;
//   - the file is a regular one, so that opening a pipe cannot wait for ever;
//   - neither its group nor others may write to it, and others may not read it.
// Errors name the file and what to do: kNotFound, kForbidden, kStorage. Nothing is opened but the way to it, so no lock
// on the file is lost.
Status CheckTrustedFile(const std::string& path);

// The same, and opens it for reading: the file that was looked at.
Result<OpenDescriptor> OpenTrustedFile(const std::string& path);

}  // namespace sallyport
