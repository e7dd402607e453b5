/** The Engine API over unix and TCP sockets: routes, versions, streams, error mapping. */
module dev.berth.server {
  requires static transitive org.jspecify;
  requires transitive dev.berth.core;
  requires transitive dev.berth.engine;
  requires transitive dev.berth.api;
  requires dev.berth.archive;
  requires transitive dev.berth.image;
  requires transitive dev.berth.network;
  requires transitive dev.berth.plugin;
  requires transitive dev.berth.plugin.managed;
  requires transitive dev.berth.volume;
  requires com.fasterxml.jackson.databind;
  requires com.fasterxml.jackson.core;
  requires io.netty.common;
  requires io.netty.buffer;
  requires io.netty.transport;
  requires io.netty.transport.unix.common;
  requires io.netty.transport.classes.epoll;
  requires io.netty.codec;
  requires io.netty.codec.http;
  requires io.netty.handler;
  requires java.naming;

  exports dev.berth.server;
}
