package i18n

import "traboule/core"

func noticesFrench() map[core.NoticeCode]string {
	return map[core.NoticeCode]string{}
}
