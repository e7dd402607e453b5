package dev.berth.volume;

class FakeDriverTest extends VolumeDriverContract {
  private final FakeDriver driver = new FakeDriver("fake");

  @Override
  protected VolumeDriver driver() {
    return driver;
  }
}
