package xmppclient

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"net"
	"runtime"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"mellium.im/xmpp/stream"

	"traboule/im"
)

const header = `<?xml version='1.0'?><stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' from='localhost' id='1' version='1.0'>`

// readerConn is a connection that only delivers.
type readerConn struct {
	net.Conn
	io.Reader
}

func (c readerConn) Read(p []byte) (int, error) { return c.Reader.Read(p) }

// frames reads a whole stream and returns what was handed out, what was dropped, and how it ended.
func frames(r io.Reader) (elements []string, drops []dropped, err error) {
	f := newFrame(readerConn{Reader: r}, time.Second, func(d dropped) error {
		drops = append(drops, d)
		return nil
	})
	for {
		if err := f.next(); err != nil {
			return elements, drops, err
		}
		if len(f.out) > 0 {
			elements = append(elements, string(f.out))
			f.out = nil
		}
	}
}

func TestFrameCutsElements(t *testing.T) {
	elements := []string{
		header,
		`<stream:features><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/></stream:features>`,
		`<message from='a@b/c' to="d@e"><body>5 &gt; 4 'quoted" </body><x/></message>`,
		`<presence/>`,
		`<iq id='>' type="result"><q a='/>'><![CDATA[</iq>]]]]><![CDATA[>]]></q ></iq>`,
		`<message><body>say http://etherx.jabber.org/streams aloud</body></message>`,
		`<message><body>&lt;stream:features/></body></message>`,
		`<message from='a&amp;b@c'><body>x</body></message>`,
		`<stream:error><conflict xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error>`,
		`</stream:stream>`,
	}
	wire := strings.Join(elements, " \n")
	for name, r := range map[string]io.Reader{
		"at once":      strings.NewReader(wire),
		"byte by byte": iotest.OneByteReader(strings.NewReader(wire)),
	} {
		got, drops, err := frames(r)
		if err != io.EOF || len(drops) > 0 {
			t.Errorf("%s: err %v, drops %v", name, err, drops)
		}
		if fmt.Sprintf("%q", got) != fmt.Sprintf("%q", elements) {
			t.Errorf("%s: got %q\nwant %q", name, got, elements)
		}
	}
}

func TestFrameDropsHostileElements(t *testing.T) {
	deep := strings.Repeat("<x>", 1_000_000) + strings.Repeat("</x>", 1_000_000)
	var attrs, kids strings.Builder
	for i := range maxElementAttrs + 1 {
		fmt.Fprintf(&attrs, " a%d='1'", i)
	}
	for range maxElementKids + 1 {
		kids.WriteString("<a/>")
	}
	tests := map[string]struct {
		element string
		want    dropped
	}{
		"namespace as default":    {`<message from='eve@x'><x xmlns='http://etherx.jabber.org/streams'/></message>`, dropped{im.MustJID("eve@x"), im.DropHostile, true}},
		"namespace by reference":  {`<message from='eve@x'><x xmlns='http&#58;//etherx.jabber.org/streams'/></message>`, dropped{im.MustJID("eve@x"), im.DropHostile, true}},
		"namespace by own prefix": {`<message from='eve@x' xmlns:e='http://etherx.jabber.org/streams'><a><e:x/></a></message>`, dropped{im.MustJID("eve@x"), im.DropHostile, true}},
		"prefix of the header":    {`<presence from='eve@x'><stream:error/></presence>`, dropped{im.MustJID("eve@x"), im.DropHostile, true}},
		"a million deep":          {`<message from='eve@x'>` + deep + `</message>`, dropped{im.MustJID("eve@x"), im.DropTooDeep, true}},
		"attributes":              {`<iq from='eve@x'><q` + attrs.String() + `/></iq>`, dropped{im.MustJID("eve@x"), im.DropHostile, true}},
		"children":                {`<iq from='eve@x'>` + kids.String() + `</iq>`, dropped{im.MustJID("eve@x"), im.DropTooLarge, true}},
		"body":                    {`<message from='eve@x'><body>` + strings.Repeat("a", maxElementBytes) + `</body></message>`, dropped{im.MustJID("eve@x"), im.DropTooLarge, true}},
		"first tag":               {`<message from='` + strings.Repeat("a", maxElementBytes) + `'/>`, dropped{im.JID{}, im.DropTooLarge, true}},
		"unknown element":         {`<unknown>` + strings.Repeat("a", maxElementBytes) + `</unknown>`, dropped{im.JID{}, im.DropTooLarge, false}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			got, drops, err := frames(strings.NewReader(header + test.element + `<presence/>`))
			if err != io.EOF || len(got) != 2 || got[1] != `<presence/>` {
				t.Errorf("the stream did not go on: %d elements, %v", len(got), err)
			}
			if len(drops) != 1 || drops[0] != test.want {
				t.Errorf("drops %v, want %v", drops, test.want)
			}
		})
	}
}

func TestFrameEndsBrokenStreams(t *testing.T) {
	tests := map[string]struct {
		wire string
		want error
	}{
		"comment":               {header + `<!-- x --><presence/>`, errRestrictedXML},
		"comment inside":        {header + `<message><!-- x --></message>`, errRestrictedXML},
		"document type":         {`<!DOCTYPE x [<!ENTITY a "b">]>` + header, errRestrictedXML},
		"document type later":   {header + `<!DOCTYPE x>`, errRestrictedXML},
		"instruction":           {header + `<?php x ?>`, errRestrictedXML},
		"instruction inside":    {header + `<message><?php x ?></message>`, errRestrictedXML},
		"CDATA outside":         {header + `<![CDATA[x]]>`, errRestrictedXML},
		"text outside":          {header + `x<presence/>`, errNotWellFormed},
		"bad name":              {header + `<"x"/>`, errNotWellFormed},
		"tag in tag":            {header + `<a <b/>`, errNotWellFormed},
		"slash in tag":          {header + `<a / b>`, errNotWellFormed},
		"quotes in end":         {header + `<a></a b='>'>`, errNotWellFormed},
		"cut":                   {header + `<message>`, io.EOF},
		"end before the header": {`</stream:stream>`, errNotWellFormed},
	}
	for name, test := range tests {
		if _, _, err := frames(strings.NewReader(test.wire)); !errors.Is(err, test.want) {
			t.Errorf("%s: %v, want %v", name, err, test.want)
		}
	}
}

// repeat delivers the same bytes a number of times.
type repeat struct {
	text  string
	left  int
	first string
	last  string
}

func (r *repeat) Read(p []byte) (int, error) {
	switch {
	case r.first != "":
		n := copy(p, r.first)
		r.first = r.first[n:]
		return n, nil
	case r.left > 0:
		r.left--
		return copy(p, r.text), nil
	case r.last != "":
		n := copy(p, r.last)
		r.last = r.last[n:]
		return n, nil
	}
	return 0, io.EOF
}

func TestFrameHoldsLittleOfALargeElement(t *testing.T) {
	block := strings.Repeat("a", 8<<10)
	r := &repeat{first: header + `<message from='eve@x'><body>`, text: block, left: 8 << 10, last: `</body></message>`}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	_, drops, err := frames(r)
	runtime.ReadMemStats(&after)
	if err != io.EOF || len(drops) != 1 || drops[0].reason != im.DropTooLarge {
		t.Fatalf("drops %v, err %v", drops, err)
	}
	if grown := after.TotalAlloc - before.TotalAlloc; grown > 8<<20 {
		t.Errorf("64 MiB of body made the frame allocate %d KiB", grown>>10)
	}
}

func TestFrameAllocatesNothingPerElement(t *testing.T) {
	stanza := `<message from='grenoble@conference.localhost/hubert' id='1' type='groupchat'><body>salut</body></message>`
	r := &repeat{first: header, text: stanza, left: 1 << 30}
	f := newFrame(readerConn{Reader: r}, time.Second, func(dropped) error { return nil })
	buf := make([]byte, 4096)
	read := func() {
		if _, err := f.Read(buf); err != nil {
			t.Fatal(err)
		}
	}
	read()
	if n := testing.AllocsPerRun(1000, read); n > 0 {
		t.Errorf("%v allocations per element", n)
	}
}

func TestFrameHandsOutAtMostOneElementPerRead(t *testing.T) {
	f := newFrame(readerConn{Reader: strings.NewReader(header + `<a/><b/><cc/>`)}, time.Second, nil)
	buf := make([]byte, 3)
	var got []string
	for {
		n, err := f.Read(buf)
		if err != nil {
			break
		}
		got = append(got, string(buf[:n]))
	}
	if tail := strings.Join(got[len(got)-4:], "|"); tail != `<a/|>|<b/|>` && !strings.HasSuffix(strings.Join(got, "|"), `<a/|>|<b/|>|<cc|/>`) {
		t.Errorf("got %q", got)
	}
	if f.buffered() != 0 {
		t.Errorf("%d bytes left", f.buffered())
	}
}

func BenchmarkFrame(b *testing.B) {
	stanza := `<message from='grenoble@conference.localhost/hubert' to='ana@localhost/x' id='7e1c8cc3' type='groupchat'><body>` +
		strings.Repeat("salut ", 20) + `</body><origin-id xmlns='urn:xmpp:sid:0' id='7e1c8cc3'/><stanza-id xmlns='urn:xmpp:sid:0' by='grenoble@conference.localhost' id='42'/></message>`
	f := newFrame(readerConn{Reader: &repeat{first: header, text: stanza, left: 1 << 62}}, time.Second, nil)
	buf := make([]byte, 4096)
	b.SetBytes(int64(len(stanza)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := f.Read(buf); err != nil {
			b.Fatal(err)
		}
	}
}

// FuzzFrame checks that how the bytes arrive never matters, that what is handed out is exactly one element for the decoder
// behind the frame, within limits, and that no element holds another in the stream's namespace.
func FuzzFrame(f *testing.F) {
	for _, s := range []string{
		`<message from='a@b'><body>x</body></message><presence/>`,
		`<message><x xmlns='http://etherx.jabber.org/streams'/></message>`,
		`<message><x xmlns='http&#58;//etherx.jabber.org/streams'/></message>`,
		`<a b="'" c='"'><![CDATA[]]]>]]></a>`,
		`<!-- -->`, `<?x?>`, `<a/ >`, "<a\n/>\x00", `</stream:stream>`,
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, wire []byte) {
		wire = append([]byte(header), wire...)
		whole, drops, err := frames(bytes.NewReader(wire))
		parts, partDrops, partErr := frames(iotest.OneByteReader(bytes.NewReader(wire)))
		if fmt.Sprint(whole, drops, err) != fmt.Sprint(parts, partDrops, partErr) {
			t.Fatalf("at once %q %v %v, byte by byte %q %v %v", whole, drops, err, parts, partDrops, partErr)
		}
		for _, element := range whole {
			checkElement(t, element)
		}
	})
}

func checkElement(t *testing.T, element string) {
	if len(element) > maxElementBytes+readBuffer {
		t.Fatalf("element of %d bytes", len(element))
	}
	if strings.HasPrefix(element, "<?xml") || strings.HasPrefix(element, "</") {
		return
	}
	d := xml.NewDecoder(strings.NewReader(header + element))
	for depth := 0; ; {
		token, err := d.Token()
		if err != nil {
			if strings.Contains(err.Error(), "unexpected EOF") {
				t.Fatalf("%q is not a whole element: %v", element, err)
			}
			return // not well-formed: the decoder ends the stream
		}
		switch token := token.(type) {
		case xml.StartElement:
			if depth++; depth > 2 && token.Name.Space == stream.NS {
				t.Fatalf("%q holds the stream's namespace", element)
			}
		case xml.EndElement:
			if depth--; depth > 1 {
				continue
			}
			if d.InputOffset() != int64(len(header)+len(element)) {
				t.Fatalf("%q holds more than one element", element)
			}
			return
		}
	}
}
