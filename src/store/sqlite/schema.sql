-- The embedded ledger: one file, `ledger.sqlite`, beside `writer.lock` and `writer.json`.
--
-- Trust: an administrator can change all of this, so nothing here is evidence. The rules below stop accidents, and
-- what they do not stop shows in the tree over the leaf hashes.
--
-- Applied once, in one transaction, when a ledger is created. Numbers a reader needs to know the file again:
-- 0x53744C67 is "StLg"; user_version is the version of this schema.

PRAGMA application_id = 0x53744C67;
PRAGMA user_version = 1;

-- One row is one record of one stream.
--
-- A rowid table: rows lie in the order in which they were written, so that an append touches the last page of the
-- table, and a page of each index, whatever the stream is.
CREATE TABLE records (
  stream TEXT    NOT NULL,
  number INTEGER NOT NULL CHECK (number >= 0),
  -- The canonical JSON as it was hashed. CAST(bytes AS TEXT) shows it; nothing ever serialises it again.
  bytes  BLOB    NOT NULL CHECK (length(bytes) > 0),
  -- SHA-256 of 0x00 and bytes (RFC 6962). Kept so that opening a study need not hash; `verify` hashes anew.
  leaf   BLOB    NOT NULL CHECK (length(leaf) = 32),
  PRIMARY KEY (stream, number)
) STRICT;

CREATE TRIGGER records_are_never_changed BEFORE UPDATE ON records
BEGIN
  SELECT RAISE(ABORT, 'a record is never changed');
END;

CREATE TRIGGER records_are_never_deleted BEFORE DELETE ON records
BEGIN
  SELECT RAISE(ABORT, 'a record is never deleted');
END;

-- A stream has no gaps. And the keys alone would not stop INSERT OR REPLACE, which removes the row in the way without
-- asking the trigger above.
CREATE TRIGGER records_are_only_appended BEFORE INSERT ON records
WHEN NEW.number <> (SELECT coalesce(max(number) + 1, 0) FROM records WHERE stream = NEW.stream)
BEGIN
  SELECT RAISE(ABORT, 'a record is only appended, with the next number');
END;

-- One row for each time a process opened the ledger for writing. It is the write after which the connection is asked
-- whether it really syncs every commit. For information: it is neither hashed nor signed.
CREATE TABLE openings (
  since TEXT    NOT NULL,
  pid   INTEGER NOT NULL,
  host  TEXT    NOT NULL,
  what  TEXT    NOT NULL
) STRICT;
