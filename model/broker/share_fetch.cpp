#include "model/broker/share_fetch.h"

#include <algorithm>

namespace sharelock {

void ShareFetch::hold(std::vector<HeldPartition> list) {
  if (tried > 1) former_held[held_list] = std::move(held);
  held = std::move(list);
  ++held_list;
}

const std::vector<HeldPartition>& ShareFetch::held_of(std::uint32_t list) const {
  return list == held_list ? held : former_held.at(list);
}

void ShareFetch::add_erroneous(TopicIdPartition what, KafkaError error) {
  const auto found = std::ranges::find(erroneous, what, &std::pair<TopicIdPartition, KafkaError>::first);
  if (found == erroneous.end())
    erroneous.emplace_back(what, error);
  else
    found->second = error;
}

bool ShareFetch::is_erroneous(TopicIdPartition what) const {
  return std::ranges::find(erroneous, what, &std::pair<TopicIdPartition, KafkaError>::first) != erroneous.end();
}

bool ShareFetch::remote_is_done() const {
  return std::ranges::all_of(remote, [](const RemoteFetch& fetch) { return fetch.answer.has_value(); });
}

}  // namespace sharelock
