package otr

import (
	"fmt"
	"io"
	"strconv"
	"strings"
)

// InstanceTag is a line of libotr's otr.instance_tags: the tag by which the other side tells the devices of an account apart.
type InstanceTag struct {
	Account KeyName
	Tag     uint32
}

// tagWarning is the first line of such a file. libotr skips lines without tabs.
const tagWarning = "# WARNING! You shouldn't copy this file to another computer. It is unnecessary and can cause problems.\n"

// ReadInstanceTags reads a file of libotr's, otr.instance_tags of Pidgin or ACCOUNT.tag of mcabber; Profanity keeps none.
// name is for errors, which are of type *LineError.
func ReadInstanceTags(name string, r io.Reader) ([]InstanceTag, error) {
	var tags []InstanceTag
	err := readLines(name, r, func(fields []string) error {
		if len(fields) == 1 && strings.HasPrefix(fields[0], "#") {
			return nil
		}
		tag, err := instanceTag(fields)
		tags = append(tags, tag)
		return err
	})
	if err != nil {
		return nil, err
	}
	return tags, nil
}

func instanceTag(fields []string) (InstanceTag, error) {
	if len(fields) != 3 {
		return InstanceTag{}, fmt.Errorf("%d fields: %w", len(fields), ErrBadLine)
	}
	const digits = 8
	tag, err := strconv.ParseUint(fields[2], 16, 32)
	if err != nil || len(fields[2]) != digits || tag < minTag {
		return InstanceTag{}, fmt.Errorf("no instance tag: %w", ErrBadLine)
	}
	return InstanceTag{KeyName{fields[0], fields[1]}, uint32(tag)}, nil
}

// WriteInstanceTags writes such a file. An entry that libotr could not read back is an error, and nothing is written.
func WriteInstanceTags(tags []InstanceTag) ([]byte, error) {
	var b strings.Builder
	b.WriteString(tagWarning)
	for _, t := range tags {
		line, err := joinLine(t.Account.Name, t.Account.Protocol, fmt.Sprintf("%08x", t.Tag))
		if err == nil && t.Tag < minTag {
			err = fmt.Errorf("no instance tag: %w", ErrBadLine)
		}
		if err != nil {
			return nil, fmt.Errorf("instance tag of %q: %w", t.Account.Name, err)
		}
		b.WriteString(line)
	}
	return checkWhole(b.String())
}
