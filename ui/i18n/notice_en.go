package i18n

import "traboule/core"

func noticesEnglish() map[core.NoticeCode]string {
	return map[core.NoticeCode]string{}
}
