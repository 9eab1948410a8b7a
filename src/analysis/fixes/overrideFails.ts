import { isArray, isObject, member, stringMember } from '../../engine/index.ts';
import type { JsonValue } from '../../engine/index.ts';
import type { Finding } from '../findings/finding.ts';
import { escapeStep, pointerSteps, valueBelow } from '../pointer.ts';
import type { Snapshot } from '../snapshot.ts';
import { fixBy } from './changes.ts';
import type { Fix } from './fix.ts';
import { entryOf, removeEntry, withField } from './overrideEntry.ts';
import type { FoundEntry } from './overrideEntry.ts';

/** Makes an operation one that goes through: `add` where nothing is to replace, parents where they are missing. */
export function overrideFails(snapshot: Snapshot, finding: Finding): readonly Fix[] {
  const found = entryOf(snapshot, finding);
  if (!found || found.path.at(-2) !== 'plaintext') return [];
  const operator = stringMember(found.entry, 'operator');
  if (operator === 'remove') return removeEntry(found);
  return [...addInstead(found, operator), ...withParents(found)];
}

function addInstead(found: FoundEntry, operator: string): readonly Fix[] {
  const parents = valuesAt(found, -1);
  const isMissing = valuesAt(found, 0).some((value) => value === undefined);
  if (operator !== 'replace' || !isMissing || !parents.every(isObject)) return [];
  return fixBy('Change to add', [withField(found, 'operator', 'add')], { preferred: true });
}

/** Adds the first parent that is missing, with what was to be added in it. */
function withParents(found: FoundEntry): readonly Fix[] {
  const steps = pointerSteps(stringMember(found.entry, 'path'));
  const depth = steps.findIndex((_, i) =>
    valuesAt(found, i + 1 - steps.length).some((value) => value === undefined),
  );
  // Where some template has the parent, an add would replace it there.
  const isFree =
    depth >= 0 &&
    valuesAt(found, depth + 1 - steps.length).every((value) => value === undefined) &&
    valuesAt(found, depth - steps.length).every(isObject);
  const inside = steps.slice(depth + 1);
  if (!isFree || inside.length === 0 || inside.some(isIndex)) return [];
  const value = inside.reduceRight<JsonValue>(
    (child, step) => ({ [step]: child }),
    member(found.entry, 'value') ?? null,
  );
  const path = steps
    .slice(0, depth + 1)
    .map((step) => `/${escapeStep(step)}`)
    .join('');
  const changes = [
    withField(found, 'path', path),
    withField(found, 'operator', 'add'),
    withField(found, 'value', value),
  ];
  return fixBy(`Add ${steps[depth] ?? ''} with it`, changes, { preferred: true });
}

function isIndex(step: string): boolean {
  return step === '-' || step === '__proto__' || /^\d+$/.test(step);
}

/** What each template has at the entry's path, or so many steps before its end. */
function valuesAt(
  { entry, templates }: FoundEntry,
  end: number,
): readonly (JsonValue | undefined)[] {
  const steps = pointerSteps(stringMember(entry, 'path'));
  const wanted = end === 0 ? steps : steps.slice(0, end);
  return templates.map(({ simulation }) => {
    const parent = valueBelow(simulation.template, wanted.slice(0, -1));
    return isArray(parent) && wanted.at(-1) === '-'
      ? undefined
      : valueBelow(simulation.claimed ?? simulation.template, wanted);
  });
}
