package dev.berth.runtime.driver.seccomp;

import java.util.Optional;

/** The call conventions that this module can compile for. */
enum SeccompArchitecture {
  /** 64-bit calls. */
  X86_64(0xc000_003e, true),
  /** 32-bit calls of i386 programs. */
  X86(0x4000_0003, false),
  /** 32-bit arguments with the audit number of {@link #X86_64}. */
  X32(0xc000_003e, false);

  private static final String PREFIX = "SCMP_ARCH_";

  private final int auditNumber;
  private final boolean wideArguments;

  SeccompArchitecture(int auditNumber, boolean wideArguments) {
    this.auditNumber = auditNumber;
    this.wideArguments = wideArguments;
  }

  /** {@code AUDIT_ARCH_…} as the kernel reports it in {@code seccomp_data.arch}. */
  int auditNumber() {
    return auditNumber;
  }

  /** Whether arguments are compared in 64 bits. */
  boolean wideArguments() {
    return wideArguments;
  }

  /** Finds one by the profile's word, for instance {@code SCMP_ARCH_X86}. */
  static Optional<SeccompArchitecture> of(String word) {
    for (SeccompArchitecture architecture : values()) {
      if (word.equals(PREFIX + architecture.name())) {
        return Optional.of(architecture);
      }
    }
    return Optional.empty();
  }
}
