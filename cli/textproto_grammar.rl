# textproto_grammar.rl - words of protobuf's text format, and what stands between a string's quotes
# SPDX-License-Identifier: Apache-2.0
#
# Two scanners: the longest match wins, of equal ones the first.
%%{
	machine textproto_token_grammar;
	alphtype unsigned char;
	# One word.  A string is only delimited here: anything but a line's end may follow a backslash.
	# Between a number and a name there must be something.
	# Needs actions: name, integer, fraction, string, symbol, bad_number, open_string, stray

	white    = [ \t\n\v\f\r]+;
	comment  = '#' [^\n]*;

	decimal  = '0' | [1-9] [0-9]*;
	exponent = [eE] [+\-]? [0-9]+;
	whole    = decimal | '0' [0-7]+ | '0' [xX] xdigit+;
	broken   = ( decimal '.' [0-9]* | '.' [0-9]+ ) exponent? [fF]? | decimal exponent [fF]? | decimal [fF];
	letter   = [A-Za-z_];

	body_d   = [^"\\\n] | '\\' [^\n];
	body_s   = [^'\\\n] | '\\' [^\n];

	main := |*
		white;
		comment;
		letter (letter | [0-9])*                                   => name;
		whole                                                      => integer;
		broken                                                     => fraction;
		( whole | broken ) letter (letter | [0-9])*                => bad_number;
		'0' [0-9]+ | '0' [xX]                                      => bad_number;
		( decimal ('.' [0-9]*)? | '.' [0-9]+ ) [eE] [+\-]?         => bad_number;
		'"' body_d* '"' | "'" body_s* "'"                          => string;
		'"' body_d* '\\'? | "'" body_s* '\\'?                      => open_string;
		[{}<>\[\]:;,\-]                                            => symbol;
		any                                                        => stray;
	*|;
}%%

%%{
	machine textproto_string_grammar;
	alphtype unsigned char;
	# The inside of a string: octets as they are, and escapes.
	# Needs actions: copy, simple, octal, hex, unicode, surrogates, bad_escape

	main := |*
		[^\\]+                                                     => copy;
		'\\' [abfnrtv\\?'"]                                        => simple;
		'\\' [0-3]? [0-7]{1,2}                                     => octal;
		'\\x' xdigit{1,2}                                          => hex;
		'\\u' xdigit{4}                                            => unicode;
		'\\U00' ( '0' xdigit | '10' ) xdigit{4}                    => unicode;
		( '\\u' | '\\U0000' ) [dD] [89abAB] xdigit{2}
			'\\u' [dD] [c-fC-F] xdigit{2}                      => surrogates;
		'\\' [4-7] [0-7]{2}                                        => bad_escape;
		'\\' any?                                                  => bad_escape;
	*|;
}%%
