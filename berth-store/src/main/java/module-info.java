/** Transactional state: view, update, watch. */
module dev.berth.store {
  requires static transitive org.jspecify;
  requires transitive dev.berth.core;
  requires com.fasterxml.jackson.databind;
  requires com.fasterxml.jackson.annotation;
  requires com.fasterxml.jackson.core;
  requires java.sql;
  requires org.xerial.sqlitejdbc;

  exports dev.berth.store;
}
