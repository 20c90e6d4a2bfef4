package i18n

import (
	"strings"

	"traboule/core"
)

// bookmark returns one row of the list of bookmarks: "2 grenoble@conference.example.org", "“Grenoble”, as ana, entered at each
// start".
func (p *Printer) bookmark(number int, r *core.Row) [2]string {
	var facts []string
	if r.Name != "" {
		facts = append(facts, p.quote(r.Name))
	}
	if r.Nick != "" {
		facts = append(facts, p.expand(p.text.words.asNick, func(string) value { return p.name(r.Nick) }))
	}
	if r.AutoJoin {
		facts = append(facts, p.text.words.autoJoin)
	}
	return [2]string{p.Number(number) + " " + p.address(r.JID).text, strings.Join(facts, ", ")}
}

func bookmarkNoticesEnglish() map[core.NoticeCode]string {
	return map[core.NoticeCode]string{
		"bookmarks":           "{count} bookmarked {count|room|rooms} of {jid} · /bookmark adds the one you are in",
		"bookmarked-auto":     "{room} is bookmarked, and entered at each start",
		"bookmarked":          "{room} is bookmarked; you enter it with /join",
		"bookmark-removed":    "{room} is not bookmarked any more",
		"not-bookmarked":      "{room} is not bookmarked · /bookmark",
		"too-many-bookmarks":  "not bookmarked: {of} rooms are the most",
		"bookmark-named":      "[{room} is called “{text}” among your bookmarks|{room} has no name among your bookmarks]",
		"bookmark-moved":      "{room} is number {count} of your bookmarks",
		"bookmarks-failed":    "the server did not give its list of your rooms: {err}",
		"bookmark-failed":     "the server did not take over what you changed about {room}: {err}",
		"bookmark-unheard":    "{count} {count|change|changes} of your bookmarks may be lost: the server of {jid} did not say that it has {count|it|them}",
		"bookmark-new":        "another device of yours, or your server, has {room}[ (“{text}”)] entered · /accept {room} enters it here too, /refuse {room} does not",
		"bookmark-left":       "{room} is not entered here now; it stays bookmarked · /bookmark off {room}",
		"room-left-elsewhere": "another device of yours has left this room for good, and so this one has too",
	}
}

func bookmarkNoticesFrench() map[core.NoticeCode]string {
	return map[core.NoticeCode]string{
		"bookmarks":           "{count} {count|salon en signet|salons en signet} pour {jid} · /signet ajoute celui où tu es",
		"bookmarked-auto":     "{room} est en signet, et tu y entres à chaque démarrage",
		"bookmarked":          "{room} est en signet ; tu y entres par /entrer",
		"bookmark-removed":    "{room} n’est plus en signet",
		"not-bookmarked":      "{room} n’est pas en signet · /signet",
		"too-many-bookmarks":  "pas mis en signet : {of} salons au plus",
		"bookmark-named":      "[{room} s’appelle « {text} » parmi tes signets|{room} n’a pas de nom parmi tes signets]",
		"bookmark-moved":      "{room} est le numéro {count} de tes signets",
		"bookmarks-failed":    "le serveur n’a pas donné la liste de tes salons : {err}",
		"bookmark-failed":     "le serveur n’a pas retenu ce que tu as changé pour {room} : {err}",
		"bookmark-unheard":    "{count} {count|changement de signet est peut-être perdu|changements de signets sont peut-être perdus} : le serveur de {jid} n’a pas répondu",
		"bookmark-new":        "un autre de tes appareils, ou ton serveur, fait entrer dans {room}[ (« {text} »)] · /accepter {room} y entre ici aussi, /refuser {room} non",
		"bookmark-left":       "ici, on n’entre pas dans {room} pour l’instant ; le signet reste · /signet off {room}",
		"room-left-elsewhere": "un autre de tes appareils a quitté ce salon pour de bon, et donc celui-ci aussi",
	}
}
