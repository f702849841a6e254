// IUptunEvents.aidl - what a watcher of the daemon is told
// SPDX-License-Identifier: Apache-2.0
package uptun;

oneway interface IUptunEvents {
    /** An Event of uptun.proto, as octets. */
    void onEvent(in byte[] event);

    /** The daemon is gone or has cut us off: no event follows. */
    void onEnd(@utf8InCpp String why);
}
