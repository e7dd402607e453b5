/** bin/berth, the command line. */
module dev.berth.cli {
  requires static transitive org.jspecify;
  requires dev.berth.core;
  requires dev.berth.template;
  requires com.fasterxml.jackson.databind;
  requires com.fasterxml.jackson.core;
  requires info.picocli;

  opens dev.berth.cli to
      info.picocli;
}
