/**
 * What is worked out in steps, each of them short: whoever asked may do other things between two steps, or ask for no
 * more of them.
 */
export type Planning<T> = Generator<undefined, T, undefined>;

/** All steps at once. */
export function finished<T>(planning: Planning<T>): T {
  for (;;) {
    const { done, value } = planning.next();
    if (done) return value;
  }
}
