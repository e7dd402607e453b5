package dev.berth.volume.driver.local;

/**
 * One thing to mount.
 *
 * @param source the device, file, folder or share, names of servers resolved
 * @param target where
 * @param type the file system
 * @param words flags and data
 */
record MountCall(String source, String target, String type, MountWords words) {
  /** As Go's mount package tells of a mount that failed, without credentials. */
  String describe() {
    StringBuilder text = new StringBuilder("mount ").append(source).append(':').append(target);
    if (words.flags() != 0) {
      text.append(", flags: 0x").append(Long.toHexString(words.flags()));
    }
    if (!words.data().isEmpty()) {
      text.append(", data: ").append(LocalOptions.masked(words.data()));
    }
    return text.toString();
  }
}
