# gre_grammar.rl - the enhanced GRE header (RFC 2637 section 4.1)
# SPDX-License-Identifier: Apache-2.0
#
# Which fields are there is written in the first two octets alone, so the header is a regular language: a union of four
# forms, and of what is refused before anything else is looked at.
#
# Needs actions, each entered on the last octet of what it names:
#   bad_version bad_bits   the second octet; they end the machine (fbreak)
#   protocol               may end the machine (fbreak)
#   payload_length call_id sequence acknowledgment
#   end                    on the last octet of the header; ends the machine (fbreak)
# A packet that ends before `end` is truncated.
%%{
	machine gre_grammar;
	alphtype unsigned char;

	#   |C|R|K|S|s|Recur|
	plain = 0x20;
	S     = 0x30;

	#         |A| Flags | Ver |
	none        = 0x01;
	A           = 0x81;
	version_1   = 0x01 | 0x09 | 0x11 | 0x19 | 0x21 | 0x29 | 0x31 | 0x39 | 0x41 | 0x49 | 0x51 | 0x59 | 0x61 | 0x69
	            | 0x71 | 0x79 | 0x81 | 0x89 | 0x91 | 0x99 | 0xa1 | 0xa9 | 0xb1 | 0xb9 | 0xc1 | 0xc9 | 0xd1 | 0xd9
	            | 0xe1 | 0xe9 | 0xf1 | 0xf9;

	protocol    = any{2} @protocol;                               # |         Protocol Type         |
	key         = any{2} @payload_length any{2} @call_id;         # | Payload Length |    Call ID   |
	sequence    = any{4} @sequence;
	acknowledgment = any{4} @acknowledgment;

	refused = any ( any - version_1 ) @bad_version
	        | ( any - plain - S ) version_1 @bad_bits
	        | ( plain | S ) ( version_1 - none - A ) @bad_bits;

	header  = plain none protocol key                         @end
	        | plain A    protocol key          acknowledgment @end
	        | S     none protocol key sequence                @end
	        | S     A    protocol key sequence acknowledgment @end
	        | refused;
}%%
