/** Picocli, compiled here from its published source. */
module info.picocli {
  exports picocli;
}
