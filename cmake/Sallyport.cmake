# What every target shares, and the three ways to make one.

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)

option(SALLYPORT_SANITIZE "Build with AddressSanitizer and UndefinedBehaviorSanitizer" OFF)
option(SALLYPORT_SANITIZE_THREAD "Build with ThreadSanitizer" OFF)
# Off for users: another compiler warns about other things, and that must not break their build. The presets of developers
# and of CI switch it on.
option(SALLYPORT_WERROR "Warnings are errors" OFF)

find_program(CCACHE_PROGRAM ccache)
if(CCACHE_PROGRAM)
  # Without this ccache declines every file that uses a precompiled header (its manual, "Precompiled headers").
  set(CMAKE_CXX_COMPILER_LAUNCHER
    ${CMAKE_COMMAND} -E env CCACHE_SLOPPINESS=pch_defines,time_macros ${CCACHE_PROGRAM})
endif()

# A test program links in a tenth of a second instead of a whole one. In release that holds for tests alone (sallyport_test):
# what users run is linked by their compiler's own linker.
find_program(MOLD_PROGRAM mold)
if(MOLD_PROGRAM AND NOT CMAKE_BUILD_TYPE STREQUAL "Release")
  add_link_options(-fuse-ld=mold)
endif()

add_compile_options(-Wall -Wextra -Wpedantic -Wshadow -Wconversion)
if(SALLYPORT_WERROR)
  add_compile_options(-Werror)
endif()
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # Its collector of memory takes a tenth of the time of a unit, a fifth of a test's. Left alone up to 1 GB it works for nobody: units
  # end below 1.5 GB (docs/decisions/0021).
  add_compile_options("SHELL:--param ggc-min-expand=1000" "SHELL:--param ggc-min-heapsize=1000000")
  # g++ 12 reports these two inside libstdc++ itself (GCC bugs 105329, 105651) when it inlines std::string.
  add_compile_options(-Wno-restrict -Wno-maybe-uninitialized)
  if(CMAKE_UNITY_BUILD)
    # In a unit of several files g++ takes each for a header, and warns about a class that has a member of a type in an unnamed
    # namespace. In `dev`, where each file is compiled by itself, the warning is on.
    add_compile_options(-Wno-subobject-linkage)
  endif()
endif()
# sallyport_part(NAME ARCHIVE LIBRARY): a library as part_NAME. Programs that were given their parts
# (sallyport_with_its_parts) have it inside, so that the dynamic linker has less to do at each start; everything else
# links the shared one, and so do those where the archive is missing.
function(sallyport_part name archive library)
  find_library(SALLYPORT_ARCHIVE_${name} NAMES ${archive})
  mark_as_advanced(SALLYPORT_ARCHIVE_${name})
  add_library(part_${name} INTERFACE)
  if(SALLYPORT_ARCHIVE_${name})
    target_link_libraries(part_${name} INTERFACE
      $<IF:$<BOOL:$<TARGET_PROPERTY:SALLYPORT_ITS_PARTS>>,${SALLYPORT_ARCHIVE_${name}},${library}>)
  else()
    target_link_libraries(part_${name} INTERFACE ${library})
  endif()
endfunction()

# 11,000 relocations (tables of names, mostly) in 3 KB of the file instead of 270, all of which the dynamic linker reads at
# each start. The C library has to know that form (glibc 2.36), so a program that needs it is run.
include(CheckCXXSourceRuns)
set(CMAKE_REQUIRED_LINK_OPTIONS -Wl,-z,pack-relative-relocs)
check_cxx_source_runs("
  const char* const volatile names[] = {\"a\", \"b\"};
  int main(int count, char**) { return names[count - 1][0] == 'a' ? 0 : 1; }" SALLYPORT_PACKED_RELOCATIONS)
unset(CMAKE_REQUIRED_LINK_OPTIONS)

# What a start and a finding run, the linker puts side by side: fewer pages are mapped (docs/decisions/0048). A linker that cannot
# be told so leaves the order as it is.
set(SALLYPORT_TEXT_ORDER_FILE ${CMAKE_SOURCE_DIR}/cmake/text_order.ld)
set(CMAKE_REQUIRED_LINK_OPTIONS -Wl,-T,${SALLYPORT_TEXT_ORDER_FILE})
check_cxx_source_runs("int main() { return 0; }" SALLYPORT_TEXT_ORDER)
unset(CMAKE_REQUIRED_LINK_OPTIONS)

function(sallyport_with_its_parts program)
  if(SALLYPORT_SANITIZE OR SALLYPORT_SANITIZE_THREAD OR NOT CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    return()
  endif()
  set_target_properties(${program} PROPERTIES SALLYPORT_ITS_PARTS ON)
  target_link_options(${program} PRIVATE -static-libstdc++ -static-libgcc)
  if(SALLYPORT_PACKED_RELOCATIONS)
    target_link_options(${program} PRIVATE -Wl,-z,pack-relative-relocs)
  endif()
  if(SALLYPORT_TEXT_ORDER AND CMAKE_BUILD_TYPE STREQUAL "Release")
    target_link_options(${program} PRIVATE -Wl,-T,${SALLYPORT_TEXT_ORDER_FILE})
    set_target_properties(${program} PROPERTIES LINK_DEPENDS ${SALLYPORT_TEXT_ORDER_FILE})
  endif()
endfunction()

if(SALLYPORT_SANITIZE)
  add_compile_options(-fsanitize=address,undefined -fno-sanitize-recover=all
    -fsanitize-ignorelist=${CMAKE_SOURCE_DIR}/cmake/sanitizers.ignore)
  add_compile_definitions(_GLIBCXX_ASSERTIONS)
  add_link_options(-fsanitize=address,undefined)
endif()
if(SALLYPORT_SANITIZE_THREAD)
  add_compile_options(-fsanitize=thread)
  add_link_options(-fsanitize=thread)
endif()

# sallyport_precompiled(NAME header ...)
#
# Headers that others take over, already read, with target_precompile_headers(OTHER REUSE_FROM NAME). The flags of both have
# to agree; g++ (-Winvalid-pch) and clang say so when they do not.
function(sallyport_precompiled NAME)
  file(CONFIGURE OUTPUT ${CMAKE_BINARY_DIR}/generated/${NAME}.cc CONTENT "// Owns a precompiled header.\n")
  add_library(${NAME} OBJECT ${CMAKE_BINARY_DIR}/generated/${NAME}.cc)
  set_target_properties(${NAME} PROPERTIES UNITY_BUILD OFF)
  target_precompile_headers(${NAME} PRIVATE ${ARGN})
  if(CMAKE_CXX_COMPILER_ID MATCHES "Clang")
    target_compile_options(${NAME} PRIVATE "SHELL:-Xclang -fno-pch-timestamp")  # for ccache
  endif()
endfunction()
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  add_compile_options(-fpch-preprocess)  # for ccache
endif()

# Most of a test's compile time is GoogleTest's headers. Every preset has them precompiled.
sallyport_precompiled(sallyport_test_headers <gmock/gmock.h> <gtest/gtest.h>)
target_link_libraries(sallyport_test_headers PRIVATE GTest::gmock GTest::gtest)

# In release the libraries and programs are optimized, not the tests' own files: those run once, and optimizing them would be
# the larger part of building the tree.
set(SALLYPORT_TEST_OPTIONS $<$<CONFIG:Release>:-O0>)
target_compile_options(sallyport_test_headers PRIVATE ${SALLYPORT_TEST_OPTIONS})

# More than half of a library file's compile time is the standard library's headers. scripts/lint notices a forgotten #include.
set(SALLYPORT_STANDARD_HEADERS <algorithm> <array> <atomic> <charconv> <chrono> <condition_variable> <cstdint> <deque> <filesystem>
  <fstream> <functional> <iterator> <limits> <map> <memory> <mutex> <optional> <set> <span> <sstream> <string> <string_view>
  <system_error> <thread> <tuple> <unordered_map> <utility> <variant> <vector>)
sallyport_precompiled(sallyport_headers ${SALLYPORT_STANDARD_HEADERS})
# Most of our code is made of strings, calls and lists, and waits for SQLite and the network: all that g++'s -O2 does for it is to
# inline small functions, and a third of the time to compile it is for the rest (docs/decisions/0050). What computes (HOT, below)
# has -O2.
set(SALLYPORT_HOT_HEADERS sallyport_headers)
set(SALLYPORT_USUAL_OPTIONS "")
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_BUILD_TYPE STREQUAL "Release")
  set(SALLYPORT_USUAL_OPTIONS -O1 -finline-small-functions -fpartial-inlining -fdevirtualize)
  target_compile_options(sallyport_headers PRIVATE ${SALLYPORT_USUAL_OPTIONS})
  set(SALLYPORT_HOT_HEADERS sallyport_hot_headers)
  sallyport_precompiled(sallyport_hot_headers ${SALLYPORT_STANDARD_HEADERS})
endif()
if(SALLYPORT_SANITIZE)
  # For the libraries that fuzz/ has instrumented.
  sallyport_precompiled(sallyport_fuzzed_headers ${SALLYPORT_STANDARD_HEADERS})
  target_compile_options(sallyport_fuzzed_headers PRIVATE -fsanitize=fuzzer-no-link)
endif()

# sallyport_compiled(TARGET [HOT]): how its files are compiled. Takes the precompiled headers over, and divides the files evenly among
# as many units as they need (one of 28 files and one of 2 would keep one processor waiting for the other).
function(sallyport_compiled TARGET)
  if("HOT" IN_LIST ARGN)
    target_precompile_headers(${TARGET} REUSE_FROM ${SALLYPORT_HOT_HEADERS})
  else()
    target_compile_options(${TARGET} PRIVATE ${SALLYPORT_USUAL_OPTIONS})
    target_precompile_headers(${TARGET} REUSE_FROM sallyport_headers)
  endif()
  sallyport_even_units(${TARGET})
endfunction()
function(sallyport_even_units TARGET)
  if(NOT CMAKE_UNITY_BUILD OR NOT CMAKE_UNITY_BUILD_BATCH_SIZE)
    return()
  endif()
  get_target_property(FILES ${TARGET} SOURCES)
  list(LENGTH FILES COUNT)
  math(EXPR UNITS "(${COUNT} + ${CMAKE_UNITY_BUILD_BATCH_SIZE} - 1) / ${CMAKE_UNITY_BUILD_BATCH_SIZE}")
  math(EXPR SIZE "(${COUNT} + ${UNITS} - 1) / ${UNITS}")
  set_target_properties(${TARGET} PROPERTIES UNITY_BUILD_BATCH_SIZE ${SIZE})
endfunction()

set_property(GLOBAL PROPERTY SALLYPORT_LAYERS "")

# sallyport_library(NAME [HOT] SOURCES a.cc ... [DEPS base event ...] [PROGRAM_DEPS ...] [PRIVATE_LIBS CURL::libcurl ...])
#
# The library of one folder. NAME is the folder as `#include` names it. DEPS are the folders that its headers
# and sources may include from, and nothing else: `scripts/check-layers` (a test) holds the sources to it. PROGRAM_DEPS are
# folders that other programs of the folder use besides; the library is not linked with them. HOT is what computes: see above.
# A folder in a folder (`sim/aws`) makes the target `sallyport_sim_aws`.
function(sallyport_library NAME)
  cmake_parse_arguments(ARG "HOT" "" "SOURCES;DEPS;PROGRAM_DEPS;PRIVATE_LIBS" ${ARGN})
  string(REPLACE "/" "_" TARGET "sallyport_${NAME}")
  add_library(${TARGET} STATIC ${ARG_SOURCES})
  target_include_directories(${TARGET} PUBLIC ${CMAKE_SOURCE_DIR}/src ${CMAKE_SOURCE_DIR})
  foreach(DEP ${ARG_DEPS})
    string(REPLACE "/" "_" DEP_TARGET "sallyport_${DEP}")
    target_link_libraries(${TARGET} PUBLIC ${DEP_TARGET})
  endforeach()
  target_link_libraries(${TARGET} PRIVATE ${ARG_PRIVATE_LIBS})
  if(ARG_HOT)
    sallyport_compiled(${TARGET} HOT)
  else()
    sallyport_compiled(${TARGET})
  endif()
  string(REPLACE ";" " " DEP_NAMES "${ARG_DEPS};${ARG_PROGRAM_DEPS}")
  set_property(GLOBAL APPEND PROPERTY SALLYPORT_LAYERS "${NAME}: ${DEP_NAMES}")
endfunction()

# Off: the tree of g++ leaves out the tests with the label `once`, which the tree of the sanitizers builds and runs (scripts/test,
# docs/decisions/0021). They can still be built by name.
option(SALLYPORT_UNIT_TESTS "Build the unit tests, and others that are run once, too" ON)
function(sallyport_leave_out_once)
  if(NOT SALLYPORT_UNIT_TESTS)
    set_target_properties(${ARGN} PROPERTIES EXCLUDE_FROM_ALL ON)
  endif()
endfunction()

# What ctest needs that runs unit and component tests alone.
add_custom_target(unit_and_component_tests)

# What runs under ThreadSanitizer (scripts/test --tsan): the tests of what several threads share.
set(SALLYPORT_THREAD_TESTS aws_client_test curl_client_test base_test executor_test intake_test ledger_test net_test storm_test)
add_custom_target(tsan_tests)

# What ctest starts first where it never ran before: what takes longest, and of that what mostly waits, so that the processors
# have something else meanwhile. In seconds on two cores.
set(SALLYPORT_LONG_TESTS
  fault_matrix_test=300 words_demo_and_json=30 ledger_damage_test=50 program_against_simulator=50
  runtime_client_against_simulator=45 crash_collect_test=30 crash_test=30 waf_against_simulators=30 inspector_bad_input=25
  curl_client_test=20 event_test=20 inspector_against_simulators=20 inspector_changes_and_sweeps=20
  lambda_against_simulators=20 config_page_in_chromium=20 edge_map_test=20 report_in_chromium=20 audit=15
  intake_test=15 kills_test=15 ledger_test=15 macie_against_simulators=15 storm_test=15 botocore_against_aws_simulator=10
  policy_property_test=10 web_acl_round_trip=10)
function(sallyport_long_test NAME)
  foreach(LONG ${SALLYPORT_LONG_TESTS})
    if(LONG MATCHES "^${NAME}=(.*)$")
      set_tests_properties(${NAME} PROPERTIES COST ${CMAKE_MATCH_1})
      set_property(GLOBAL APPEND PROPERTY SALLYPORT_LONG_TESTS_FOUND ${LONG})
    endif()
  endforeach()
endfunction()

# sallyport_test(NAME [ONCE] SOURCES a_test.cc ... [DEPS folders] [LIBS ...] [LABEL unit|component|whole-program])
#
# ONCE, like every unit test: `scripts/test` compiles and runs it under the sanitizers alone. Not for what is to be seen with the code
# that users run: how fast it is, what an optimizer may break.
function(sallyport_test NAME)
  cmake_parse_arguments(ARG "ONCE" "LABEL" "SOURCES;DEPS;LIBS" ${ARGN})
  if(NOT ARG_LABEL)
    set(ARG_LABEL unit)
    set(ARG_ONCE TRUE)
  endif()
  add_executable(${NAME} ${ARG_SOURCES})
  foreach(DEP ${ARG_DEPS})
    string(REPLACE "/" "_" DEP_TARGET "sallyport_${DEP}")
    target_link_libraries(${NAME} PRIVATE ${DEP_TARGET})
  endforeach()
  target_link_libraries(${NAME} PRIVATE ${ARG_LIBS} GTest::gmock GTest::gtest_main)
  target_compile_definitions(${NAME} PRIVATE SALLYPORT_SOURCE_DIR="${CMAKE_SOURCE_DIR}")
  target_compile_options(${NAME} PRIVATE ${SALLYPORT_TEST_OPTIONS})
  target_precompile_headers(${NAME} REUSE_FROM sallyport_test_headers)
  sallyport_even_units(${NAME})
  if(MOLD_PROGRAM)
    target_link_options(${NAME} PRIVATE -fuse-ld=mold)
  endif()
  add_test(NAME ${NAME} COMMAND ${NAME})
  set(LABELS ${ARG_LABEL})
  if(ARG_ONCE)
    list(APPEND LABELS once)
    sallyport_leave_out_once(${NAME})
  endif()
  if(NAME IN_LIST SALLYPORT_THREAD_TESTS)
    list(APPEND LABELS tsan)
    add_dependencies(tsan_tests ${NAME})
  endif()
  # What hangs is ended; the longest takes a minute under AddressSanitizer, and a shared machine may be five times slower
  # while lint runs beside it. Some ten times slower under ThreadSanitizer, and what waits for the disk waits as long as
  # ever.
  set(SECONDS 300)
  if(SALLYPORT_SANITIZE_THREAD)
    set(SECONDS 1200)
  endif()
  set_tests_properties(${NAME} PROPERTIES LABELS "${LABELS}" TIMEOUT ${SECONDS})
  sallyport_long_test(${NAME})
  if(NOT ARG_LABEL STREQUAL "whole-program")
    add_dependencies(unit_and_component_tests ${NAME})
  endif()
endfunction()

# sallyport_peer_test(NAME SCRIPTS test_a.py ... [NEEDS targets] [LABEL component|whole-program] [TIMEOUT seconds])
#
# Python tests under tests/python, which run our programs beside somebody else's. Skipped, with the reason, without
# scripts/python-env. NEEDS are the programs that the tests start: what a component test needs is built with it, since
# `unit_and_component_tests` alone is built under the sanitizers.
function(sallyport_peer_test NAME)
  cmake_parse_arguments(ARG "" "LABEL;TIMEOUT" "SCRIPTS;NEEDS" ${ARGN})
  add_test(NAME ${NAME} COMMAND ${CMAKE_SOURCE_DIR}/tests/python/run ${ARG_SCRIPTS})
  set_tests_properties(${NAME} PROPERTIES
    LABELS ${ARG_LABEL} TIMEOUT ${ARG_TIMEOUT} SKIP_RETURN_CODE 77
    ENVIRONMENT "SALLYPORT_BUILD_DIR=${CMAKE_BINARY_DIR}")
  sallyport_long_test(${NAME})
  if(NOT ARG_LABEL STREQUAL "whole-program")
    if(NOT ARG_NEEDS)
      message(FATAL_ERROR "${NAME}: a component test says which programs it NEEDS")
    endif()
    add_dependencies(unit_and_component_tests ${ARG_NEEDS})
  endif()
endfunction()

# A name in these lists that is no test would be left out in silence.
function(sallyport_check_test_lists)
  get_property(FOUND GLOBAL PROPERTY SALLYPORT_LONG_TESTS_FOUND)
  foreach(LONG ${SALLYPORT_LONG_TESTS})
    if(NOT LONG IN_LIST FOUND)
      message(FATAL_ERROR "SALLYPORT_LONG_TESTS names ${LONG}, which is no test")
    endif()
  endforeach()
  foreach(NAME ${SALLYPORT_THREAD_TESTS})
    if(NOT TARGET ${NAME})
      message(FATAL_ERROR "SALLYPORT_THREAD_TESTS names ${NAME}, which is no test")
    endif()
  endforeach()
endfunction()

# Writes build/<preset>/layers.txt, which scripts/check-layers reads.
function(sallyport_write_layers)
  get_property(LAYERS GLOBAL PROPERTY SALLYPORT_LAYERS)
  string(REPLACE ";" "\n" TEXT "${LAYERS}")
  file(WRITE ${CMAKE_BINARY_DIR}/layers.txt "${TEXT}\n")
endfunction()
