/* EventListener.java - who is told of events
 * SPDX-License-Identifier: Apache-2.0
 */
package uptun.client;

import uptun.proto.Event;

/** Called by the thread that reads the connection: return soon, and make no request from here. */
public interface EventListener {
	/** {@link Event#getLost} tells how many events before this one we were too slow for. */
	void onEvent(Event event);

	/** The connection has ended: no event follows. {@code why} is null when it was closed in good order. */
	default void onEnd(Exception why) {}
}
