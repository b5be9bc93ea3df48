# How everything is compiled: the language, the warnings, and what makes two cores go far.
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)

option(SHARELOCK_WERROR "Treat warnings as errors" ON)
option(SHARELOCK_BENCH "Build the programs in bench/" OFF)
option(SHARELOCK_FUZZERS "Build the programs in fuzzers/: clang, and fuzzer-no-link among the sanitizers" OFF)
option(SHARELOCK_TESTS "Build the tests" ON)
set(SHARELOCK_SANITIZE "" CACHE STRING "Sanitizers, comma separated: address,undefined or thread")

add_compile_options(-Wall -Wextra -Wpedantic -Wconversion -Wsign-conversion -Wnon-virtual-dtor -Wold-style-cast)
# g++'s -Wshadow also complains of constructor parameters named as the members that they set.
add_compile_options($<IF:$<CXX_COMPILER_ID:GNU>,-Wshadow=local,-Wshadow>)
# False positives of g++ 12 in inlined copies of boost::container::small_vector.
add_compile_options($<$<CXX_COMPILER_ID:GNU>:-Wno-stringop-overread>)
if(SHARELOCK_WERROR)
  add_compile_options(-Werror)
endif()
# Every bit that is computed must be the same under every compiler: no contraction, no fast-math.
add_compile_options(-ffp-contract=off)

if(SHARELOCK_SANITIZE)
  add_compile_options(-fsanitize=${SHARELOCK_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  # What the sanitizers insert hides from g++ that a moved variant holds what it holds.
  add_compile_options($<$<CXX_COMPILER_ID:GNU>:-Wno-maybe-uninitialized>)
  add_link_options(-fsanitize=${SHARELOCK_SANITIZE})
endif()

# Compilations are cached also for other copies of the repository: their paths do not count, and precompiled headers
# are cached only when ccache may overlook time stamps and the compiler writes none into them.
find_program(CCACHE ccache)
if(CCACHE)
  set(CMAKE_CXX_COMPILER_LAUNCHER
      ${CMAKE_COMMAND} -E env CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime
      CCACHE_BASEDIR=${PROJECT_SOURCE_DIR} CCACHE_NOHASHDIR=true ${CCACHE})
  add_compile_options("$<IF:$<CXX_COMPILER_ID:GNU>,-fpch-preprocess,SHELL:-Xclang -fno-pch-timestamp>")
endif()
find_program(MOLD mold)
if(MOLD AND NOT SHARELOCK_SANITIZE)
  add_link_options(-fuse-ld=mold)
endif()
