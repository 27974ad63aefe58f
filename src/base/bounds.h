// SPDX-License-Identifier: Apache-2.0
//
// The bounds on what comes from outside, in one place, each with its reason. Every one has a test at the bound and one
// past it.
#pragma once

#include <cstddef>

namespace sallyport::bounds {

// One event document. Lambda hands over at most 6 MB (synchronous invocation payload quota).
inline constexpr std::size_t kEventBytes = std::size_t{6} * 1024 * 1024;
// A file or stream of events that is not one-per-line has to be held whole.
inline constexpr std::size_t kInputFileBytes = std::size_t{64} * 1024 * 1024;
// GuardDuty's deepest documented finding nests 14 levels; SNS in SQS starts anew inside a string.
inline constexpr std::size_t kJsonDepth = 64;
// A JSON document may have as many values as its bound of bytes divided by this: a value takes 16 bytes and more of
// memory, however short its text is. Real ones have a value for 20 bytes and more, and do not come near their bound.
// Any document may have 100,000.
inline constexpr std::size_t kBytesPerJsonValue = 16;
// Documents in one input, however they are wrapped. A busy organization has some thousand findings a day; more than
// this is a mistake or an attack, and each costs about a kilobyte of memory and of answer. (Not of a stream with an
// event on each line: that is taken line by line.)
inline constexpr std::size_t kInputDocuments = 20'000;
// Documents of one input that cannot be read and have a record of their own each; of those behind it, so many have one
// together.
inline constexpr std::size_t kUnreadableEach = 100;
inline constexpr std::size_t kUnreadableTogether = 1'000;
// Objects of a form whose objects come together (events that SWP forwards: an SNS message has at most 256 KiB, with
// less than that of them) in one event: what is kept of them stays below kLedgerEventBytes.
inline constexpr std::size_t kObjectsTogether = 250;
// Events that one process handles at the same time (`--workers`). Each is a thread and a connection to SWP.
inline constexpr int kWorkers = 256;
// SQS in SNS in SQS does not exist; one level more than what does.
inline constexpr int kEnvelopeDepth = 4;
// Lambda's largest SQS batch (standard queue).
inline constexpr std::size_t kBatchRecords = 10'000;
// GuardDuty documents at most 400 resources in an attack sequence.
inline constexpr std::size_t kHostsPerFinding = 400;
// `resources` of one EventBridge event: those that AWS sends name a handful.
inline constexpr std::size_t kEventResources = 1'000;
// Workflows times Matters: an Inspector finding about a package names at most a few dozen CVEs.
inline constexpr std::size_t kPlansPerEvent = 200;
// An SWP answer: a page of 250 fully expanded computers is about 25 MB.
inline constexpr std::size_t kAnswerBytes = std::size_t{32} * 1024 * 1024;
// The header lines of one HTTP answer, status line included. Common servers send at most 8 to 32 kB.
inline constexpr std::size_t kHeaderBytes = std::size_t{64} * 1024;
// EC2 allows 50 tags of one's own on a resource; those that AWS puts on (`aws:...`) come on top and are fewer.
inline constexpr std::size_t kTagsPerHost = 100;
// Events in one list out of the ledger; about 10 MB of records.
inline constexpr std::size_t kListedEvents = 10'000;
// An event's own JSON text in the ledger. SQS messages and asynchronous Lambda events end at 1 MiB; only a file can
// hold a longer one, and that can be handed in again.
inline constexpr std::size_t kLedgerEventBytes = std::size_t{1024} * 1024;
// What a list is searched for; an ARN has at most 2,048 characters.
inline constexpr std::size_t kFilterTextBytes = 2'048;
// Records of one commit of the ledger, so that a store that takes at most 100 items in a transaction (DynamoDB's
// TransactWriteItems) can stand behind the same seam.
inline constexpr std::size_t kCommitItems = 100;
// Names of hosts and of owners that one plan can add to its case; Macie's setting `max_hosts` ends at 1,000.
inline constexpr std::size_t kCommitNames = 1'000;
// Tasks that one clean-up looks at, with a read for the computer of each; whoever left more behind cleans up again.
inline constexpr std::size_t kTasksPerCleanUp = 200;
// What one event can be about; an Inspector finding names at most some tens of CVEs.
inline constexpr std::size_t kMattersPerEvent = 100;
// Members of one question that collects, and the JSON of one: the finding's subjects, not its body.
inline constexpr std::size_t kQuestionMembers = 10'000;
inline constexpr std::size_t kMemberBytes = std::size_t{16} * 1024;
// Actions that wait for one question (a thousand findings about one host while its scan runs). Further ones wait for
// another one of the same, so that no answer has more to record than this.
inline constexpr int kActionsThatWait = 1'000;
// One document of the ledger's State: the rule catalog of a tenant with 10,000 rules is about 30 MB. Its pieces are
// read one by one.
inline constexpr std::size_t kDocumentNameBytes = 256;
inline constexpr std::size_t kDocumentPieceBytes = std::size_t{1024} * 1024;
inline constexpr std::size_t kDocumentPieces = 10'000;
inline constexpr std::size_t kDocumentBytes = std::size_t{64} * 1024 * 1024;

}  // namespace sallyport::bounds
