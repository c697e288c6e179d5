/**
 * Limits of the HTTP layer. Each has a test. They are parameters, so that tests can use smaller
 * ones.
 */
export interface HttpLimits {
  readonly bodyBytes: number;
  /** Nesting of objects and arrays in a JSON body. */
  readonly jsonDepth: number;
  /** Time until the headers of a request have arrived. It also ends a silent connection. */
  readonly headersTimeoutMs: number;
  /** Time until the whole request has arrived. */
  readonly requestTimeoutMs: number;
  readonly keepAliveTimeoutMs: number;
  /** The service disconnects a client that reads nothing of its reply for this time. */
  readonly idleAnswerTimeoutMs: number;
  readonly connections: number;
  /**
   * Further connections. Health checks are answered there, and other requests are refused with 503.
   */
  readonly reservedConnections: number;
  /**
   * A younger connection is not closed for a new one, because its request may be on its way. On a
   * reserved connection a request must arrive within this time.
   */
  readonly arrivalMs: number;
  /** The length of all replies together that clients have not read yet. */
  readonly unreadReplyCharacters: number;
  /** Submissions in progress, including those that wait for an earlier one. */
  readonly submissions: number;
  readonly followersPerJob: number;
  /**
   * The number of bytes that may wait for one follower. Beyond this number the service disconnects
   * the follower.
   */
  readonly followerBufferBytes: number;
  readonly heartbeatMs: number;
  /**
   * The number of heartbeats without an acknowledgement, while bytes wait for the follower. Then
   * the service disconnects the follower.
   */
  readonly unreadHeartbeats: number;
}

export const DEFAULT_LIMITS: HttpLimits = {
  bodyBytes: 1024 * 1024,
  jsonDepth: 64,
  headersTimeoutMs: 5_000,
  requestTimeoutMs: 30_000,
  keepAliveTimeoutMs: 5_000,
  idleAnswerTimeoutMs: 60_000,
  connections: 256,
  reservedConnections: 240,
  arrivalMs: 1_000,
  unreadReplyCharacters: 64 * 1024 * 1024,
  submissions: 32,
  followersPerJob: 16,
  followerBufferBytes: 4 * 1024 * 1024,
  heartbeatMs: 10_000,
  unreadHeartbeats: 2,
};
