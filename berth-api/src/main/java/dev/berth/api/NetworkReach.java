package dev.berth.api;

import java.util.List;

/** Berth's own: how a container can be reached. */
@EngineJson
public record NetworkReach(
    String container, String state, String mode, List<Place> networks, List<Port> ports) {

  /** A network that leads to it. */
  @EngineJson
  public record Place(
      String name, List<String> addresses, List<String> names, List<String> neighbours) {}

  /** A port that is published or that something waits at. */
  @EngineJson
  public record Port(
      int port,
      String protocol,
      List<String> listening,
      List<String> published,
      @OmitEmpty String remark) {}
}
