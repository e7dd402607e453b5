package dev.berth.core;

/**
 * What went wrong, seen from a client. The edge maps each kind to one HTTP status in an exhaustive
 * switch; nothing below the edge knows about HTTP.
 */
public enum ErrorKind {
  /** The request itself is wrong: 400. */
  INVALID,
  /** The caller did not say who it is: 401. */
  UNAUTHORIZED,
  /** The engine's rules forbid it, whoever asks: 403. */
  FORBIDDEN,
  /** The named thing does not exist: 404. */
  NOT_FOUND,
  /** The thing is in a state that does not allow it: 409. */
  CONFLICT,
  /** Already so; nothing was done: 304. */
  NOT_MODIFIED,
  /** Known to Docker's API and not offered by this engine or kernel: 501. */
  NOT_IMPLEMENTED,
  /** Cannot be served at present, for instance because no swarm is active: 503. */
  UNAVAILABLE,
  /** Anything else: 500. */
  INTERNAL
}
