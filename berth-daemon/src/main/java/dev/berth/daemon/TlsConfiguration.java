package dev.berth.daemon;

import dev.berth.server.TlsSettings;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads the settings of TLS. As in dockerd, {@code --tlsverify} in any form switches TLS on, {@code
 * --tls} asks clients for certificates unless {@code --tlsverify=false} stands beside it, and files
 * that are not named are in {@code DOCKER_CERT_PATH}, {@code DOCKER_CONFIG} or {@code ~/.docker}.
 */
final class TlsConfiguration {
  private TlsConfiguration() {}

  /** What was asked for; null for no TLS. */
  static @Nullable TlsSettings of(Settings settings, Map<String, String> environment) {
    boolean verifySet =
        settings.isSet(Setting.TLSVERIFY)
            || !environment.getOrDefault("DOCKER_TLS_VERIFY", "").isEmpty();
    if (!verifySet && !settings.flag(Setting.TLS, false)) {
      return null;
    }
    Path folder = folder(environment);
    return new TlsSettings(
        file(settings, Setting.TLSCERT, folder.resolve("cert.pem")),
        file(settings, Setting.TLSKEY, folder.resolve("key.pem")),
        file(settings, Setting.TLSCACERT, folder.resolve("ca.pem")),
        settings.flag(Setting.TLSVERIFY, true));
  }

  /** Whether files of TLS are named though there is none. */
  static boolean isNeedless(Settings settings, @Nullable TlsSettings tls) {
    return tls == null
        && (settings.isSet(Setting.TLSCERT)
            || settings.isSet(Setting.TLSKEY)
            || settings.isSet(Setting.TLSCACERT));
  }

  private static Path file(Settings settings, Setting setting, Path usual) {
    return settings.text(setting).map(Path::of).orElse(usual);
  }

  private static Path folder(Map<String, String> environment) {
    String certificates = environment.getOrDefault("DOCKER_CERT_PATH", "");
    String configuration = environment.getOrDefault("DOCKER_CONFIG", "");
    if (!certificates.isEmpty()) {
      return Path.of(certificates);
    }
    return configuration.isEmpty()
        ? Path.of(environment.getOrDefault("HOME", "/root"), ".docker")
        : Path.of(configuration);
  }
}
