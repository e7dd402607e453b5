# shellcheck shell=bash disable=SC2034,SC2154
# Finds a JDK of version 25 or later and sets BERTH_JDK. To be sourced by the scripts in bin/.
# The version is read from the JDK's own "release" file, which costs no JVM start.

berth_jdk_version() {
  [ -r "$1/release" ] && [ -x "$1/bin/java" ] || return 1
  sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$1/release"
}

berth_find_jdk() {
  local candidate version
  local path_java
  path_java=$(command -v java 2>/dev/null) && path_java=$(readlink -f "$path_java") \
    && path_java=${path_java%/bin/java}
  for candidate in "${BERTH_JAVA_HOME:-}" "${JAVA_HOME:-}" "${path_java:-}" /usr/lib/jvm/* /opt/jdk* /opt/java/*; do
    [ -n "$candidate" ] || continue
    version=$(berth_jdk_version "$candidate") || continue
    if [ -n "$version" ] && [ "$version" -ge 25 ]; then
      BERTH_JDK=$candidate
      return 0
    fi
  done
  return 1
}

berth_require_jdk() {
  berth_find_jdk && return 0
  cat >&2 <<'MESSAGE'
berth: no JDK of version 25 or later was found.

  Debian 13 and later:   sudo apt-get install openjdk-25-jdk-headless
  Ubuntu 24.04 and later: sudo apt-get install openjdk-25-jdk-headless
  Any distribution:      unpack Eclipse Temurin 25 (https://adoptium.net) below /usr/lib/jvm

A JDK elsewhere is found when JAVA_HOME names it.
MESSAGE
  return 1
}
