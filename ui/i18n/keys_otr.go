package i18n

// The texts of the screen about OTR.
const (
	TitleVersion         Key = "title-version"          // at the title: {1} how it is protected, {2} the version of OTR
	ShortRequired        Key = "short-required"         // at a contact: texts wait for encryption
	ReadersRequired      Key = "readers-required"       // what is typed waits for encryption
	ReadersRequiredShort Key = "readers-required-short" // the same where there is no room
	ReadersFinishedShort Key = "readers-finished-short" // they ended the encryption
	RemedyFinished       Key = "remedy-finished"        // the two ways on
	AskOTR               Key = "ask-otr"                // {1} is who offers to encrypt
	AskSMP               Key = "ask-smp"                // {1} is who asks for the answer to a question
	AskSecret            Key = "ask-secret"             // {1} is who asks for a secret, without a question
	AnswerEncrypt        Key = "answer-encrypt"         // answer to AskOTR
	AnswerProve          Key = "answer-prove"           // answer to AskSMP: goes to where it can be typed
	KeyOurs              Key = "key-ours"               // heading of our fingerprint
	KeyTheirs            Key = "key-theirs"             // heading of that of {1}
	KeyTrust             Key = "key-trust"              // the key of {1} is {2}
	KeyCompare           Key = "key-compare"            // below the two
	KeyAlone             Key = "key-alone"              // below ours alone
	KeyScan              Key = "key-scan"               // above the link, with the QR code
	KeyNoRoom            Key = "key-no-room"            // above the link, without it
	KeyClose             Key = "key-close"              // {1} closes the page
	KeyCloseInvert       Key = "key-close-invert"       // {2} swaps dark and light
	GivenBack            Key = "given-back"             // above the input: what was not sent is there again
)
