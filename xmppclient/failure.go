package xmppclient

import "traboule/im"

// decodeFailure reads the error of a stanza of type error (RFC 6120 §8.3).
func decodeFailure(stanza *node) im.Failure {
	e := stanza.kid(nsClient, "error")
	if e == nil {
		return im.Failure{Code: im.CodeRefused}
	}
	f := im.Failure{Text: e.kidText(nsStanzas, "text", maxText)}
	for _, k := range e.kids {
		if k.name.Space != nsStanzas || k.name.Local == "text" {
			continue
		}
		f.Condition = clip(k.name.Local, maxText)
		if f.Text == "" { // <gone/> and <redirect/> name another address (§8.3.3.5)
			f.Text = clip(k.text, maxText)
		}
		break
	}
	f.Code = code(f.Condition)
	f.Lasting = lasting(e.attr("type"), f.Condition)
	return f
}

// code maps a condition of RFC 6120 §8.3.3.
func code(condition string) im.Code {
	switch condition {
	case "item-not-found":
		return im.CodeItemNotFound
	case "not-acceptable":
		return im.CodeNotAcceptable
	case "service-unavailable", "feature-not-implemented", "recipient-unavailable":
		return im.CodeUnavailable
	case "forbidden", "not-allowed":
		return im.CodeNotAllowed
	case "conflict":
		return im.CodeConflict
	case "gone", "remote-server-not-found", "remote-server-timeout":
		return im.CodeServiceGone
	}
	return im.CodeRefused
}

// lasting reports whether trying again is of no use. Some conditions pass by themselves, whatever type they come with.
func lasting(typ, condition string) bool {
	switch condition {
	case "remote-server-not-found", "remote-server-timeout", "resource-constraint", "internal-server-error",
		"service-unavailable", "recipient-unavailable":
		return false
	}
	return typ != "wait" && typ != "continue"
}

// joinFailure gives a refused join its meaning (XEP-0045 §7.2), which differs from that of the same conditions elsewhere.
func joinFailure(f im.Failure) im.Failure {
	if code, found := joinCode(f.Condition); found {
		f.Code = code
	}
	return f
}

func joinCode(condition string) (im.Code, bool) {
	switch condition {
	case "conflict":
		return im.CodeNickTaken, true
	case "forbidden":
		return im.CodeBanned, true
	case "registration-required":
		return im.CodeMembersOnly, true
	case "not-authorized":
		return im.CodePasswordRequired, true
	case "service-unavailable", "resource-constraint":
		return im.CodeRoomFull, true
	case "item-not-found":
		return im.CodeRoomNotFound, true
	}
	return "", false
}
