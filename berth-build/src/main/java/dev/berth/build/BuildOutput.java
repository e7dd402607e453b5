package dev.berth.build;

import dev.berth.image.Digest;
import dev.berth.image.ProgressSink;

/** Takes what a build tells. Called by one thread at a time. */
public interface BuildOutput {
  /** Text for the user; lines end with a line feed. */
  void text(String text);

  /** What a step's process wrote to its error output. */
  void error(String text);

  /** A stage's image. */
  void image(Digest id);

  /** How a download goes. */
  ProgressSink progress();
}
