#include "cli/campaign_file.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <sqlite3.h>

#include <algorithm>
#include <sstream>

#include "base/input_error.h"
#include "base/output_error.h"

namespace sharelock::cli {
namespace {

/// Marks the file as ours ("SLCK"); SQLite shows it as application_id.
constexpr std::int64_t application_id = 0x534c'434b;
constexpr std::uint64_t batch_max = 64;
constexpr std::chrono::seconds batch_time_max{1};  // Of slow seeds, not so many shall be lost.

/// `text` has to live until the statement was stepped.
void bind_text(sqlite3_stmt& statement, int index, const std::string& text) {
  sqlite3_bind_text(&statement, index, text.data(), static_cast<int>(text.size()), nullptr);
}

std::string text_at(sqlite3_stmt& statement, int column) {
  const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(&statement, column));
  return text == nullptr ? std::string{} : std::string{text};
}

std::vector<std::string> words_of(const std::string& text) {
  std::istringstream stream{text};
  std::vector<std::string> words;
  for (std::string word; stream >> word;) words.push_back(word);
  return words;
}

}  // namespace

void CampaignFile::Close::operator()(sqlite3* database) const {
  sqlite3_close(database);
}
void CampaignFile::Close::operator()(sqlite3_stmt* statement) const {
  sqlite3_finalize(statement);
}

CampaignFile::CampaignFile(const std::string& path, const CampaignIdentity& identity, const Restore& restore)
    : path_{path} {
  sqlite3* database = nullptr;
  const int opened = sqlite3_open(path.c_str(), &database);
  database_.reset(database);
  if (opened != SQLITE_OK) fail();
  // Two campaigns that write the same file would count seeds twice.
  execute("PRAGMA locking_mode = EXCLUSIVE; BEGIN IMMEDIATE");
  Statement id = prepare("PRAGMA application_id");
  step(*id);
  const std::int64_t owner = sqlite3_column_int64(id.get(), 0);
  id.reset();
  Statement tables = prepare("SELECT count(*) FROM sqlite_master");
  step(*tables);
  const bool is_new = sqlite3_column_int64(tables.get(), 0) == 0;
  tables.reset();
  if (!is_new && owner != application_id)
    throw InputError{{path_}, "is a database, but no campaign", "name a file that does not exist yet"};
  if (is_new) {
    execute(fmt::format("PRAGMA application_id = {};"
                        "CREATE TABLE campaign(name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;"
                        "CREATE TABLE seeds(position INTEGER PRIMARY KEY, as_expected INTEGER NOT NULL, claim TEXT,"
                        "  steps INTEGER NOT NULL, simulated_ms INTEGER NOT NULL, digest TEXT NOT NULL, met TEXT)",
                        application_id)
                .c_str());
    Statement insert = prepare("INSERT INTO campaign VALUES (?, ?)");
    for (const auto& [name, value] : identity) {
      bind_text(*insert, 1, name);
      bind_text(*insert, 2, value);
      step(*insert);
      sqlite3_reset(insert.get());
    }
  }
  execute("COMMIT");
  check_identity(identity);
  restore_seeds(restore);
  insert_ = prepare("INSERT INTO seeds VALUES (?, ?, ?, ?, ?, ?, ?)");
}

CampaignFile::~CampaignFile() = default;

void CampaignFile::check_identity(const CampaignIdentity& identity) {
  Statement select = prepare("SELECT value FROM campaign WHERE name = ?");
  for (const auto& [name, value] : identity) {
    bind_text(*select, 1, name);
    const std::string kept = step(*select) ? text_at(*select, 0) : "";
    sqlite3_reset(select.get());
    if (kept == value) continue;
    throw InputError{{path_},
                     fmt::format("is the campaign of another {}: '{}', not '{}'", name, kept, value),
                     "program, scenario, profile, switches and seeds must be the same; remove the file to begin anew"};
  }
}

void CampaignFile::restore_seeds(const Restore& restore) {
  Statement select =
      prepare("SELECT position, as_expected, claim, steps, simulated_ms, digest, met FROM seeds ORDER BY position");
  while (step(*select)) {
    sqlite3_stmt& row = *select;
    restore(static_cast<std::uint64_t>(sqlite3_column_int64(&row, 0)),
            {.as_expected = sqlite3_column_int(&row, 1) != 0,
             .claim = text_at(row, 2),
             .steps = static_cast<std::uint64_t>(sqlite3_column_int64(&row, 3)),
             .simulated_ms = sqlite3_column_int64(&row, 4),
             .digest = text_at(row, 5),
             .met = words_of(text_at(row, 6))});
  }
}

void CampaignFile::add(std::uint64_t index, const SeedResult& seed) {
  if (batch_ == 0) {
    execute("BEGIN");
    batch_begun_ = Clock::now();
  }
  const std::string met = fmt::format("{}", fmt::join(seed.met, " "));
  sqlite3_stmt& row = *insert_;
  sqlite3_bind_int64(&row, 1, static_cast<std::int64_t>(index));
  sqlite3_bind_int(&row, 2, seed.as_expected ? 1 : 0);
  bind_text(row, 3, seed.claim);
  sqlite3_bind_int64(&row, 4, static_cast<std::int64_t>(seed.steps));
  sqlite3_bind_int64(&row, 5, seed.simulated_ms);
  bind_text(row, 6, seed.digest);
  bind_text(row, 7, met);
  step(row);
  sqlite3_reset(&row);
  if (++batch_ >= batch_max || Clock::now() - batch_begun_ >= batch_time_max) commit();
}

void CampaignFile::commit() {
  if (batch_ == 0) return;
  execute("COMMIT");
  batch_ = 0;
}

void CampaignFile::execute(const char* sql) {
  if (sqlite3_exec(database_.get(), sql, nullptr, nullptr, nullptr) != SQLITE_OK) fail();
}

CampaignFile::Statement CampaignFile::prepare(const char* sql) {
  sqlite3_stmt* statement = nullptr;
  if (sqlite3_prepare_v2(database_.get(), sql, -1, &statement, nullptr) != SQLITE_OK) fail();
  return Statement{statement};
}

/// True: there is a row.
bool CampaignFile::step(sqlite3_stmt& statement) {
  const int outcome = sqlite3_step(&statement);
  if (outcome != SQLITE_ROW && outcome != SQLITE_DONE) fail();
  return outcome == SQLITE_ROW;
}

void CampaignFile::fail() {
  switch (sqlite3_errcode(database_.get())) {
    case SQLITE_NOTADB:
    case SQLITE_CORRUPT:
      throw InputError{{path_}, "is no campaign", "name a file that does not exist yet"};
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      throw InputError{{path_}, "is in use by another campaign"};
    default:
      throw OutputError{path_, fmt::format("cannot be written: {}", sqlite3_errmsg(database_.get()))};
  }
}

}  // namespace sharelock::cli
