package dev.berth.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.core.Event;
import dev.berth.testing.ManualClock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EventJournalTest {
  private final ManualClock clock = ManualClock.atFixedStart();
  private final EventJournal journal = new EventJournal(clock);

  private void tell(Event.Type type, String action, String id, Map<String, String> attributes) {
    journal.publish(new Event(type, action, id, attributes, clock.instant()));
    clock.advance(Duration.ofSeconds(1));
  }

  private List<String> matching(String key, String... values) {
    return journal.remembered(new Filters(Map.of(key, List.of(values)))).stream()
        .map(Event::action)
        .toList();
  }

  @Test
  void filtersSelectByEachFact() {
    tell(Event.Type.CONTAINER, "create", "c1", Map.of("name", "web", "image", "nginx:1", "a", "1"));
    tell(
        Event.Type.CONTAINER, "exec_start: ls -l", "c1", Map.of("name", "web", "image", "nginx:1"));
    tell(Event.Type.NETWORK, "connect", "n1", Map.of("name", "front", "container", "c1"));
    tell(Event.Type.IMAGE, "pull", "nginx:1", Map.of("name", "nginx"));
    assertThat(matching("type", "network", "image")).containsExactly("connect", "pull");
    assertThat(matching("event", "exec_start")).containsExactly("exec_start: ls -l");
    assertThat(matching("container", "web")).hasSize(2);
    assertThat(matching("container", "c1")).hasSize(2);
    assertThat(matching("network", "front")).containsExactly("connect");
    assertThat(matching("image", "nginx")).containsExactly("create", "exec_start: ls -l", "pull");
    assertThat(matching("label", "a=1")).containsExactly("create");
    assertThat(matching("scope", "swarm")).isEmpty();
    assertThatThrownBy(() -> matching("nonsense", "x")).hasMessage("invalid filter 'nonsense'");
  }

  @Test
  void aSubscriberGetsThePastAndThePresentWithoutAGap() throws InterruptedException {
    Instant beginning = clock.instant();
    tell(Event.Type.CONTAINER, "create", "c1", Map.of());
    tell(Event.Type.CONTAINER, "start", "c1", Map.of());
    try (EventJournal.Subscription all = journal.subscribe(Filters.NONE, beginning, null);
        EventJournal.Subscription later =
            journal.subscribe(Filters.NONE, beginning.plusSeconds(1), null);
        EventJournal.Subscription fresh = journal.subscribe(Filters.NONE, null, null)) {
      tell(Event.Type.CONTAINER, "die", "c1", Map.of());
      assertThat(actions(all)).containsExactly("create", "start", "die");
      assertThat(actions(later)).containsExactly("start", "die");
      assertThat(actions(fresh)).containsExactly("die");
    }
  }

  private static List<String> actions(EventJournal.Subscription subscription)
      throws InterruptedException {
    List<String> actions = new java.util.ArrayList<>();
    Event event = subscription.next(Duration.ZERO);
    while (event != null) {
      actions.add(event.action());
      event = subscription.next(Duration.ZERO);
    }
    return actions;
  }

  @Test
  void aSubscriptionEndsWithItsUntil() throws InterruptedException {
    try (EventJournal.Subscription subscription =
        journal.subscribe(Filters.NONE, null, clock.instant().plusSeconds(1))) {
      assertThat(subscription.ended()).isFalse();
      tell(Event.Type.CONTAINER, "create", "c1", Map.of());
      clock.advance(Duration.ofSeconds(1));
      tell(Event.Type.CONTAINER, "late", "c1", Map.of());
      assertThat(subscription.ended()).isFalse();
      assertThat(actions(subscription)).containsExactly("create");
      assertThat(subscription.ended()).isTrue();
    }
  }

  @Test
  void aReaderThatIsTooSlowLosesItsSubscription() throws InterruptedException {
    try (EventJournal.Subscription subscription = journal.subscribe(Filters.NONE, null, null)) {
      for (int i = 0; i < 5000; i++) {
        tell(Event.Type.CONTAINER, "create", "c1", Map.of());
      }
      assertThat(actions(subscription)).hasSizeLessThan(5000);
      assertThat(subscription.ended()).isTrue();
    }
  }
}
