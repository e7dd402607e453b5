package dev.berth.server;

import dev.berth.core.EngineException;
import dev.berth.core.ErrorKind;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.SupportedCipherSuiteFilter;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** Reads the files of {@link TlsSettings}; what is wrong with them is told in dockerd's words. */
final class TlsFiles {
  private static final List<String> CIPHERS =
      List.of(
          "TLS_AES_128_GCM_SHA256",
          "TLS_AES_256_GCM_SHA384",
          "TLS_CHACHA20_POLY1305_SHA256",
          "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
          "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
          "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
          "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
          "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
          "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256");

  private TlsFiles() {}

  /**
   * What serves TLS 1.2 and 1.3 with them.
   *
   * @throws EngineException INVALID that names the file and the reason
   */
  static SslContext load(TlsSettings settings) {
    try {
      List<X509Certificate> chain = chain(settings);
      SslContextBuilder builder =
          SslContextBuilder.forServer(
                  key(settings, chain.getFirst()), chain.toArray(X509Certificate[]::new))
              .sslProvider(SslProvider.JDK)
              .protocols("TLSv1.3", "TLSv1.2")
              .ciphers(CIPHERS, SupportedCipherSuiteFilter.INSTANCE)
              .applicationProtocolConfig(ApplicationProtocolConfig.DISABLED);
      if (settings.verifyClients()) {
        builder
            .clientAuth(ClientAuth.REQUIRE)
            .trustManager(authorities(settings.authority()).toArray(X509Certificate[]::new));
      }
      return builder.build();
    } catch (SSLException | IllegalArgumentException unusable) {
      throw invalid(pair("could not use", settings) + unusable.getMessage(), unusable);
    }
  }

  private static List<X509Certificate> chain(TlsSettings settings) {
    try {
      List<X509Certificate> chain = certificates(settings.certificate());
      if (chain.isEmpty()) {
        throw new IOException("no certificate in " + settings.certificate());
      }
      return chain;
    } catch (IOException unreadable) {
      throw invalid(pair("could not load", settings) + unreadable.getMessage(), unreadable);
    }
  }

  private static PrivateKey key(TlsSettings settings, X509Certificate own) {
    try {
      PemFile.Block block =
          PemFile.read(settings.key()).stream()
              .filter(found -> found.label().endsWith("PRIVATE KEY"))
              .findFirst()
              .orElseThrow(() -> new IOException("no private key in " + settings.key()));
      PrivateKey key = PrivateKeys.of(block);
      if (!PrivateKeys.fit(key, own.getPublicKey())) {
        throw new IOException("the private key does not match the public key of the certificate");
      }
      return key;
    } catch (IOException unusable) {
      boolean absent = unusable.getCause() instanceof FileSystemException;
      String start =
          absent
              ? pair("could not load", settings)
              : "error reading X509 key pair - make sure the key is not encrypted "
                  + files(settings)
                  + ": ";
      throw invalid(start + unusable.getMessage(), unusable);
    }
  }

  private static List<X509Certificate> authorities(Path file) {
    List<X509Certificate> authorities;
    try {
      authorities = certificates(file);
    } catch (IOException unreadable) {
      throw invalid(
          "could not read CA certificate \"" + file + "\": " + unreadable.getMessage(), unreadable);
    }
    if (authorities.isEmpty()) {
      throw invalid("failed to append certificates from PEM file: \"" + file + "\"", null);
    }
    return authorities;
  }

  private static List<X509Certificate> certificates(Path file) throws IOException {
    List<X509Certificate> certificates = new ArrayList<>();
    for (PemFile.Block block : PemFile.read(file)) {
      if (block.label().equals("CERTIFICATE")) {
        certificates.add(certificate(file, block));
      }
    }
    return certificates;
  }

  private static X509Certificate certificate(Path file, PemFile.Block block) throws IOException {
    try {
      return (X509Certificate)
          CertificateFactory.getInstance("X.509")
              .generateCertificate(new ByteArrayInputStream(block.content()));
    } catch (CertificateException malformed) {
      throw new IOException("malformed certificate in " + file, malformed);
    }
  }

  private static String pair(String start, TlsSettings settings) {
    return start + " X509 key pair " + files(settings) + ": ";
  }

  private static String files(TlsSettings settings) {
    return "(cert: \"" + settings.certificate() + "\", key: \"" + settings.key() + "\")";
  }

  private static EngineException invalid(String reason, @Nullable Exception cause) {
    return new EngineException(ErrorKind.INVALID, "invalid TLS configuration: " + reason, cause);
  }
}
