package dev.berth.network.ipam;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Chooses subnets for networks that ask for none: the first of the configured bases, in order, that
 * has nothing in common with what is occupied.
 */
public final class SubnetChooser {
  /**
   * What subnets are cut from.
   *
   * @param block the whole
   * @param size the prefix length of each subnet
   */
  public record Base(Cidr block, int size) {
    /** Checks that subnets fit. */
    public Base {
      if (size < block.prefixLength() || size > block.prefixLength() + block.hostBits()) {
        throw new IllegalArgumentException("subnets of /" + size + " do not fit into " + block);
      }
    }

    /** Reads the block. */
    public static Base of(String block, int size) {
      return new Base(Cidr.of(block), size);
    }
  }

  /** Docker's own IPv4 bases, of private addresses. */
  public static final List<Base> DOCKER_IPV4 =
      List.of(
          Base.of("172.17.0.0/16", 16),
          Base.of("172.18.0.0/16", 16),
          Base.of("172.19.0.0/16", 16),
          Base.of("172.20.0.0/14", 16),
          Base.of("172.24.0.0/14", 16),
          Base.of("172.28.0.0/14", 16),
          Base.of("192.168.0.0/16", 20));

  private static final Comparator<Cidr> LOWEST_FIRST =
      Comparator.comparing(block -> block.network().getAddress(), Arrays::compareUnsigned);

  private final List<Base> bases;

  /**
   * @param bases in the order they are tried, of both families
   */
  public SubnetChooser(List<Base> bases) {
    this.bases = List.copyOf(bases);
  }

  /** The first free subnet of a family, if there is one. */
  public Optional<Cidr> choose(boolean ipv6, List<Cidr> occupied) {
    for (Base base : bases) {
      if (base.block().ipv6() == ipv6) {
        Optional<Cidr> found = choose(base, occupied);
        if (found.isPresent()) {
          return found;
        }
      }
    }
    return Optional.empty();
  }

  /** Passes the obstacles once, from the lowest up, stepping over each that is in the way. */
  private static Optional<Cidr> choose(Base base, List<Cidr> occupied) {
    List<Cidr> obstacles =
        occupied.stream().filter(base.block()::overlaps).sorted(LOWEST_FIRST).toList();
    Cidr candidate = new Cidr(base.block().network(), base.size());
    for (Cidr obstacle : obstacles) {
      if (candidate.overlaps(obstacle)) {
        Optional<Cidr> next = obstacle.next(base.size());
        if (next.isEmpty() || !base.block().contains(next.get())) {
          return Optional.empty();
        }
        candidate = next.get();
      }
    }
    return Optional.of(candidate);
  }
}
