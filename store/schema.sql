-- What a profile keeps. Each part below a line "-- version N" is carried out once, in turn, on databases that are older; a
-- part that was ever released stays as it is. Addresses are texts as they go on the wire, empty for none; times are
-- microseconds since 1970, NULL for none.

-- version 1

-- How many transactions there were, for the seal, how many messages were ever taken in, and of how many that were erased the
-- index still holds words.
CREATE TABLE ledger (commits INTEGER NOT NULL, messages INTEGER NOT NULL, purge INTEGER NOT NULL) STRICT;
INSERT INTO ledger VALUES (0, 0, 0);

CREATE TABLE password (account TEXT PRIMARY KEY, password TEXT NOT NULL) STRICT;

-- The private keys of OTR, sealed by whoever gave them, and their instance tags.
CREATE TABLE otr_key (account TEXT PRIMARY KEY, sealed BLOB NOT NULL, tag INTEGER NOT NULL) STRICT;

CREATE TABLE pin (account TEXT PRIMARY KEY, pin BLOB NOT NULL) STRICT;
CREATE TABLE mechanism (account TEXT PRIMARY KEY, name TEXT NOT NULL) STRICT;

CREATE TABLE roster (account TEXT PRIMARY KEY, version TEXT NOT NULL) STRICT;
CREATE TABLE contact (
	account TEXT NOT NULL, place INTEGER NOT NULL, jid TEXT NOT NULL, name TEXT NOT NULL,
	subscription INTEGER NOT NULL, asked INTEGER NOT NULL,
	PRIMARY KEY (account, place)
) STRICT;
CREATE TABLE contact_group (
	account TEXT NOT NULL, contact INTEGER NOT NULL, place INTEGER NOT NULL, name TEXT NOT NULL,
	PRIMARY KEY (account, contact, place)
) STRICT;

CREATE TABLE fingerprint (
	account TEXT NOT NULL, peer TEXT NOT NULL, fingerprint TEXT NOT NULL, trust INTEGER NOT NULL,
	PRIMARY KEY (account, peer, fingerprint)
) STRICT;
CREATE TABLE otr_policy (
	account TEXT NOT NULL, peer TEXT NOT NULL, policy INTEGER NOT NULL,
	PRIMARY KEY (account, peer)
) STRICT;

CREATE TABLE bookmark (
	account TEXT NOT NULL, place INTEGER NOT NULL, room TEXT NOT NULL, name TEXT NOT NULL, nick TEXT NOT NULL,
	password TEXT NOT NULL, autojoin INTEGER NOT NULL, published INTEGER NOT NULL,
	PRIMARY KEY (account, place)
) STRICT;

CREATE TABLE history (
	account TEXT NOT NULL, peer TEXT NOT NULL, mode INTEGER NOT NULL, days INTEGER NOT NULL, encrypted INTEGER NOT NULL,
	PRIMARY KEY (account, peer)
) STRICT;
CREATE TABLE switch (account TEXT NOT NULL, name TEXT NOT NULL, is_on INTEGER NOT NULL, PRIMARY KEY (account, name)) STRICT;
CREATE TABLE draft (account TEXT NOT NULL, peer TEXT NOT NULL, body TEXT NOT NULL, PRIMARY KEY (account, peer)) STRICT;
CREATE TABLE archive (
	account TEXT NOT NULL, archive TEXT NOT NULL, mark TEXT NOT NULL, time INTEGER,
	PRIMARY KEY (account, archive)
) STRICT;

CREATE TABLE conversation (id INTEGER PRIMARY KEY, account TEXT NOT NULL, peer TEXT NOT NULL, UNIQUE (account, peer)) STRICT;
CREATE TABLE gap (
	conversation INTEGER NOT NULL, seq INTEGER NOT NULL, until INTEGER NOT NULL,
	after_id TEXT NOT NULL, before_id TEXT NOT NULL,
	PRIMARY KEY (conversation, seq)
) STRICT;

-- Who speaks in a conversation. Nobody stays here without a message.
CREATE TABLE sender (
	id INTEGER PRIMARY KEY, conversation INTEGER NOT NULL, name TEXT NOT NULL, jid TEXT NOT NULL, sender TEXT NOT NULL,
	UNIQUE (conversation, name, jid, sender)
) STRICT;

-- The id grows with the time of the message (seconds * 4096 and a number), so that the newest are found first, and what is
-- older than a day lies together. origin_id is NULL where it is the message_id. era is that of its rows in known.
CREATE TABLE message (
	id INTEGER PRIMARY KEY, conversation INTEGER NOT NULL, seq INTEGER NOT NULL, time INTEGER, sender INTEGER NOT NULL,
	era INTEGER NOT NULL, kind INTEGER NOT NULL, flags INTEGER NOT NULL, state INTEGER NOT NULL,
	encryption INTEGER NOT NULL, trust INTEGER NOT NULL, warning INTEGER NOT NULL,
	message_id TEXT NOT NULL, origin_id TEXT, stanza_id TEXT NOT NULL, body TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX message_seq ON message (conversation, seq);

-- By which ids a message is known again, shortened to a number. An era is that of so many messages: ids have no order, and
-- in one index over all of them each new one would touch another page.
CREATE TABLE known (
	era INTEGER NOT NULL, digest INTEGER NOT NULL, message INTEGER NOT NULL,
	PRIMARY KEY (era, digest, message)
) STRICT, WITHOUT ROWID;

-- What can be searched for: the words, and where and from whom they are as words that nobody types (U+E000 and a letter). The
-- index follows the messages by hand: triggers would have it written out after each message, not after each batch.
CREATE VIEW searchable (id, body) AS
	SELECT id, replace(body, char(57344), ' ') || ' ' || char(57344) || 'c' || conversation || ' ' || char(57344) || 's' || sender FROM message;
CREATE VIRTUAL TABLE word USING fts5 (
	body, content = 'searchable', content_rowid = 'id', columnsize = 0, detail = none, prefix = '1 2 3 4',
	tokenize = 'unicode61 remove_diacritics 2'
);
INSERT INTO word (word, rank) VALUES ('secure-delete', 1);
CREATE VIRTUAL TABLE vocabulary USING fts5vocab (word, 'instance');

-- version 2

-- The bookmarks that were taken away and of which the server has not heard yet.
ALTER TABLE bookmark ADD COLUMN removed INTEGER NOT NULL DEFAULT 0;

-- version 3

-- Which conversations were erased on request, up to which place: what comes from before it, out of an archive or late, is not
-- kept again. A conversation stands here as a number that its name is not read from, 0 for all.
CREATE TABLE forgotten (conversation INTEGER PRIMARY KEY, seq INTEGER NOT NULL) STRICT;

-- version 4

-- Where in their conversations messages belong that are still to be read in an archive: above which place, and the absences from
-- the oldest on.
ALTER TABLE archive ADD COLUMN above INTEGER NOT NULL DEFAULT 0;
CREATE TABLE absence (
	account TEXT NOT NULL, archive TEXT NOT NULL, place INTEGER NOT NULL, lower INTEGER NOT NULL, upper INTEGER NOT NULL,
	PRIMARY KEY (account, archive, place)
) STRICT;

-- version 5

-- From which message on a conversation has not been read.
CREATE TABLE unread (account TEXT NOT NULL, peer TEXT NOT NULL, room INTEGER NOT NULL, seq INTEGER NOT NULL, PRIMARY KEY (account, peer)) STRICT;
CREATE TRIGGER conversation_gone AFTER DELETE ON conversation BEGIN
	DELETE FROM unread WHERE account = old.account AND peer = old.peer;
END;

-- version 6

-- Conversations of which nobody sees anything any more, and whose messages go little by little; indexed unless the index of
-- words was set aside with them (erased_word).
CREATE TABLE erasing (conversation INTEGER PRIMARY KEY, indexed INTEGER NOT NULL) STRICT;
DROP VIEW searchable;
CREATE VIEW searchable (id, body) AS
	SELECT id, replace(body, char(57344), ' ') || ' ' || char(57344) || 'c' || conversation || ' ' || char(57344) || 's' || sender FROM message
	WHERE conversation NOT IN (SELECT conversation FROM erasing WHERE NOT indexed);

-- version 7

-- When they were erased: what an archive, or the history of a room, has from before then is not kept again either.
ALTER TABLE forgotten ADD COLUMN time INTEGER;

-- version 8

-- The account that was last logged in with, for a start that names none: one row at most.
CREATE TABLE last_account (account TEXT PRIMARY KEY) STRICT;
