package dev.berth.engine;

import dev.berth.core.EngineException;
import java.util.List;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;

/** Names of containers: what is allowed, and names for those that come without one. */
final class ContainerNames {
  private static final String ALLOWED = "[a-zA-Z0-9][a-zA-Z0-9_.-]";
  private static final Pattern FORM = Pattern.compile("/?" + ALLOWED + "+");
  private static final int PLAIN_ATTEMPTS = 6;
  private static final int NUMBERED_ATTEMPTS = 1000;

  private static final List<String> MOODS =
      List.of(
          "able",
          "agile",
          "amber",
          "ample",
          "apt",
          "blithe",
          "bold",
          "brave",
          "breezy",
          "bright",
          "brisk",
          "calm",
          "candid",
          "cheery",
          "civil",
          "clear",
          "clever",
          "cosy",
          "crisp",
          "curious",
          "deft",
          "eager",
          "earnest",
          "easy",
          "fair",
          "fine",
          "fleet",
          "fond",
          "frank",
          "fresh",
          "gentle",
          "glad",
          "golden",
          "grand",
          "hale",
          "handy",
          "hardy",
          "honest",
          "jolly",
          "keen",
          "kind",
          "lively",
          "loyal",
          "lucid",
          "mellow",
          "merry",
          "mild",
          "modest",
          "neat",
          "nimble",
          "noble",
          "patient",
          "placid",
          "plucky",
          "polite",
          "prim",
          "prompt",
          "proud",
          "quick",
          "quiet",
          "ready",
          "robust",
          "rosy",
          "serene",
          "sharp",
          "sincere",
          "snug",
          "sober",
          "spry",
          "stable",
          "staunch",
          "steady",
          "still",
          "sturdy",
          "subtle",
          "sunny",
          "supple",
          "sure",
          "tidy",
          "tranquil",
          "true",
          "trusty",
          "upbeat",
          "valiant",
          "vivid",
          "warm",
          "wise",
          "witty",
          "zesty");

  /** Harbour builders, navigators, hydrographers, and people of lighthouses and ships. */
  private static final List<String> PEOPLE =
      List.of(
          "amundsen",
          "barents",
          "baret",
          "beaufort",
          "bering",
          "bougainville",
          "bowditch",
          "brunel",
          "cabot",
          "cabral",
          "chichester",
          "colin",
          "cook",
          "cousteau",
          "crowninshield",
          "dana",
          "darling",
          "davis",
          "delano",
          "dias",
          "drake",
          "earle",
          "elcano",
          "eriksson",
          "fitzroy",
          "flinders",
          "franklin",
          "fresnel",
          "frobisher",
          "fulton",
          "gama",
          "gilbreth",
          "halley",
          "harrison",
          "henry",
          "heyerdahl",
          "hooper",
          "hudson",
          "joyon",
          "knoxjohnston",
          "laperouse",
          "macarthur",
          "magellan",
          "mansfield",
          "maury",
          "mclean",
          "mercator",
          "moitessier",
          "nansen",
          "nares",
          "parry",
          "patten",
          "peary",
          "piccard",
          "polo",
          "pytheas",
          "rennie",
          "ross",
          "rutter",
          "sanderson",
          "shackleton",
          "slocum",
          "smeaton",
          "stevenson",
          "sverdrup",
          "tabarly",
          "tasman",
          "tharp",
          "thomson",
          "torres",
          "treworgy",
          "vancouver",
          "vespucci",
          "villiers",
          "walker",
          "weddell",
          "wilkes",
          "worsley",
          "zheng");

  private ContainerNames() {}

  /**
   * A name without its leading slash.
   *
   * @throws EngineException INVALID with Docker's words
   */
  static String require(String name) {
    if (!FORM.matcher(name).matches()) {
      throw EngineException.invalid(
          "Invalid container name (" + name + "), only " + ALLOWED + " are allowed");
    }
    return name.startsWith("/") ? name.substring(1) : name;
  }

  /** A name that is not taken. */
  static String generate(RandomGenerator random, Predicate<String> taken) {
    for (int attempt = 0; attempt < NUMBERED_ATTEMPTS; attempt++) {
      String name =
          MOODS.get(random.nextInt(MOODS.size())) + "_" + PEOPLE.get(random.nextInt(PEOPLE.size()));
      if (attempt >= PLAIN_ATTEMPTS) {
        name += random.nextInt(10 * attempt);
      }
      if (!taken.test(name)) {
        return name;
      }
    }
    throw EngineException.internal("no free container name was found; give one", null);
  }

  /** What a client is told when a name is taken. */
  static EngineException conflict(String name, String ownerId) {
    return EngineException.conflict(
        "Conflict. The container name \"/"
            + name
            + "\" is already in use by container \""
            + ownerId
            + "\". You have to remove (or rename) that container to be able to reuse that name.");
  }
}
