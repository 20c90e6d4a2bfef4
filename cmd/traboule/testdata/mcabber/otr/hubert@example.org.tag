# WARNING! You shouldn't copy this file to another computer. It is unnecessary and can cause problems.
hubert@example.org	jabber	1142eab7
