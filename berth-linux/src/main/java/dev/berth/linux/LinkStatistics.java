package dev.berth.linux;

import java.nio.ByteBuffer;

/**
 * What went through an interface since it was made.
 *
 * @param receivedPackets packets in
 * @param sentPackets packets out
 * @param receivedBytes bytes in
 * @param sentBytes bytes out
 * @param receiveErrors errors in
 * @param sendErrors errors out
 * @param receiveDropped dropped on the way in
 * @param sendDropped dropped on the way out
 */
public record LinkStatistics(
    long receivedPackets,
    long sentPackets,
    long receivedBytes,
    long sentBytes,
    long receiveErrors,
    long sendErrors,
    long receiveDropped,
    long sendDropped) {
  static LinkStatistics decode(ByteBuffer stats64) {
    return new LinkStatistics(
        stats64.getLong(0),
        stats64.getLong(8),
        stats64.getLong(16),
        stats64.getLong(24),
        stats64.getLong(32),
        stats64.getLong(40),
        stats64.getLong(48),
        stats64.getLong(56));
  }
}
