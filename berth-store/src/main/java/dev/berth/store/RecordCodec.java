package dev.berth.store;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.berth.core.EngineException;

/**
 * Records to JSON and back, without annotations in the domain. What a record may hold beside the
 * usual: {@link java.time.Instant}, {@link java.time.Duration}, {@link java.nio.file.Path}, {@code
 * byte[]}, enums, other records, lists, sets and maps of these, and sealed interfaces of records,
 * whose JSON carries the record's simple name as {@code "@type"}. Fields that the record no longer
 * has are ignored; a collection that the JSON does not mention yet is empty, anything else null,
 * zero or false.
 */
final class RecordCodec {
  private final ObjectMapper mapper;

  RecordCodec() {
    this.mapper =
        JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .annotationIntrospector(new RecordIntrospector())
            .accessorNaming(new ComponentNaming.Provider())
            .addModule(new RecordModule())
            .build();
  }

  String encode(String place, Record value) {
    try {
      return mapper.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw EngineException.internal("state store: " + place + " cannot be written as JSON", e);
    }
  }

  <T extends Record> T decode(String place, String json, Class<T> type) {
    try {
      return mapper.readValue(json, type);
    } catch (JsonProcessingException e) {
      throw EngineException.internal("state store: " + place + " cannot be read", e);
    }
  }
}
