package dev.berth.cli;

import static dev.berth.cli.ContainerRequest.put;
import static dev.berth.cli.ContainerRequest.putMap;
import static dev.berth.cli.ContainerRequest.putNanoseconds;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options of {@code run} and {@code create} about the process in the container and its health. */
final class ProcessOptions {
  @Option(
      names = {"-e", "--env"},
      description = "Set an environment variable.")
  List<String> env = List.of();

  @Option(names = "--env-file", description = "Read environment variables from a file.")
  List<String> envFile = List.of();

  @Option(
      names = {"-u", "--user"},
      description = "User or uid, and group or gid behind a colon.")
  @Nullable String user;

  @Option(
      names = {"-w", "--workdir"},
      description = "Working directory in the container.")
  @Nullable String workdir;

  @Option(names = "--entrypoint", description = "Replace the image's entrypoint.")
  @Nullable String entrypoint;

  @Option(
      names = {"-h", "--hostname"},
      description = "Host name of the container.")
  @Nullable String hostname;

  @Option(names = "--domainname", description = "NIS domain name of the container.")
  @Nullable String domainname;

  @Option(
      names = {"-l", "--label"},
      description = "Set a label.")
  List<String> label = List.of();

  @Option(names = "--label-file", description = "Read labels from a file.")
  List<String> labelFile = List.of();

  @Option(
      names = {"-t", "--tty"},
      arity = "0..1",
      fallbackValue = "true",
      description = "Give it a terminal.")
  boolean tty;

  @Option(
      names = {"-i", "--interactive"},
      arity = "0..1",
      fallbackValue = "true",
      description = "Keep its standard input open.")
  boolean interactive;

  @Option(names = "--stop-signal", description = "Signal that stops it.")
  @Nullable String stopSignal;

  @Option(names = "--stop-timeout", description = "Seconds from that signal to SIGKILL.")
  @Nullable Integer stopTimeout;

  @Option(names = "--health-cmd", description = "Command that tells whether it is healthy.")
  @Nullable String healthCommand;

  @Option(names = "--health-interval", description = "Time between checks.")
  @Nullable String healthInterval;

  @Option(names = "--health-timeout", description = "Time that one check may take.")
  @Nullable String healthTimeout;

  @Option(names = "--health-retries", description = "Failures in a row that make it unhealthy.")
  @Nullable Integer healthRetries;

  @Option(names = "--health-start-period", description = "Time in which failures do not count.")
  @Nullable String healthStartPeriod;

  @Option(names = "--health-start-interval", description = "Time between checks in that period.")
  @Nullable String healthStartInterval;

  @Option(names = "--no-healthcheck", description = "Switch the image's health check off.")
  boolean noHealthcheck;

  void fill(ContainerRequest request, String image, List<String> command) {
    ObjectNode config = request.config();
    config.put("Image", image);
    put(config, "Cmd", command);
    List<String> variables = new ArrayList<>(lines(envFile));
    env.forEach(variable -> variables.addAll(resolved(variable)));
    put(config, "Env", variables);
    List<String> labels = new ArrayList<>(lines(labelFile));
    labels.addAll(label);
    putMap(config, "Labels", labels);
    put(config, "User", user);
    put(config, "WorkingDir", workdir);
    put(config, "Hostname", hostname);
    put(config, "Domainname", domainname);
    put(config, "StopSignal", stopSignal);
    put(config, "StopTimeout", stopTimeout);
    config.put("Tty", tty);
    config.put("OpenStdin", interactive);
    if (entrypoint != null) {
      config.putArray("Entrypoint").add(entrypoint);
    }
    fillHealth(config);
  }

  private void fillHealth(ObjectNode config) {
    if (noHealthcheck) {
      if (healthCommand != null) {
        throw new CliException(125, "--no-healthcheck conflicts with --health-* options");
      }
      config.putObject("Healthcheck").putArray("Test").add("NONE");
      return;
    }
    ObjectNode health = Json.MAPPER.createObjectNode();
    if (healthCommand != null) {
      health.putArray("Test").add("CMD-SHELL").add(healthCommand);
    }
    putNanoseconds(health, "Interval", healthInterval);
    putNanoseconds(health, "Timeout", healthTimeout);
    putNanoseconds(health, "StartPeriod", healthStartPeriod);
    putNanoseconds(health, "StartInterval", healthStartInterval);
    put(health, "Retries", healthRetries);
    if (!health.isEmpty()) {
      config.set("Healthcheck", health);
    }
  }

  /** A variable without a value is passed on from this process's environment, or not at all. */
  static List<String> resolved(String variable) {
    if (variable.contains("=")) {
      return List.of(variable);
    }
    String value = System.getenv(variable);
    return value == null ? List.of() : List.of(variable + "=" + value);
  }

  static List<String> lines(List<String> files) {
    List<String> lines = new ArrayList<>();
    for (String file : files) {
      try {
        for (String line : Files.readAllLines(Path.of(file))) {
          String text = line.stripLeading();
          if (!text.isEmpty() && !text.startsWith("#")) {
            lines.addAll(resolved(text));
          }
        }
      } catch (IOException unreadable) {
        throw new CliException(125, "open " + file + ": no such file or directory");
      }
    }
    return lines;
  }
}
