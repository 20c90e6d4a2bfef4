package core

import "traboule/im"

// roomVerbs are the events of rooms.
func roomVerbs() map[string]verb { return nil }

// roomResult reads the results of requests about rooms.
func roomResult(s *script) im.Result { return nil }
