package xmppclient

const nsForm = "jabber:x:data" // XEP-0004

func formField(name string, values ...string) *node {
	field := el(nsForm, "field").set("var", name)
	for _, v := range values {
		field.add(textEl(nsForm, "value", v))
	}
	return field
}
