/* UnixSocket.java - a Unix socket of the JDK as a pair of streams
 * SPDX-License-Identifier: Apache-2.0
 *
 * Android has no UnixDomainSocketAddress and leaves this file out: give UptunClient the streams of a LocalSocket there.
 */
package uptun.client;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;

/** Its streams can be read and written at the same time, which those of java.nio.channels.Channels cannot. */
public final class UnixSocket implements Closeable {
	private final SocketChannel channel;

	private UnixSocket(Path path) throws IOException {
		channel = SocketChannel.open(UnixDomainSocketAddress.of(path));
	}

	/** Connects to the daemon's socket, usually /run/uptun.sock; {@code listener} may be null. */
	public static UptunClient connect(Path path, EventListener listener) throws IOException {
		final UnixSocket socket = new UnixSocket(path);

		return new UptunClient(socket.new Input(), socket.new Output(), socket, listener);
	}

	@Override
	public void close() throws IOException {
		channel.close();
	}

	private final class Input extends InputStream {
		@Override
		public int read() throws IOException {
			final byte[] one = new byte[1];

			return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
		}

		@Override
		public int read(byte[] octets, int offset, int n) throws IOException {
			return n == 0 ? 0 : channel.read(ByteBuffer.wrap(octets, offset, n));
		}
	}

	private final class Output extends OutputStream {
		@Override
		public void write(int octet) throws IOException {
			write(new byte[] {(byte) octet}, 0, 1);
		}

		@Override
		public void write(byte[] octets, int offset, int n) throws IOException {
			final ByteBuffer rest = ByteBuffer.wrap(octets, offset, n);

			while (rest.hasRemaining())
				channel.write(rest);
		}
	}
}
