# decode.cmake - the tests of uptun decode
# SPDX-License-Identifier: Apache-2.0

foreach(unit decode decode_malformed decode_pptp)
  ut_test(test_${unit} LIBS ut_decode SOURCES test_${unit}.c)
  target_compile_definitions(test_${unit} PRIVATE _GNU_SOURCE)
endforeach()

if(TARGET uptun)
  add_test(NAME decode_program COMMAND ${CMAKE_CURRENT_SOURCE_DIR}/decode_program.sh $<TARGET_FILE:uptun>)
  set_tests_properties(decode_program PROPERTIES LABELS unit)
endif()
