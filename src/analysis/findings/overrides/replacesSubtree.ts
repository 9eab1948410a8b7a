import {
  arrayMember,
  deepEqual,
  isArray,
  isObject,
  member,
  stringMember,
} from '../../../engine/index.ts';
import type { JsonObject, JsonValue, StoredPolicy, TraceEvent } from '../../../engine/index.ts';
import { isBookkeeping } from '../../displayManifest.ts';
import { overrideTraces } from '../../overrideTraces.ts';
import { pointerSteps, valueBelow } from '../../pointer.ts';
import type { Snapshot } from '../../snapshot.ts';
import type { Finding } from '../finding.ts';
import { perTemplate } from '../perTemplate.ts';
import type { Simulated } from '../perTemplate.ts';
import { findingsOfFacts } from './entryFacts.ts';
import type { EntryFact } from './entryFacts.ts';
import { policyOfEntry, writtenEntry, writtenPaths } from './writtenPaths.ts';

const replacements = perTemplate<EntryFact>((template, snapshot) =>
  mayReplace(template)
    ? overrideTraces(snapshot, template).flatMap(({ clusters, events }) =>
        events.flatMap((event) => {
          const lost = lostBy(template, event);
          return lost === undefined
            ? []
            : [{ entry: event.entry, template, clusters, about: lost }];
        }),
      )
    : [],
);

/**
 * `override-replaces-subtree` on an `add` whose path leads to a mapping or list that is there already: JSON Patch then
 * replaces it as a whole, and what the entry does not repeat is gone.
 */
export function replacesSubtree(snapshot: Snapshot): readonly Finding[] {
  return findingsOfFacts(
    snapshot,
    replacements(snapshot),
    'override-replaces-subtree',
    ({ first, templates, clusters }) => ({
      message: `This add replaces all that is here, which takes ${first.about} from ${templates} on ${clusters}. Add key by key to keep it, or write replace if that is meant.`,
    }),
  );
}

const addPaths = new WeakMap<StoredPolicy, readonly (readonly string[])[]>();

/** Where the `add` entries of a policy lead. */
function addPathsOf({ object }: StoredPolicy): readonly (readonly string[])[] {
  const spec = member(object, 'spec');
  const rules = arrayMember(spec, 'overrideRules');
  return (rules.length > 0 ? rules : [spec ?? null]).flatMap((rule) =>
    arrayMember(member(rule, 'overriders'), 'plaintext').flatMap((entry) =>
      stringMember(entry, 'operator') === 'add' ? [pointerSteps(stringMember(entry, 'path'))] : [],
    ),
  );
}

/** Whether something stands in the template where an entry adds. */
function mayReplace({ simulation }: Simulated): boolean {
  return (simulation.overrides ?? []).some((policy) => {
    let paths = addPaths.get(policy);
    if (!paths) addPaths.set(policy, (paths = addPathsOf(policy)));
    return paths.some((steps) => isFilled(valueBelow(simulation.template, steps)));
  });
}

function isFilled(value: JsonValue | undefined): value is JsonObject | readonly JsonValue[] {
  if (isArray(value)) return value.length > 0;
  return isObject(value) && Object.keys(value).length > 0;
}

/** What an entry makes disappear, in a few words; `undefined` when it is no `add` or nothing is lost. */
function lostBy(template: Simulated, event: TraceEvent): string | undefined {
  const { entry, type, before, after } = event;
  if (entry.overrider !== 'plaintext' || type !== 'applied') return undefined;
  const written = writtenEntry(policyOfEntry(template, entry), entry);
  if (stringMember(written, 'operator') !== 'add' || before === undefined) return undefined;
  // Going into a list, an add moves what is there.
  if (writtenPaths(entry.overrider, written, before).length === 0) return undefined;
  const steps = pointerSteps(stringMember(written, 'path'));
  const old = valueBelow(before, steps);
  if (!isFilled(old)) return undefined;
  const lost = lostPaths(old, valueBelow(after ?? null, steps), []).filter(
    (path) => !isBookkeeping(path.at(-1) ?? ''),
  );
  if (lost.length === 0) return undefined;
  const names = lost.slice(0, shownPaths).map((path) => path.join('.'));
  const more = lost.length - names.length;
  return more > 0 ? `${names.join(', ')} and ${more} more` : names.join(', ');
}

const shownPaths = 4;

/** The paths of an old value that a new one does not have; for a list the whole list. */
function lostPaths(
  old: JsonValue,
  now: JsonValue | undefined,
  path: readonly string[],
): readonly (readonly string[])[] {
  if (isObject(old) && isObject(now)) {
    return Object.entries(old).flatMap(([key, value]) =>
      lostPaths(value, member(now, key), [...path, key]),
    );
  }
  if (isObject(old) && Object.keys(old).length > 0) {
    return Object.keys(old).map((key) => [...path, key]);
  }
  if (isArray(old) && !old.every((item) => isArray(now) && now.some(same(item)))) {
    return [path.length === 0 ? ['items of the list'] : path];
  }
  return now === undefined ? [path] : [];
}

function same(item: JsonValue): (other: JsonValue) => boolean {
  return (other) => deepEqual(item, other);
}
