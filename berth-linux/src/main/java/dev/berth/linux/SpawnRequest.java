package dev.berth.linux;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A process to start. Everything not named here does not reach it: no other descriptor, no other
 * variable, no blocked or ignored signal.
 *
 * @param arguments the program's path, or a name to be looked up in PATH, and its arguments
 * @param environment all its variables
 * @param directory where it starts; null for the engine's own
 * @param descriptors child's descriptor number to open descriptor; 0, 1 and 2 become /dev/null
 *     where missing. The caller keeps the descriptors and closes them after the call
 * @param namespaces namespaces to start in, entered in this order
 * @param preparation work on the thread that starts it, after the namespaces were entered: unshare
 *     and mounts; null for none
 * @param newSession whether it becomes the leader of a new session
 */
public record SpawnRequest(
    List<String> arguments,
    Map<String, String> environment,
    @Nullable Path directory,
    Map<Integer, Fd> descriptors,
    List<Fd> namespaces,
    @Nullable Runnable preparation,
    boolean newSession) {

  /** Copies the collections; the program must be named. */
  public SpawnRequest {
    if (arguments.isEmpty()) {
      throw new IllegalArgumentException("no program to start");
    }
    arguments = List.copyOf(arguments);
    environment = Map.copyOf(environment);
    descriptors = Map.copyOf(descriptors);
    namespaces = List.copyOf(namespaces);
  }

  /** A program with the engine's own environment and directory. */
  public static SpawnRequest of(List<String> arguments) {
    return new SpawnRequest(arguments, System.getenv(), null, Map.of(), List.of(), null, false);
  }

  /** The same with other variables. */
  public SpawnRequest withEnvironment(Map<String, String> variables) {
    return new SpawnRequest(
        arguments, variables, directory, descriptors, namespaces, preparation, newSession);
  }

  /** The same in another directory. */
  public SpawnRequest withDirectory(Path path) {
    return new SpawnRequest(
        arguments, environment, path, descriptors, namespaces, preparation, newSession);
  }

  /** The same with other descriptors. */
  public SpawnRequest withDescriptors(Map<Integer, Fd> map) {
    return new SpawnRequest(
        arguments, environment, directory, map, namespaces, preparation, newSession);
  }

  /** The same in other namespaces. */
  public SpawnRequest withNamespaces(List<Fd> others) {
    return new SpawnRequest(
        arguments, environment, directory, descriptors, others, preparation, newSession);
  }

  /** The same with work to do before, on the starting thread. */
  public SpawnRequest withPreparation(Runnable work) {
    return new SpawnRequest(
        arguments, environment, directory, descriptors, namespaces, work, newSession);
  }

  /** The same as leader of a new session. */
  public SpawnRequest inNewSession() {
    return new SpawnRequest(
        arguments, environment, directory, descriptors, namespaces, preparation, true);
  }
}
