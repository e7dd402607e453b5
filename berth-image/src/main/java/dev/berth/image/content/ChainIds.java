package dev.berth.image.content;

import dev.berth.image.Digest;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Names a layer together with all below it. Source: OCI image specification, "Layer ChainID". */
public final class ChainIds {

  private ChainIds() {}

  /** The chain id at each layer, the lowest first. */
  public static List<Digest> of(List<Digest> diffIds) {
    List<Digest> chain = new ArrayList<>();
    for (Digest diffId : diffIds) {
      chain.add(chain.isEmpty() ? diffId : next(chain.getLast(), diffId));
    }
    return chain;
  }

  private static Digest next(Digest below, Digest diffId) {
    return Digest.of((below + " " + diffId).getBytes(StandardCharsets.US_ASCII));
  }
}
