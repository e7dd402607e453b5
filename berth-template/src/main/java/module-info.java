/** Go's text/template language, in which users write {@code --format}. */
module dev.berth.template {
  requires static transitive org.jspecify;

  exports dev.berth.template;
}
