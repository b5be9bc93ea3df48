# What the oracles have in common. Each folder's `oracle` sets these and sources it; LINE in a path stands for 4.2, 4.3 or 4.4:
#   name       of its build in the cache
#   compiled   folders of its sources
#   shared     folders where its sources find what they need
#   main       the class that answers requests, or measures
#   loading    a request that loads most classes
# Usage: oracle [4.2|4.3|4.4]                       answers requests on standard input
#        oracle LINE --rate FILE SECONDS            measures the classes alone, see Rate.java
#        oracle LINE --build                        only builds
# Builds on first use, or when its sources changed, into a cache directory outside the repository.
set -euo pipefail

line="${1:-4.4}"
case "$line" in
  4.2) version=4.2.1 ;;
  4.3) version=4.3.1 ;;
  4.4) version=4.4.0 ;;
  *) echo "usage: oracle [4.2|4.3|4.4] [--build | --rate FILE SECONDS]" >&2; exit 64 ;;
esac
(($# > 0)) && shift

# Debian 12 calls them openjdk-17-jdk-headless and maven.
missing() {
  echo "oracle: $1 is missing; the real Kafka class needs a JDK of version 17 or later, and Maven to fetch Kafka's jars" >&2
  echo "oracle: on Debian 12: apt-get install -y --no-install-recommends openjdk-17-jdk-headless maven" >&2
  exit 69
}
command -v java >/dev/null || missing java

cd "$here"
cache="${XDG_CACHE_HOME:-$HOME/.cache}/sharelock"
build="$cache/$name-$line"
mkdir -p "$cache"
compiled=("${compiled[@]//LINE/$line}")
shared=("${shared[@]//LINE/$line}")

classpath() {
  printf '%s' "$build/oracle.jar"
  printf ':%s' "$build"/lib/*.jar
}

compile() {
  # Maven only resolves the jars: Kafka declares most of them with runtime scope, which it would hide from javac.
  mvn -q -B -Dstyle.color=never -f ../pom.xml -Dkafka.version="$version" -DoutputDirectory="$build/lib" \
    -DincludeScope=runtime dependency:copy-dependencies >&2 </dev/null || {
      echo "oracle: Maven could not fetch Kafka's jars; what it said is above" >&2
      exit 69
    }
  # Of what javac says only the warnings about Unsafe are expected.
  find "${compiled[@]}" -name '*.java' -print0 |
    xargs -0 javac -nowarn -Xlint:-deprecation -XDsuppressNotes --release 17 -encoding UTF-8 -implicit:class \
      -cp "$build/lib/*" -sourcepath "$(IFS=:; echo "${shared[*]}")" -d "$build/classes" 2>&1 |
    { grep -v -e 'Unsafe' -e '^ *\^' -e 'warning' || true; } >&2
  jar cf "$build/oracle.jar" -C "$build/classes" .
  # Class data sharing: later starts skip most of class loading. The oracle works without it.
  echo "$loading" | java -XX:ArchiveClassesAtExit="$build/oracle.jsa" -XX:+UseSerialGC -Xlog:disable \
    -cp "$(classpath)" "$main" >/dev/null 2>&1 || true
}

stamp="$version $(find oracle ../oracle.sh ../pom.xml "${compiled[@]}" "${shared[@]}" -type f | LC_ALL=C sort | xargs cat | sha256sum | cut -d' ' -f1)"
fresh() { [[ "$(cat "$build/stamp" 2>/dev/null || true)" == "$stamp" ]]; }

if ! fresh; then
  command -v javac >/dev/null || missing javac
  command -v mvn >/dev/null || missing mvn
  (
    flock 9
    if ! fresh; then
      echo "oracle: building for Kafka $version" >&2
      rm -rf "$build"
      compile
      echo "$stamp" > "$build/stamp"
    fi
  ) 9>"$cache/lock-$name-$line"
fi

options=(-XX:+UseSerialGC -Xmx1g -Xlog:disable)
[[ -f "$build/oracle.jsa" ]] && options+=(-XX:SharedArchiveFile="$build/oracle.jsa")
[[ "${1:-}" == --build ]] && exit 0
exec java "${options[@]}" ${ORACLE_JAVA_OPTS:-} -cp "$(classpath)" "$main" "$@"
