package im

// Show is how available somebody is (RFC 6121 §4.7.2.1).
type Show uint8

// The degrees of availability, from none to most.
const (
	Offline Show = iota
	ExtendedAway
	Away
	DoNotDisturb
	Online
	FreeForChat
)

// Presence is one presence stanza without room data, not cleaned.
type Presence struct {
	From     JID
	Show     Show
	Status   string
	Priority int8
}

// SubscriptionKind is the step of a presence subscription (RFC 6121 §3).
type SubscriptionKind uint8

// The steps of a presence subscription.
const (
	SubscriptionRequest SubscriptionKind = iota // they ask to see our presence
	SubscriptionGranted                         // they let us see theirs
	SubscriptionEnded                           // they no longer let us see theirs, or refused
	SubscriptionLeft                            // they no longer want to see ours
)

// Subscription is who sees whose presence (RFC 6121 §2.1.2.5).
type Subscription uint8

// The states of a subscription.
const (
	SubscriptionNone Subscription = iota
	SubscriptionTo                // we see theirs
	SubscriptionFrom              // they see ours
	SubscriptionBoth
)

// RosterItem is one contact in the roster, not cleaned.
type RosterItem struct {
	JID          JID // bare
	Name         string
	Groups       []string
	Subscription Subscription
	// Asked is set while our request to see their presence is unanswered.
	Asked bool
}
