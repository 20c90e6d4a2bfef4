package core

import "traboule/im"

func (c *Core) answerInvitation(a *account, q Question, yes bool)        {}
func (c *Core) onInvitation(a *account, e im.InvitationReceived)         {}
func (c *Core) onInvitationDeclined(a *account, e im.InvitationDeclined) {}
func (c *Core) doInvite(d Invite)                                        {}
func (c *Core) doKick(d Kick)                                            {}
func (c *Core) doBan(d Ban)                                              {}
func (c *Core) doGrantRole(d GrantRole)                                  {}
func (c *Core) doGrantAffiliation(d GrantAffiliation)                    {}
func (c *Core) doAffiliations(d Affiliations)                            {}
func (c *Core) doDestroy(d Destroy)                                      {}
