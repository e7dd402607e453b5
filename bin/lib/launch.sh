# shellcheck shell=bash disable=SC2034,SC2154
# Starts a Berth program from dist/. To be sourced with $here set to the checkout or installation.

# What every Berth JVM shares: one small heap, no files in /tmp, no warnings about what it must do. Replaying the
# compilations of the training run would take up to half of a start's processor time.
berth_jvm_options=(
  -XX:+UnlockDiagnosticVMOptions -XX:-AOTReplayTraining
  -XX:+UseSerialGC
  -XX:+UseCompactObjectHeaders
  -XX:-UsePerfData
  --enable-native-access=ALL-UNNAMED
  --sun-misc-unsafe-memory-access=allow
)
# An engine mostly waits for the kernel: what merely runs a few thousand times is not worth all optimisations. Loops
# that run hot are still compiled fully.
berth_daemon_options=(
  -Xms16m -Xmx512m -Xss512k
  -XX:MinHeapFreeRatio=10 -XX:MaxHeapFreeRatio=30
  -XX:ReservedCodeCacheSize=64m
  -XX:TrimNativeHeapInterval=10000
  -XX:CICompilerCount=2
  -XX:Tier4InvocationThreshold=20000 -XX:Tier4MinInvocationThreshold=10000 -XX:Tier4CompileThreshold=40000
  -Dio.netty.leakDetection.level=disabled
  # Parts of Netty's channel names, which would be searched for among the interfaces; nobody sees them.
  -Dio.netty.machineId=02:00:00:00:00:01 -Dio.netty.processId=1
  -Djava.net.preferIPv4Stack=false
  -Dio.netty.tryReflectionSetAccessible=false
  -Dio.netty.allocator.type=unpooled
  -Djdk.virtualThreadScheduler.maxPoolSize=64
)
berth_client_options=(-Xms8m -Xmx256m -Xss512k -XX:TieredStopAtLevel=1)

# berth_java PROGRAM: sets berth_command to the command line up to and without the main class.
# PROGRAM is daemon or cli. A cache that does not fit this JVM is passed over by it, not an error.
berth_java() {
  local program=$1 dist=$here/dist
  if [ ! -r "$dist/java-home" ] || [ ! -x "$(< "$dist/java-home")/bin/java" ]; then
    echo "berth: not built yet: run $here/bin/build first" >&2
    exit 1
  fi
  berth_command=("$(< "$dist/java-home")/bin/java" "${berth_jvm_options[@]}")
  if [ "$program" = daemon ]; then
    berth_command+=("${berth_daemon_options[@]}" "-Dorg.sqlite.lib.path=$dist/native"
      -Dorg.sqlite.lib.name=libsqlitejdbc.so "-Djava.library.path=$dist/native")
  else
    berth_command+=("${berth_client_options[@]}")
  fi
  # The last word is the caller's: options of the JVM, separated by spaces.
  # shellcheck disable=SC2206
  berth_command+=(${BERTH_JAVA_OPTIONS:-})
  if [ -n "${BERTH_AOT_OUTPUT:-}" ]; then
    berth_command+=("-XX:AOTCacheOutput=$BERTH_AOT_OUTPUT")
  elif [ -r "$dist/$program.aot" ]; then
    berth_command+=("-XX:AOTCache=$dist/$program.aot" -Xlog:aot=off -Xlog:cds=off)
  fi
  berth_command+=(-cp "$(< "$dist/$program.classpath")")
}
