/**
 * Made by esbuild.mjs from every `*.test.ts` below test/host/suites; those below `restricted`, `live` and `karmada` are
 * for these windows.
 */
declare module 'suites:all' {
  /** Runs the test files of a window, so that they declare their tests. */
  export function load(window: 'trusted' | 'restricted' | 'live' | 'karmada'): void;
}
