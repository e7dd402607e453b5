package dev.berth.runtime.driver.crun;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.berth.runtime.ConsoleSize;
import dev.berth.runtime.ProcessSpec;
import dev.berth.runtime.Ulimit;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes the {@code process} object, which an exec has as a document of its own. */
final class OciProcessWriter {
  /** Where Docker puts its init process. */
  static final String INIT_PATH = "/sbin/docker-init";

  /**
   * What a process may do.
   *
   * @param capabilities of every set but the inheritable and the ambient one; null for those that
   *     the container has
   * @param noNewPrivileges whether set-user-id programs gain nothing
   * @param oomScoreAdjust null to leave it
   */
  record Rights(
      @Nullable List<String> capabilities,
      boolean noNewPrivileges,
      @Nullable Integer oomScoreAdjust) {}

  private OciProcessWriter() {}

  static void write(JsonGenerator out, ProcessSpec process, Rights rights, boolean init)
      throws IOException {
    out.writeStartObject();
    out.writeBooleanField("terminal", process.terminal());
    writeConsoleSize(out, process.consoleSize());
    out.writeObjectFieldStart("user");
    out.writeNumberField("uid", process.user().uid());
    out.writeNumberField("gid", process.user().gid());
    if (!process.user().additionalGids().isEmpty()) {
      out.writeArrayFieldStart("additionalGids");
      for (long gid : process.user().additionalGids()) {
        out.writeNumber(gid);
      }
      out.writeEndArray();
    }
    out.writeEndObject();
    OciSpecWriter.writeWords(out, "args", arguments(process, init));
    OciSpecWriter.writeWords(out, "env", process.env());
    out.writeStringField("cwd", process.cwd());
    writeCapabilities(out, rights.capabilities());
    writeUlimits(out, process.ulimits());
    out.writeBooleanField("noNewPrivileges", rights.noNewPrivileges());
    if (rights.oomScoreAdjust() != null) {
      out.writeNumberField("oomScoreAdj", rights.oomScoreAdjust());
    }
    out.writeEndObject();
  }

  private static List<String> arguments(ProcessSpec process, boolean init) {
    if (!init) {
      return process.args();
    }
    List<String> all = new ArrayList<>(List.of(INIT_PATH, "--"));
    all.addAll(process.args());
    return all;
  }

  private static void writeConsoleSize(JsonGenerator out, @Nullable ConsoleSize size)
      throws IOException {
    if (size != null) {
      out.writeObjectFieldStart("consoleSize");
      out.writeNumberField("height", size.rows());
      out.writeNumberField("width", size.columns());
      out.writeEndObject();
    }
  }

  /** Never an inheritable set: a program that changes user would keep what it names. */
  private static void writeCapabilities(JsonGenerator out, @Nullable List<String> capabilities)
      throws IOException {
    if (capabilities == null) {
      return;
    }
    out.writeObjectFieldStart("capabilities");
    for (String set : new String[] {"bounding", "effective", "permitted"}) {
      OciSpecWriter.writeWords(out, set, capabilities);
    }
    out.writeEndObject();
  }

  private static void writeUlimits(JsonGenerator out, List<Ulimit> ulimits) throws IOException {
    if (ulimits.isEmpty()) {
      return;
    }
    out.writeArrayFieldStart("rlimits");
    for (Ulimit ulimit : ulimits) {
      out.writeStartObject();
      out.writeStringField("type", ulimit.name());
      out.writeFieldName("hard");
      out.writeNumber(Long.toUnsignedString(ulimit.hard()));
      out.writeFieldName("soft");
      out.writeNumber(Long.toUnsignedString(ulimit.soft()));
      out.writeEndObject();
    }
    out.writeEndArray();
  }
}
