package dev.berth.runtime.driver.seccomp;

import dev.berth.runtime.driver.seccomp.SeccompRules.Argument;
import dev.berth.runtime.driver.seccomp.SeccompRules.Comparison;
import dev.berth.runtime.driver.seccomp.SeccompRules.Rule;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Compiles rules for an amd64 kernel. It gives nothing back where it is not certain to mean exactly
 * what libseccomp would: for other architectures, for notifications, for filter flags, for rules of
 * one call that contradict each other, and for 32-bit calls that i386 also makes through a
 * multiplexer the rules do not mention. Then libseccomp has to do it, which takes 25 ms a launch.
 *
 * <p>The program searches the call's number in a balanced tree, so that no call pays for the
 * profile's length.
 */
final class SeccompCompiler {
  private static final int OFFSET_NUMBER = 0;
  private static final int OFFSET_ARCHITECTURE = 4;
  private static final int KILL_THREAD = 0;
  private static final int X32_BIT = 0x4000_0000;
  private static final int NO_CALL = -1;

  private static final Set<String> SOCKET_CALLS =
      Set.of(
          ("socket bind connect listen accept getsockname getpeername socketpair send recv sendto"
                  + " recvfrom shutdown setsockopt getsockopt sendmsg recvmsg accept4 recvmmsg"
                  + " sendmmsg")
              .split(" "));
  private static final Set<String> IPC_CALLS =
      Set.of(
          "semop semget semctl semtimedop msgsnd msgrcv msgget msgctl shmat shmdt shmget shmctl"
              .split(" "));

  /** What happens to one call: the first alternative that holds, else the action. */
  private record Decision(int action, List<Alternative> alternatives, boolean wide) {}

  private record Alternative(List<Argument> arguments, int action) {}

  private record Segment(int firstNumber, Decision decision) {}

  private final SyscallTable table;

  SeccompCompiler(SyscallTable table) {
    this.table = table;
  }

  /** The program for the kernel, or nothing if libseccomp has to be asked. */
  Optional<byte[]> compile(SeccompRules rules) {
    Optional<Set<SeccompArchitecture>> architectures = architectures(rules);
    OptionalInt defaultAction = SeccompAction.value(rules.defaultAction(), rules.defaultErrno());
    if (architectures.isEmpty() || defaultAction.isEmpty() || !rules.flags().isEmpty()) {
      return Optional.empty();
    }
    if (architectures.get().contains(SeccompArchitecture.X86) && !multiplexersAgree(rules)) {
      return Optional.empty();
    }
    Optional<Map<String, List<Alternative>>> byName = byName(rules, defaultAction.getAsInt());
    if (byName.isEmpty()) {
      return Optional.empty();
    }
    BpfProgram program = assemble(architectures.get(), byName.get(), defaultAction.getAsInt());
    return program.length() > BpfProgram.MAX_LENGTH
        ? Optional.empty()
        : Optional.of(program.toBytes());
  }

  private static Optional<Set<SeccompArchitecture>> architectures(SeccompRules rules) {
    Set<SeccompArchitecture> result = EnumSet.of(SeccompArchitecture.X86_64);
    for (String word : rules.architectures()) {
      Optional<SeccompArchitecture> architecture = SeccompArchitecture.of(word);
      if (architecture.isEmpty()) {
        return Optional.empty();
      }
      result.add(architecture.get());
    }
    return Optional.of(result);
  }

  private static boolean multiplexersAgree(SeccompRules rules) {
    boolean socket = false;
    boolean ipc = false;
    boolean socketMultiplexer = false;
    boolean ipcMultiplexer = false;
    for (Rule rule : rules.rules()) {
      socket |= rule.names().stream().anyMatch(SOCKET_CALLS::contains);
      ipc |= rule.names().stream().anyMatch(IPC_CALLS::contains);
      if (rule.arguments().isEmpty()) {
        socketMultiplexer |= rule.names().contains("socketcall");
        ipcMultiplexer |= rule.names().contains("ipc");
      }
    }
    return (!socket || socketMultiplexer) && (!ipc || ipcMultiplexer);
  }

  private static Optional<Map<String, List<Alternative>>> byName(
      SeccompRules rules, int defaultAction) {
    SortedMap<String, List<Alternative>> result = new TreeMap<>();
    for (Rule rule : rules.rules()) {
      OptionalInt action = SeccompAction.value(rule.action(), rule.errno());
      if (action.isEmpty()) {
        return Optional.empty();
      }
      if (action.getAsInt() == defaultAction) {
        continue;
      }
      for (String name : rule.names()) {
        List<Alternative> alternatives = result.computeIfAbsent(name, ignored -> new ArrayList<>());
        for (List<Argument> arguments : conditions(rule.arguments())) {
          alternatives.add(new Alternative(arguments, action.getAsInt()));
        }
      }
    }
    return result.values().stream().allMatch(SeccompCompiler::consistent)
        ? Optional.of(result)
        : Optional.empty();
  }

  /** Several conditions on one argument are alternatives, as runc and crun read them. */
  private static List<List<Argument>> conditions(List<Argument> arguments) {
    long indexes = arguments.stream().mapToInt(Argument::index).distinct().count();
    return indexes == arguments.size()
        ? List.of(arguments)
        : arguments.stream().map(List::of).toList();
  }

  /** The first rule without conditions beats all others of its call, as libseccomp has it. */
  private static boolean consistent(List<Alternative> alternatives) {
    if (alternatives.stream().anyMatch(alternative -> alternative.arguments().isEmpty())) {
      return true;
    }
    for (Alternative one : alternatives) {
      for (Alternative other : alternatives) {
        if (one.action() != other.action() && !disjoint(one, other)) {
          return false;
        }
      }
    }
    return true;
  }

  private static boolean disjoint(Alternative one, Alternative other) {
    for (Argument first : one.arguments()) {
      for (Argument second : other.arguments()) {
        if (first.index() == second.index()
            && (excludes(first, second) || excludes(second, first))) {
          return true;
        }
      }
    }
    return false;
  }

  private static boolean excludes(Argument first, Argument second) {
    return first.comparison() == Comparison.EQ
        && ((second.comparison() == Comparison.NE && first.value() == second.value())
            || (second.comparison() == Comparison.EQ && first.value() != second.value()));
  }

  private BpfProgram assemble(
      Set<SeccompArchitecture> architectures,
      Map<String, List<Alternative>> byName,
      int defaultAction) {
    SortedMap<Integer, Decision> wide =
        decisions(SeccompArchitecture.X86_64, byName, defaultAction);
    Decision otherwise = new Decision(defaultAction, List.of(), true);
    if (architectures.contains(SeccompArchitecture.X32)) {
      wide.putAll(decisions(SeccompArchitecture.X32, byName, defaultAction));
    }
    List<Segment> segments = segments(wide, otherwise);
    if (!architectures.contains(SeccompArchitecture.X32)) {
      segments.add(new Segment(X32_BIT, new Decision(KILL_THREAD, List.of(), true)));
      segments.add(new Segment(NO_CALL, otherwise));
    }
    BpfProgram otherArchitecture = new BpfProgram().giveBack(KILL_THREAD);
    if (architectures.contains(SeccompArchitecture.X86)) {
      BpfProgram narrow =
          search(segments(decisions(SeccompArchitecture.X86, byName, defaultAction), otherwise));
      otherArchitecture =
          new BpfProgram()
              .branch(
                  BpfProgram.JUMP_IF_EQUAL,
                  SeccompArchitecture.X86.auditNumber(),
                  new BpfProgram().load(OFFSET_NUMBER).append(narrow),
                  new BpfProgram().giveBack(KILL_THREAD));
    }
    return new BpfProgram()
        .load(OFFSET_ARCHITECTURE)
        .branch(
            BpfProgram.JUMP_IF_EQUAL,
            SeccompArchitecture.X86_64.auditNumber(),
            new BpfProgram().load(OFFSET_NUMBER).append(search(segments)),
            otherArchitecture);
  }

  private SortedMap<Integer, Decision> decisions(
      SeccompArchitecture architecture, Map<String, List<Alternative>> byName, int defaultAction) {
    SortedMap<Integer, Decision> result = new TreeMap<>();
    byName.forEach((name, alternatives) ->
        table
            .number(architecture, name)
            .ifPresent(number ->
                result.put(
                    number, decide(alternatives, defaultAction, architecture.wideArguments()))));
    return result;
  }

  private static Decision decide(List<Alternative> alternatives, int defaultAction, boolean wide) {
    for (Alternative alternative : alternatives) {
      if (alternative.arguments().isEmpty()) {
        return new Decision(alternative.action(), List.of(), true);
      }
    }
    return new Decision(defaultAction, List.copyOf(alternatives), wide);
  }

  private static List<Segment> segments(
      SortedMap<Integer, Decision> decisions, Decision otherwise) {
    List<Segment> result = new ArrayList<>();
    int next = 0;
    for (Map.Entry<Integer, Decision> entry : decisions.entrySet()) {
      if (entry.getKey() > next || result.isEmpty()) {
        extend(result, new Segment(next, otherwise));
      }
      extend(result, new Segment(entry.getKey(), entry.getValue()));
      next = entry.getKey() + 1;
    }
    extend(result, new Segment(next, otherwise));
    return result;
  }

  private static void extend(List<Segment> segments, Segment segment) {
    if (!segments.isEmpty() && segments.getLast().firstNumber() == segment.firstNumber()) {
      segments.removeLast();
    }
    if (segments.isEmpty() || !segments.getLast().decision().equals(segment.decision())) {
      segments.add(segment);
    }
  }

  private static BpfProgram search(List<Segment> segments) {
    if (segments.size() == 1) {
      return leaf(segments.getFirst().decision());
    }
    int middle = segments.size() / 2;
    return new BpfProgram()
        .branch(
            BpfProgram.JUMP_IF_GREATER_OR_EQUAL,
            segments.get(middle).firstNumber(),
            search(segments.subList(middle, segments.size())),
            search(segments.subList(0, middle)));
  }

  private static BpfProgram leaf(Decision decision) {
    BpfProgram program = new BpfProgram();
    for (Alternative alternative : decision.alternatives()) {
      program.append(
          ArgumentTests.allOf(alternative.arguments(), decision.wide(), alternative.action()));
    }
    return program.giveBack(decision.action());
  }
}
