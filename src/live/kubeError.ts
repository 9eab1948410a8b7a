/** What kind of trouble it is; decides what is said and whether to try again. */
export type KubeErrorReason =
  | 'kubeconfig' // the kubeconfig cannot be read or names what is not there
  | 'credentials' // an exec plugin or token file is missing, fails or hangs
  | 'unreachable' // no connection, or it broke
  | 'certificate' // TLS does not trust the server, or the server not the client
  | 'timeout' // no answer in time
  | 'unauthorized' // 401
  | 'forbidden' // 403
  | 'notFound' // 404
  | 'conflict' // 409
  | 'gone' // 410, or a watch that expired
  | 'invalid' // 400, 415, 422
  | 'throttled' // 429
  | 'server' // 5xx and any other status
  | 'malformed' // the answer is no JSON, or ends in the middle
  | 'aborted'; // the caller asked to stop

/** A failure between us and an API server. The message is a whole sentence without credentials in it. */
export class KubeError extends Error {
  override readonly name = 'KubeError';
  readonly reason: KubeErrorReason;
  /** HTTP status, where there was an answer. */
  readonly status: number | undefined;
  /** Seconds to wait, from Retry-After or `details.retryAfterSeconds`. */
  readonly retryAfter: number | undefined;
  /** `details.causes` of the server's Status: which field and why. */
  readonly causes: readonly { reason: string; message: string; field: string }[];
  /** More lines for the log or a details view: an exec plugin's stderr, the server's own message. */
  readonly detail: string;

  constructor(
    reason: KubeErrorReason,
    message: string,
    more: {
      status?: number | undefined;
      retryAfter?: number | undefined;
      causes?: readonly { reason: string; message: string; field: string }[];
      detail?: string;
      cause?: unknown;
    } = {},
  ) {
    super(message, { cause: more.cause });
    this.reason = reason;
    this.status = more.status;
    this.retryAfter = more.retryAfter;
    this.causes = more.causes ?? [];
    this.detail = more.detail ?? '';
  }
}

/** Whether a caught value is a `KubeError`. Bundles have a copy of the class each, so `instanceof` does not tell. */
export function isKubeError(value: unknown): value is KubeError {
  return value instanceof Error && value.name === 'KubeError';
}
