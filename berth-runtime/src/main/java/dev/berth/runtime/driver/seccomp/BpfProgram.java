package dev.berth.runtime.driver.seccomp;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * A piece of a classic BPF program: {@code struct sock_filter} after {@code struct sock_filter}.
 * Pieces contain forward jumps only inside themselves or to their own end, so that they can be put
 * one after the other.
 *
 * @see <a href="https://docs.kernel.org/userspace-api/seccomp_filter.html">seccomp filters</a>
 */
final class BpfProgram {
  /** The most instructions the kernel takes: {@code BPF_MAXINSNS}. */
  static final int MAX_LENGTH = 4096;

  static final int LOAD_WORD = 0x20;
  static final int AND = 0x54;
  static final int JUMP = 0x05;
  static final int JUMP_IF_EQUAL = 0x15;
  static final int JUMP_IF_GREATER = 0x25;
  static final int JUMP_IF_GREATER_OR_EQUAL = 0x35;
  static final int RETURN = 0x06;

  private static final int INSTRUCTION_BYTES = 8;
  private static final int LARGEST_SHORT_JUMP = 255;

  private record Instruction(int code, int ifTrue, int ifFalse, int operand) {}

  private final List<Instruction> instructions = new ArrayList<>();

  int length() {
    return instructions.size();
  }

  BpfProgram load(int offset) {
    return add(LOAD_WORD, 0, 0, offset);
  }

  BpfProgram and(int mask) {
    return add(AND, 0, 0, mask);
  }

  BpfProgram giveBack(int value) {
    return add(RETURN, 0, 0, value);
  }

  /** A test with short jumps, counted in instructions from the next one. */
  BpfProgram test(int code, int operand, int ifTrue, int ifFalse) {
    assert ifTrue <= LARGEST_SHORT_JUMP && ifFalse <= LARGEST_SHORT_JUMP : "jump too far";
    return add(code, ifTrue, ifFalse, operand);
  }

  /** Runs {@code ifFalse} or else {@code ifTrue}, however long they are; both must return. */
  BpfProgram branch(int code, int operand, BpfProgram ifTrue, BpfProgram ifFalse) {
    if (ifFalse.length() <= LARGEST_SHORT_JUMP) {
      test(code, operand, ifFalse.length(), 0);
    } else {
      test(code, operand, 0, 1);
      add(JUMP, 0, 0, ifFalse.length());
    }
    return append(ifFalse).append(ifTrue);
  }

  BpfProgram append(BpfProgram other) {
    instructions.addAll(other.instructions);
    return this;
  }

  private BpfProgram add(int code, int ifTrue, int ifFalse, int operand) {
    instructions.add(new Instruction(code, ifTrue, ifFalse, operand));
    return this;
  }

  /** The program as the kernel takes it, in the byte order of the machine. */
  byte[] toBytes() {
    ByteBuffer buffer =
        ByteBuffer.allocate(instructions.size() * INSTRUCTION_BYTES).order(ByteOrder.nativeOrder());
    for (Instruction instruction : instructions) {
      buffer
          .putShort((short) instruction.code())
          .put((byte) instruction.ifTrue())
          .put((byte) instruction.ifFalse())
          .putInt(instruction.operand());
    }
    return buffer.array();
  }
}
