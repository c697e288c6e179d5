/**
 * Bounds of the HTTP layer. Every one has a test; they are values so that a test need not wait for
 * the real ones.
 */
export interface HttpLimits {
  readonly bodyBytes: number;
  /** Nesting of objects and arrays in a JSON body. */
  readonly jsonDepth: number;
  readonly headersTimeoutMs: number;
  /** Until the whole request has arrived. */
  readonly requestTimeoutMs: number;
  readonly keepAliveTimeoutMs: number;
  /** A client that takes nothing of its answer for so long is cut off. */
  readonly idleAnswerTimeoutMs: number;
  readonly connections: number;
  readonly followersPerJob: number;
  /** Bytes that may wait for one follower before it is cut off. */
  readonly followerBufferBytes: number;
  readonly heartbeatMs: number;
}

export const DEFAULT_LIMITS: HttpLimits = {
  bodyBytes: 1024 * 1024,
  jsonDepth: 64,
  headersTimeoutMs: 10_000,
  requestTimeoutMs: 30_000,
  keepAliveTimeoutMs: 5_000,
  idleAnswerTimeoutMs: 60_000,
  connections: 256,
  followersPerJob: 16,
  followerBufferBytes: 4 * 1024 * 1024,
  heartbeatMs: 10_000,
};
