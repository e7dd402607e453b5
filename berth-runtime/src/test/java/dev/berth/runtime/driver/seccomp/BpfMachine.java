package dev.berth.runtime.driver.seccomp;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Runs a seccomp filter as the kernel does, for comparing filters. */
public final class BpfMachine {
  private static final int INSTRUCTION_BYTES = 8;

  private final ByteBuffer program;

  public BpfMachine(byte[] program) {
    this.program = ByteBuffer.wrap(program).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** What happens to a call. */
  public int run(int architecture, int number, long... arguments) {
    ByteBuffer data = ByteBuffer.allocate(64).order(ByteOrder.LITTLE_ENDIAN);
    data.putInt(number).putInt(architecture).putLong(0);
    for (long argument : arguments) {
      data.putLong(argument);
    }
    int accumulator = 0;
    int at = 0;
    while (true) {
      int code = program.getShort(at * INSTRUCTION_BYTES) & 0xffff;
      int ifTrue = program.get(at * INSTRUCTION_BYTES + 2) & 0xff;
      int ifFalse = program.get(at * INSTRUCTION_BYTES + 3) & 0xff;
      int operand = program.getInt(at * INSTRUCTION_BYTES + 4);
      at++;
      switch (code) {
        case 0x20 -> accumulator = data.getInt(operand);
        case 0x54 -> accumulator &= operand;
        case 0x05 -> at += operand;
        case 0x15 -> at += accumulator == operand ? ifTrue : ifFalse;
        case 0x25 -> at += Integer.compareUnsigned(accumulator, operand) > 0 ? ifTrue : ifFalse;
        case 0x35 -> at += Integer.compareUnsigned(accumulator, operand) >= 0 ? ifTrue : ifFalse;
        case 0x45 -> at += (accumulator & operand) != 0 ? ifTrue : ifFalse;
        case 0x06 -> {
          return operand;
        }
        default -> throw new AssertionError("instruction " + Integer.toHexString(code));
      }
    }
  }
}
