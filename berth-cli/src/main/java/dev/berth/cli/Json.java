package dev.berth.cli;

import com.fasterxml.jackson.databind.json.JsonMapper;

/** The one JSON mapper of the process; building one costs more than using it. */
final class Json {
  static final JsonMapper MAPPER = new JsonMapper();

  private Json() {}
}
