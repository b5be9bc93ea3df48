#include "model/group/cluster_image.h"

namespace sharelock {
namespace {

std::uint64_t mixed(std::uint64_t value) {
  value = (value ^ (value >> 30)) * 0xbf58476d1ce4e5b9;
  value = (value ^ (value >> 27)) * 0x94d049bb133111eb;
  return value ^ (value >> 31);
}

}  // namespace

std::uint64_t metadata_hash(const TopicNames& names, const ClusterImage& image) {
  std::uint64_t sum = 0;
  for (const TopicName name : names)
    if (const ClusterTopic* topic = image.find(name))
      sum += mixed(mixed(mixed(name.value()) + topic->id.value()) + static_cast<std::uint64_t>(topic->partitions));
  return sum;
}

}  // namespace sharelock
