# What every target shares, and the three ways to make one.

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)

option(SALLYPORT_SANITIZE "Build with AddressSanitizer and UndefinedBehaviorSanitizer" OFF)

find_program(CCACHE_PROGRAM ccache)
if(CCACHE_PROGRAM)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CCACHE_PROGRAM})
endif()

add_compile_options(-Wall -Wextra -Wpedantic -Wshadow -Wconversion -Werror)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # g++ 12 reports these two inside libstdc++ itself (GCC bugs 105329, 105651) when it inlines std::string.
  add_compile_options(-Wno-restrict -Wno-maybe-uninitialized)
endif()
if(SALLYPORT_SANITIZE)
  add_compile_options(-fsanitize=address,undefined -fno-sanitize-recover=all)
  add_link_options(-fsanitize=address,undefined)
endif()

set_property(GLOBAL PROPERTY SALLYPORT_LAYERS "")

# sallyport_library(NAME SOURCES a.cc ... [DEPS base event ...] [PROGRAM_DEPS ...] [PRIVATE_LIBS CURL::libcurl ...])
#
# The library of one folder. NAME is the folder as `#include` names it. DEPS are the folders that its headers
# and sources may include from, and nothing else: `scripts/check-layers` (a test) holds the sources to it. PROGRAM_DEPS are
# folders that other programs of the folder use besides; the library is not linked with them.
function(sallyport_library NAME)
  cmake_parse_arguments(ARG "" "" "SOURCES;DEPS;PROGRAM_DEPS;PRIVATE_LIBS" ${ARGN})
  add_library(sallyport_${NAME} STATIC ${ARG_SOURCES})
  target_include_directories(sallyport_${NAME} PUBLIC ${CMAKE_SOURCE_DIR}/src ${CMAKE_SOURCE_DIR})
  foreach(DEP ${ARG_DEPS})
    target_link_libraries(sallyport_${NAME} PUBLIC sallyport_${DEP})
  endforeach()
  target_link_libraries(sallyport_${NAME} PRIVATE ${ARG_PRIVATE_LIBS})
  string(REPLACE ";" " " DEP_NAMES "${ARG_DEPS};${ARG_PROGRAM_DEPS}")
  set_property(GLOBAL APPEND PROPERTY SALLYPORT_LAYERS "${NAME}: ${DEP_NAMES}")
endfunction()

# sallyport_test(NAME SOURCES a_test.cc ... [DEPS folders] [LIBS ...] [LABEL unit|component|whole-program])
function(sallyport_test NAME)
  cmake_parse_arguments(ARG "" "LABEL" "SOURCES;DEPS;LIBS" ${ARGN})
  if(NOT ARG_LABEL)
    set(ARG_LABEL unit)
  endif()
  add_executable(${NAME} ${ARG_SOURCES})
  foreach(DEP ${ARG_DEPS})
    target_link_libraries(${NAME} PRIVATE sallyport_${DEP})
  endforeach()
  target_link_libraries(${NAME} PRIVATE ${ARG_LIBS} GTest::gmock GTest::gtest_main)
  target_compile_definitions(${NAME} PRIVATE SALLYPORT_SOURCE_DIR="${CMAKE_SOURCE_DIR}")
  add_test(NAME ${NAME} COMMAND ${NAME})
  set_tests_properties(${NAME} PROPERTIES LABELS ${ARG_LABEL} TIMEOUT 120)
endfunction()

# Writes build/<preset>/layers.txt, which scripts/check-layers reads.
function(sallyport_write_layers)
  get_property(LAYERS GLOBAL PROPERTY SALLYPORT_LAYERS)
  string(REPLACE ";" "\n" TEXT "${LAYERS}")
  file(WRITE ${CMAKE_BINARY_DIR}/layers.txt "${TEXT}\n")
endfunction()
