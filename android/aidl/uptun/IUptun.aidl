// IUptun.aidl - the daemon as a binder service: protobuf octets in and out
// SPDX-License-Identifier: Apache-2.0
package uptun;

import uptun.IUptunEvents;

/**
 * Octets are messages of uptun.proto, at most 65536 each. The caller's user, as the kernel attests it, is passed on to the
 * daemon, which serves those it was told to.
 */
interface IUptun {
    /** A Request without its id; the answer is a Reply. An Up with `watch` and a Watch belong to watch(). */
    byte[] call(in byte[] request);

    /**
     * Events for `events` from now on: `watch` is a Request with a Watch, or an Up that watches its tunnel. The answer is the
     * Reply. Ends with the death of either side; an Up with `while_connected` ends with it too.
     */
    byte[] watch(in byte[] request, IUptunEvents events);
}
