# pptp_grammar.rl - PPTP control messages, each as its figure has it (RFC 2637 sections 1.4 and 2)
# SPDX-License-Identifier: Apache-2.0
#
# The lead tells how long a message is and of which type.  It is read as its octets come, in pieces of any size.
#
# Needs actions, each entered on the last octet of what it names; each may end the machine (fbreak), the last does:
#   length cookie control_message_type
%%{
	machine pptp_lead_grammar;
	alphtype unsigned char;

	lead = any{2} @length             # |             Length            |
	       any{2}                     # |       PPTP Message Type       |
	       any{4} @cookie             # |                         Magic Cookie                          |
	       any{2} @control_message_type;
}%%
# A message from Control Message Type on, of a type and a Length that the lead let through: all of it is there, and
# no octet is an error.
#
# Needs actions, each entered on the last octet of what it names:
#   the fields; end, with the last of them, ends the machine (fbreak)
#   phone_number_length dialed_number_length dialing_number_length may end it before
# Texts and the call errors are counted, not walked: their actions are entered on the first octet and go on behind the
# last (fexec); how many octets they have stands beside each.
%%{
	machine pptp_message_grammar;
	alphtype unsigned char;

	reserved_octet  = any;
	reserved_word   = any{2};
	version         = any{2} @protocol_version;
	result          = any @result;
	error           = any @error;
	cause           = any{2} @cause;
	framing         = any{4} @framing;
	bearer          = any{4} @bearer;
	channels        = any{2} @maximum_channels;
	firmware        = any{2} @firmware_revision;
	identifier      = any{4} @identifier;
	call_id         = any{2} @call_id;
	peer_call_id    = any{2} @peer_call_id;
	call_serial     = any{2} @call_serial;
	minimum_bps     = any{4} @minimum_bps;
	maximum_bps     = any{4} @maximum_bps;
	connect_speed   = any{4} @connect_speed;
	window          = any{2} @window;
	delay           = any{2} @processing_delay;
	channel         = any{4} @physical_channel;
	accm            = any{4} @send_accm any{4} @receive_accm;

	host_name       = any @host_name;                 # 64
	vendor_name     = any @vendor_name;               # 64
	phone_length    = any{2} @phone_number_length;
	phone_number    = any @phone_number;              # 64
	dialed_length   = any{2} @dialed_number_length;
	dialed_number   = any @dialed_number;             # 64
	dialing_length  = any{2} @dialing_number_length;
	dialing_number  = any @dialing_number;            # 64
	subaddress      = any @subaddress;                # 64
	statistics      = any @statistics;                # 128
	call_errors     = any @call_errors;               # 6 of 4

	# |      Control Message Type     |           Reserved0           |
	reserved0 = any{2} @reserved0;

	# RFC 2637 2.1
	sccrq = 0 1 reserved0
	        version reserved_word
	        framing
	        bearer
	        channels firmware
	        host_name
	        vendor_name;
	# RFC 2637 2.2
	sccrp = 0 2 reserved0
	        version result error
	        framing
	        bearer
	        channels firmware
	        host_name
	        vendor_name;
	# RFC 2637 2.3; its Reason stands where others have the Result Code
	stopccrq = 0 3 reserved0
	        result reserved_octet reserved_word;
	# RFC 2637 2.4
	stopccrp = 0 4 reserved0
	        result error reserved_word;
	# RFC 2637 2.5
	echorq = 0 5 reserved0
	        identifier;
	# RFC 2637 2.6
	echorp = 0 6 reserved0
	        identifier
	        result error reserved_word;
	# RFC 2637 2.7
	ocrq = 0 7 reserved0
	        call_id call_serial
	        minimum_bps
	        maximum_bps
	        bearer
	        framing
	        window delay
	        phone_length reserved_word
	        phone_number
	        subaddress;
	# RFC 2637 2.8
	ocrp = 0 8 reserved0
	        call_id peer_call_id
	        result error cause
	        connect_speed
	        window delay
	        channel;
	# RFC 2637 2.9
	icrq = 0 9 reserved0
	        call_id call_serial
	        bearer
	        channel
	        dialed_length dialing_length
	        dialed_number
	        dialing_number
	        subaddress;
	# RFC 2637 2.10
	icrp = 0 10 reserved0
	        call_id peer_call_id
	        result error window
	        delay reserved_word;
	# RFC 2637 2.11
	iccn = 0 11 reserved0
	        peer_call_id reserved_word
	        connect_speed
	        window delay
	        framing;
	# RFC 2637 2.12
	ccrq = 0 12 reserved0
	        call_id reserved_word;
	# RFC 2637 2.13
	cdn = 0 13 reserved0
	        call_id result error
	        cause reserved_word
	        statistics;
	# RFC 2637 2.14
	wen = 0 14 reserved0
	        peer_call_id reserved_word
	        call_errors;
	# RFC 2637 2.15
	sli = 0 15 reserved0
	        peer_call_id reserved_word
	        accm;

	message = ( sccrq | sccrp | stopccrq | stopccrp | echorq | echorp
	          | ocrq | ocrp | icrq | icrp | iccn | ccrq | cdn | wen | sli ) @end;
}%%
