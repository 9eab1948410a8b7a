import {
  deepEqual,
  isArray,
  isObject,
  member,
  memberAt,
  withMember,
  withoutMember,
} from '../../engine/index.ts';
import type { JsonObject, JsonValue } from '../../engine/index.ts';
import { parseSource, readGoYaml } from '../../yaml/index.ts';
import { isBookkeeping } from '../displayManifest.ts';
import { isSecret } from '../maskSecret.ts';
import type { OverrideEdits } from './types.ts';

type Answer<T> = { readonly value: T } | { readonly reason: string };

/** What edits make of a manifest as a preview shows it. */
export type ManifestEdit = (now: JsonObject) => Answer<JsonObject>;

const mapFields = ['labels', 'annotations'];

/** Reads edits once for all clusters; what no override may change is refused with a sentence. */
export function readEdits(edits: OverrideEdits): Answer<ManifestEdit> {
  const read = edits.type === 'manifest' ? readManifest(edits.text) : readPointers(edits.values);
  if ('reason' in read) return read;
  const change = read.value;
  return {
    value: (now) => {
      const wanted = change(now);
      if ('reason' in wanted) return wanted;
      const reason = refusal(now, wanted.value);
      return reason === undefined ? { value: withMaps(wanted.value) } : { reason };
    },
  };
}

/** The object with its labels and annotations as maps, for one that is empty is as good as none. */
export function withMaps(object: JsonObject): JsonObject {
  const metadata = member(object, 'metadata');
  if (!isObject(metadata)) return object;
  let filled = metadata;
  for (const field of mapFields) {
    if ((member(filled, field) ?? null) === null) filled = withMember(filled, field, {});
  }
  return filled === metadata ? object : withMember(object, 'metadata', filled);
}

function readManifest(text: string): Answer<ManifestEdit> {
  const { documents, problems } = parseSource(text);
  const [problem] = [...problems, ...documents.flatMap((document) => document.problems)];
  if (problem) return { reason: `The manifest cannot be read: ${problem.message}.` };
  const values = documents.map(({ value }) => value ?? null).filter((value) => value !== null);
  const [value] = values;
  if (values.length > 1) return { reason: 'The manifest has to be one document.' };
  if (!isObject(value)) return { reason: 'The manifest has to be one Kubernetes object.' };
  return { value: () => ({ value }) };
}

interface Setting {
  readonly path: string;
  readonly steps: readonly string[];
  /** Absent: it is to be removed. */
  readonly value?: JsonValue;
}

function readPointers(
  values: readonly { readonly path: string; readonly valueText?: string }[],
): Answer<ManifestEdit> {
  const settings: Setting[] = [];
  for (const { path, valueText } of values) {
    if (!path.startsWith('/')) {
      return {
        reason: `A path has to begin with a slash, such as /spec/values/replicaCount: ${path}`,
      };
    }
    const steps = path.slice(1).split('/').map(unescaped);
    if (valueText === undefined) {
      settings.push({ path, steps });
      continue;
    }
    const read = valueText === '' ? { value: '' } : readGoYaml(valueText);
    if ('error' in read) return { reason: `The value for ${path} cannot be read: ${read.error}.` };
    settings.push({ path, steps, value: read.value });
  }
  return {
    value: (now) => {
      let edited: JsonValue = now;
      for (const setting of settings) {
        const next = changed(edited, setting.steps, setting);
        if ('reason' in next) return next;
        edited = next.value;
      }
      return isObject(edited) ? { value: edited } : { reason: 'Nothing would be left.' };
    },
  };
}

function unescaped(step: string): string {
  return step.replace(/~[01]/g, (escape) => (escape === '~1' ? '/' : '~'));
}

/** A copy with one place set or removed. Maps on the way that are not there yet are made. */
function changed(
  node: JsonValue,
  [step = '', ...rest]: readonly string[],
  setting: Setting,
): Answer<JsonValue> {
  const { path, value } = setting;
  const nothing = { reason: `There is nothing at ${path} that could be removed.` };
  if (isArray(node)) return changedList(node, step, rest, setting);
  if (!isObject(node))
    return { reason: `${path} leads through a value that is no map and no list.` };
  const child = Object.hasOwn(node, step) ? node[step] : undefined;
  if (rest.length === 0) {
    if (value !== undefined) return { value: withMember(node, step, value) };
    return child === undefined ? nothing : { value: withoutMember(node, step) };
  }
  if (value === undefined && child === undefined) return nothing;
  const inner = changed(child ?? {}, rest, setting);
  return 'reason' in inner ? inner : { value: withMember(node, step, inner.value) };
}

function changedList(
  list: readonly JsonValue[],
  step: string,
  rest: readonly string[],
  setting: Setting,
): Answer<JsonValue> {
  const index = step === '-' ? list.length : /^\d{1,9}$/.test(step) ? Number(step) : -1;
  const isEnd = index === list.length && rest.length === 0 && setting.value !== undefined;
  if (index < 0 || (index >= list.length && !isEnd)) {
    return { reason: `The list that ${setting.path} leads through has no item ${step}.` };
  }
  if (rest.length > 0) {
    const inner = changed(list[index] ?? null, rest, setting);
    return 'reason' in inner ? inner : { value: list.with(index, inner.value) };
  }
  const items = setting.value === undefined ? [] : [setting.value];
  return { value: list.toSpliced(index, 1, ...items) };
}

/** Why an override must not or cannot do this. */
function refusal(now: JsonObject, wanted: JsonObject): string | undefined {
  for (const field of ['apiVersion', 'kind']) {
    if (!deepEqual(member(now, field), member(wanted, field))) {
      return `${field} says which object it is and cannot be overridden.`;
    }
  }
  if (!deepEqual(member(now, 'status'), member(wanted, 'status'))) {
    return 'status is written by each cluster itself and cannot be overridden.';
  }
  if (
    isSecret(now) &&
    ['data', 'stringData'].some((f) => !deepEqual(member(now, f), member(wanted, f)))
  ) {
    return "A Secret's values would stand in the policy for all to read, so they cannot be overridden here.";
  }
  return metadataRefusal(member(now, 'metadata'), member(wanted, 'metadata'));
}

function metadataRefusal(
  now: JsonValue | undefined,
  wanted: JsonValue | undefined,
): string | undefined {
  if (!isObject(now) || !isObject(wanted)) {
    return 'metadata has to stay: it says which object it is.';
  }
  for (const field of new Set([...Object.keys(now), ...Object.keys(wanted)])) {
    const [before, after] = [member(now, field), member(wanted, field)];
    if (deepEqual(before, after)) continue;
    if (field === 'name' || field === 'namespace') {
      return `metadata.${field} says which object it is and cannot be overridden.`;
    }
    if (!mapFields.includes(field)) {
      return `metadata.${field} is each API server's own and does not reach the clusters.`;
    }
    if ((after ?? null) !== null && !isObject(after)) return `metadata.${field} has to be a map.`;
    const keys = [before, after].flatMap((map) => (isObject(map) ? Object.keys(map) : []));
    const kept = keys.find(
      (key) => isBookkeeping(key) && !deepEqual(memberAt(before, key), memberAt(after, key)),
    );
    if (kept !== undefined) return `${kept} is Karmada's own and cannot be overridden.`;
  }
  return undefined;
}
