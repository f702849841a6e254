# l2tp_avp_grammar.rl - the AVPs of a control message (RFC 2661 section 4.1)
# SPDX-License-Identifier: Apache-2.0
#
# No octet is an error here: which AVPs a message carries is a table (l2tp_table.c), and a reserved bit
# makes an AVP unrecognized, not malformed.  The value's octets are not the machine's: they are counted.
#
# Needs actions, each entered on the last octet of an AVP's header, so that the header is p - 5 .. p:
#   message_type   the first AVP, where no message begins; ends the machine (fbreak)
#   attribute      every AVP but the first: checks Length against the end of the message and goes on after the value, or
#                  after any number of AVPs more that it reads (fexec), or ends the machine (fbreak)
# A message that ends anywhere but between AVPs is truncated.
%%{
	machine l2tp_avp_grammar;
	alphtype unsigned char;

	avp_header = any{2}           # |M|H| rsvd  |      Length       |
	             any{2}           # |           Vendor ID           |
	             any{2};          # |         Attribute Type        |   then Length - 6 octets of value

	# RFC 2661 4.4.1, the Message Type AVP MUST be the first.  It has one form only: where that is whole, it is not
	# walked to.  No AVP at all: a ZLB (5.8).
	first = ( avp_header @message_type )?;
	more  = ( avp_header @attribute )*;
}%%
