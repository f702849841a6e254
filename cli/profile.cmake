# profile.cmake - the profile and protobuf's text format
# SPDX-License-Identifier: Apache-2.0

ut_ragel(UT_TEXTPROTO textproto.rl DEPENDS textproto_grammar.rl)
ut_library(ut_profile ${UT_TEXTPROTO} textproto_map.c textproto_read.c textproto_type.c textproto_write.c message_check.c quota.c utf8.c
  profile.c profile_check.c profile_error.c profile_file.c profile_message.c profile_read.c profile_route.c
  profile_secret.c profile_write.c)
target_compile_definitions(ut_profile PRIVATE _DEFAULT_SOURCE)
target_link_libraries(ut_profile PUBLIC ut_proto ut_codec)
