package otr

import "time"

// Limits on what others can make the stage keep or do. What is beyond them waits, is refused, or is not answered.
const (
	// mailbox is how many requests may wait for the stage: a policy for each contact of a full roster comes at once.
	mailbox = 16 << 10
	// maxReady is how many events may wait for the loop before the clients wait: a message may have 128 KiB.
	maxReady = 64
	// maxWaiting bounds what waits for its turn with somebody, who may send faster than the engine reads.
	maxWaiting = 1024
	// maxWaitingBytes bounds it in bytes of text.
	maxWaitingBytes = 4 << 20

	// maxPeers bounds the devices of an account that there is something to know about; the engine has as many.
	maxPeers = maxTalks
	// maxDevices bounds those of one contact, who can log in any number of times.
	maxDevices = 32
	// maxOffers bounds the offers of strangers that wait for the user of an account: they can send any number. Those of contacts
	// are bounded by maxDevices.
	maxOffers = 100
	// maxOffer bounds the message that is kept of one, in bytes: the first of a handshake has some 400.
	maxOffer = 4 << 10
	// maxPolicies bounds what is known about whom: a full roster, and those in rooms.
	maxPolicies = 20_000
	// maxResources bounds the devices that are known to be there, of all contacts of an account.
	maxResources = 20_000
	// maxDeferred bounds the requests that wait until the goodbyes are said.
	maxDeferred = 1024

	// maxHeld bounds the texts that wait for one session to begin: somebody types them within startWithin.
	maxHeld = 50
	// maxHeldBytes bounds them in bytes.
	maxHeldBytes = 512 << 10

	// maxComplaints bounds how often what they say went wrong is told within complaintsWithin.
	maxComplaints    = 10
	complaintsWithin = time.Minute
	// complainEvery is how often they are told that we could not read something. Two programs that both answer errors would
	// otherwise never stop.
	complainEvery = time.Minute
	// offerEvery is how soon somebody whose offer the user has turned down may make another.
	offerEvery = time.Minute

	// maxBreakages is how many children somebody may break within breakagesWithin before the user is asked about them. Nobody
	// does so by chance, but their messages may be on their way when somebody else does.
	maxBreakages    = 3
	breakagesWithin = 10 * time.Minute
	// maxBlamed bounds those who are remembered for it.
	maxBlamed = 1000

	// startWithin is how long a session may take to begin: four messages there and back, over Tor, and a key to make.
	startWithin = time.Minute
	// endWithin is how long the goodbyes may take, while the user waits for the program to end.
	endWithin = 800 * time.Millisecond
	// resendWithin is how old a text may be that is sent once more by itself: the user still has it in mind.
	resendWithin = time.Minute
)
