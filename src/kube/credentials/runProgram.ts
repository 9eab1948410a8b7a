/** How programs are run; for tests. */
export interface ProgramOptions {
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Milliseconds that an exec plugin may take. Default 60 s. */
  readonly execTimeout?: number;
}
