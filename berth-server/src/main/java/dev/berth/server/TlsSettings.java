package dev.berth.server;

import java.nio.file.Path;

/**
 * What encrypts TCP connections. The files are read when the server starts.
 *
 * @param certificate PEM file of the server's certificate and those between it and its authority
 * @param key PEM file of its private key, not encrypted
 * @param authority PEM file of the authorities that clients' certificates must come from
 * @param verifyClients whether a client must show a certificate
 */
public record TlsSettings(Path certificate, Path key, Path authority, boolean verifyClients) {
  /**
   * Passes if the files can be used.
   *
   * @throws dev.berth.core.EngineException INVALID that names the file and the reason
   */
  public void check() {
    TlsFiles.load(this);
  }
}
