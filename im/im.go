// Package im is the vocabulary of instant messaging that all other packages share: addresses, messages, presence, rooms,
// and three sealed sets of values, Event (facts from outside), Request (what is asked of the network) and Record (what is
// kept). It owns no state and must not do any input, output, wording or waiting; it imports none of our packages.
package im
