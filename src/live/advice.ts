import { causeAdvice, fluxAdvice } from './adviceFlux.ts';
import { karmadaAdvice, schedulingFilters } from './adviceKarmada.ts';
import type { AdviceRow } from './adviceRow.ts';

/** What an event or a condition means, and what to do about it: a sentence or two each. */
export interface Advice {
  readonly meaning: string;
  readonly action: string;
}

const rows: readonly AdviceRow[] = [...karmadaAdvice, ...fluxAdvice];

/** Messages come from a cluster: what is looked at has an end, whatever is sent. */
const longestMessage = 4000;

/**
 * Says in plain words what an event or a condition of Karmada (`pkg/events/events.go`) or Flux
 * (`api/v2/condition_types.go` of helm-controller) means. Rows that look at the message come before those that only know
 * the reason; a cause that the message names (a server that does not answer, a right that is missing) is added.
 * `undefined` for what is not in the table.
 */
export function adviceFor(reason: string, message: string): Advice | undefined {
  const text = message.slice(0, longestMessage);
  const row = rows.find((candidate) => holds(candidate, reason, text));
  const cause = causeAdvice.find((candidate) => holds(candidate, reason, text));
  const fit = fitAdvice(text);
  if (fit) return fit;
  if (!row) return cause && filled(cause, text);
  const advice = filled(row, text);
  // What knows the message says it all; what knows only the reason gains by the cause.
  if (!cause || row.pattern) return advice;
  const { meaning, action } = filled(cause, text);
  return { meaning: `${advice.meaning} ${meaning}`, action };
}

function holds({ reasons, pattern }: AdviceRow, reason: string, text: string): boolean {
  return (!reasons || reasons.includes(reason)) && (!pattern || pattern.test(text));
}

function filled({ pattern, meaning, action }: AdviceRow, text: string): Advice {
  const groups = (pattern && pattern.exec(text)) ?? [];
  const fill = (sentence: string) =>
    sentence.replace(/\$(\d)/g, (_, index: string) => groups[Number(index)] ?? '');
  return { meaning: fill(meaning), action: fill(action) };
}

/**
 * Takes the scheduler's `0/3 clusters are available: …` apart (`FitError` of `pkg/scheduler/framework/types.go`).
 * Karmada counts each cluster once, under the first filter that turns it down.
 */
function fitAdvice(text: string): Advice | undefined {
  const found = /\b0\/(\d+) clusters are available: (.+?)\.?$/s.exec(text);
  if (!found) return undefined;
  const [, total = '', list = ''] = found;
  const parts = list.split(/, (?=\d+ cluster\(s\))/).map((part) => {
    const [, count = '', reason = ''] = /^(\d+) (.*)$/s.exec(part) ?? [];
    const filter = schedulingFilters.find(({ pattern }) => pattern.test(reason));
    return filter && { count, taint: /\{(.*?)\}/.exec(reason)?.[1] ?? '', ...filter };
  });
  const known = parts.filter((part) => part !== undefined);
  if (known.length === 0) {
    return {
      meaning: `None of ${total} clusters fits: ${list}.`,
      action: 'Join a cluster, or change the placement of the policy.',
    };
  }
  const reasons = known.map(
    ({ count, taint, meaning }) => `${count} ${meaning.replace('$taint', () => taint)}`,
  );
  return {
    meaning: `None of ${total} clusters fits: ${reasons.join('; ')}. What was placed before is taken away.`,
    action: [...new Set(known.map(({ action }) => action))].join(' '),
  };
}
