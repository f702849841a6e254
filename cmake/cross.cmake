# cross.cmake - the toolchain file of tools/cross: another of Debian's architectures, with its libraries in a folder
# SPDX-License-Identifier: Apache-2.0
#
# UPTUN_CROSS_COMPILER, _TRIPLET (whose libraries), _ROOT (that folder), _EMULATOR (empty: this processor runs it itself).

list(APPEND CMAKE_TRY_COMPILE_PLATFORM_VARIABLES UPTUN_CROSS_COMPILER UPTUN_CROSS_TRIPLET UPTUN_CROSS_ROOT UPTUN_CROSS_EMULATOR)

set(CMAKE_SYSTEM_NAME Linux)
set(CMAKE_SYSTEM_PROCESSOR ${UPTUN_CROSS_TRIPLET})
set(CMAKE_C_COMPILER ${UPTUN_CROSS_COMPILER})
set(CMAKE_SYSROOT ${UPTUN_CROSS_ROOT})
set(CMAKE_LIBRARY_ARCHITECTURE ${UPTUN_CROSS_TRIPLET})
set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
set(CMAKE_FIND_ROOT_PATH_MODE_LIBRARY ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_INCLUDE ONLY)
set(ENV{PKG_CONFIG_SYSROOT_DIR} ${UPTUN_CROSS_ROOT})
set(ENV{PKG_CONFIG_LIBDIR} ${UPTUN_CROSS_ROOT}/usr/lib/${UPTUN_CROSS_TRIPLET}/pkgconfig:${UPTUN_CROSS_ROOT}/usr/share/pkgconfig)

if(UPTUN_CROSS_EMULATOR)
  set(CMAKE_CROSSCOMPILING_EMULATOR ${UPTUN_CROSS_EMULATOR} -L ${UPTUN_CROSS_ROOT})
else()
  set(CMAKE_CROSSCOMPILING_EMULATOR env) # what is made and run while building is run, too
  file(GLOB loader ${UPTUN_CROSS_ROOT}/lib/ld-linux*.so.*)
  set(folders ${UPTUN_CROSS_ROOT}/lib/${UPTUN_CROSS_TRIPLET}:${UPTUN_CROSS_ROOT}/usr/lib/${UPTUN_CROSS_TRIPLET})
  set(CMAKE_EXE_LINKER_FLAGS_INIT "-Wl,--dynamic-linker=${loader},--disable-new-dtags,-rpath=${folders}")
endif()
