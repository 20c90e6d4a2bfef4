package core

import "traboule/im"

// receive routes an event to the part of the state that it concerns. Events of accounts that are not ours are dropped.
func (c *Core) receive(event im.Event) {
	if event.Of().IsZero() {
		c.receiveForAll(event)
		return
	}
	a := c.byJID[event.Of().Bare()]
	if a == nil {
		return
	}
	switch e := event.(type) {
	case im.ConnectionChanged:
		c.onConnectionChanged(a, e)
	case im.KeyPinned:
		c.onKeyPinned(a, e)
	case im.MechanismOffered:
		c.keep(im.MechanismRecord{Kept: im.Kept{Account: a.jid}, Mechanism: e.Mechanism})
	case im.BookmarkChanged:
		c.onBookmarkChanged(a, e)
	case im.PasswordKept:
		c.onPasswordKept(a)
	case im.OTRKeyUnkept:
		c.notifyFailure(a.console.id, Notice{Code: NoticeOTRKeyUnkept, JID: a.jid}, &e.Err)
	case im.Done:
		c.onDone(a, e)
	case im.RosterChanged:
		c.onRosterChanged(a, e)
	case im.PresenceReceived:
		c.onPresence(a, e.Presence)
	case im.PresenceFailed:
		if bare := e.From.Bare(); c.isRoom(a, bare) || a.farewellTo(bare) != nil {
			c.onPresenceFailed(a, e)
		} else {
			c.onContactUnreachable(a, e)
		}
	case im.SubscriptionReceived:
		c.onSubscription(a, e)
	case im.MessageReceived:
		c.onMessage(a, e.Message)
	case im.MessageBounced:
		c.onBounced(a, e)
	case im.ReceiptReceived:
		c.onReceipt(a, e)
	case im.ChatStateReceived:
		c.onChatState(a, e)
	case im.OccupantChanged:
		c.onOccupantChanged(a, e)
	case im.SubjectReceived:
		c.onSubject(a, e)
	case im.RoomConfigChanged:
		c.onRoomConfig(a, e)
	case im.InvitationReceived:
		c.onInvitation(a, e)
	case im.InvitationDeclined:
		c.onInvitationDeclined(a, e)
	case im.BlocklistChanged:
		c.onBlocklistChanged(a, e)
	case im.Dropped:
		c.onDropped(a, e)
	default:
		c.receiveOTR(a, event)
	}
}

// receiveOTR routes an event of the stage that encrypts.
func (c *Core) receiveOTR(a *account, event im.Event) {
	switch e := event.(type) {
	case im.OTRChanged:
		c.onOTRChanged(a, e)
	case im.OTROffered:
		c.onOTROffered(a, e)
	case im.SMPChanged:
		c.onSMPChanged(a, e)
	case im.OTRNoted:
		c.onOTRNoted(a, e)
	}
}

// receiveForAll routes an event that concerns the whole session.
func (c *Core) receiveForAll(event im.Event) {
	switch e := event.(type) {
	case im.TorChanged:
		c.onTorChanged(e.Tor)
	case im.Confined:
		c.onConfined(e.Confinement)
	case im.StoreFailed:
		c.onStoreFailed(e.Err)
	case im.Done:
		c.onDone(nil, e)
	}
}

// onMessage routes a message by what sort of conversation it belongs to.
func (c *Core) onMessage(a *account, m im.Message) {
	c.follow(a, m)
	key := archiveKey{id: m.StanzaID}
	if m.Kind == im.Groupchat {
		key.room = m.From.Bare()
	}
	if m.StanzaID != "" && a.merging[key] {
		return // it is about to be shown
	}
	switch {
	case m.Kind == im.Groupchat:
		c.onRoomMessage(a, m)
	case m.Kind == im.Private || c.isOutOfRoom(a, m):
		c.onPrivateMessage(a, m)
	case !c.hold(a, m):
		c.onChat(a, m)
	}
}

// carryOut carries out a command in the conversation where it was given.
func (c *Core) carryOut(command Command) {
	if at, says := command.(At); says {
		command = at.Command
		c.given = c.window(at.Window)
		defer func() { c.given = nil }()
	}
	c.carryOutSession(command)
}

// carryOutSession routes the commands about the client and its windows, and hands on the others.
func (c *Core) carryOutSession(command Command) {
	if c.quit.started {
		c.hurry(command)
		return
	}
	switch d := command.(type) {
	case Help:
		c.doHelp(d)
	case Quit:
		c.doQuit(d)
	case Clear:
		c.doClear()
	case Win:
		c.doWin(d)
	case Close:
		c.doClose()
	case ConnectAccount:
		c.doConnect(d)
	case DisconnectAccount:
		c.doDisconnect(d)
	case GoAway:
		c.setShow(im.Away, d.Text)
	case ComeBack:
		c.setShow(im.Online, "")
	case TorState:
		c.doTor()
	case NewCircuits:
		c.doNewCircuits()
	case Privacy:
		c.doPrivacy(d)
	case Draft:
		c.doDraft(d)
	case WatchPrivacy:
		c.doWatchPrivacy(d)
	case Panic:
		c.doPanic()
	case Select:
		c.doSelect(d)
	case SelectNext:
		c.doSelectNext(d)
	case SelectUnread:
		c.doSelectUnread()
	case Compose:
		c.doCompose(d)
	case Answer:
		c.doAnswer(d)
	case Focus:
		c.doFocus(d)
	default:
		c.carryOutTalk(command)
	}
}

// carryOutTalk routes the commands about people and what is said to them.
func (c *Core) carryOutTalk(command Command) {
	switch d := command.(type) {
	case Msg:
		c.doMsg(d)
	case Query:
		c.doQuery(d)
	case Say:
		c.say(c.where(), d.Text)
	case Correct:
		c.doCorrect(d)
	case Roster:
		c.doRoster()
	case Add:
		c.doAdd(d)
	case Remove:
		c.doRemove(d)
	case Accept:
		c.doAccept(d)
	case Decline:
		c.doDecline(d)
	case Block:
		c.doBlock(d)
	case Unblock:
		c.doUnblock(d)
	case Blocklist:
		c.doBlocklist()
	default:
		c.carryOutHistory(command)
	}
}

// carryOutHistory routes the commands about what was said before.
func (c *Core) carryOutHistory(command Command) {
	switch d := command.(type) {
	case History:
		c.doHistory(d)
	case ForgetHistory:
		c.doForgetHistory(d)
	case ShowHistory:
		c.doShowHistory(d)
	case Older:
		c.doOlder(d)
	case Search:
		c.doSearch(d)
	case ShowFound:
		c.doShowFound(d)
	case CloseSearch:
		c.search.close()
	default:
		c.carryOutOTR(command)
	}
}

// carryOutOTR routes the commands about encryption.
func (c *Core) carryOutOTR(command Command) {
	switch d := command.(type) {
	case OTRState:
		c.doOTR()
	case StartOTR:
		c.doOTRStart(d)
	case EndOTR:
		c.doOTREnd(d)
	case OTRPolicy:
		c.doOTRPolicy(d)
	case Fingerprint:
		c.doFingerprint(d)
	case Trust:
		c.doTrust(d)
	case Verify:
		c.doVerify(d)
	case VerifyAnswer:
		c.doVerifyAnswer(d)
	case VerifyAbort:
		c.doVerifyAbort()
	case VerifyFingerprint:
		c.doVerifyFingerprint(d)
	default:
		c.carryOutRoom(command)
	}
}

// carryOutRoom routes the commands about rooms.
func (c *Core) carryOutRoom(command Command) {
	switch d := command.(type) {
	case Join:
		c.doJoin(d)
	case Bookmarks:
		c.doBookmarks()
	case SetBookmark:
		c.doSetBookmark(d)
	case NameBookmark:
		c.doNameBookmark(d)
	case MoveBookmark:
		c.doMoveBookmark(d)
	case Part:
		c.doPart(d)
	case ChangeNick:
		c.doChangeNick(d)
	case Subject:
		c.doSubject(d)
	case Names:
		c.doNames()
	case Invite:
		c.doInvite(d)
	case Kick:
		c.doKick(d)
	case Ban:
		c.doBan(d)
	case GrantRole:
		c.doGrantRole(d)
	case GrantAffiliation:
		c.doGrantAffiliation(d)
	case Affiliations:
		c.doAffiliations(d)
	case Destroy:
		c.doDestroy(d)
	case Rooms:
		c.doRooms(d)
	}
}
