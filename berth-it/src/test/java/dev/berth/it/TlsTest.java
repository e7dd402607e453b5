package dev.berth.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The API over TCP with TLS, for the real client and for those who are refused. */
@Tag("blackbox")
class TlsTest {
  private static final String HOST = "tcp://127.0.0.1:23760";

  private static EngineUnderTest engine;
  private static Certificates certificates;

  @BeforeAll
  static void start() throws IOException {
    engine = EngineUnderTest.prepare();
    certificates = Certificates.in(engine.folder().resolve("certificates"));
    certificates.signed("client", "alice", "ca", "clientAuth");
    certificates.authority("stranger");
    certificates.signed("intruder", "mallory", "stranger", "clientAuth");
    List<String> flags = new ArrayList<>(List.of("--host", HOST));
    flags.addAll(Arrays.asList(certificates.serverFlags()));
    engine.useFlags(flags.toArray(String[]::new));
    engine.startEngine();
    engine.withBusybox();
  }

  @AfterAll
  static void stop() {
    engine.close();
  }

  /** The real client over TLS, with the certificate of somebody. */
  private static Command secure(String who, String... words) {
    List<String> command =
        new ArrayList<>(
            List.of(
                "docker",
                "--host",
                HOST,
                "--tlsverify",
                "--tlscacert",
                certificates.file("ca.pem").toString(),
                "--tlscert",
                certificates.file(who + ".pem").toString(),
                "--tlskey",
                certificates.file(who + "-key.pem").toString()));
    command.addAll(List.of(words));
    return engine
        .onHost(command.toArray(String[]::new))
        .with("DOCKER_CONFIG", engine.folder().resolve("docker-config").toString());
  }

  @Test
  void servesAClientWithACertificateBesideTheSocket() {
    assertThat(secure("client", "version", "--format", "{{.Server.Os}}").run().ok().line())
        .isEqualTo("linux");
    assertThat(engine.docker("version", "--format", "{{.Server.Os}}").run().ok().line())
        .isEqualTo("linux");
    assertThat(engine.docker("info").run().ok().text()).doesNotContain("DEPRECATION NOTICE");
    assertThat(engine.logText()).doesNotContain("without --tlsverify");
  }

  @Test
  void streamsBothWaysAndEachEndsOnItsOwn() {
    byte[] noise = new byte[3_000_000];
    new Random(7).nextBytes(noise);
    byte[] back =
        secure("client", "run", "--rm", "-i", "--network", "none", "busybox", "cat")
            .input(noise)
            .run()
            .ok()
            .output();
    assertThat(back).isEqualTo(noise);
    Command.Result counted =
        secure(
                "client", "run", "--rm", "-i", "--network", "none", "busybox", "sh", "-c",
                "wc -c; echo after the end >&2; exit 3")
            .input(noise)
            .run();
    assertThat(counted.exitCode()).isEqualTo(3);
    assertThat(counted.line()).isEqualTo("3000000");
    assertThat(counted.errors()).contains("after the end");
  }

  @Test
  void refusesWhoHasNoCertificateOrOneOfAnother() {
    List<String> bare =
        List.of("docker", "--host", HOST, "--tls", "--tlscacert", "/x", "version");
    Command.Result without =
        engine
            .onHost(bare.toArray(String[]::new))
            .with("DOCKER_CONFIG", engine.folder().resolve("none").toString())
            .run();
    assertThat(without.exitCode()).isNotZero();
    Command.Result foreign = secure("intruder", "version", "--format", "{{.Server.Os}}").run();
    assertThat(foreign.exitCode()).isNotZero();
    Command.Result server = secure("server", "version").run();
    assertThat(server.exitCode()).as("a server's certificate is no client's").isNotZero();
  }

  @Test
  void refusesPlainRequestsInWords() {
    Command.Result plain = engine.onHost("docker", "--host", HOST, "ps").run();
    assertThat(plain.exitCode()).isNotZero();
    assertThat(plain.errors()).contains("Client sent an HTTP request to an HTTPS server.");
  }

  @Test
  void speaksNoTlsBelowTwelve() {
    assertThat(curl("--tls-max", "1.1", "--tlsv1.0", "--ciphers", "ALL:@SECLEVEL=0").exitCode())
        .isNotZero();
    assertThat(curl("--tls-max", "1.2").ok().line()).isEqualTo("OK");
    assertThat(curl("--tlsv1.3").ok().line()).isEqualTo("OK");
  }

  private static Command.Result curl(String... flags) {
    List<String> command = new ArrayList<>(List.of("curl", "-sS"));
    command.addAll(List.of(flags));
    command.addAll(
        List.of(
            "--cacert",
            certificates.file("ca.pem").toString(),
            "--cert",
            certificates.file("client.pem").toString(),
            "--key",
            certificates.file("client-key.pem").toString(),
            HOST.replace("tcp", "https") + "/_ping"));
    return engine.onHost(command.toArray(String[]::new)).run();
  }

  @Test
  void servesAContextOfTheClient() {
    String endpoint =
        "host=%s,ca=%s,cert=%s,key=%s"
            .formatted(
                HOST,
                certificates.file("ca.pem"),
                certificates.file("client.pem"),
                certificates.file("client-key.pem"));
    String config = engine.folder().resolve("contexts").toString();
    engine
        .onHost("docker", "context", "create", "secure", "--docker", endpoint)
        .with("DOCKER_CONFIG", config)
        .run()
        .ok();
    assertThat(
            engine
                .onHost("docker", "--context", "secure", "images", "--format", "{{.Repository}}")
                .with("DOCKER_CONFIG", config)
                .run()
                .ok()
                .line())
        .isEqualTo("busybox");
  }

  /** The ways in which OpenSSL writes keys, and what is wrong with files, before anything opens. */
  @Test
  void readsEachFormOfKeyAndSaysWhatIsWrong() throws IOException {
    certificates.openssl("ec", "-in", "server-key.pem", "-out", "sec1.pem");
    certificates.openssl(
        "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", "rsa-key.pem", "-out",
        "rsa.pem", "-subj", "/CN=rsa", "-days", "2");
    certificates.openssl("rsa", "-in", "rsa-key.pem", "-traditional", "-out", "pkcs1.pem");
    certificates.openssl(
        "req", "-x509", "-newkey", "ed25519", "-nodes", "-keyout", "ed-key.pem", "-out",
        "ed.pem", "-subj", "/CN=ed", "-days", "2");
    certificates.openssl(
        "ec", "-in", "server-key.pem", "-aes256", "-passout", "pass:x", "-out", "locked.pem");
    assertThat(validate("server.pem", "sec1.pem", "ca.pem")).contains("configuration OK");
    assertThat(validate("rsa.pem", "pkcs1.pem", "ca.pem")).contains("configuration OK");
    assertThat(validate("ed.pem", "ed-key.pem", "ca.pem")).contains("configuration OK");
    assertThat(validate("absent.pem", "server-key.pem", "ca.pem"))
        .contains("invalid TLS configuration: could not load X509 key pair (cert: ")
        .contains("open " + certificates.file("absent.pem") + ": no such file or directory");
    assertThat(validate("server.pem", "absent.pem", "ca.pem"))
        .contains("open " + certificates.file("absent.pem") + ": no such file or directory");
    assertThat(validate("server.pem", "locked.pem", "ca.pem"))
        .contains("make sure the key is not encrypted")
        .contains(certificates.file("locked.pem").toString());
    assertThat(validate("server.pem", "rsa-key.pem", "ca.pem"))
        .contains("the private key does not match the public key of the certificate");
    assertThat(validate("server.pem", "server.csr", "ca.pem")).contains("no private key in ");
    assertThat(validate("server.pem", "server-key.pem", "absent.pem"))
        .contains(
            "could not read CA certificate \"" + certificates.file("absent.pem") + "\": open ");
    assertThat(validate("server.pem", "server-key.pem", "server-key.pem"))
        .contains("failed to append certificates from PEM file: \"");
  }

  private static String validate(String certificate, String key, String authority) {
    Command.Result result =
        engine
            .onHost(
                EngineUnderTest.checkout().resolve("bin/berthd").toString(),
                "--validate",
                "--config-file",
                "/dev/null",
                "--tlsverify",
                "--tlscacert",
                certificates.file(authority).toString(),
                "--tlscert",
                certificates.file(certificate).toString(),
                "--tlskey",
                certificates.file(key).toString())
            .within(Duration.ofSeconds(60))
            .run();
    String text = result.text() + result.errors();
    assertThat(result.exitCode()).as(text).isEqualTo(text.contains("configuration OK") ? 0 : 1);
    return text;
  }
}
