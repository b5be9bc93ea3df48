// A campaign on disk: what each finished seed brought, so that a campaign that was killed goes on where it was.
//
// Owns:             an SQLite database (tables `campaign` and `seeds`), written in batches, each batch a transaction.
// Knows nothing of: how seeds are run and summed up.
// Therefore:        killed at any moment, the file holds whole batches; the seeds of the last one are run again.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "model/strong.h"

struct sqlite3;
struct sqlite3_stmt;

namespace sharelock::cli {

/// What is kept of one seed.
struct SeedResult {
  bool as_expected = false;
  std::string claim;  ///< What it breaks; empty: nothing.
  std::uint64_t steps = 0;
  TimeMs simulated_ms = 0;
  std::string digest;
  std::vector<std::string> met;  ///< Situations.

  friend bool operator==(const SeedResult&, const SeedResult&) = default;
};

/// Everything that a campaign's result depends on, by name: `{"profile", "4.4"}`.
using CampaignIdentity = std::vector<std::pair<std::string, std::string>>;

class CampaignFile {
 public:
  using Restore = std::function<void(std::uint64_t index, SeedResult)>;

  /// Opens or creates `path` and calls `restore` for every seed in it, in order.
  /// @throws InputError   if it is no campaign, the campaign of another identity, or in use.
  /// @throws OutputError  if it cannot be written.
  CampaignFile(const std::string& path, const CampaignIdentity& identity, const Restore& restore);
  ~CampaignFile();
  CampaignFile(const CampaignFile&) = delete;
  CampaignFile& operator=(const CampaignFile&) = delete;

  /// Adds a seed to the batch; a full batch is committed.
  void add(std::uint64_t index, const SeedResult& seed);
  /// Commits what the batch holds.
  void commit();

 private:
  using Clock = std::chrono::steady_clock;

  struct Close {
    void operator()(sqlite3* database) const;
    void operator()(sqlite3_stmt* statement) const;
  };
  using Statement = std::unique_ptr<sqlite3_stmt, Close>;

  void execute(const char* sql);
  Statement prepare(const char* sql);
  bool step(sqlite3_stmt& statement);
  void check_identity(const CampaignIdentity& identity);
  void restore_seeds(const Restore& restore);
  [[noreturn]] void fail();

  std::string path_;
  std::unique_ptr<sqlite3, Close> database_;
  Statement insert_;
  std::uint64_t batch_ = 0;  ///< Seeds in the open transaction.
  Clock::time_point batch_begun_{};
};

}  // namespace sharelock::cli
