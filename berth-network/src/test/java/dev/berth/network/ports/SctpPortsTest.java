package dev.berth.network.ports;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.core.EngineException;
import dev.berth.linux.KernelFeature;
import dev.berth.network.firewall.FirewallSettings;
import dev.berth.network.firewall.GatewayMode;
import dev.berth.network.firewall.HostNamespace;
import dev.berth.network.firewall.RecordingFirewall;
import dev.berth.network.ports.PortPlan.Side;
import dev.berth.testing.FreshHost;
import java.io.IOException;
import java.net.InetAddress;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** Ports of SCTP: held where the kernel has it, refused by the option's name where it has not. */
@FreshHost
final class SctpPortsTest {
  private static final PortTarget TARGET =
      new PortTarget("n1", "e1", InetAddress.ofLiteral("172.30.1.2"), GatewayMode.NAT, null);

  private static Side side(String address) {
    return new Side(InetAddress.ofLiteral(address), TARGET);
  }

  @Test
  void refusedByTheOptionsName() {
    Assumptions.assumeFalse(KernelFeature.SCTP.isAvailable(), "this kernel has SCTP");
    try (var ports =
        new HostPortPublisher(
            new RecordingFirewall(FirewallSettings.defaults()), HostNamespace.own(), true)) {
      List<PortRequest> request = List.of(PortRequest.parse("80/sctp", "", "9132"));
      assertThatThrownBy(() -> ports.publish("c1", request, new PortTargets(TARGET, null)))
          .isInstanceOf(EngineException.class)
          .hasMessage(
              "error starting userland proxy: failed to listen on 0.0.0.0:9132: protocol not"
                  + " supported (the kernel lacks CONFIG_IP_SCTP)");
      assertThat(ports.bindings("c1")).isEmpty();
    }
  }

  @Test
  void aHeldPortIsTakenAndAReleasedOneFree() throws IOException {
    Assumptions.assumeTrue(KernelFeature.SCTP.isAvailable(), "the kernel lacks CONFIG_IP_SCTP");
    try (SctpPorts one = new SctpPorts(HostNamespace.own());
        SctpPorts other = new SctpPorts(HostNamespace.own())) {
      one.hold(9132, List.of(side("0.0.0.0"), side("::")));
      assertThatThrownBy(() -> other.hold(9132, List.of(side("::1"), side("127.0.0.1"))))
          .isInstanceOf(IOException.class)
          .hasMessage("address already in use");
      one.release(9132, InetAddress.ofLiteral("0.0.0.0"));
      one.release(9132, InetAddress.ofLiteral("::"));
      assertThatCode(() -> other.hold(9132, List.of(side("::1"), side("127.0.0.1"))))
          .doesNotThrowAnyException();
    }
  }
}
