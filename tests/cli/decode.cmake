# decode.cmake - the tests of uptun decode
# SPDX-License-Identifier: Apache-2.0

set(CLI ${PROJECT_SOURCE_DIR}/cli)
ut_test(test_decode LIBS ut_codec SOURCES test_decode.c ${CLI}/decode_input.c ${CLI}/decode_print.c
  ${CLI}/decode_value.c ${CLI}/json.c ${CLI}/plain_text.c ${CLI}/utf8.c)
target_compile_definitions(test_decode PRIVATE _GNU_SOURCE)

if(TARGET uptun)
  add_test(NAME decode_program COMMAND ${CMAKE_CURRENT_SOURCE_DIR}/decode_program.sh $<TARGET_FILE:uptun>)
  set_tests_properties(decode_program PROPERTIES LABELS unit)
endif()
