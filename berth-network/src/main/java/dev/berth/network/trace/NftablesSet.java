package dev.berth.network.trace;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The elements of a set or map.
 *
 * @param elements in the order they are printed
 */
record NftablesSet(List<Element> elements) {
  static final NftablesSet EMPTY = new NftablesSet(List.of());

  NftablesSet {
    elements = List.copyOf(elements);
  }

  /**
   * One element.
   *
   * @param key its parts
   * @param data what a map has for it; empty in a set
   */
  record Element(List<String> key, String data) {
    Element {
      key = List.copyOf(key);
    }

    Match.Answer test(List<Field> fields, Packet packet) {
      if (fields.size() != key.size()) {
        return Match.Answer.UNSURE;
      }
      Match.Answer answer = Match.Answer.YES;
      for (int i = 0; i < fields.size(); i++) {
        Match.Answer one = fields.get(i).test(packet, key.get(i));
        if (one == Match.Answer.NO) {
          return one;
        }
        answer = one == Match.Answer.UNSURE ? one : answer;
      }
      return answer;
    }
  }

  /** Reads what stands between the braces. */
  static NftablesSet read(String text) {
    List<Element> elements = new ArrayList<>();
    for (String part : text.split(",")) {
      String element = part.strip().replaceAll("\\s+", " ");
      if (element.isEmpty()) {
        continue;
      }
      int colon = element.indexOf(" : ");
      String key = colon < 0 ? element : element.substring(0, colon);
      List<String> parts = new ArrayList<>();
      for (String word : key.split(" \\. ")) {
        parts.add(bare(word.split(" ")[0]));
      }
      elements.add(new Element(parts, colon < 0 ? "" : element.substring(colon + 3)));
    }
    return new NftablesSet(elements);
  }

  static String bare(String word) {
    return word.replace("\"", "");
  }

  /** Whether the packet's properties are in the set. */
  Match.Answer test(List<Field> fields, Packet packet) {
    Match.Answer answer = Match.Answer.NO;
    for (Element element : elements) {
      Match.Answer one = element.test(fields, packet);
      if (one == Match.Answer.YES) {
        return one;
      }
      answer = one == Match.Answer.UNSURE ? one : answer;
    }
    return answer;
  }

  /** What the map has for the packet; null for nothing. */
  @Nullable String find(List<Field> fields, Packet packet) {
    for (Element element : elements) {
      if (element.test(fields, packet) == Match.Answer.YES) {
        return element.data();
      }
    }
    return null;
  }
}
