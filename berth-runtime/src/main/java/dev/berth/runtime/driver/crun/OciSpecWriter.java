package dev.berth.runtime.driver.crun;

import com.fasterxml.jackson.core.JsonEncoding;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.berth.runtime.IsolationSpec;
import dev.berth.runtime.LaunchSpec;
import dev.berth.runtime.Namespace;
import dev.berth.runtime.OciMount;
import dev.berth.runtime.SecuritySpec;
import dev.berth.runtime.driver.seccomp.SeccompFilters;
import dev.berth.runtime.driver.seccomp.SeccompRules;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Writes {@code config.json}.
 *
 * @see <a href="https://github.com/opencontainers/runtime-spec/blob/main/config.md">runtime
 *     specification</a>
 */
final class OciSpecWriter {
  private static final String VERSION = "1.0.2";
  private static final String SECCOMP_PROGRAM = "run.oci.seccomp_bpf_data";
  private static final JsonFactory JSON = new JsonFactory();

  /**
   * What is decided outside of the launch specification.
   *
   * @param cgroupsPath as the runtime's cgroup driver wants it
   * @param filter seccomp filter
   * @param devices nodes that are made beside the runtime's own
   * @param initProgram host path of the init process; null when none is asked for
   */
  record Surroundings(
      String cgroupsPath,
      SeccompFilters.Filter filter,
      List<DeviceNode> devices,
      @Nullable String initProgram) {}

  private OciSpecWriter() {}

  /** The whole file. */
  static byte[] write(LaunchSpec spec, Surroundings surroundings) {
    return json(out -> {
      out.writeStartObject();
      out.writeStringField("ociVersion", VERSION);
      out.writeFieldName("process");
      OciProcessWriter.write(
          out,
          spec.process(),
          new OciProcessWriter.Rights(
              spec.security().capabilities(),
              spec.security().noNewPrivileges(),
              spec.resources().oomScoreAdjust()),
          surroundings.initProgram() != null);
      writeRoot(out, spec);
      writeNames(out, spec.isolation());
      writeMounts(out, spec, surroundings);
      writeAnnotations(out, spec.isolation(), surroundings.filter());
      out.writeObjectFieldStart("linux");
      writeLinux(out, spec, surroundings);
      out.writeEndObject();
      out.writeEndObject();
    });
  }

  /** A piece of a document. */
  @FunctionalInterface
  interface Piece {
    void write(JsonGenerator out) throws IOException;
  }

  static byte[] json(Piece piece) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (JsonGenerator out = JSON.createGenerator(bytes, JsonEncoding.UTF8)) {
      piece.write(out);
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
    return bytes.toByteArray();
  }

  private static void writeRoot(JsonGenerator out, LaunchSpec spec) throws IOException {
    out.writeObjectFieldStart("root");
    out.writeStringField("path", spec.root().path().toString());
    out.writeBooleanField("readonly", spec.root().readonly());
    out.writeEndObject();
  }

  private static void writeNames(JsonGenerator out, IsolationSpec isolation) throws IOException {
    if (isolation.hostname() != null) {
      out.writeStringField("hostname", isolation.hostname());
    }
    if (isolation.domainname() != null) {
      out.writeStringField("domainname", isolation.domainname());
    }
  }

  private static void writeMounts(JsonGenerator out, LaunchSpec spec, Surroundings surroundings)
      throws IOException {
    out.writeArrayFieldStart("mounts");
    for (OciMount mount : spec.mounts()) {
      writeMount(out, mount);
    }
    if (surroundings.initProgram() != null) {
      writeMount(
          out,
          OciMount.bind(
              surroundings.initProgram(), OciProcessWriter.INIT_PATH, List.of("bind", "ro")));
    }
    out.writeEndArray();
  }

  private static void writeMount(JsonGenerator out, OciMount mount) throws IOException {
    out.writeStartObject();
    out.writeStringField("destination", mount.destination());
    out.writeStringField("type", mount.type());
    out.writeStringField("source", mount.source());
    writeWords(out, "options", mount.options());
    out.writeEndObject();
  }

  private static void writeAnnotations(
      JsonGenerator out, IsolationSpec isolation, SeccompFilters.Filter filter) throws IOException {
    Map<String, String> annotations = new TreeMap<>(isolation.annotations());
    if (filter instanceof SeccompFilters.Filter.Program(String base64)) {
      annotations.put(SECCOMP_PROGRAM, base64);
    }
    out.writeObjectFieldStart("annotations");
    for (Map.Entry<String, String> annotation : annotations.entrySet()) {
      out.writeStringField(annotation.getKey(), annotation.getValue());
    }
    out.writeEndObject();
  }

  private static void writeLinux(JsonGenerator out, LaunchSpec spec, Surroundings surroundings)
      throws IOException {
    out.writeStringField("cgroupsPath", surroundings.cgroupsPath());
    out.writeStringField("rootfsPropagation", spec.root().propagation());
    out.writeObjectFieldStart("sysctl");
    for (Map.Entry<String, String> entry : new TreeMap<>(spec.isolation().sysctls()).entrySet()) {
      out.writeStringField(entry.getKey(), entry.getValue());
    }
    out.writeEndObject();
    out.writeArrayFieldStart("namespaces");
    for (Namespace namespace : spec.isolation().namespaces()) {
      out.writeStartObject();
      out.writeStringField("type", namespace.kind().word());
      if (namespace.path() != null) {
        out.writeStringField("path", namespace.path().toString());
      }
      out.writeEndObject();
    }
    out.writeEndArray();
    SecuritySpec security = spec.security();
    writeWords(out, "maskedPaths", security.maskedPaths());
    writeWords(out, "readonlyPaths", security.readonlyPaths());
    out.writeArrayFieldStart("devices");
    for (DeviceNode device : surroundings.devices()) {
      device.write(out);
    }
    out.writeEndArray();
    out.writeFieldName("resources");
    OciResourcesWriter.write(out, spec.resources(), deviceRules(security, surroundings.devices()));
    if (surroundings.filter() instanceof SeccompFilters.Filter.Rules(SeccompRules rules)) {
      writeSeccomp(out, rules);
    }
  }

  private static List<SecuritySpec.DeviceRule> deviceRules(
      SecuritySpec security, List<DeviceNode> devices) {
    return security.privileged()
        ? List.of(new SecuritySpec.DeviceRule(true, 'a', -1, -1, "rwm"))
        : DeviceNode.rules(devices, security.deviceRules());
  }

  private static void writeSeccomp(JsonGenerator out, SeccompRules rules) throws IOException {
    out.writeObjectFieldStart("seccomp");
    out.writeStringField("defaultAction", rules.defaultAction());
    if (rules.defaultErrno() != null) {
      out.writeNumberField("defaultErrnoRet", rules.defaultErrno());
    }
    writeWords(out, "architectures", rules.architectures());
    if (!rules.flags().isEmpty()) {
      writeWords(out, "flags", rules.flags());
    }
    out.writeArrayFieldStart("syscalls");
    for (SeccompRules.Rule rule : rules.rules()) {
      writeRule(out, rule);
    }
    out.writeEndArray();
    out.writeEndObject();
  }

  private static void writeRule(JsonGenerator out, SeccompRules.Rule rule) throws IOException {
    out.writeStartObject();
    writeWords(out, "names", rule.names());
    out.writeStringField("action", rule.action());
    if (rule.errno() != null) {
      out.writeNumberField("errnoRet", rule.errno());
    }
    if (!rule.arguments().isEmpty()) {
      out.writeArrayFieldStart("args");
      for (SeccompRules.Argument argument : rule.arguments()) {
        out.writeStartObject();
        out.writeNumberField("index", argument.index());
        out.writeFieldName("value");
        out.writeNumber(Long.toUnsignedString(argument.value()));
        out.writeFieldName("valueTwo");
        out.writeNumber(Long.toUnsignedString(argument.valueTwo()));
        out.writeStringField("op", "SCMP_CMP_" + argument.comparison());
        out.writeEndObject();
      }
      out.writeEndArray();
    }
    out.writeEndObject();
  }

  static void writeWords(JsonGenerator out, String name, List<String> words) throws IOException {
    out.writeArrayFieldStart(name);
    for (String word : words) {
      out.writeString(word);
    }
    out.writeEndArray();
  }
}
