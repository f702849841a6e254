/* Frames.java - one protobuf message after another on a stream, each with its length in front
 * SPDX-License-Identifier: Apache-2.0
 */
package uptun.client;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageLite;
import com.google.protobuf.Parser;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/** The framing of {@code writeDelimitedTo}, with a limit on what is read. */
final class Frames {
	/** Octets of the longest message, without its length. */
	static final int OCTETS_MAX = 65536;

	private Frames() {}

	static void write(OutputStream out, MessageLite message) throws IOException {
		final int octets = message.getSerializedSize();

		if (octets > OCTETS_MAX)
			throw new InvalidProtocolBufferException(
					"a message of " + octets + " octets, at most " + OCTETS_MAX + " are allowed");
		message.writeDelimitedTo(out);
		out.flush();
	}

	/** The next message, or null when the peer has sent its last. */
	static <T> T read(InputStream in, Parser<T> parser) throws IOException {
		final int first = in.read();

		if (first < 0)
			return null;
		final byte[] octets = new byte[readLength(in, first)];
		readFully(in, octets);
		return parser.parseFrom(octets);
	}

	/* Three octets of a varint hold 21 bits, more than a length may have. */
	private static int readLength(InputStream in, int first) throws IOException {
		int length = first & 0x7f;

		for (int shift = 7, octet = first; (octet & 0x80) != 0; shift += 7) {
			if (shift > 14)
				throw new InvalidProtocolBufferException("a length of more than three octets");
			octet = in.read();
			if (octet < 0)
				throw new EOFException("the daemon's connection ended inside a length");
			length |= (octet & 0x7f) << shift;
		}
		if (length > OCTETS_MAX)
			throw new InvalidProtocolBufferException(
					"a message of " + length + " octets, at most " + OCTETS_MAX + " are allowed");
		return length;
	}

	private static void readFully(InputStream in, byte[] out) throws IOException {
		for (int n = 0; n < out.length; ) {
			final int got = in.read(out, n, out.length - n);

			if (got < 0)
				throw new EOFException("the daemon's connection ended inside a message");
			n += got;
		}
	}
}
