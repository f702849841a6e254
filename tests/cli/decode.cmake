# decode.cmake - the tests of uptun decode
# SPDX-License-Identifier: Apache-2.0

set(CLI ${PROJECT_SOURCE_DIR}/cli)
ut_library(ut_decode ${CLI}/decode_avp.c ${CLI}/decode_gre.c ${CLI}/decode_input.c ${CLI}/decode_packet.c ${CLI}/decode_pptp.c
  ${CLI}/decode_pptp_field.c ${CLI}/decode_print.c ${CLI}/decode_value.c ${CLI}/decode_words.c ${CLI}/json.c
  ${CLI}/plain_text.c ${CLI}/utf8.c)
target_compile_definitions(ut_decode PUBLIC _GNU_SOURCE)
target_link_libraries(ut_decode PUBLIC ut_codec)
foreach(unit decode decode_pptp)
  ut_test(test_${unit} LIBS ut_decode SOURCES test_${unit}.c)
endforeach()

if(TARGET uptun)
  add_test(NAME decode_program COMMAND ${CMAKE_CURRENT_SOURCE_DIR}/decode_program.sh $<TARGET_FILE:uptun>)
  set_tests_properties(decode_program PROPERTIES LABELS unit)
endif()
