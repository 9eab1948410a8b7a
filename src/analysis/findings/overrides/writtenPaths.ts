import { arrayMember, isArray, isObject, member, stringMember } from '../../../engine/index.ts';
import type { JsonObject, JsonValue, OverrideEntry, StoredPolicy } from '../../../engine/index.ts';
import { pointerSteps, valueBelow } from '../../pointer.ts';
import type { Simulated } from '../perTemplate.ts';

/** A value that an override entry sets or removes, whatever was there. */
export interface WrittenPath {
  readonly steps: readonly string[];
  /** Within the value at the steps: a part of an image, or a path in the text of a field. */
  readonly part?: string;
}

/** The policy of an entry that concerns a template. */
export function policyOfEntry(
  { simulation }: Simulated,
  { policy }: OverrideEntry,
): StoredPolicy | undefined {
  return simulation.overrides?.find(
    ({ kind, namespace, name }) =>
      name === policy.name && kind === policy.kind && namespace === (policy.namespace ?? ''),
  );
}

/** The override entry itself, as stored. */
export function writtenEntry(
  policy: StoredPolicy | undefined,
  { rule, overrider, item }: OverrideEntry,
): JsonValue | undefined {
  const spec = member(policy?.object, 'spec');
  const holder = rule < 0 ? spec : arrayMember(spec, 'overrideRules')[rule];
  return arrayMember(member(holder, 'overriders'), overrider)[item];
}

/**
 * What an entry writes. Entries that add to what is there, such as to the end of a list, of an image's name or of a
 * command, write nothing in this sense: several of them go together.
 */
export function writtenPaths(
  overrider: OverrideEntry['overrider'],
  entry: JsonValue | undefined,
  before: JsonValue,
): readonly WrittenPath[] {
  switch (overrider) {
    case 'plaintext':
      return plaintextPaths(entry, before);
    case 'labelsOverrider':
    case 'annotationsOverrider': {
      const field = overrider === 'labelsOverrider' ? 'labels' : 'annotations';
      const keys = Object.keys(objectMember(entry, 'value'));
      return keys.map((key) => ({ steps: ['metadata', field, key] }));
    }
    case 'imageOverrider': {
      if (stringMember(entry, 'operator') === 'add') return [];
      const path = stringMember(member(entry, 'predicate'), 'path');
      return [{ steps: pointerSteps(path), part: stringMember(entry, 'component') }];
    }
    case 'fieldOverrider': {
      const steps = pointerSteps(stringMember(entry, 'fieldPath'));
      const list = [...arrayMember(entry, 'yaml'), ...arrayMember(entry, 'json')];
      return list.map((change) => ({ steps, part: stringMember(change, 'subPath') }));
    }
    case 'commandOverrider':
    case 'argsOverrider':
      return [];
  }
}

function plaintextPaths(entry: JsonValue | undefined, before: JsonValue): readonly WrittenPath[] {
  const steps = pointerSteps(stringMember(entry, 'path'));
  if (steps.length === 0) return [];
  const parent = steps.slice(0, -1);
  const isInsertion =
    stringMember(entry, 'operator') === 'add' && isArray(valueBelow(before, parent));
  return isInsertion ? [] : [{ steps }];
}

function objectMember(value: JsonValue | undefined, key: string): JsonObject {
  const found = member(value, key);
  return isObject(found) ? found : {};
}
