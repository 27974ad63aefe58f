// SPDX-License-Identifier: Apache-2.0
//
// What the chapters of the demo share: a simulated SWP manager, a simulated AWS, one clock that does not wait,
// and a folder with the ledger. Nothing of the machine's own is read or written, and the folder goes away with the
// world.
#pragma once

#include <memory>
#include <string>

#include "app/wire.h"
#include "base/result.h"
#include "config/settings.h"

namespace sallyport {

class DemoWorld {
 public:
  // `keep`: the folder stays.
  static Result<std::unique_ptr<DemoWorld>> Start(bool keep);
  virtual ~DemoWorld() = default;

  virtual Clock& clock() = 0;
  virtual std::string swp_url() const = 0;
  virtual std::string aws_url() const = 0;
  virtual const std::string& folder() const = 0;

  // Enforce mode, the world's manager, the ledger that all chapters share.
  Settings MakeSettings() const;
  // The world's clock and AWS.
  ProgramOptions MakeOptions();
};

}  // namespace sallyport
