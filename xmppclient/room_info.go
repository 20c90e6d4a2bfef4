package xmppclient

import (
	"strconv"
	"strings"

	"traboule/im"
)

// describeRoom asks what a room is like (XEP-0045 §6.4).
func (s *stanzas) describeRoom(r im.DescribeRoom) *query {
	room := r.Room.Bare()
	return discoInfo(room, func(a answer) outcome {
		if a.failure != nil {
			f := *a.failure
			if f.Condition == "item-not-found" {
				f.Code = im.CodeRoomNotFound
			}
			return failed(&f)
		}
		info := a.iq.kid(nsDiscoInfo, "query")
		if info == nil {
			return failed(&im.Failure{Code: im.CodeBadAnswer})
		}
		s.announce(room, discoFeatures(info))
		return succeeded(im.RoomInfoResult{Info: decodeRoomInfo(room, info)})
	})
}

// decodeRoomInfo reads a room's description; what the room does not tell is left out.
func decodeRoomInfo(room im.JID, info *node) im.RoomInfo {
	form := roomForm(info)
	r := im.RoomInfo{Room: room, Name: roomName(info, form), Occupants: -1}
	if n, err := strconv.Atoi(form["muc#roominfo_occupants"]); err == nil && n >= 0 {
		r.Occupants = n
	}
	r.Flags = roomFlags(discoFeatures(info), form)
	return r
}

func roomName(info *node, form map[string]string) string {
	for _, n := range info.kidsOf(nsDiscoInfo, "identity") {
		if n.attr("category") == "conference" && n.attr("name") != "" {
			return clip(n.attr("name"), maxText)
		}
	}
	return form["muc#roomconfig_roomname"]
}

// roomForm reads the first value of each field of the room's extended description.
func roomForm(info *node) map[string]string {
	fields := map[string]string{}
	for _, x := range info.kidsOf(nsForm, "x") {
		for _, f := range x.kidsOf(nsForm, "field") {
			if _, twice := fields[f.attr("var")]; !twice && len(fields) < maxFields {
				fields[clip(f.attr("var"), maxText)] = strings.TrimSpace(f.kidText(nsForm, "value", maxText))
			}
		}
	}
	return fields
}

// roomFlags names the features of XEP-0045 §15.3 that people should know. A room with an archive counts as logged.
func roomFlags(features map[string]bool, form map[string]string) []im.RoomFlag {
	var flags []im.RoomFlag
	for _, f := range []struct {
		feature string
		flag    im.RoomFlag
	}{
		{"muc_public", im.FlagPublic},
		{"muc_hidden", im.FlagHidden},
		{"muc_nonanonymous", im.FlagNonAnonymous},
		{"muc_semianonymous", im.FlagSemiAnonymous},
		{"muc_membersonly", im.FlagMembersOnly},
		{"muc_moderated", im.FlagModerated},
		{"muc_passwordprotected", im.FlagPassword},
		{"muc_persistent", im.FlagPersistent},
		{"muc_temporary", im.FlagTemporary},
	} {
		if features[f.feature] {
			flags = append(flags, f.flag)
		}
	}
	if isLogged(features, form) {
		flags = append(flags, im.FlagLogged)
	}
	return flags
}

func isLogged(features map[string]bool, form map[string]string) bool {
	for f := range features {
		if strings.HasPrefix(f, mamVersions) {
			return true
		}
	}
	return form["muc#roominfo_logs"] != "" || form["muc#roomconfig_enablelogging"] == "1"
}
