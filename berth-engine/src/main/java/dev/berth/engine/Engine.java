package dev.berth.engine;

import dev.berth.image.Images;
import dev.berth.volume.Volumes;

/** The engine, started: what the server talks to. */
public interface Engine extends AutoCloseable {
  /** What it was started with. */
  EngineSettings settings();

  /** The life of containers. */
  Containers containers();

  /** Their standard streams. */
  Attachments attachments();

  /** What they wrote. */
  ContainerLogs logs();

  /** Further processes in them. */
  Execs execs();

  /** What they use. */
  ContainerStats stats();

  /** Their files. */
  ContainerFiles files();

  /** What happened. */
  EventJournal events();

  /** Images. */
  Images images();

  /** Volumes. */
  Volumes volumes();

  /** Networks. */
  EngineNetworks networks();

  /** The engine itself. */
  SystemInfo system();

  /** Stops the engine; containers go on. */
  @Override
  void close();
}
