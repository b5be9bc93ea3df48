// The heavy headers of the tests, parsed once per test program.
#pragma once
#include "cmake/precompiled.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>
