/* UptunClientTest.java - the Java client against the real daemon and a real server of ours
 * SPDX-License-Identifier: Apache-2.0
 *
 * The properties uptun and peer name the programs.  The data path is null: nothing needs a privilege.
 */
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNotEquals;
import static org.junit.Assert.assertNotNull;
import static org.junit.Assert.assertTrue;
import static org.junit.Assert.fail;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import uptun.client.EventListener;
import uptun.client.UnixSocket;
import uptun.client.UptunClient;
import uptun.client.UptunException;
import uptun.proto.Error;
import uptun.proto.Event;
import uptun.proto.L2tp;
import uptun.proto.LogLevel;
import uptun.proto.PppSession;
import uptun.proto.Profile;
import uptun.proto.Reconnect;
import uptun.proto.TunnelChange;
import uptun.proto.TunnelStatus;
import uptun.proto.Up;
import uptun.proto.UpReply;
import uptun.proto.VersionReply;
import uptun.proto.Watch;

public final class UptunClientTest {
	private static final long PATIENCE_S = 20;

	@Rule public final TemporaryFolder folder = new TemporaryFolder();
	private final List<Process> started = new ArrayList<>();
	private Path socket;
	private int port;

	/** Keeps what it is told, for the test's own thread. */
	private static final class Ear implements EventListener {
		final BlockingQueue<Event> events = new LinkedBlockingQueue<>();
		final BlockingQueue<String> end = new LinkedBlockingQueue<>();

		@Override
		public void onEvent(Event event) {
			events.add(event);
		}

		@Override
		public void onEnd(Exception why) {
			end.add(why == null ? "in good order" : why.getMessage());
		}

		Event await(Predicate<Event> isWanted) throws InterruptedException {
			final List<Event> seen = new ArrayList<>();

			for (;;) {
				final Event event = events.poll(PATIENCE_S, TimeUnit.SECONDS);
				assertNotNull("the event never came; these did:\n" + seen, event);
				if (isWanted.test(event))
					return event;
				seen.add(event);
			}
		}

		Event await(TunnelChange.Kind kind) throws InterruptedException {
			return await(event -> event.hasChange() && event.getChange().getKind() == kind);
		}
	}

	private Process start(String... words) throws IOException {
		final ProcessBuilder builder = new ProcessBuilder(words);

		builder.redirectErrorStream(true);
		builder.redirectOutput(folder.getRoot().toPath().resolve("log-" + started.size()).toFile());
		final Process process = builder.start();
		started.add(process);
		return process;
	}

	private void startDaemon() throws IOException, InterruptedException {
		start(System.getProperty("uptun"), "daemon", "--no-launcher", "--socket", socket.toString());
		final long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_S);
		while (!Files.exists(socket) && System.nanoTime() < until)
			Thread.sleep(20);
	}

	@Before
	public void bringTheDaemonUp() throws IOException, InterruptedException {
		socket = folder.getRoot().toPath().resolve("uptun.sock");
		try (DatagramSocket free = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
			port = free.getLocalPort();
		}
		startDaemon();
	}

	@After
	public void endAll() throws InterruptedException {
		for (Process process : started) {
			process.destroyForcibly();
			process.waitFor();
		}
	}

	private Profile.Builder profile(String name) {
		return Profile.newBuilder().setName(name).setServer("127.0.0.1").setServerPort(port)
				.setDataPath(Profile.DataPath.NULL_PATH);
	}

	private UptunClient connect(EventListener listener) throws IOException {
		return UnixSocket.connect(socket, listener);
	}

	@Test
	public void the_daemon_says_which_it_is() throws IOException {
		try (UptunClient client = connect(null)) {
			final VersionReply version = client.version();
			assertFalse(version.getVersion().isEmpty());
			assertNotEquals(0, version.getTables());
			assertTrue(version.getTunnelsMax() > 0);
		}
	}

	/* Without a kernel's session pppd ends at once: the tunnel stays between two attempts. */
	@Test
	public void a_tunnel_comes_up_and_goes_down() throws Exception {
		final Reconnect patient = Reconnect.newBuilder().setEnabled(true).setFirstDelayMs(3_600_000)
				.setMaxDelayS(3600).build();
		final Ear ear = new Ear();

		start(System.getProperty("peer"), "--port", Integer.toString(port));
		try (UptunClient client = connect(ear)) {
			final UpReply up = client.up(Up.newBuilder().setWatch(true)
					.setProfile(profile("office").setReconnect(patient)).build());
			assertEquals(1, up.getTunnel());
			final TunnelStatus then = ear.await(TunnelChange.Kind.TUNNEL_UP).getChange().getTunnel();
			assertNotEquals(0, then.getPeerTid());
			assertTrue(then.getMilestones().getTunnelUpUs() > 0);
			ear.await(TunnelChange.Kind.SESSION_UP);
			ear.await(TunnelChange.Kind.BACKOFF);

			final TunnelStatus now = client.status(up.getTunnel());
			assertEquals("office", now.getName());
			assertEquals("127.0.0.1", now.getAddress());
			assertTrue(now.hasLastEnd());
			assertEquals(List.of("office"), client.list().stream().map(TunnelStatus::getName).toList());
			assertEquals(1, client.stats(up.getTunnel()).getSessionCount());
			assertTrue(client.metrics().endsWith("# EOF\n"));

			client.down(up.getTunnel());
			assertEquals("user requested", ear.await(Event::hasEnded).getEnded().getCause());
			assertEquals(0, client.list().size());
		}
	}

	@Test
	public void a_bad_profile_is_refused_with_its_field() throws IOException {
		try (UptunClient client = connect(null)) {
			client.up(profile("x").addSession(PppSession.newBuilder().setMtu(5)).build());
			fail("an MTU of 5 was taken");
		} catch (UptunException e) {
			assertEquals(Error.Code.BAD_PROFILE, e.code());
			assertTrue(e.field(), e.field().contains("mtu"));
			assertTrue(e.getMessage(), e.getMessage().startsWith(e.field()));
		}
	}

	@Test
	public void the_daemon_opens_no_file_for_a_client() throws IOException {
		try (UptunClient client = connect(null)) {
			client.up(profile("x").setL2Tp(L2tp.newBuilder().setSecretFile("/etc/shadow")).build());
			fail("a path was taken");
		} catch (UptunException e) {
			assertEquals(Error.Code.BAD_PROFILE, e.code());
			assertEquals("l2tp.secret_file", e.field());
		}
	}

	@Test
	public void a_tunnel_ends_with_its_connection_if_it_should() throws Exception {
		final Ear ear = new Ear();

		try (UptunClient watcher = connect(ear)) {
			watcher.watch(Watch.getDefaultInstance());
			try (UptunClient client = connect(null)) {
				client.up(Up.newBuilder().setWhileConnected(true).setProfile(profile("short")).build());
				assertEquals(1, watcher.list().size());
			}
			ear.await(Event::hasEnded);
			assertEquals(0, watcher.list().size());
		}
	}

	@Test
	public void many_threads_share_one_client() throws Exception {
		final BlockingQueue<String> failures = new LinkedBlockingQueue<>();
		final List<Thread> threads = new ArrayList<>();

		try (UptunClient client = connect(null)) {
			for (int i = 0; i < 8; i++) {
				final Thread thread = new Thread(() -> {
					try {
						for (int n = 0; n < 50; n++)
							assertFalse(client.version().getVersion().isEmpty());
					} catch (IOException | AssertionError e) {
						failures.add(e.toString());
					}
				});
				thread.start();
				threads.add(thread);
			}
			for (Thread thread : threads)
				thread.join();
		}
		assertTrue(failures.toString(), failures.isEmpty());
	}

	@Test
	public void the_daemons_end_is_told() throws Exception {
		final Ear ear = new Ear();

		try (UptunClient client = connect(ear)) {
			client.version();
			started.get(0).destroyForcibly();
			assertNotNull(ear.end.poll(PATIENCE_S, TimeUnit.SECONDS));
			try {
				client.version();
				fail("a dead daemon answered");
			} catch (IOException e) {
				assertTrue(e.getMessage(), e.getMessage().contains("ended"));
			}
		}
	}

	@Test
	public void a_message_that_is_too_long_never_leaves() throws IOException {
		try (UptunClient client = connect(null)) {
			final byte[] secret = new byte[70_000];
			client.up(profile("x").setL2Tp(L2tp.newBuilder().setSecret(ByteString.copyFrom(secret))).build());
			fail("70000 octets were taken");
		} catch (UptunException e) {
			fail("they were sent: " + e.getMessage());
		} catch (IOException e) {
			assertTrue(e.getMessage(), e.getMessage().contains("65536"));
		}
	}

	@Test
	public void the_log_and_its_level_can_be_had() throws IOException {
		try (UptunClient client = connect(null)) {
			assertEquals(LogLevel.LOG_MILESTONES, client.setLogLevel(LogLevel.LOG_NOTES));
			assertEquals(LogLevel.LOG_NOTES, client.setLogLevel(LogLevel.LOG_MILESTONES));
			client.logs(10);
		}
	}
}
