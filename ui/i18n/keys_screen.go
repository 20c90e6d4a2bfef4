package i18n

// Key names a text of the screen. The words of each are in screen_en.go and screen_fr.go, or input_en.go and input_fr.go.
type Key string

// The texts of the frame: conversations, messages, occupants and the lines above and below them.
const (
	Rooms  Key = "rooms"  // heading of the list of rooms
	People Key = "people" // heading of the list of contacts
)
