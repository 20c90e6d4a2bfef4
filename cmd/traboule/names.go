package main

import (
	"bytes"
	"errors"

	"traboule/config"
	"traboule/dial"
)

// resolver is the name server of the settings; nil to ask nobody.
func resolver(settings *config.Settings) (*dial.Resolver, error) {
	if settings.Resolver.Value == config.NoResolver {
		return nil, nil
	}
	r, err := dial.ParseResolver(settings.Resolver.Value)
	if err != nil {
		return nil, err
	}
	return &r, nil
}

// onionList is the list of onion services that comes with the program, with what the file beside the settings says of it.
func onionList(settings string) (*dial.OnionList, error) {
	list, err := dial.BuiltinOnions()
	if err != nil {
		return nil, err
	}
	file, text, err := config.ReadOnions(settings)
	if err != nil {
		return nil, err
	}
	err = list.Read(bytes.NewReader(text))
	var fault *dial.ListError
	if errors.As(err, &fault) {
		return nil, onionFault(file, fault)
	}
	return list, err
}

// onionFault is a fault of the list as one of the settings, which the user's language has words for.
func onionFault(file string, fault *dial.ListError) *config.Error {
	e := &config.Error{File: file, Line: fault.Line, Problem: config.BadLine, Value: fault.Value, Cause: fault}
	switch fault.Fault {
	case dial.ListTooLong:
		e.Problem = config.TooLong
	case dial.ListDomain:
		e.Want = config.WantDomain
	case dial.ListOnion:
		e.Want = config.WantOnion
	case dial.ListDate:
		e.Want = config.WantDate
	default:
		e.Want = config.WantOnionEntry
	}
	return e
}
