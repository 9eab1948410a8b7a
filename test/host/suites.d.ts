/** Made by esbuild.mjs: every `test/host/suites/**\/*.test.ts`. */
declare module 'suites:all' {
  /** The test files, as paths from the project's folder. */
  export const files: readonly string[];
  /** Runs the files, so that they declare their tests. */
  export function load(): void;
}
