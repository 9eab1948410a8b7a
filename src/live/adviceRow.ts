/** One row of a table of advice: it holds when the reason is among the reasons and the message has the pattern. */
export interface AdviceRow {
  /** Reasons of events and conditions. Any, when absent. */
  readonly reasons?: readonly string[];
  /** Any message, when absent. `$1`, `$2` … in the sentences stand for its groups. */
  readonly pattern?: RegExp;
  readonly meaning: string;
  readonly action: string;
}
