package dev.berth.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.ArrayList;
import java.util.List;

/** The one JSON mapper of the process; building one costs more than using it. */
final class Json {
  static final JsonMapper MAPPER = new JsonMapper();

  private Json() {}

  /** The items of an array; none where there is no array. */
  static List<JsonNode> list(JsonNode array) {
    List<JsonNode> items = new ArrayList<>(array.size());
    array.forEach(items::add);
    return items;
  }
}
