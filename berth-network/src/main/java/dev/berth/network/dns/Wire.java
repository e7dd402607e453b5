package dev.berth.network.dns;

/**
 * The format of DNS messages, as far as a forwarder needs it: it makes addresses and pointers
 * itself and passes everything else on as it is.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc1035#section-4">RFC 1035, section 4</a>
 */
final class Wire {
  static final int HEADER_BYTES = 12;
  static final int PLAIN_UDP_BYTES = 512;
  static final int MAXIMUM_BYTES = 65_535;

  /** What is sent by UDP at most, whatever a client says that it takes. */
  static final int LARGEST_UDP_BYTES = 4096;

  static final int ID = 0;
  static final int FLAGS = 2;
  static final int QUESTIONS = 4;
  static final int ANSWERS = 6;
  static final int AUTHORITIES = 8;
  static final int ADDITIONALS = 10;

  static final int RESPONSE = 0x8000;
  static final int OPCODE = 0x7800;
  static final int TRUNCATED = 0x0200;
  static final int RECURSION_DESIRED = 0x0100;
  static final int RECURSION_AVAILABLE = 0x0080;
  static final int RCODE = 0x000f;

  static final int NOERROR = 0;
  static final int FORMAT_ERROR = 1;
  static final int SERVER_FAILURE = 2;
  static final int NAME_ERROR = 3;
  static final int NOT_IMPLEMENTED = 4;
  static final int REFUSED = 5;

  /** The extended code 16 of EDNS: its upper bits. */
  static final int BAD_VERSION_UPPER = 1;

  static final int TYPE_A = 1;
  static final int TYPE_SOA = 6;
  static final int TYPE_PTR = 12;
  static final int TYPE_AAAA = 28;
  static final int TYPE_OPT = 41;
  static final int TYPE_ANY = 255;
  static final int CLASS_IN = 1;

  /** Type, class, time to live and length of a record. */
  static final int RECORD_FIXED_BYTES = 10;

  static final int LABEL_BYTES = 63;

  private static final int POINTER = 0xc0;

  private Wire() {}

  static int int16(byte[] bytes, int at) {
    return (bytes[at] & 0xff) << 8 | (bytes[at + 1] & 0xff);
  }

  static void putInt16(byte[] bytes, int at, int value) {
    bytes[at] = (byte) (value >> 8);
    bytes[at + 1] = (byte) value;
  }

  static int int32(byte[] bytes, int at) {
    return int16(bytes, at) << 16 | int16(bytes, at + 2);
  }

  static void putInt32(byte[] bytes, int at, int value) {
    putInt16(bytes, at, value >>> 16);
    putInt16(bytes, at + 2, value);
  }

  /** An ASCII letter in lower case (RFC 4343), anything else as it is. */
  static int lower(byte value) {
    return value >= 'A' && value <= 'Z' ? value + 32 : value;
  }

  /** Where the name ends that begins here; -1 when it goes beyond the message. */
  static int skipName(byte[] bytes, int from) {
    int at = from;
    while (at < bytes.length) {
      int label = bytes[at] & 0xff;
      if (label == 0) {
        return at + 1;
      }
      if ((label & POINTER) == POINTER) {
        return at + 2 <= bytes.length ? at + 2 : -1;
      }
      at += 1 + label;
    }
    return -1;
  }

  /** What is called for every record behind the question. */
  interface RecordVisitor {
    /**
     * @param section {@link #ANSWERS}, {@link #AUTHORITIES} or {@link #ADDITIONALS}
     * @param fixed where the record's type begins
     */
    void visit(int section, int fixed);
  }

  /** Walks over all records; false when the message is broken. */
  static boolean visitRecords(byte[] message, int questionEnd, RecordVisitor visitor) {
    int at = questionEnd;
    for (int section = ANSWERS; section <= ADDITIONALS; section += 2) {
      for (int i = int16(message, section); i > 0; i--) {
        int fixed = skipName(message, at);
        if (fixed < 0 || fixed + RECORD_FIXED_BYTES > message.length) {
          return false;
        }
        at = fixed + RECORD_FIXED_BYTES + int16(message, fixed + 8);
        if (at > message.length) {
          return false;
        }
        visitor.visit(section, fixed);
      }
    }
    return true;
  }

  /** How the answer went. */
  static int responseCode(byte[] message) {
    return int16(message, FLAGS) & RCODE;
  }
}
