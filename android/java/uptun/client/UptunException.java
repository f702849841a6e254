/* UptunException.java - the daemon's answer was no
 * SPDX-License-Identifier: Apache-2.0
 */
package uptun.client;

import java.io.IOException;

/** What the daemon refused, in its own words; the message is its sentence. */
public final class UptunException extends IOException {
	private static final long serialVersionUID = 1;

	private final transient uptun.proto.Error error;

	UptunException(uptun.proto.Error error) {
		super(error.getField().isEmpty() ? error.getText() : error.getField() + ": " + error.getText());
		this.error = error;
	}

	/** Why, as one of a list. */
	public uptun.proto.Error.Code code() {
		return error.getCode();
	}

	/** Of a bad profile: which field, as {@code session[1].mtu}; else empty. */
	public String field() {
		return error.getField();
	}

	/** Of SYSTEM: errno, else 0. */
	public int errno() {
		return error.getErrnoValue();
	}
}
