package core

// The notices about rooms. Room is set in all of them that concern one; the comments name the other fields.
const (
	// Joining and leaving.

	// NoticeRoomJoined: Nick: ours; Count: occupants.
	NoticeRoomJoined NoticeCode = "room-joined"
	// NoticeRoomRejoined: we are back in a room. Nick, Count as above.
	NoticeRoomRejoined NoticeCode = "room-rejoined"
	// NoticeRoomLeft: Reason: ours.
	NoticeRoomLeft NoticeCode = "room-left"
	// NoticeRoomFailed: Room, or Text as it was typed; Nick: ours; Err.
	NoticeRoomFailed NoticeCode = "room-failed"
	// NoticeRoomRetry: Nick: ours; Err: why not yet; Wait: until the next attempt.
	NoticeRoomRetry NoticeCode = "room-retry"
	// NoticeRoomLater: the room (Text as it was typed) will be joined when the account is connected.
	NoticeRoomLater NoticeCode = "room-later"
	// NoticeRoomCreated: the room did not exist before.
	NoticeRoomCreated NoticeCode = "room-created"
	// NoticeRoomUnlockFailed: Err: a new room stays closed to others.
	NoticeRoomUnlockFailed NoticeCode = "room-unlock-failed"
	// NoticeNoRoomService: Err: give the room's whole address; Text: what was typed.
	NoticeNoRoomService NoticeCode = "no-room-service"
	// NoticeBadRoom: Text: what was typed is not a room's address.
	NoticeBadRoom NoticeCode = "bad-room"
	// NoticeNoNick: a nickname must be given.
	NoticeNoNick NoticeCode = "no-nick"
	// NoticeNotInRoom: the command needs a room that we are in; Text, Count: the name and number of such a window, if any.
	NoticeNotInRoom NoticeCode = "not-in-room"
	// NoticeOutsideRoom: we are not in the room, so that nothing can be said there.
	NoticeOutsideRoom NoticeCode = "outside-room"
	// NoticeAlreadyInRoom: Nick: ours.
	NoticeAlreadyInRoom NoticeCode = "already-in-room"
	// NoticeNickChanged: Nick: our old one; NewNick: our new one.
	NoticeNickChanged NoticeCode = "nick-changed"
	// NoticeNickRefused: NewNick: what we asked for; Err.
	NoticeNickRefused NoticeCode = "nick-refused"
	// NoticeNickAssigned: NewNick: what the service calls us; Nick: what we asked for.
	NoticeNickAssigned NoticeCode = "nick-assigned"
	// NoticeRoomOffline: the account lost its connection, so that we are out until it is back.
	NoticeRoomOffline NoticeCode = "room-connection-lost"
	// NoticeRoomGap: after a return, the room's history does not reach back to what we have heard: more may have been said.
	NoticeRoomGap NoticeCode = "room-history-gap"
	// NoticeRoomUnknownCode: Count: a status code that we have no words for.
	NoticeRoomUnknownCode NoticeCode = "room-status"
	// NoticeRoomDescribed: Text: the name that the room gives itself, may be empty; Flags.
	NoticeRoomDescribed NoticeCode = "room-described"
	// NoticeRoomSays: Text: a message from the room itself.
	NoticeRoomSays NoticeCode = "room-says"
	// NoticeRoomOutside: Nick, Text: somebody of a room that we are not in writes to us.
	NoticeRoomOutside NoticeCode = "room-message-outside"
	// NoticeRoomFull: Of: the most occupants that are listed.
	NoticeRoomFull NoticeCode = "room-occupants-capped"

	// Who can see what.

	// NoticeRoomNonAnonymous: everybody sees our real address.
	NoticeRoomNonAnonymous NoticeCode = "room-non-anonymous"
	// NoticeRoomSemiAnonymous: only moderators see it, now.
	NoticeRoomSemiAnonymous NoticeCode = "room-semi-anonymous"
	// NoticeRoomAnonymous: nobody sees it, now.
	NoticeRoomAnonymous NoticeCode = "room-anonymous"
	// NoticeRoomLogged: what is said is kept and perhaps published.
	NoticeRoomLogged NoticeCode = "room-logged"
	// NoticeRoomNotLogged: what is said is no longer kept.
	NoticeRoomNotLogged NoticeCode = "room-not-logged"
	// NoticeRoomConfigChanged: the room's settings changed.
	NoticeRoomConfigChanged NoticeCode = "room-config-changed"

	// Occupants. Nick is the occupant; Actor and Reason, where set, are who did it and why.

	// NoticeOccupantJoined: JID where shown; Affiliation, Role.
	NoticeOccupantJoined NoticeCode = "occupant-joined"
	// NoticeOccupantLeft: Reason: the occupant's parting words.
	NoticeOccupantLeft NoticeCode = "occupant-left"
	// NoticeOccupantLost: a technical fault took the occupant away.
	NoticeOccupantLost NoticeCode = "occupant-lost"
	// NoticeOccupantRenamed: NewNick.
	NoticeOccupantRenamed NoticeCode = "occupant-renamed"
	// NoticeOccupantKicked: somebody was sent out.
	NoticeOccupantKicked NoticeCode = "occupant-kicked"
	// NoticeOccupantBanned: somebody was sent out and may not return.
	NoticeOccupantBanned NoticeCode = "occupant-banned"
	// NoticeOccupantDisaffected: removed for an affiliation lost.
	NoticeOccupantDisaffected NoticeCode = "occupant-disaffected"
	// NoticeOccupantNotMember: removed as the room is for members now.
	NoticeOccupantNotMember NoticeCode = "occupant-not-member"
	// NoticeRoleChanged: Role.
	NoticeRoleChanged NoticeCode = "role-changed"
	// NoticeAffiliationChanged: Affiliation.
	NoticeAffiliationChanged NoticeCode = "affiliation-changed"
	// NoticeLookalike: Text: the occupants that Nick can be taken for, may be empty.
	NoticeLookalike NoticeCode = "occupant-lookalike"
	// NoticeLookalikes: at join; List: those that can be taken for each other.
	NoticeLookalikes NoticeCode = "occupants-lookalike"
	// NoticeNoSuchOccupant: Nick: nobody here has it.
	NoticeNoSuchOccupant NoticeCode = "no-such-occupant"
	// NoticeAmbiguousNick: Nick: several occupants are shown under it.
	NoticeAmbiguousNick NoticeCode = "ambiguous-nick"
	// NoticeNoRealJID: Nick: the room does not show us the address that a ban needs.
	NoticeNoRealJID NoticeCode = "no-real-address"
	// NoticeModerationFailed: Nick; Err.
	NoticeModerationFailed NoticeCode = "room-moderation-failed"
	// NoticeModerationDone: Nick: an address that is not in the room; Affiliation.
	NoticeModerationDone NoticeCode = "room-moderation-done"

	// NoticeRoleUnchanged: Nick has Role already.
	NoticeRoleUnchanged NoticeCode = "role-unchanged"
	// NoticeAffiliationUnchanged: Nick has Affiliation already.
	NoticeAffiliationUnchanged NoticeCode = "affiliation-unchanged"

	// What happens to ourselves. Actor and Reason as above.

	// NoticeYouKicked: we were sent out.
	NoticeYouKicked NoticeCode = "you-were-kicked"
	// NoticeYouBanned: we were sent out and may not return.
	NoticeYouBanned NoticeCode = "you-were-banned"
	// NoticeYouDisaffected: we were sent out for an affiliation lost.
	NoticeYouDisaffected NoticeCode = "you-were-disaffected"
	// NoticeYouNotMember: we were sent out, for the room is for members now.
	NoticeYouNotMember NoticeCode = "you-are-no-member"
	// NoticeYouShutDown: the room's service shuts down; Wait: until we try to return, zero if we do not.
	NoticeYouShutDown NoticeCode = "room-service-down"
	// NoticeYouLost: a technical fault took us out; Wait as above.
	NoticeYouLost NoticeCode = "room-lost"
	// NoticeYourRole: Role.
	NoticeYourRole NoticeCode = "your-role-changed"
	// NoticeYourAffiliation: Affiliation.
	NoticeYourAffiliation NoticeCode = "your-affiliation-changed"
	// NoticeRoomDestroyed: Reason; JID: the room to go to instead, may be zero.
	NoticeRoomDestroyed NoticeCode = "room-destroyed"
	// NoticeDestroyFailed: Err.
	NoticeDestroyFailed NoticeCode = "room-destroy-failed"
	// NoticeDestroyOther: /destroy must name the room, to be sure that it is meant; Text: its name.
	NoticeDestroyOther NoticeCode = "room-destroy-other"

	// Subject and lists.

	// NoticeSubject: Text, empty for none; Nick: who set it.
	NoticeSubject NoticeCode = "subject"
	// NoticeSubjectChanged: Text; Nick.
	NoticeSubjectChanged NoticeCode = "subject-changed"
	// NoticeSubjectRemoved: Nick.
	NoticeSubjectRemoved NoticeCode = "subject-removed"
	// NoticeSubjectFailed: Err.
	NoticeSubjectFailed NoticeCode = "subject-failed"
	// NoticeNames: List: occupants; Count.
	NoticeNames NoticeCode = "names"
	// NoticeRooms: JID: the service; List: rooms; Count.
	NoticeRooms NoticeCode = "rooms"
	// NoticeRoomsCut: JID: the service has more than the Count shown.
	NoticeRoomsCut NoticeCode = "rooms-cut"
	// NoticeRoomsFailed: JID: the service; Err.
	NoticeRoomsFailed NoticeCode = "rooms-failed"
	// NoticeAffiliations: Affiliation; List; Count.
	NoticeAffiliations NoticeCode = "affiliations"
	// NoticeAffiliationsFailed: Affiliation; Err.
	NoticeAffiliationsFailed NoticeCode = "affiliations-failed"

	// Invitations.

	// NoticeInvited: JID: who invites; Reason; Text "direct" or "mediated".
	NoticeInvited NoticeCode = "invited"
	// NoticeInvitationsCapped: Of: so many wait already; more are ignored.
	NoticeInvitationsCapped NoticeCode = "invitations-capped"
	// NoticeInvitationSent: JID: whom; Text: "mediated" (through the room) or "direct".
	NoticeInvitationSent NoticeCode = "invitation-sent"
	// NoticeInvitationFailed: JID: whom; Err.
	NoticeInvitationFailed NoticeCode = "invitation-failed"
	// NoticeInvitationDeclined: JID: who will not come; Reason.
	NoticeInvitationDeclined NoticeCode = "invitation-declined"
	// NoticeInvitationRefused: JID: who invited; we have declined.
	NoticeInvitationRefused NoticeCode = "invitation-refused"
	// NoticeInvitationUnheard: JID: who invited directly, and is not told that we declined.
	NoticeInvitationUnheard NoticeCode = "invitation-unheard"
	// NoticeInvitationNotNeeded: JID: who invites us to a room that we are in.
	NoticeInvitationNotNeeded NoticeCode = "invitation-not-needed"

	// Private messages to occupants. Nick is the occupant.

	// NoticePrivateLeft: nothing can be sent any more.
	NoticePrivateLeft NoticeCode = "private-occupant-left"
	// NoticePrivateOutside: we are no longer in the room, so that nothing can be sent any more.
	NoticePrivateOutside NoticeCode = "private-room-left"
	// NoticePrivateRenamed: NewNick.
	NoticePrivateRenamed NoticeCode = "private-occupant-renamed"
	// NoticePrivateOther: somebody with the same nick, perhaps another person: /query begins anew.
	NoticePrivateOther NoticeCode = "private-occupant-other"
	// NoticePrivateBack: the same person, as the room assures.
	NoticePrivateBack NoticeCode = "private-occupant-back"
	// NoticePrivateAnew: from here on with whoever has the nick now.
	NoticePrivateAnew NoticeCode = "private-occupant-anew"
	// NoticePrivateNotRoom: what was typed changes the room for all, which this is not; Text, Count: the name and number of its window.
	NoticePrivateNotRoom NoticeCode = "private-not-room"
)

// roomNoticeCodes lists the notices about rooms.
func roomNoticeCodes() []NoticeCode {
	return []NoticeCode{
		NoticeRoomJoined, NoticeRoomRejoined, NoticeRoomLeft, NoticeRoomFailed, NoticeRoomRetry, NoticeRoomLater,
		NoticeRoomCreated, NoticeRoomUnlockFailed, NoticeNoRoomService, NoticeBadRoom, NoticeNoNick, NoticeNotInRoom, NoticeOutsideRoom,
		NoticeAlreadyInRoom, NoticeNickChanged, NoticeNickRefused, NoticeNickAssigned, NoticeRoomOffline,
		NoticeRoomGap, NoticeRoomUnknownCode, NoticeRoomDescribed, NoticeRoomSays, NoticeRoomOutside, NoticeRoomFull,
		NoticeRoomNonAnonymous, NoticeRoomSemiAnonymous, NoticeRoomAnonymous, NoticeRoomLogged, NoticeRoomNotLogged,
		NoticeRoomConfigChanged, NoticeOccupantJoined, NoticeOccupantLeft, NoticeOccupantLost, NoticeOccupantRenamed,
		NoticeOccupantKicked, NoticeOccupantBanned, NoticeOccupantDisaffected, NoticeOccupantNotMember, NoticeRoleChanged,
		NoticeAffiliationChanged, NoticeLookalike, NoticeLookalikes, NoticeNoSuchOccupant, NoticeAmbiguousNick,
		NoticeNoRealJID, NoticeModerationFailed, NoticeModerationDone, NoticeRoleUnchanged, NoticeAffiliationUnchanged, NoticeYouKicked, NoticeYouBanned,
		NoticeYouDisaffected, NoticeYouNotMember, NoticeYouShutDown, NoticeYouLost, NoticeYourRole, NoticeYourAffiliation,
		NoticeRoomDestroyed, NoticeDestroyFailed, NoticeDestroyOther, NoticeSubject, NoticeSubjectChanged, NoticeSubjectRemoved,
		NoticeSubjectFailed, NoticeNames, NoticeRooms, NoticeRoomsCut, NoticeRoomsFailed, NoticeAffiliations,
		NoticeAffiliationsFailed, NoticeInvited, NoticeInvitationsCapped, NoticeInvitationSent, NoticeInvitationFailed,
		NoticeInvitationDeclined, NoticeInvitationRefused, NoticeInvitationUnheard, NoticeInvitationNotNeeded,
		NoticePrivateLeft, NoticePrivateOutside, NoticePrivateRenamed, NoticePrivateOther, NoticePrivateBack, NoticePrivateAnew,
		NoticePrivateNotRoom,
	}
}
