package dev.berth.network.dns;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * A socket connected to one upstream server, and the questions under way on it. It is used for a
 * limited number of questions, so that its port cannot be guessed for long. Used by one thread.
 */
final class UpstreamSocket {
  private static final System.Logger LOG = System.getLogger(UpstreamSocket.class.getName());
  private static final int USES = 512;
  private static final int NUMBERS = 1 << 16;

  private final DatagramChannel channel;
  private final Map<Integer, PendingQuery> pending = new HashMap<>();
  private int uses;

  UpstreamSocket(DatagramChannel channel) {
    this.channel = channel;
  }

  DatagramChannel channel() {
    return channel;
  }

  /** Whether it is time for another one. */
  boolean worn() {
    return uses >= USES;
  }

  /** Whether no question is under way. */
  boolean idle() {
    return pending.isEmpty();
  }

  /** Sends a question under a number that nobody can know. */
  void send(PendingQuery query, RandomGenerator random) throws IOException {
    int id = random.nextInt(NUMBERS);
    while (pending.containsKey(id)) {
      id = random.nextInt(NUMBERS);
    }
    byte[] message = query.query().message();
    Wire.putInt16(message, Wire.ID, id);
    uses++;
    channel.write(ByteBuffer.wrap(message));
    pending.put(id, query);
    query.sent(this, id);
  }

  /** The question that an answer belongs to, which is then no longer under way. */
  @Nullable PendingQuery take(byte[] answer, int length) {
    if (length < Wire.HEADER_BYTES) {
      return null;
    }
    int id = Wire.int16(answer, Wire.ID);
    PendingQuery query = pending.get(id);
    if (query == null || !query.query().answeredBy(answer, length)) {
      return null;
    }
    pending.remove(id);
    return query;
  }

  /** Forgets a question. */
  void forget(int id) {
    pending.remove(id);
  }

  /** All questions under way, which are then forgotten. */
  List<PendingQuery> takeAll() {
    List<PendingQuery> all = new ArrayList<>(pending.values());
    pending.clear();
    return all;
  }

  void close() {
    try {
      channel.close();
    } catch (IOException e) {
      LOG.log(System.Logger.Level.DEBUG, "cannot close", e);
    }
  }
}
