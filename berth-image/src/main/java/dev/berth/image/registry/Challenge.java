package dev.berth.image.registry;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How a registry wants to be told who asks. Source: RFC 9110, section 11; distribution
 * specification, token authentication.
 *
 * @param scheme {@code bearer} or {@code basic}
 * @param parameters for instance realm, service and scope
 */
record Challenge(String scheme, Map<String, String> parameters) {
  private static final Pattern SCHEME = Pattern.compile("\\s*([A-Za-z]+)\\s*");
  private static final Pattern PARAMETER =
      Pattern.compile(
          "([A-Za-z_]+)\\s*=\\s*(?:\"((?:[^\"\\\\]|\\\\.)*+)\"|([^\\s,\"]++))\\s*,?\\s*");

  /** The strongest of those offered that is known here. */
  static Optional<Challenge> of(List<String> headers) {
    List<Challenge> offered = headers.stream().map(Challenge::parse).toList();
    Optional<Challenge> bearer =
        offered.stream().filter(challenge -> challenge.scheme.equals("bearer")).findFirst();
    return bearer.isPresent()
        ? bearer
        : offered.stream().filter(challenge -> challenge.scheme.equals("basic")).findFirst();
  }

  private static Challenge parse(String header) {
    Matcher scheme = SCHEME.matcher(header);
    if (!scheme.lookingAt()) {
      return new Challenge("", Map.of());
    }
    Map<String, String> parameters = new HashMap<>();
    Matcher parameter = PARAMETER.matcher(header).region(scheme.end(), header.length());
    while (parameter.lookingAt()) {
      String quoted = parameter.group(2);
      String value = quoted == null ? parameter.group(3) : quoted.replaceAll("\\\\(.)", "$1");
      parameters.put(parameter.group(1).toLowerCase(Locale.ROOT), value);
      parameter.region(parameter.end(), header.length());
    }
    return new Challenge(scheme.group(1).toLowerCase(Locale.ROOT), Map.copyOf(parameters));
  }

  String parameter(String name) {
    return parameters.getOrDefault(name, "");
  }
}
