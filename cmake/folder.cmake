# What nearly every file includes, and the heavy headers of the tests, parsed once per library or program.
set(sharelock_precompiled <algorithm> <array> <cstdint> <functional> <memory> <optional> <span> <stdexcept> <string>
                          <string_view> <utility> <variant> <vector>)
set(sharelock_precompiled_test <gmock/gmock.h> <gtest/gtest.h> <rapidcheck.h> <rapidcheck/gtest.h>)

# sharelock_folder(NAME LINKS ...): the library of one folder, and the program of its tests.
#
# Every *.cpp below NAME/ belongs to it; *_test.cpp go into NAME_test. A new file needs no line here.
# A file whose name ends in _main.cpp is a program of its own and named by whoever builds it.
function(sharelock_folder name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "LINKS")
  set_property(GLOBAL APPEND PROPERTY sharelock_folders ${name})
  set_property(GLOBAL PROPERTY sharelock_links_${name} ${arg_LINKS})
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/${name}/*.cpp)
  set(tests ${sources})
  list(FILTER tests INCLUDE REGEX "_test\\.cpp$")
  list(FILTER sources EXCLUDE REGEX "_(test|main)\\.cpp$")

  if(sources)
    add_library(${name} STATIC ${sources})
    set(kind PUBLIC)
    target_precompile_headers(${name} PRIVATE ${sharelock_precompiled})
  else()
    add_library(${name} INTERFACE)
    set(kind INTERFACE)
  endif()
  target_include_directories(${name} ${kind} ${PROJECT_SOURCE_DIR})
  target_link_libraries(${name} ${kind} ${arg_LINKS} Threads::Threads)

  if(tests AND SHARELOCK_TESTS)
    add_executable(${name}_test ${tests})
    target_precompile_headers(${name}_test PRIVATE ${sharelock_precompiled} ${sharelock_precompiled_test})
    target_link_libraries(${name}_test PRIVATE ${name} GTest::gmock_main rapidcheck)
    # Only where it is used: what is compiled without it can be shared between two copies of the repository.
    foreach(test IN LISTS tests)
      file(STRINGS ${test} uses REGEX SHARELOCK_SOURCE_DIR LIMIT_COUNT 1)
      if(uses)
        set_property(SOURCE ${test} APPEND PROPERTY COMPILE_DEFINITIONS SHARELOCK_SOURCE_DIR="${PROJECT_SOURCE_DIR}")
      endif()
    endforeach()
    gtest_discover_tests(${name}_test TEST_PREFIX "${name}." DISCOVERY_TIMEOUT 60 DISCOVERY_MODE PRE_TEST
                         PROPERTIES ENVIRONMENT RC_PARAMS=seed=20)  # The same cases everywhere; without it, others.
  endif()
endfunction()

# A test that fails when a folder includes what its LINKS does not name.
function(sharelock_arrow_test)
  get_property(folders GLOBAL PROPERTY sharelock_folders)
  set(table "")
  foreach(folder IN LISTS folders)
    get_property(links GLOBAL PROPERTY sharelock_links_${folder})
    string(APPEND table "set(links_${folder} ${links})\n")
  endforeach()
  file(CONFIGURE OUTPUT ${PROJECT_BINARY_DIR}/arrows.cmake CONTENT "set(folders ${folders})\n${table}" @ONLY)
  add_test(NAME house.arrows_point_down
           COMMAND ${CMAKE_COMMAND} -DROOT=${PROJECT_SOURCE_DIR} -DTABLE=${PROJECT_BINARY_DIR}/arrows.cmake
                   -P ${PROJECT_SOURCE_DIR}/cmake/check_arrows.cmake)
endfunction()
