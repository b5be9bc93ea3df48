#include "model/profile/profile.h"

#include <gtest/gtest.h>

#include <set>

namespace sharelock {
namespace {

TEST(Profile, SwitchNamesAreUniqueAndEveryValueExists) {
  std::set<std::string_view> names;
  for (const SwitchInfo& info : all_switches()) {
    EXPECT_TRUE(names.insert(info.name).second) << info.name;
    EXPECT_FALSE(info.rules.empty()) << info.name;
    for (const std::uint8_t value : info.per_profile) EXPECT_LT(value, info.values.size()) << info.name;
  }
}

TEST(Profile, EveryNameLeadsToItsProfileAndBack) {
  for (const std::string_view name : all_profile_names()) EXPECT_EQ(name_of(*profile_named(name)), name);
  EXPECT_EQ(profile_named("4.1"), std::nullopt);
}

TEST(Profile, ADefectIsOnInTheReleasesAndOffInIdeal) {
  EXPECT_TRUE(Profile{ProfileName::v4_2}.has(Switch::start_moves_back));
  EXPECT_TRUE(Profile{ProfileName::v4_4}.has(Switch::start_moves_back));
  EXPECT_FALSE(Profile{ProfileName::ideal}.has(Switch::start_moves_back));
}

TEST(Profile, ASwitchIsSetByNameAndValue) {
  Profile profile{ProfileName::ideal};
  EXPECT_EQ(set_switch(profile, "start-moves-back=on"), "");
  EXPECT_TRUE(profile.has(Switch::start_moves_back));
  EXPECT_EQ(set_switch(profile, "archiving-decode=load"), "");
  EXPECT_EQ(profile.value(Switch::archiving_decode), static_cast<std::uint8_t>(ArchivingDecode::load));
}

TEST(Profile, AWrongAssignmentSaysWhatIsWrongAndChangesNothing) {
  Profile profile{ProfileName::v4_4};
  EXPECT_NE(set_switch(profile, "start-moves-back"), "");
  EXPECT_NE(set_switch(profile, "start-moves-sideways=on"), "");
  EXPECT_EQ(set_switch(profile, "start-moves-back=maybe"),
            "switch 'start-moves-back' has no value 'maybe'; it is one of off, on");
  EXPECT_EQ(profile, Profile{ProfileName::v4_4});
}

}  // namespace
}  // namespace sharelock
