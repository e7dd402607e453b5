/** Black-box tests with real clients. */
module dev.berth.it {
  requires static transitive org.jspecify;
}
