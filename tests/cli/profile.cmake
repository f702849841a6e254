# profile.cmake - tests of the profile and of protobuf's text format
# SPDX-License-Identifier: Apache-2.0

ut_proto_library(ut_proto_kinds kinds.proto)
file(GLOB UT_EXAMPLES RELATIVE ${PROJECT_SOURCE_DIR} CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/docs/examples/*.textproto)
list(TRANSFORM UT_EXAMPLES PREPEND "\"")
list(TRANSFORM UT_EXAMPLES APPEND "\"")
list(JOIN UT_EXAMPLES "," UT_EXAMPLES)

ut_test(test_textproto SOURCES test_textproto.c LIBS ut_profile ut_proto_kinds)
ut_test(test_textproto_oracle SOURCES test_textproto_oracle.c LIBS ut_profile ut_proto_kinds)
ut_test(test_profile SOURCES test_profile.c LIBS ut_profile)
foreach(test test_textproto_oracle test_profile)
  target_compile_definitions(${test} PRIVATE _DEFAULT_SOURCE "UT_EXAMPLES=${UT_EXAMPLES}")
endforeach()
