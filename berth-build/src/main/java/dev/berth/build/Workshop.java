package dev.berth.build;

import dev.berth.image.Digest;
import dev.berth.image.ImageConfig;
import dev.berth.image.Platform;
import dev.berth.image.ProgressSink;
import dev.berth.linux.Fd;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one build needs of the engine. Used by one thread. What fails throws {@link
 * dev.berth.core.EngineException} and leaves nothing.
 */
public interface Workshop {
  /** A folder for the build's own files; it is gone after the build, also after a crash. */
  Path folder();

  /** The platform of this engine. */
  Platform platform();

  /** Refuses what is neither name nor number of a signal. */
  void checkSignal(String signal);

  /**
   * An image that is not one of the build's own.
   *
   * @param platform it must be for, or null for any
   * @param pull whether to pull it even where it is here; one that is not here always is
   */
  Base image(String name, @Nullable Platform platform, boolean pull, ProgressSink progress);

  /**
   * An image to build upon.
   *
   * @param id of it, or null for nothing at all
   * @param config it has
   * @param platform it is for
   */
  record Base(@Nullable Digest id, ImageConfig config, Platform platform) {}

  /**
   * What a step makes.
   *
   * @param parent the image below, or null
   * @param config of the image
   * @param platform of the image
   * @param author of the image; empty for none
   * @param createdBy the instruction, with the digest of what it takes in
   */
  record Step(
      @Nullable Digest parent,
      ImageConfig config,
      Platform platform,
      String author,
      String createdBy) {}

  /** What an earlier build made by the same step, or null. */
  @Nullable Digest cached(Step step);

  /** Makes the image of a step that changes no file. */
  Digest commit(Step step);

  /**
   * The files of an image, upon which a step writes.
   *
   * @param image or null for none
   */
  Tree tree(@Nullable Digest image);

  /** Files of an image; closing it forgets what was written and not committed. */
  interface Tree extends AutoCloseable {
    /** The folder that holds all of it. */
    Fd root();

    /**
     * Who a name in the image stands for.
     *
     * @param user {@code user[:group]}, by name or number
     */
    Owner owner(String user);

    /** Makes the image of what was written. */
    Digest commit(Step step);

    @Override
    void close();
  }

  /**
   * An owner of files.
   *
   * @param userId of the user
   * @param groupId of the group
   */
  record Owner(int userId, int groupId) {
    static final Owner ROOT = new Owner(0, 0);
  }

  /** Makes the container of a RUN instruction. */
  StepContainer container(Command command);

  /**
   * What runs in a step's container.
   *
   * @param image it is made from
   * @param config of the image so far
   * @param arguments the program with its arguments
   * @param environment of the process
   * @param network {@code none} or {@code host}; empty for what the client asked for
   * @param scripts files that the process can read
   */
  record Command(
      Digest image,
      ImageConfig config,
      List<String> arguments,
      List<String> environment,
      String network,
      List<Script> scripts) {}

  /**
   * A file for a step's process.
   *
   * @param file on the host
   * @param path in the container
   */
  record Script(Path file, String path) {}

  /** The container of a RUN instruction. */
  interface StepContainer {
    /** Its id. */
    String id();

    /** For the user. */
    List<String> warnings();

    /**
     * Runs its process to the end.
     *
     * @return its exit code
     * @throws InterruptedException when the build is to stop; the process is ended then
     */
    int run(BuildOutput output) throws InterruptedException;

    /** Makes the image of what it wrote. */
    Digest commit(Step step);

    /** Removes it, running or not. */
    void remove();

    /** Lets it stay after the build. */
    void keep();
  }
}
