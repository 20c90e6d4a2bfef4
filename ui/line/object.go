package line

import (
	"bytes"
	"encoding/json"
)

// The objects of JSON mode. A field that always concerns its type is always there, if only empty; one with omitempty is
// there when it applies. docs/json.md describes them; a test compares.

// head is what all objects begin with.
type head struct {
	Type    string `json:"type"`
	Time    string `json:"time"`
	Account string `json:"account,omitempty"`
}

// failure is why something did not happen.
type failure struct {
	Code string `json:"code"`
	Text string `json:"text"`
}

type connectionObject struct {
	head
	State    string   `json:"state"`
	Progress *int     `json:"progress,omitempty"`
	JID      string   `json:"jid,omitempty"`
	Via      string   `json:"via,omitempty"`
	Onion    bool     `json:"onion,omitempty"`
	Server   string   `json:"server,omitempty"`
	TLS      string   `json:"tls,omitempty"`
	SASL     string   `json:"sasl,omitempty"`
	RetryAt  string   `json:"retry_at,omitempty"`
	Error    *failure `json:"error,omitempty"`
}

type rosterObject struct {
	head
	JID          string   `json:"jid"`
	Name         string   `json:"name"`
	Subscription string   `json:"subscription"`
	Groups       []string `json:"groups"`
	Asked        bool     `json:"asked,omitempty"`
	Removed      bool     `json:"removed,omitempty"`
}

type presenceObject struct {
	head
	From   string `json:"from"`
	Show   string `json:"show,omitempty"`
	Status string `json:"status,omitempty"`
	// Subscription is set for subscription traffic, which has no show.
	Subscription string `json:"subscription,omitempty"`
}

type roomObject struct {
	head
	Room      string   `json:"room"`
	State     string   `json:"state"`
	Nick      string   `json:"nick"`
	Occupants int      `json:"occupants"`
	Flags     []string `json:"flags"`
	Error     *failure `json:"error,omitempty"`
}

type occupantObject struct {
	head
	Room        string `json:"room"`
	Nick        string `json:"nick"`
	Event       string `json:"event"`
	NewNick     string `json:"new_nick,omitempty"`
	Affiliation string `json:"affiliation"`
	Role        string `json:"role"`
	Actor       string `json:"actor,omitempty"`
	Reason      string `json:"reason,omitempty"`
}

type subjectObject struct {
	head
	Room string `json:"room"`
	From string `json:"from"`
	Text string `json:"text"`
}

type messageObject struct {
	head
	Conversation string `json:"conversation"`
	Kind         string `json:"kind"`
	Direction    string `json:"direction"`
	From         string `json:"from"`
	JID          string `json:"jid,omitempty"`
	Body         string `json:"body"`
	ID           string `json:"id"`
	Replaces     string `json:"replaces,omitempty"`
	Encryption   string `json:"encryption"`
	Trust        string `json:"trust"`
	Delayed      string `json:"delayed,omitempty"`
	Archived     bool   `json:"archived,omitempty"`
	Mention      bool   `json:"mention,omitempty"`
	State        string `json:"state,omitempty"`
	Warning      string `json:"warning,omitempty"`
}

type historyObject struct {
	messageObject
	Number int `json:"number,omitempty"`
}

type messageStateObject struct {
	head
	Conversation string   `json:"conversation"`
	ID           string   `json:"id"`
	State        string   `json:"state"`
	Read         bool     `json:"read,omitempty"`
	Encryption   string   `json:"encryption,omitempty"`
	Trust        string   `json:"trust,omitempty"`
	Error        *failure `json:"error,omitempty"`
}

type otrObject struct {
	head
	Conversation string `json:"conversation"`
	State        string `json:"state"`
	Trust        string `json:"trust"`
	Fingerprint  string `json:"fingerprint,omitempty"`
	Version      int    `json:"version,omitempty"`
	Reason       string `json:"reason,omitempty"`
	Event        string `json:"event,omitempty"`
	Question     string `json:"question,omitempty"`
	Progress     *int   `json:"progress,omitempty"`
	Former       string `json:"former,omitempty"`
	Text         string `json:"text,omitempty"`
}

type noticeObject struct {
	head
	Level        string      `json:"level"`
	Code         string      `json:"code"`
	Text         string      `json:"text"`
	Conversation string      `json:"conversation,omitempty"`
	JID          string      `json:"jid,omitempty"`
	Room         string      `json:"room,omitempty"`
	Nick         string      `json:"nick,omitempty"`
	NewNick      string      `json:"new_nick,omitempty"`
	Actor        string      `json:"actor,omitempty"`
	Reason       string      `json:"reason,omitempty"`
	Detail       string      `json:"detail,omitempty"`
	Argument     string      `json:"argument,omitempty"`
	Suggestion   string      `json:"suggestion,omitempty"`
	Affiliation  string      `json:"affiliation,omitempty"`
	Role         string      `json:"role,omitempty"`
	Show         string      `json:"show,omitempty"`
	State        string      `json:"state,omitempty"`
	Via          string      `json:"via,omitempty"`
	Flags        []string    `json:"flags,omitempty"`
	Count        int         `json:"count,omitempty"`
	Of           int         `json:"of,omitempty"`
	Wait         int         `json:"wait,omitempty"`
	Fingerprint  string      `json:"fingerprint,omitempty"`
	Former       string      `json:"former,omitempty"`
	Ours         string      `json:"ours,omitempty"`
	URI          string      `json:"uri,omitempty"`
	Trust        string      `json:"trust,omitempty"`
	Version      int         `json:"version,omitempty"`
	Policy       string      `json:"policy,omitempty"`
	History      string      `json:"history,omitempty"`
	Days         int         `json:"days,omitempty"`
	Refused      []string    `json:"refused,omitempty"`
	Allowed      []string    `json:"allowed,omitempty"`
	Lacks        []string    `json:"lacks,omitempty"`
	Topic        string      `json:"topic,omitempty"`
	Audience     string      `json:"audience,omitempty"`
	On           *bool       `json:"on,omitempty"`
	Command      string      `json:"command,omitempty"`
	Setting      string      `json:"setting,omitempty"`
	List         []rowObject `json:"list,omitempty"`
	Error        *failure    `json:"error,omitempty"`
}

// rowObject is one row of a list that answers a command.
type rowObject struct {
	Account      string `json:"account,omitempty"`
	JID          string `json:"jid,omitempty"`
	Name         string `json:"name,omitempty"`
	Nick         string `json:"nick,omitempty"`
	Status       string `json:"status,omitempty"`
	Show         string `json:"show,omitempty"`
	Affiliation  string `json:"affiliation,omitempty"`
	Role         string `json:"role,omitempty"`
	Subscription string `json:"subscription,omitempty"`
	AutoJoin     *bool  `json:"auto_join,omitempty"`
	Protection   string `json:"protection,omitempty"`
	Occupants    *int   `json:"occupants,omitempty"`
	Unread       *int   `json:"unread,omitempty"`
}

// object is one of the types above.
type object interface{ object() }

func (head) object() {}

// encode returns an object as one line. Every character that is invisible or could steer a terminal is escaped, which JSON
// allows in the strings, where alone such characters stand.
func encode(o object) []byte {
	var raw bytes.Buffer
	encoder := json.NewEncoder(&raw)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(o); err != nil {
		panic("line: an object of strings and numbers cannot fail to encode: " + err.Error())
	}
	return append(escape(bytes.TrimSuffix(raw.Bytes(), []byte("\n"))), '\n')
}
