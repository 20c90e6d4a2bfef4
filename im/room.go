package im

// Affiliation is a long-lived standing in a room (XEP-0045 §5.2).
type Affiliation uint8

// The affiliations, from least to most.
const (
	AffiliationNone Affiliation = iota
	Outcast
	Member
	Admin
	Owner
)

// Role is what an occupant may do during this visit (XEP-0045 §5.1).
type Role uint8

// The roles, from least to most.
const (
	RoleNone Role = iota
	Visitor
	Participant
	Moderator
)

// Occupant is somebody in a room, as the room tells it, not cleaned.
type Occupant struct {
	Nick        string
	JID         JID    // real address, zero where the room hides it
	ID          string // XEP-0421
	Affiliation Affiliation
	Role        Role
	Show        Show
	Status      string
}

// Destruction tells that a room is gone for ever (XEP-0045 §10.9).
type Destruction struct {
	Alternate JID
	Reason    string
	Password  string
}

// RoomInfo is what service discovery tells of a room (XEP-0045 §6.4).
type RoomInfo struct {
	Room      JID
	Name      string
	Occupants int // -1 where the service does not tell
	// Flags are the features that matter to people, such as "public", "members-only", "logged", "non-anonymous".
	Flags []RoomFlag
}

// RoomFlag is a property of a room that its occupants should know.
type RoomFlag string

// The room flags, named as the contract for scripts names them.
const (
	FlagPublic        RoomFlag = "public"
	FlagHidden        RoomFlag = "hidden"
	FlagLogged        RoomFlag = "logged"
	FlagNonAnonymous  RoomFlag = "non-anonymous"
	FlagSemiAnonymous RoomFlag = "semi-anonymous"
	FlagMembersOnly   RoomFlag = "members-only"
	FlagModerated     RoomFlag = "moderated"
	FlagPassword      RoomFlag = "password-protected"
	FlagPersistent    RoomFlag = "persistent"
	FlagTemporary     RoomFlag = "temporary"
)
