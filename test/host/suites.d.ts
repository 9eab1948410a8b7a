/** Made by esbuild.mjs from every `*.test.ts` below test/host/suites; those below `restricted` are for that window. */
declare module 'suites:all' {
  /** Runs the test files of a trusted or of a restricted window, so that they declare their tests. */
  export function load(window: 'trusted' | 'restricted'): void;
}
