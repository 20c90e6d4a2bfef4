package core

// roomNoticeCodes lists the notices about rooms.
func roomNoticeCodes() []NoticeCode { return nil }
