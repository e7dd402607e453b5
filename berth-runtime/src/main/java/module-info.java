/** OCI specification, crun and conmon, cgroups, seccomp, container logs. */
module dev.berth.runtime {
  requires static transitive org.jspecify;
  requires transitive dev.berth.core;
  requires transitive dev.berth.linux;
  requires com.fasterxml.jackson.databind;
  requires com.fasterxml.jackson.core;

  exports dev.berth.runtime;
}
