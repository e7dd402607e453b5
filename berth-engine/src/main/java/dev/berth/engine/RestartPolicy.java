package dev.berth.engine;

/**
 * What happens when a container's process ends.
 *
 * @param name {@code no}, {@code always}, {@code unless-stopped}, {@code on-failure} or empty, as
 *     sent
 * @param maximumRetryCount of on-failure; zero for no limit
 */
public record RestartPolicy(String name, int maximumRetryCount) {
  /** Never restart. */
  public static final RestartPolicy NO = new RestartPolicy("no", 0);

  /** Whether there is nothing to restart. */
  boolean never() {
    return name.isEmpty() || name.equals("no");
  }

  boolean always() {
    return name.equals("always");
  }

  boolean unlessStopped() {
    return name.equals("unless-stopped");
  }

  boolean onFailure() {
    return name.equals("on-failure");
  }
}
