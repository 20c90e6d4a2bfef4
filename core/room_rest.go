package core

import "traboule/im"

func (c *Core) answerInvitation(a *account, q Question, yes bool)        {}
func (c *Core) onInvitation(a *account, e im.InvitationReceived)         {}
func (c *Core) onInvitationDeclined(a *account, e im.InvitationDeclined) {}
func (c *Core) doInvite(d Invite)                                        {}
