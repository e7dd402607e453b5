package dev.berth.runtime.driver.crun;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.berth.runtime.Resources;
import dev.berth.runtime.SecuritySpec.DeviceRule;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes the {@code resources} object, which an update has as a document of its own. */
final class OciResourcesWriter {
  private OciResourcesWriter() {}

  static void write(JsonGenerator out, Resources resources, List<DeviceRule> rules)
      throws IOException {
    out.writeStartObject();
    writeDeviceRules(out, rules);
    writeMemory(out, resources.memory());
    writeCpu(out, resources.cpu());
    if (resources.pidsLimit() != null) {
      out.writeObjectFieldStart("pids");
      out.writeNumberField("limit", resources.pidsLimit());
      out.writeEndObject();
    }
    writeBlockIo(out, resources.blockIo());
    out.writeEndObject();
  }

  private static void writeDeviceRules(JsonGenerator out, List<DeviceRule> rules)
      throws IOException {
    if (rules.isEmpty()) {
      return;
    }
    out.writeArrayFieldStart("devices");
    for (DeviceRule rule : rules) {
      out.writeStartObject();
      out.writeBooleanField("allow", rule.allow());
      out.writeStringField("type", String.valueOf(rule.type()));
      if (rule.major() >= 0) {
        out.writeNumberField("major", rule.major());
      }
      if (rule.minor() >= 0) {
        out.writeNumberField("minor", rule.minor());
      }
      out.writeStringField("access", rule.permissions());
      out.writeEndObject();
    }
    out.writeEndArray();
  }

  private static void writeMemory(JsonGenerator out, Resources.Memory memory) throws IOException {
    if (memory.equals(Resources.Memory.UNLIMITED)) {
      return;
    }
    out.writeObjectFieldStart("memory");
    number(out, "limit", memory.limitBytes());
    number(out, "swap", memory.swapBytes());
    number(out, "reservation", memory.reservationBytes());
    number(out, "swappiness", memory.swappiness());
    if (memory.disableOomKiller() != null) {
      out.writeBooleanField("disableOOMKiller", memory.disableOomKiller());
    }
    out.writeEndObject();
  }

  private static void writeCpu(JsonGenerator out, Resources.Cpu cpu) throws IOException {
    if (cpu.equals(Resources.Cpu.UNLIMITED)) {
      return;
    }
    out.writeObjectFieldStart("cpu");
    number(out, "shares", cpu.shares());
    number(out, "quota", cpu.quotaMicros());
    number(out, "period", cpu.periodMicros());
    number(out, "realtimeRuntime", cpu.realtimeRuntimeMicros());
    number(out, "realtimePeriod", cpu.realtimePeriodMicros());
    if (cpu.cpus() != null) {
      out.writeStringField("cpus", cpu.cpus());
    }
    if (cpu.memoryNodes() != null) {
      out.writeStringField("mems", cpu.memoryNodes());
    }
    out.writeEndObject();
  }

  private static void writeBlockIo(JsonGenerator out, Resources.BlockIo blockIo)
      throws IOException {
    if (blockIo.equals(Resources.BlockIo.UNLIMITED)) {
      return;
    }
    out.writeObjectFieldStart("blockIO");
    number(out, "weight", blockIo.weight());
    rates(out, "weightDevice", "weight", blockIo.deviceWeights());
    rates(out, "throttleReadBpsDevice", "rate", blockIo.readBytesPerSecond());
    rates(out, "throttleWriteBpsDevice", "rate", blockIo.writeBytesPerSecond());
    rates(out, "throttleReadIOPSDevice", "rate", blockIo.readOperationsPerSecond());
    rates(out, "throttleWriteIOPSDevice", "rate", blockIo.writeOperationsPerSecond());
    out.writeEndObject();
  }

  private static void rates(
      JsonGenerator out, String name, String value, List<Resources.DeviceRate> rates)
      throws IOException {
    if (rates.isEmpty()) {
      return;
    }
    out.writeArrayFieldStart(name);
    for (Resources.DeviceRate rate : rates) {
      out.writeStartObject();
      out.writeNumberField("major", rate.major());
      out.writeNumberField("minor", rate.minor());
      out.writeNumberField(value, rate.value());
      out.writeEndObject();
    }
    out.writeEndArray();
  }

  private static void number(JsonGenerator out, String name, @Nullable Number value)
      throws IOException {
    if (value != null) {
      out.writeNumberField(name, value.longValue());
    }
  }
}
