package core

import "traboule/im"

// usesArchive reports whether archives may be asked: as was said of the account, else as everywhere.
func (c *Core) usesArchive(a *account) bool {
	if a.archiveUse != nil {
		return *a.archiveUse
	}
	return c.disclose[DiscloseArchive]
}

// archiveUse is whether archives may be asked for one account, as its settings say, or as the user has switched it in an earlier
// session; nil for what holds everywhere.
func archiveUse(o AccountOptions) *bool {
	if on, found := o.Switches[switchOf(DiscloseArchive).word]; found {
		return &on
	}
	return o.Archive
}

// switchArchive begins or ends the use of archives: everywhere, or in one account.
func (c *Core) switchArchive(accounts []*account, everywhere, on bool) {
	word := switchOf(DiscloseArchive).word
	before := make(map[*account]bool)
	for _, a := range accounts {
		before[a] = c.usesArchive(a)
		if !everywhere || a.archiveUse != nil {
			a.archiveUse = &on
			c.keep(im.SwitchRecord{Kept: im.Kept{Account: a.jid}, Name: word, On: on})
		}
	}
	if everywhere {
		c.disclose[DiscloseArchive] = on
		c.keep(im.SwitchRecord{Name: word, On: on})
	}
	for _, a := range accounts {
		switch {
		case !a.online() || before[a] == on:
		case on:
			c.beginArchives(a)
		default:
			c.leaveArchives(a)
		}
	}
}

// archiveRows tell whether archives are asked: in one row where all accounts agree, else in one for each.
func (c *Core) archiveRows() []Notice {
	var rows []Notice
	agreed := true
	for _, a := range c.accounts {
		on := c.usesArchive(a)
		rows = append(rows, archiveRowOf(a, on))
		agreed = agreed && on == c.usesArchive(c.accounts[0])
	}
	switch {
	case len(rows) == 0:
		return c.switchRows(DiscloseArchive)
	case agreed:
		return []Notice{rowOfSwitch(DiscloseArchive, rows[0].Privacy.On)}
	}
	return rows
}

// archiveRowOf is the row of the switch for one account.
func archiveRowOf(a *account, on bool) Notice {
	row := rowOfSwitch(DiscloseArchive, on)
	row.Account, row.JID = a.jid, a.jid
	row.Privacy.Of, row.Privacy.Setting = a.jid, "account.archive"
	row.Privacy.Command += " " + a.jid.String()
	return row
}
