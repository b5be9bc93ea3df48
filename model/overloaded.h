// Several lambdas as one function, for std::visit.
#pragma once

namespace sharelock {

template <class... Fs>
struct overloaded : Fs... {
  using Fs::operator()...;
};
template <class... Fs>
overloaded(Fs...) -> overloaded<Fs...>;

}  // namespace sharelock
