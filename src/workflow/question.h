// SPDX-License-Identifier: Apache-2.0
//
// Questions that are asked later: has the scan ended, are the rules in effect, is the host back, has the case ended. A
// question is data; the ledger keeps it with a time (a follow-up), and when that comes it re-enters as an event of
// source kFollowUpSource. A kind of question is one pair of files: a struct that has what QuestionContent asks for, and
// a row of the table of kinds (question_kind.h). Pure.
#pragma once

#include <concepts>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "action/members.h"
#include "base/json.h"
#include "base/result.h"
#include "base/time.h"
#include "followup/schedule.h"
#include "workflow/matter.h"

namespace sallyport {

inline constexpr std::string_view kFollowUpSource = "sallyport";
inline constexpr std::string_view kFollowUpDetailType = "Sallyport Follow-up";

// What a kind of question is: a plain struct with these members. What is missing is a compile error.
template <class T>
concept QuestionContent = std::copyable<T> && std::equality_comparable<T> &&
    requires(const T& ask, T& made, Members& members, const Matter& matter, std::int64_t case_number,
             const FollowUpSettings& settings) {
  // The name that the ledger uses: "scan-finished".
  { T::kName } -> std::convertible_to<std::string_view>;
  // What it is about: "computer 34", a host, or the case.
  { ask.Subject(matter) } -> std::same_as<std::string>;
  // Two open questions with the same name and key are one: several findings about one host share a running scan.
  // `case_number` is part of it where the question belongs to one case.
  { ask.Key(matter, case_number) } -> std::same_as<std::string>;
  // When it is asked first, how often, and how long. Not of a question that collects (collect.h).
  { T::ScheduleIn(settings) } -> std::same_as<const Schedule&>;
  // Its members in JSON, for writing and for reading.
  { made.DescribeJson(members) } -> std::same_as<void>;
};

// What is asked, of any kind: a value, cheap to copy, that never changes. One that holds nothing (a default) is for
// assigning to alone.
class Ask {
 public:
  Ask() = default;
  template <class T>
  requires requires { T::kName; }
  Ask(T content)  // NOLINT(google-explicit-constructor): a question is one of its kinds
      : held_(std::make_shared<Held<T>>(std::move(content))) {
    static_assert(QuestionContent<T>);
  }

  // The question as one of that kind; nullptr: it is of another.
  template <QuestionContent T>
  const T* As() const {
    const auto* held = dynamic_cast<const Held<T>*>(held_.get());
    return held == nullptr ? nullptr : &held->content;
  }
  template <QuestionContent T>
  bool Is() const {
    return As<T>() != nullptr;
  }

  bool operator==(const Ask& other) const;

  // What the functions below ask; see QuestionContent.
  class Content {
   public:
    Content() = default;
    Content(const Content&) = delete;
    Content& operator=(const Content&) = delete;
    virtual ~Content() = default;
    virtual std::string_view Name() const = 0;
    virtual std::string Subject(const Matter& matter) const = 0;
    virtual std::string Key(const Matter& matter, std::int64_t case_number) const = 0;
    virtual const Schedule& ScheduleIn(const FollowUpSettings& settings) const = 0;
    virtual bool Equals(const Content& other) const = 0;
    virtual void Write(JsonWriter& out) const = 0;
  };
  const Content& content() const;

 private:
  template <class T>
  class Held final : public Content {
   public:
    explicit Held(T value) : content(std::move(value)) {}
    const T content;

    std::string_view Name() const override { return T::kName; }
    std::string Subject(const Matter& matter) const override { return content.Subject(matter); }
    std::string Key(const Matter& matter, std::int64_t case_number) const override {
      return content.Key(matter, case_number);
    }
    const Schedule& ScheduleIn(const FollowUpSettings& settings) const override { return T::ScheduleIn(settings); }
    bool Equals(const Content& other) const override {
      const auto* same_kind = dynamic_cast<const Held*>(&other);
      return same_kind != nullptr && content == same_kind->content;
    }
    void Write(JsonWriter& out) const override {
      T copy = content;  // one description reads and writes
      Members members(out);
      copy.DescribeJson(members);
    }
  };

  std::shared_ptr<const Content> held_;
};

struct Question {
  Ask ask;
  Matter matter;
  bool operator==(const Question&) const = default;
};

std::string_view NameOf(const Question& question);
std::string SubjectOf(const Question& question);
// "scan-finished/scan-for-integrity-changes/computer 34": its name and key.
std::string KeyOf(const Question& question, std::int64_t case_number);
const Schedule& ScheduleOf(const Question& question, const FollowUpSettings& settings);

// The format of a question's JSON, as kPlanFormat is of a plan's; 1, with other names, is not written down. Read with
// QuestionKinds::Read.
inline constexpr std::int64_t kQuestionFormat = 2;
std::string QuestionToJson(const Question& question);
// Its members, into an object that has begun.
void WriteQuestion(JsonWriter& out, const Question& question);

// A question that a plan or an outcome wants asked.
struct WantedFollowUp {
  Question question;
  bool operator==(const WantedFollowUp&) const = default;
};

}  // namespace sallyport
