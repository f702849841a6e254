# uptun.cmake - the few helpers every folder uses
# SPDX-License-Identifier: Apache-2.0

include(CTest)
find_package(PkgConfig REQUIRED)

option(UPTUN_WERROR "warnings are errors" OFF)
option(UPTUN_FUZZ "build the fuzz targets with UPTUN_FUZZ_ENGINE (clang)" OFF)
option(UPTUN_AFL "build the AFL++ targets (afl-clang-fast)" OFF)
option(UPTUN_COVERAGE "count lines with gcov" OFF)
option(UPTUN_JAVA "build the Java client, where a JDK is" ON)
set(UPTUN_FUZZ_ENGINE "-fsanitize=fuzzer" CACHE STRING "what a fuzz target is linked with")
set(UPTUN_FUZZ_LINKER C CACHE STRING "by which language's compiler: C, or CXX for an engine that is a C++ library")
set(UPTUN_SANITIZE "" CACHE STRING "sanitizers, as for -fsanitize=")

set(CMAKE_C_STANDARD 11)
set(CMAKE_C_STANDARD_REQUIRED ON)
set(CMAKE_C_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
if(CMAKE_SIZEOF_VOID_P EQUAL 4)
  add_compile_definitions(_FILE_OFFSET_BITS=64) # captures of more than 2 GiB, and inodes of any number
endif()
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/bin)
# Assertions stay on in release (design: a broken invariant ends the program, not the user's network).
set(CMAKE_C_FLAGS_RELWITHDEBINFO "-O2 -g")
set(CMAKE_C_FLAGS_RELEASE "-O2")
# Tables for exceptions, which C has none of, would be resident; the debugger has its own.
add_compile_options($<$<CONFIG:RelWithDebInfo,Release>:-fno-asynchronous-unwind-tables>)
add_link_options($<$<CONFIG:RelWithDebInfo,Release>:-fno-asynchronous-unwind-tables>)

if(UPTUN_SANITIZE)
  add_compile_options(-fsanitize=${UPTUN_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  add_link_options(-fsanitize=${UPTUN_SANITIZE})
endif()
if(UPTUN_FUZZ AND UPTUN_FUZZ_ENGINE STREQUAL "-fsanitize=fuzzer")
  # Coverage counters in every library, or libFuzzer is blind. Other engines bring their own.
  add_compile_options(-fsanitize=fuzzer-no-link)
endif()
if(UPTUN_COVERAGE)
  add_compile_options(--coverage -O0)
  add_link_options(--coverage)
endif()

# Hand-written code gets every warning; generated code is exempt by target.
function(ut_warnings target)
  target_compile_options(${target} PRIVATE -Wall -Wextra -Wpedantic -Wconversion -Wsign-conversion
    -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wundef -Wvla -Wwrite-strings -Wformat=2)
  if(UPTUN_WERROR)
    target_compile_options(${target} PRIVATE -Werror)
  endif()
endfunction()

# ut_library(ut_codec SOURCES... ) - a static library whose includes name their folder
function(ut_library target)
  add_library(${target} STATIC ${ARGN})
  target_include_directories(${target} PUBLIC ${PROJECT_SOURCE_DIR})
  ut_warnings(${target})
endfunction()

# ut_small(targets...) - what is not in a hurry: little code, and no rarely called function's buffers on the stack of a
# caller that is always there, as inlining would have it; each page counts at the start
include(CheckCCompilerFlag)
check_c_compiler_flag(-fconserve-stack UPTUN_CAN_CONSERVE_STACK)
function(ut_small)
  foreach(target ${ARGN})
    target_compile_options(${target} PRIVATE $<$<CONFIG:RelWithDebInfo>:-Os>)
    if(UPTUN_CAN_CONSERVE_STACK)
      target_compile_options(${target} PRIVATE $<$<CONFIG:RelWithDebInfo>:-fconserve-stack>)
    endif()
  endforeach()
endfunction()

# ut_ragel(OUTVAR grammar_host.rl DEPENDS included.rl...) - C from a grammar, in the build folder
find_program(RAGEL ragel REQUIRED)
function(ut_ragel outvar source)
  cmake_parse_arguments(R "" "" "DEPENDS" ${ARGN})
  get_filename_component(name ${source} NAME_WE)
  set(out ${CMAKE_CURRENT_BINARY_DIR}/${name}.rl.c)
  set(deps)
  foreach(d ${R_DEPENDS})
    list(APPEND deps ${CMAKE_CURRENT_SOURCE_DIR}/${d})
  endforeach()
  add_custom_command(OUTPUT ${out}
    COMMAND ${RAGEL} -C -G2 -I ${CMAKE_CURRENT_SOURCE_DIR} -o ${out} ${CMAKE_CURRENT_SOURCE_DIR}/${source}
    DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/${source} ${deps}
    VERBATIM)
  # Ragel's own loops and labels are not ours to polish.
  set_source_files_properties(${out} PROPERTIES COMPILE_OPTIONS
    "-Wno-conversion;-Wno-sign-conversion;-Wno-implicit-fallthrough;-Wno-unused-label;-Wno-unused-const-variable")
  set(${outvar} ${out} PARENT_SCOPE)
endfunction()

# ut_test(test_l2tp_avp SOURCES test_l2tp_avp.c LIBS ut_codec) - one cmocka program, one CTest
pkg_check_modules(CMOCKA REQUIRED IMPORTED_TARGET cmocka)
function(ut_test target)
  cmake_parse_arguments(T "" "" "SOURCES;LIBS" ${ARGN})
  add_executable(${target} ${T_SOURCES})
  target_include_directories(${target} PRIVATE ${PROJECT_SOURCE_DIR})
  target_link_libraries(${target} PRIVATE ${T_LIBS} PkgConfig::CMOCKA)
  ut_warnings(${target})
  add_test(NAME ${target} COMMAND ${target} WORKING_DIRECTORY ${PROJECT_SOURCE_DIR})
  set_tests_properties(${target} PROPERTIES LABELS unit SKIP_RETURN_CODE 77)
endfunction()

if(UPTUN_FUZZ)
  add_custom_target(fuzz_programs)
endif()

# ut_fuzz(l2tp_message LIBS ut_codec) - fuzz/fuzz_NAME.c three ways: libFuzzer (preset fuzz, program
# fuzz_NAME), AFL++ (preset afl, program afl_NAME), and with any compiler a replay of corpus and crashes as CTest.
# MAKER program: seeds that the build makes, in the folder seeds/NAME of the build, instead of fuzz/corpus/NAME
function(ut_fuzz name)
  cmake_parse_arguments(F "" "MAKER" "SOURCES;LIBS" ${ARGN})
  set(corpus ${PROJECT_SOURCE_DIR}/fuzz/corpus/${name})
  if(F_MAKER)
    set(corpus ${PROJECT_BINARY_DIR}/seeds/${name})
    add_custom_command(OUTPUT ${corpus}.made
      COMMAND ${CMAKE_COMMAND} -E make_directory ${corpus}
      COMMAND ${F_MAKER} ${corpus}
      COMMAND ${CMAKE_COMMAND} -E touch ${corpus}.made
      DEPENDS ${F_MAKER} VERBATIM)
    add_custom_target(seeds_${name} ALL DEPENDS ${corpus}.made)
  endif()
  add_executable(replay_${name} ${PROJECT_SOURCE_DIR}/fuzz/fuzz_${name}.c ${PROJECT_SOURCE_DIR}/fuzz/replay_main.c ${F_SOURCES})
  target_include_directories(replay_${name} PRIVATE ${PROJECT_SOURCE_DIR})
  target_link_libraries(replay_${name} PRIVATE ${F_LIBS})
  ut_warnings(replay_${name})
  add_test(NAME fuzz_corpus_${name} COMMAND replay_${name} ${corpus} ${PROJECT_SOURCE_DIR}/fuzz/crashes/${name})
  set_tests_properties(fuzz_corpus_${name} PROPERTIES LABELS fuzz)
  if(UPTUN_FUZZ)
    add_executable(fuzz_${name} ${PROJECT_SOURCE_DIR}/fuzz/fuzz_${name}.c ${F_SOURCES})
    target_include_directories(fuzz_${name} PRIVATE ${PROJECT_SOURCE_DIR})
    target_link_libraries(fuzz_${name} PRIVATE ${F_LIBS} ${UPTUN_FUZZ_ENGINE})
    set_target_properties(fuzz_${name} PROPERTIES LINKER_LANGUAGE ${UPTUN_FUZZ_LINKER})
    add_dependencies(fuzz_programs fuzz_${name})
    if(F_MAKER)
      add_dependencies(fuzz_programs seeds_${name})
    endif()
  endif()
  if(UPTUN_AFL)
    add_executable(afl_${name} ${PROJECT_SOURCE_DIR}/fuzz/fuzz_${name}.c ${PROJECT_SOURCE_DIR}/fuzz/afl_main.c ${F_SOURCES})
    target_include_directories(afl_${name} PRIVATE ${PROJECT_SOURCE_DIR})
    target_link_libraries(afl_${name} PRIVATE ${F_LIBS})
  endif()
endfunction()
