import { isArray, isObject, member, stringMember } from '../../engine/index.ts';
import type { JsonObject, JsonValue } from '../../engine/index.ts';
import type { Finding } from '../findings/finding.ts';
import { escapeStep, pointerSteps, valueBelow } from '../pointer.ts';
import type { Snapshot } from '../snapshot.ts';
import { fixBy } from './changes.ts';
import type { Fix } from './fix.ts';
import { entryBehind, entryOf, withField } from './overrideEntry.ts';
import type { FoundEntry } from './overrideEntry.ts';

/** Adds key by key or item by item, so that the rest stays, or says `replace` where that is meant. */
export function overrideReplacesSubtree(snapshot: Snapshot, finding: Finding): readonly Fix[] {
  const found = entryOf(snapshot, finding);
  if (!found) return [];
  const meant = fixBy('Write replace', [withField(found, 'operator', 'replace')]);
  return [...partByPart(found), ...meant];
}

function partByPart(found: FoundEntry): readonly Fix[] {
  const { entry, templates } = found;
  const path = stringMember(entry, 'path');
  const steps = pointerSteps(path);
  const olds = templates.map(({ simulation }) => valueBelow(simulation.template, steps));
  const value = member(entry, 'value');
  if (isObject(value) && olds.every(isObject)) {
    return split(found, 'Add key by key', additions(path, value, olds), { preferred: true });
  }
  if (isArray(value) && olds.every(isArray)) {
    const items = value.map((item) => ({ path: `${path}/-`, value: item }));
    return split(found, 'Add at the end of the list', items);
  }
  return [];
}

interface Addition {
  readonly path: string;
  readonly value: JsonValue;
}

/** What to add so that nothing that is there goes: whole values where nothing is, else the parts of them. */
function additions(
  path: string,
  value: JsonObject,
  olds: readonly JsonObject[],
): readonly Addition[] {
  return Object.entries(value).flatMap(([key, child]) => {
    const at = `${path}/${escapeStep(key)}`;
    const below = olds.map((old) => member(old, key));
    return isObject(child) && below.every(isObject)
      ? additions(at, child, below)
      : [{ path: at, value: child }];
  });
}

function split(
  found: FoundEntry,
  title: string,
  [first, ...others]: readonly Addition[],
  more: Pick<Fix, 'preferred'> = {},
): readonly Fix[] {
  if (!first) return [];
  const changes = [
    withField(found, 'path', first.path),
    withField(found, 'value', first.value),
    ...others.map(({ path, value }, i) =>
      entryBehind(found, { path, operator: 'add', value }, i + 1),
    ),
  ];
  return fixBy(title, changes, more);
}
