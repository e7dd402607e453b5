package dev.berth.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Certificates made by openssl: an authority, a server of it at 127.0.0.1, and clients of it. */
final class Certificates {
  private final Path folder;

  private Certificates(Path folder) {
    this.folder = folder;
  }

  /** Makes an authority and a server's certificate in an empty folder. */
  static Certificates in(Path folder) throws IOException {
    Files.createDirectories(folder);
    Certificates made = new Certificates(folder);
    made.authority("ca");
    made.signed("server", "localhost", "ca", "serverAuth");
    return made;
  }

  Path file(String name) {
    return folder.resolve(name);
  }

  /** A self-signed authority NAME.pem with its key NAME-key.pem. */
  void authority(String name) {
    openssl(
        "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
        "-keyout", name + "-key.pem", "-out", name + ".pem", "-subj", "/CN=" + name, "-days", "2");
  }

  /** A certificate NAME.pem with its key NAME-key.pem, of an authority. */
  void signed(String name, String subject, String authority, String usage) throws IOException {
    Files.writeString(
        file(name + ".ext"),
        "extendedKeyUsage=" + usage + "\nsubjectAltName=DNS:localhost,IP:127.0.0.1\n");
    openssl(
        "req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
        "-keyout", name + "-key.pem", "-out", name + ".csr", "-subj", "/O=berth/CN=" + subject);
    openssl(
        "x509", "-req", "-in", name + ".csr", "-CA", authority + ".pem", "-CAkey",
        authority + "-key.pem", "-CAcreateserial", "-out", name + ".pem", "-days", "2", "-extfile",
        name + ".ext");
  }

  /** Runs openssl in the folder. */
  void openssl(String... words) {
    List<String> command = new ArrayList<>(List.of("env", "-C", folder.toString(), "openssl"));
    command.addAll(List.of(words));
    Command.of(command).run().ok();
  }

  /** The server's flags for them. */
  String[] serverFlags() {
    return new String[] {
      "--tlsverify",
      "--tlscacert", file("ca.pem").toString(),
      "--tlscert", file("server.pem").toString(),
      "--tlskey", file("server-key.pem").toString()
    };
  }
}
