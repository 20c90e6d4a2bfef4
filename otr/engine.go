package otr

import (
	"context"
	"net"
	"os"

	"traboule/im"
)

// Options are what an Engine is built from.
type Options struct {
	// Launch starts the child and returns the connection to it, a Unix socket, whose Close ends it: what confine.Attach and
	// a Door's Attach do with ChildName. It is called again when a child has ended and there is something to do for one.
	Launch func(ctx context.Context) (net.Conn, error)
	// Died is told, through Completed, that a child ended by itself; it may be nil. What it was to do has failed with ErrDied
	// by then.
	Died func(error)

	// Sealing is the key with which the child seals private keys, as SealingFile makes it; nil for none. The Engine takes the
	// file over and hands it to each child, and never reads it.
	Sealing *os.File
	// Keep keeps a new key of an account for good; nil if keys last as long as the Engine. It may wait: until it has returned,
	// nothing else is done with the key. It is called in a goroutine of its own.
	Keep func(ctx context.Context, account im.JID, key SealedKey) error
	// Unkept is told, through Completed, why a new key could not be kept, before it is used: it lasts as long as the Engine.
	Unkept func(account im.JID, err error)
}

// Engine runs OTR in a child process. None of its methods waits for the child: what comes of an operation is given to its
// done function, which may be nil, once whoever owns the Engine calls what comes out of Completed. Operations of one account
// are carried out, and completed, in the order in which they were asked for.
//
// Keys are made in the child. Those that were made or loaded are there in the next child too, should one end.
type Engine struct {
	calls     chan call
	completed chan func()
	cancel    context.CancelFunc
	ended     chan struct{}
}

// Start gets an Engine going, until ctx ends or Close is called. The child is started when there is something for it.
func Start(ctx context.Context, o Options) *Engine {
	ctx, cancel := context.WithCancel(ctx)
	e := &Engine{calls: make(chan call), completed: make(chan func()), cancel: cancel, ended: make(chan struct{})}
	go func() {
		defer close(e.ended)
		newLedger(o, e.completed).run(ctx, e.calls)
	}()
	return e
}

// Close ends the child, and what it still does: no done function is called any more.
func (e *Engine) Close() {
	e.cancel()
	<-e.ended
}

// Completed gives what has been completed, as functions that the owner of the Engine has to call, in order.
func (e *Engine) Completed() <-chan func() { return e.completed }

// MakeKey tells the fingerprint and instance tag of an account, and makes the key if there is none. Other operations make
// it too when they need it. A tag other than 0 is to be used from now on.
func (e *Engine) MakeKey(account im.JID, tag uint32, done func(Key, error)) {
	e.key(request{Task: makeTask, Account: account.String(), Tag: tag}, nil, done)
}

// LoadKey has the child read the key of an account from a file of libotr's (otr.private_key), of which the parent sees
// nothing. The zero KeyName is for the first that is called after the account's bare JID, with any resource and protocol. The
// Engine takes the file over. Sessions go on with the key that they were begun with.
func (e *Engine) LoadKey(account im.JID, as KeyName, file *os.File, done func(Key, error)) {
	e.key(request{Task: loadTask, Account: account.String(), Name: as}, file, done)
}

// OpenKey has the child open the key of an account that was sealed before. It has to be the first that is asked for the
// account. If it fails, so does whatever is asked afterwards, where keys are kept: no other key takes its place.
func (e *Engine) OpenKey(account im.JID, key SealedKey, done func(Key, error)) {
	e.key(request{Task: openTask, Account: account.String(), Tag: key.Tag, Sealed: key.Sealed}, nil, done)
}

// SealKey has the child seal the key of an account, which it makes if there is none.
func (e *Engine) SealKey(account im.JID, done func(SealedKey, error)) {
	e.call(call{request: request{Task: sealTask, Account: account.String()}, done: func(answer reply, err error) {
		done(SealedKey{answer.Sealed, answer.Key.Tag}, err)
	}})
}

// SaveKey has the child write the key of an account into a file of libotr's, or an empty one, beside the other keys there
// and in place of one of the same name. The Engine takes the file over. Whoever calls it sees that the file can be read
// by its owner alone, and keeps the one before until this has succeeded.
func (e *Engine) SaveKey(account im.JID, as KeyName, file *os.File, done func(Key, error)) {
	e.key(request{Task: saveTask, Account: account.String(), Name: as}, file, done)
}

// Receive takes a message of the other side, of any kind.
func (e *Engine) Receive(c Conversation, f Flags, text string, done func(Result, error)) {
	e.converse(request{Task: receiveTask, Flags: f, Text: text}, c, done)
}

// Encrypt makes a text into a message of the session. Without a session it fails, whatever the flags say: a text never
// goes out as it is by this way.
func (e *Engine) Encrypt(c Conversation, text string, done func(Result, error)) {
	e.converse(request{Task: encryptTask, Text: text}, c, done)
}

// Query asks the other side to start a session, or to exchange the keys of one anew.
func (e *Engine) Query(c Conversation, f Flags, done func(Result, error)) {
	e.converse(request{Task: queryTask, Flags: f}, c, done)
}

// End ends a session and tells the other side, if it has not ended it itself. Without a session it does nothing.
func (e *Engine) End(c Conversation, done func(Result, error)) {
	e.converse(request{Task: endTask}, c, done)
}

// Forget forgets all about a conversation and tells nobody.
func (e *Engine) Forget(c Conversation, done func(Result, error)) {
	e.converse(request{Task: forgetTask}, c, done)
}

// StartSMP asks the other side to prove that it knows the secret. The question may be empty.
func (e *Engine) StartSMP(c Conversation, question, secret string, done func(Result, error)) {
	e.converse(request{Task: startSMPTask, Question: question, Text: secret}, c, done)
}

// AnswerSMP answers such a request of theirs.
func (e *Engine) AnswerSMP(c Conversation, secret string, done func(Result, error)) {
	e.converse(request{Task: answerSMPTask, Text: secret}, c, done)
}

// AbortSMP ends a verification.
func (e *Engine) AbortSMP(c Conversation, done func(Result, error)) {
	e.converse(request{Task: abortSMPTask}, c, done)
}

func (e *Engine) key(r request, file *os.File, done func(Key, error)) {
	e.call(call{request: r, file: file, done: func(answer reply, err error) {
		if done != nil {
			done(answer.Key, err)
		}
	}})
}

func (e *Engine) converse(r request, c Conversation, done func(Result, error)) {
	r.Account, r.Peer = c.Account.String(), c.Peer.String()
	e.call(call{request: r, done: func(answer reply, err error) {
		if done != nil {
			done(answer.Result.result(), err)
		}
	}})
}

// call hands something to the ledger, which never has it wait.
func (e *Engine) call(c call) {
	select {
	case e.calls <- c:
	case <-e.ended:
		c.close()
	}
}
