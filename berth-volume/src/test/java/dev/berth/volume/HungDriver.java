package dev.berth.volume;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;

/** A driver whose create answers only when it is let. */
final class HungDriver implements VolumeDriver {
  private final FakeDriver driver = new FakeDriver("hung");
  private final CountDownLatch inside;
  private final CountDownLatch release;

  HungDriver(CountDownLatch inside, CountDownLatch release) {
    this.inside = inside;
    this.release = release;
  }

  @Override
  public String name() {
    return driver.name();
  }

  @Override
  public VolumeScope scope() {
    return driver.scope();
  }

  @Override
  public DriverVolume create(String name, Map<String, String> options) {
    inside.countDown();
    try {
      release.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return driver.create(name, options);
  }

  @Override
  public void remove(String name) {
    driver.remove(name);
  }

  @Override
  public Optional<DriverVolume> find(String name) {
    return driver.find(name);
  }

  @Override
  public List<DriverVolume> list() {
    return driver.list();
  }

  @Override
  public String mount(String name, String user) {
    return driver.mount(name, user);
  }

  @Override
  public void unmount(String name, String user) {
    driver.unmount(name, user);
  }
}
