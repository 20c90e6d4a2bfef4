-- What the first version of the schema keeps: something of each kind, and each number that stands for something.
INSERT INTO password (account, password) VALUES ('hubert@example.org', 'sésame');
INSERT INTO otr_key (account, sealed, tag) VALUES ('hubert@example.org', x'0173656c', 4275878552);
INSERT INTO pin (account, pin) VALUES ('hubert@example.org', x'0102000000000000000000000000000000000000000000000000000000000003');
INSERT INTO mechanism (account, name) VALUES ('hubert@example.org', 'SCRAM-SHA-256-PLUS');

INSERT INTO roster (account, version) VALUES ('hubert@example.org', 'v1');
INSERT INTO contact (account, place, jid, name, subscription, asked) VALUES
	('hubert@example.org', 0, 'a@example.org', 'Anne', 0, 1), ('hubert@example.org', 1, 'b@example.org', '', 1, 0),
	('hubert@example.org', 2, 'c@example.org', '', 2, 0), ('hubert@example.org', 3, 'd@example.org', '', 3, 0);
INSERT INTO contact_group (account, contact, place, name) VALUES
	('hubert@example.org', 0, 0, 'amis'), ('hubert@example.org', 0, 1, 'travail');

INSERT INTO fingerprint (account, peer, fingerprint, trust) VALUES
	('hubert@example.org', 'a@example.org', '0123', 1), ('hubert@example.org', 'a@example.org', '4567', 2);
INSERT INTO otr_policy (account, peer, policy) VALUES
	('hubert@example.org', '', 2), ('hubert@example.org', 'a@example.org', 0), ('hubert@example.org', 'b@example.org', 1),
	('hubert@example.org', 'c@example.org', 3);

INSERT INTO bookmark (account, place, room, name, nick, password, autojoin, published) VALUES
	('hubert@example.org', 0, 'grenoble@conference.example.org', 'Grenoble', 'hub', 'porte', 1, 0),
	('hubert@example.org', 1, 'lyon@conference.example.org', '', '', '', 0, 1);
INSERT INTO history (account, peer, mode, days, encrypted) VALUES
	('', '', 2, 0, 0), ('hubert@example.org', 'a@example.org', 3, 36500, 1), ('hubert@example.org', 'b@example.org', 1, 0, 0),
	('hubert@example.org', 'c@example.org', 0, 0, 1);
INSERT INTO switch (account, name, is_on) VALUES ('', 'receipts', 1), ('', 'typing', 0);
INSERT INTO draft (account, peer, body) VALUES ('hubert@example.org', 'a@example.org', 'à demain ?');
INSERT INTO archive (account, archive, mark, time) VALUES
	('hubert@example.org', '', 'a1', 1777636800000000), ('hubert@example.org', 'grenoble@conference.example.org', 'g1', NULL);

INSERT INTO conversation (id, account, peer) VALUES (1, 'hubert@example.org', 'grenoble@conference.example.org');
INSERT INTO gap (conversation, seq, until, after_id, before_id) VALUES (1, 2, 3, 's2', 's3');
INSERT INTO sender (id, conversation, name, jid, sender) VALUES (1, 1, 'anne', '', 'o-anne'), (2, 1, 'zoé', 'zoe@example.net', 'o-zoe');
INSERT INTO message (
	id, conversation, seq, time, sender, era, kind, flags, state, encryption, trust, warning, message_id, origin_id, stanza_id, body
) VALUES
	(7281200336896, 1, 1, 1777636801000000, 1, 0, 0, 1, 0, 0, 0, 0, 'm1', 'o1', 's1', 'parole 1'),
	(7281200340992, 1, 2, 1777636802000000, 1, 0, 1, 2, 1, 1, 1, 1, 'm2', NULL, 's2', 'parole 2'),
	(7281200345088, 1, 3, 1777636803000000, 1, 0, 2, 4, 2, 0, 2, 2, 'm3', NULL, 's3', 'parole 3'),
	(7281200349184, 1, 4, 1777636804000000, 1, 0, 0, 8, 3, 1, 0, 3, 'm4', NULL, 's4', 'parole 4'),
	(7281200353280, 1, 5, 1777636805000000, 1, 0, 1, 16, 4, 0, 1, 4, 'm5', NULL, 's5', 'parole 5'),
	(7281200357376, 1, 6, NULL, 2, 0, 2, 32, 5, 1, 2, 0, 'm6', NULL, 's6', 'parole 6');
INSERT INTO known (era, digest, message) VALUES
	(0, 172091884058945, 7281200336896), (0, 89993297583570, 7281200336896), (0, 207961562495128, 7281200336896),
	(0, 182228547117750, 7281200340992), (0, 146837899056758, 7281200340992), (0, 132387303363232, 7281200345088),
	(0, 38526584405539, 7281200345088), (0, 192274806792349, 7281200349184), (0, 43634772359927, 7281200349184),
	(0, 207663529401479, 7281200353280), (0, 66926261106900, 7281200353280), (0, 80555171090294, 7281200357376),
	(0, 63200387633326, 7281200357376);
INSERT INTO word (rowid, body) SELECT id, body FROM searchable;
UPDATE ledger SET messages = 6;
