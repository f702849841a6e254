/* UptunClient.java - a connection to uptun's daemon
 * SPDX-License-Identifier: Apache-2.0
 */
package uptun.client;

import java.io.BufferedOutputStream;
import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import uptun.proto.Down;
import uptun.proto.ListReply;
import uptun.proto.LogLevel;
import uptun.proto.LogLine;
import uptun.proto.Logs;
import uptun.proto.Metrics;
import uptun.proto.MetricsReply;
import uptun.proto.Profile;
import uptun.proto.Reply;
import uptun.proto.Request;
import uptun.proto.SetLogLevel;
import uptun.proto.Stats;
import uptun.proto.StatsReply;
import uptun.proto.Status;
import uptun.proto.ToClient;
import uptun.proto.TunnelStatus;
import uptun.proto.Up;
import uptun.proto.UpReply;
import uptun.proto.Version;
import uptun.proto.VersionReply;
import uptun.proto.Watch;

/**
 * Orders for the daemon, and its events. Any thread may call; each call waits for its answer, ten seconds at most, and throws
 * {@link UptunException} when that is no.
 */
public final class UptunClient implements Closeable {
	private static final long ANSWER_MS = 10_000;

	private final OutputStream out;
	private final InputStream in;
	private final Closeable socket;
	private final EventListener listener;
	/** Requests that wait for their answer, by id; also the lock of everything below. */
	private final Map<Integer, CompletableFuture<Reply>> waiting = new HashMap<>();
	private int lastId;
	private boolean isEnded;

	/**
	 * Speaks over streams that are connected already: those of a {@code UnixSocket}, or of an android.net.LocalSocket; {@code socket} is closed at
	 * the end. {@code listener} is called for events once {@link #watch} or an Up with {@code watch} asked for them.
	 */
	public UptunClient(InputStream in, OutputStream out, Closeable socket, EventListener listener) {
		this.in = new BufferedInputStream(in);
		this.out = new BufferedOutputStream(out);
		this.socket = socket;
		this.listener = listener;
		final Thread reader = new Thread(this::readAll, "uptun-client");
		reader.setDaemon(true);
		reader.start();
	}

	/** Brings a profile up; the answer has the tunnel's number. Secrets go as octets in the profile. */
	public UpReply up(Profile profile) throws IOException {
		return up(Up.newBuilder().setProfile(profile).build());
	}

	/** The same, with all that can be asked for. */
	public UpReply up(Up up) throws IOException {
		return call(Request.newBuilder().setUp(up)).getUp();
	}

	/** Takes a tunnel down in good order; asked again, at once. */
	public void down(int tunnel) throws IOException {
		call(Request.newBuilder().setDown(Down.newBuilder().setTunnel(tunnel)));
	}

	/** All tunnels; how many were asked to end. */
	public int downAll() throws IOException {
		return call(Request.newBuilder().setDown(Down.newBuilder().setAll(true))).getDown().getTunnels();
	}

	/** All tunnels, however many replies that takes. */
	public List<TunnelStatus> list() throws IOException {
		final List<TunnelStatus> all = new ArrayList<>();
		int from = 0;

		do {
			final ListReply part = call(Request.newBuilder()
					.setList(uptun.proto.List.newBuilder().setFrom(from))).getList();

			all.addAll(part.getTunnelList());
			from = part.getNext();
		} while (from != 0);
		return all;
	}

	/** What one tunnel is like now. */
	public TunnelStatus status(int tunnel) throws IOException {
		return call(Request.newBuilder().setStatus(Status.newBuilder().setTunnel(tunnel))).getStatus();
	}

	/** Counters of one tunnel. */
	public StatsReply stats(int tunnel) throws IOException {
		return call(Request.newBuilder().setStats(Stats.newBuilder().setTunnel(tunnel))).getStats();
	}

	/** The listener is told of events from now on. */
	public void watch(Watch watch) throws IOException {
		call(Request.newBuilder().setWatch(watch));
	}

	/** Sets what the daemon logs; the answer is what it was. */
	public LogLevel setLogLevel(LogLevel level) throws IOException {
		return call(Request.newBuilder().setSetLogLevel(SetLogLevel.newBuilder().setLevel(level)))
				.getSetLogLevel().getBefore();
	}

	/** The newest lines of the daemon's log, oldest first. */
	public List<LogLine> logs(int lines) throws IOException {
		return call(Request.newBuilder().setLogs(Logs.newBuilder().setLines(lines))).getLogs().getLineList();
	}

	/** Everything that is counted, as OpenMetrics text. */
	public String metrics() throws IOException {
		final StringBuilder text = new StringBuilder();
		int from = 0;

		do {
			final MetricsReply part = call(Request.newBuilder()
					.setMetrics(Metrics.newBuilder().setFrom(from))).getMetrics();

			text.append(part.getText());
			from = part.getNext();
		} while (from != 0);
		return text.toString();
	}

	/** Which daemon this is. */
	public VersionReply version() throws IOException {
		return call(Request.newBuilder().setVersion(Version.getDefaultInstance())).getVersion();
	}

	/** Any request; its id is set here. */
	public Reply call(Request.Builder request) throws IOException {
		final CompletableFuture<Reply> answer = new CompletableFuture<>();
		final int id;

		synchronized (waiting) {
			if (isEnded)
				throw new EOFException("the daemon's connection has ended");
			id = ++lastId;
			waiting.put(id, answer);
		}
		try {
			send(request.setId(id).build());
			final Reply reply = await(answer);
			if (reply.hasError())
				throw new UptunException(reply.getError());
			return reply;
		} finally {
			synchronized (waiting) {
				waiting.remove(id);
			}
		}
	}

	/** Ends the connection; tunnels brought up with {@code while_connected} end with it. */
	@Override
	public void close() throws IOException {
		end(null);
		socket.close();
	}

	private void send(Request request) throws IOException {
		synchronized (out) {
			Frames.write(out, request);
		}
	}

	private static Reply await(CompletableFuture<Reply> answer) throws IOException {
		try {
			return answer.get(ANSWER_MS, TimeUnit.MILLISECONDS);
		} catch (ExecutionException e) {
			throw new IOException(e.getCause().getMessage(), e.getCause());
		} catch (TimeoutException e) {
			throw new IOException("the daemon did not answer within " + ANSWER_MS / 1000 + " seconds", e);
		} catch (InterruptedException e) {
			Thread.currentThread().interrupt();
			throw (IOException) new InterruptedIOException("interrupted while the daemon answered").initCause(e);
		}
	}

	private void readAll() {
		Exception why = null;

		try {
			for (ToClient told = next(); told != null; told = next())
				take(told);
		} catch (IOException | RuntimeException e) {
			why = e;
		}
		end(why);
	}

	private ToClient next() throws IOException {
		return Frames.read(in, ToClient.parser());
	}

	private void take(ToClient told) {
		if (told.hasEvent()) {
			if (listener != null)
				listener.onEvent(told.getEvent());
			return;
		}
		final CompletableFuture<Reply> answer;
		synchronized (waiting) {
			answer = waiting.get(told.getReply().getId());
		}
		if (answer != null)
			answer.complete(told.getReply());
	}

	/** Tells everybody once. */
	private void end(Exception why) {
		final List<CompletableFuture<Reply>> left;

		synchronized (waiting) {
			if (isEnded)
				return;
			isEnded = true;
			left = new ArrayList<>(waiting.values());
		}
		for (CompletableFuture<Reply> answer : left)
			answer.completeExceptionally(
					why != null ? why : new EOFException("the daemon's connection has ended"));
		if (listener != null)
			listener.onEnd(why);
	}
}
