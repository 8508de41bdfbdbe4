/** A line of the log: of a request, nothing of its content, its query or its address beyond the route. */
export interface RequestLine {
  /** The Idempotency-Key of a command, or a new UUID. */
  readonly id: string;
  readonly method: string;
  /** The address as the program declares it, such as /api/v1/studies/:code. */
  readonly route?: string;
  /** Whoever is signed in. */
  readonly person?: string;
  readonly command?: string;
  /** Of the refusal or the problem. */
  readonly code?: string;
  /** 0 where the client left before there was an answer. */
  readonly status: number;
  readonly ms: number;
}
