/* aidl.h - numbers that Android's AIDL compiler and framework give to calls and exceptions
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef ANDROID_BINDER_AIDL_H
#define ANDROID_BINDER_AIDL_H

#define AIDL_SERVICE "uptun.IUptun"
#define AIDL_EVENTS "uptun.IUptunEvents"
#define AIDL_MANAGER "android.os.IServiceManager"

/* In the order of the methods in the .aidl files, from 1. */
enum { AIDL_CALL = 1, AIDL_WATCH };
enum { AIDL_ON_EVENT = 1, AIDL_ON_END };
enum { AIDL_GET_SERVICE = 1, AIDL_CHECK_SERVICE, AIDL_ADD_SERVICE };

/* Asked of any object: is it there, and what is it? */
enum { AIDL_PING = 0x5f504e47, AIDL_INTERFACE = 0x5f4e5446 };

enum {
	AIDL_EX_NONE = 0,
	AIDL_EX_SECURITY = -1,
	AIDL_EX_ILLEGAL_ARGUMENT = -3,
	AIDL_EX_ILLEGAL_STATE = -5,
	AIDL_EX_UNSUPPORTED = -7
};

#endif
