# front.cmake - tests of the front: options, output, help, the commands with a host that only pretends
# SPDX-License-Identifier: Apache-2.0

ut_test(test_option SOURCES test_option.c LIBS ut_control)
ut_test(test_graph SOURCES test_graph.c LIBS ut_inspect)
ut_test(test_json SOURCES test_json.c LIBS ut_cli)
ut_test(test_output SOURCES test_output.c reports.c LIBS ut_cli)
foreach(test test_graph test_option test_json test_output)
  target_compile_definitions(${test} PRIVATE _GNU_SOURCE)
endforeach()

ut_test(test_mtpd SOURCES test_mtpd.c LIBS ut_cli)
target_compile_definitions(test_mtpd PRIVATE _GNU_SOURCE)

# The program, except that its host tells a tale instead of making tunnels.
add_executable(uptun_pretending ${PROJECT_SOURCE_DIR}/cli/main.c pretending_host.c)
target_compile_definitions(uptun_pretending PRIVATE _GNU_SOURCE)
target_link_libraries(uptun_pretending PRIVATE ut_cli ut_host -Wl,--wrap=kb_hide_memory)
add_dependencies(uptun_pretending uptun)
ut_warnings(uptun_pretending)
add_test(NAME front_program COMMAND ${CMAKE_CURRENT_SOURCE_DIR}/front_program.sh $<TARGET_FILE:uptun_pretending>)
add_executable(mtpd-player mtpd_player.c)
target_compile_definitions(mtpd-player PRIVATE _GNU_SOURCE)
ut_warnings(mtpd-player)
add_test(NAME mtpd_program COMMAND ${CMAKE_CURRENT_SOURCE_DIR}/mtpd_program.sh $<TARGET_FILE:uptun_pretending>
  $<TARGET_FILE:mtpd-player>)
add_test(NAME front_documents COMMAND ${CMAKE_CURRENT_SOURCE_DIR}/front_documents.sh $<TARGET_FILE:uptun>)
set_tests_properties(front_program front_documents mtpd_program PROPERTIES LABELS unit SKIP_RETURN_CODE 77
  WORKING_DIRECTORY ${PROJECT_SOURCE_DIR})
