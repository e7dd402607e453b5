package dev.berth.server;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/**
 * Reads private keys as OpenSSL writes them: PKCS #8, and the older forms of RSA (PKCS #1) and
 * elliptic curves (SEC 1), which Java only takes inside of PKCS #8.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc5958">RFC 5958</a>, <a
 *     href="https://www.rfc-editor.org/rfc/rfc5915">RFC 5915</a>
 */
final class PrivateKeys {
  private static final int SEQUENCE = 0x30;
  private static final int OCTETS = 0x04;
  private static final int CURVE = 0xA0;
  private static final int LONG_LENGTH = 0x80;
  private static final int ONE_OCTET = 0xFF;
  private static final byte[] VERSION = hex("020100");
  private static final byte[] RSA = hex("300D06092A864886F70D0101010500");
  private static final byte[] EC_PUBLIC_KEY = hex("06072A8648CE3D0201");
  private static final List<String> ALGORITHMS = List.of("RSA", "EC", "EdDSA");

  private PrivateKeys() {}

  /** The key of a block; an exception says why it is none. */
  static PrivateKey of(PemFile.Block block) throws IOException {
    if (block.encrypted()) {
      throw new IOException("the private key is encrypted, and no password can be given");
    }
    byte[] encoded =
        switch (block.label()) {
          case "PRIVATE KEY" -> block.content();
          case "RSA PRIVATE KEY" -> wrapped(RSA, block.content());
          case "EC PRIVATE KEY" -> curveKey(block.content());
          default -> throw new IOException("not a private key: " + block.label());
        };
    for (String algorithm : ALGORITHMS) {
      try {
        return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(encoded));
      } catch (GeneralSecurityException another) {
        // The key tells its algorithm only to whom knows it.
      }
    }
    throw new IOException("the private key is malformed or of an unknown algorithm");
  }

  /** Whether the keys belong together: what one signs, the other verifies. */
  static boolean fit(PrivateKey secret, PublicKey shown) {
    String algorithm =
        switch (secret.getAlgorithm()) {
          case "RSA" -> "SHA256withRSA";
          case "EC" -> "SHA256withECDSA";
          default -> "EdDSA";
        };
    try {
      Signature signature = Signature.getInstance(algorithm);
      signature.initSign(secret);
      signature.update(VERSION);
      byte[] signed = signature.sign();
      signature.initVerify(shown);
      signature.update(VERSION);
      return signature.verify(signed);
    } catch (GeneralSecurityException different) {
      return false;
    }
  }

  /** The curve's name stands inside of the old form and must stand beside it in the new one. */
  private static byte[] curveKey(byte[] old) throws IOException {
    int at = skipHeader(old, 0);
    while (at < old.length) {
      int content = skipHeader(old, at);
      int end = content + length(old, at);
      if ((old[at] & 0xFF) == CURVE && end <= old.length) {
        byte[] curve = Arrays.copyOfRange(old, content, end);
        return wrapped(element(SEQUENCE, EC_PUBLIC_KEY, curve), old);
      }
      at = end;
    }
    throw new IOException("the private key does not name its curve");
  }

  private static byte[] wrapped(byte[] algorithm, byte[] key) {
    return element(SEQUENCE, VERSION, algorithm, element(OCTETS, key));
  }

  private static int skipHeader(byte[] der, int at) throws IOException {
    int first = octet(der, at + 1);
    return at + 2 + (first < LONG_LENGTH ? 0 : first - LONG_LENGTH);
  }

  private static int length(byte[] der, int at) throws IOException {
    int first = octet(der, at + 1);
    if (first < LONG_LENGTH) {
      return first;
    }
    int length = 0;
    for (int i = 0; i < first - LONG_LENGTH; i++) {
      length = length << 8 | octet(der, at + 2 + i);
    }
    if (length < 0 || length > der.length) {
      throw new IOException("the private key is malformed");
    }
    return length;
  }

  private static int octet(byte[] der, int at) throws IOException {
    if (at >= der.length) {
      throw new IOException("the private key is cut off");
    }
    return der[at] & 0xFF;
  }

  private static byte[] element(int tag, byte[]... parts) {
    ByteArrayOutputStream content = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      content.writeBytes(part);
    }
    ByteArrayOutputStream whole = new ByteArrayOutputStream();
    whole.write(tag);
    int length = content.size();
    if (length < LONG_LENGTH) {
      whole.write(length);
    } else if (length <= ONE_OCTET) {
      whole.write(LONG_LENGTH + 1);
      whole.write(length);
    } else {
      whole.write(LONG_LENGTH + 2);
      whole.write(length >> 8);
      whole.write(length);
    }
    whole.writeBytes(content.toByteArray());
    return whole.toByteArray();
  }

  private static byte[] hex(String digits) {
    return HexFormat.of().parseHex(digits);
  }
}
