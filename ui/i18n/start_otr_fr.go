package i18n

func startOTRFrench() map[Key]string {
	return map[Key]string{
		OTRKeyCopied:    "{1} : clé {2} copiée.",
		OTRKeyThere:     "{1} : la clé {2} y est déjà.",
		OTRKeyStays:     "{1} : une autre clé, {3}, est là et y reste ; {2} n’a PAS été copiée. Avec --replace, elle prend sa place.",
		OTRKeyReplaced:  "{1} : clé {2} copiée à la place de {3}.",
		OTRKeyNone:      "{1} : aucune clé à copier.",
		OTRKnownCopied:  "{1} : {2} {2|empreinte copiée|empreintes copiées}, dont {3} {3|vérifiée|vérifiées} ; {4} déjà là.",
		OTRTagCopied:    "{1} : étiquette d’instance {2} copiée. N’utilise pas le compte avec les deux logiciels à la fois.",
		OTRTagStays:     "{1} : l’étiquette d’instance {2} reste ; {3} n’a pas été copiée.",
		OTRLeftOut:      "{1} ({2}) n’est pas un compte XMPP : laissé de côté.",
		OTRBackup:       "{1} : ce qu’il y avait avant est gardé à côté, dans {2}.",
		OTRUnprotected:  "ATTENTION : dans {1}, les clés ne sont pas chiffrées. Qui les lit peut se faire passer pour toi.",
		OTRNothingFound: "« {1} » ne contient aucun fichier OTR de Pidgin, Profanity ou mcabber pour un tel compte.",
		OTRNothingKept:  "ce profil ne garde aucune clé OTR pour un tel compte.",
		OTRBadLine:      "{1}, ligne {2} : libotr n’écrit pas de ligne pareille.",
		OTRBadFile:      "{1} : ce n’est pas un fichier de libotr, ou il est abîmé.",
		OTRVaulted:      "Elles sont dans le coffre du profil, chiffrées avec sa clé. L’endroit d’où elles viennent n’a pas changé.",
		OTRBadSealedKey: "{1} : une clé OTR gardée ici ne s’ouvre pas : elle est abîmée, ou quelqu’un l’a mise là. traboule otr import DOSSIER --replace en met une autre à sa place.",
		OTRFailed:       "les fichiers des clés OTR n’ont pas pu être lus ou écrits : {1}.",

		StartBadKeyCommand: "écris : traboule otr import DOSSIER, ou traboule otr export DOSSIER",
		StartBadProgram:    "--for va avec otr export et vaut pidgin, profanity ou mcabber, pas « {1} ».",
		StartManyPrograms:  "« {1} » contient les fichiers de plusieurs logiciels : dis avec --for pour lequel sont les clés.",
	}
}
