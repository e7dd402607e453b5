package dev.berth.runtime.driver.seccomp;

import dev.berth.core.EngineException;
import dev.berth.runtime.SecuritySpec.Seccomp;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The filter of a container: compiled once for a profile, a set of capabilities and a kernel, and
 * kept on disk, because compiling it anew takes longer than everything else in a launch. Safe for
 * use by several threads.
 */
public final class SeccompFilters {
  /** Part of every file's name: a change of the compiler must not find old files. */
  private static final String COMPILER = "1";

  private static final int KEPT_IN_MEMORY = 16;
  private static final String UNSURE = "";

  private final Path directory;
  private final Path defaultProfile;
  private final boolean precompiled;
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<String, String> encoded =
      new LinkedHashMap<>(KEPT_IN_MEMORY, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, String> eldest) {
          return size() > KEPT_IN_MEMORY;
        }
      };

  /** The filter of one launch. */
  public sealed interface Filter {
    /** No filter. */
    record None() implements Filter {}

    /**
     * A program for the kernel.
     *
     * @param base64 of it
     */
    record Program(String base64) implements Filter {}

    /**
     * Rules that libseccomp has to compile.
     *
     * @param rules decided
     */
    record Rules(SeccompRules rules) implements Filter {}
  }

  /**
   * @param directory where programs are kept
   * @param defaultProfile the distribution's profile
   * @param precompiled whether the runtime takes a program; if not, it gets the rules
   */
  public SeccompFilters(Path directory, Path defaultProfile, boolean precompiled) {
    this.directory = directory;
    this.defaultProfile = defaultProfile;
    this.precompiled = precompiled;
  }

  /**
   * The filter for a choice.
   *
   * @throws EngineException if the profile is wrong, or the distribution's is missing
   */
  public Filter filter(Seccomp choice, SeccompProfile.Target target) {
    return switch (choice) {
      case Seccomp.Unconfined() -> new Filter.None();
      case Seccomp.Default() -> filter(readDefault(), target);
      case Seccomp.Profile(String json) -> filter(json, target);
    };
  }

  private Filter filter(String json, SeccompProfile.Target target) {
    if (!precompiled || !target.goArchitecture().equals("amd64")) {
      return new Filter.Rules(SeccompProfile.resolve(json, target));
    }
    String key = key(json, target);
    String program = remembered(key);
    if (program == null) {
      program = loadOrCompile(key, json, target);
      remember(key, program);
    }
    return program.equals(UNSURE)
        ? new Filter.Rules(SeccompProfile.resolve(json, target))
        : new Filter.Program(program);
  }

  private @org.jspecify.annotations.Nullable String remembered(String key) {
    lock.lock();
    try {
      return encoded.get(key);
    } finally {
      lock.unlock();
    }
  }

  private void remember(String key, String program) {
    lock.lock();
    try {
      encoded.put(key, program);
    } finally {
      lock.unlock();
    }
  }

  private String loadOrCompile(String key, String json, SeccompProfile.Target target) {
    Path file = directory.resolve(key + ".bpf");
    try {
      return Base64.getEncoder().encodeToString(Files.readAllBytes(file));
    } catch (NoSuchFileException missing) {
      SeccompRules rules = SeccompProfile.resolve(json, target);
      Optional<byte[]> program = new SeccompCompiler(SyscallTable.amd64()).compile(rules);
      program.ifPresent(bytes -> save(file, bytes));
      return program.map(Base64.getEncoder()::encodeToString).orElse(UNSURE);
    } catch (IOException failure) {
      throw EngineException.internal("reading seccomp filter " + file + " failed", failure);
    }
  }

  private void save(Path file, byte[] program) {
    try {
      Files.createDirectories(directory);
      Path partial = Files.createTempFile(directory, "filter", ".part");
      Files.write(partial, program);
      Files.move(partial, file, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException failure) {
      throw EngineException.internal("keeping seccomp filter " + file + " failed", failure);
    }
  }

  private String readDefault() {
    try {
      return Files.readString(defaultProfile);
    } catch (IOException failure) {
      throw EngineException.internal(
          "the default seccomp profile "
              + defaultProfile
              + " cannot be read: install containers-common",
          failure);
    }
  }

  private static String key(String json, SeccompProfile.Target target) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      for (String part :
          new String[] {
            COMPILER,
            target.goArchitecture(),
            target.kernelRelease(),
            String.join(",", new TreeSet<>(target.capabilities())),
            json
          }) {
        digest.update(part.getBytes(StandardCharsets.UTF_8));
        digest.update((byte) 0);
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
