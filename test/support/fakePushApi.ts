import { isObject, memberAt, setOwn, stringMember } from '../../src/engine/index.ts';
import type { JsonObject, JsonValue } from '../../src/engine/index.ts';
import { createFleetModel, KubeError } from '../../src/live/index.ts';
import type { ObjectReference } from '../../src/live/index.ts';
import type { JournalStore, PlaneModel, PushApi, PushClock } from '../../src/push/index.ts';

/** An API server in memory: versions and preconditions are real, ownership of fields is only a note of who applied. */
export interface FakePushApi extends PushApi {
  readonly objects: Map<string, JsonObject>;
  /** Every write that was made, oldest first: `apply ConfigMap/default/a`. */
  readonly writes: string[];
  /** Every request that read something: `get Work/ns/name`, `list Work SELECTOR`. */
  readonly requests: string[];
  /** Called before and after each write; what it throws is what the caller gets. */
  fault: ((when: 'before' | 'after', write: string) => void) | undefined;
  put(object: JsonObject): JsonObject;
}

export function fakePushApi(): FakePushApi {
  const objects = new Map<string, JsonObject>();
  const writes: string[] = [];
  let version = 100;
  const keyOf = ({ kind, namespace, name }: ObjectReference): string =>
    `${kind}/${namespace}/${name}`;
  const stored = (reference: ObjectReference): JsonObject => {
    const found = objects.get(keyOf(reference));
    if (!found) throw new KubeError('notFound', 'The server does not have it.', { status: 404 });
    return found;
  };
  const store = (key: string, object: JsonObject, metadata: JsonObject): JsonObject => {
    version += 1;
    const held: JsonObject = {
      ...object,
      metadata: { ...metadata, resourceVersion: String(version) },
    };
    objects.set(key, held);
    return held;
  };
  const write = <T>(
    name: string,
    reference: ObjectReference,
    work: () => T,
    isDry = false,
  ): Promise<T> => {
    const text = `${name} ${keyOf(reference)}`;
    const held = isDry ? objects.get(keyOf(reference)) : undefined;
    try {
      if (isDry) {
        const answer = work();
        if (held) objects.set(keyOf(reference), held);
        else objects.delete(keyOf(reference));
        return Promise.resolve(answer);
      }
      api.fault?.('before', text);
      const result = work();
      writes.push(text);
      api.fault?.('after', text);
      return Promise.resolve(result);
    } catch (error) {
      return Promise.reject(error);
    }
  };
  const check = (held: JsonObject | undefined, wanted: string): void => {
    if (wanted !== '' && versionIn(held) !== wanted) {
      throw new KubeError('conflict', 'The object has been modified.', { status: 409 });
    }
  };
  const api: FakePushApi = {
    objects,
    writes,
    requests: [],
    fault: undefined,
    get: (reference) => {
      api.requests.push(`get ${keyOf(reference)}`);
      try {
        return Promise.resolve(stored(reference));
      } catch (error) {
        return Promise.reject(error);
      }
    },
    list: ({ kind, namespace }, { labelSelector = '' } = {}) => {
      api.requests.push(`list ${kind} ${labelSelector}`);
      const start = namespace === '' ? `${kind}/` : `${kind}/${namespace}/`;
      return Promise.resolve(
        [...objects]
          .filter(([key, one]) => key.startsWith(start) && isSelected(one, labelSelector))
          .map(([, one]) => one),
      );
    },
    apply: (reference, object, options) =>
      write(
        'apply',
        reference,
        () => {
          const held = objects.get(keyOf(reference));
          // As an API server does: a version is compared with an object's, and ignored where there is none.
          if (held) check(held, versionIn(object));
          const wantedUid = stringMember(memberAt(object, 'metadata'), 'uid');
          if (wantedUid !== '' && wantedUid !== stringMember(memberAt(held, 'metadata'), 'uid')) {
            throw new KubeError('conflict', 'Another uid.', { status: 409 });
          }
          const manager = options.fieldManager ?? 'vscode-karmada-flux';
          const merged = merge(held ?? {}, object) as JsonObject;
          const metadata = {
            ...(merged['metadata'] as JsonObject),
            uid: stringMember(memberAt(held, 'metadata'), 'uid') || `uid-${version}`,
            managedFields: managersWith(held, manager),
          };
          const result = store(keyOf(reference), merged, metadata);
          return { object: result, isCreated: held === undefined, warnings: [] };
        },
        options.dryRun,
      ),
    replace: (reference, object, options) =>
      write(
        'replace',
        reference,
        () => {
          const held = stored(reference);
          check(held, versionIn(object));
          const owners = memberAt(object, 'metadata', 'managedFields');
          return store(keyOf(reference), object, {
            ...(object['metadata'] as JsonObject),
            uid: memberAt(held, 'metadata', 'uid') ?? '',
            managedFields: owners ?? [],
          });
        },
        options?.dryRun,
      ),
    delete: (reference, precondition, options) =>
      write(
        'delete',
        reference,
        () => {
          const held = stored(reference);
          if (stringMember(memberAt(held, 'metadata'), 'uid') !== precondition.uid) {
            throw new KubeError('conflict', 'Another uid.', { status: 409 });
          }
          check(held, precondition.resourceVersion ?? '');
          objects.delete(keyOf(reference));
        },
        options?.dryRun,
      ),
    memberGet: () => Promise.reject(new KubeError('notFound', 'There are no members.')),
    put(object) {
      const metadata = object['metadata'] as JsonObject;
      const reference = {
        apiVersion: stringMember(object, 'apiVersion'),
        kind: stringMember(object, 'kind'),
        namespace: stringMember(metadata, 'namespace'),
        name: stringMember(metadata, 'name'),
      };
      const held = objects.get(keyOf(reference));
      return store(keyOf(reference), object, {
        uid: memberAt(held, 'metadata', 'uid') ?? `uid-${version}`,
        ...metadata,
      });
    },
  };
  return api;
}

function versionIn(object: JsonObject | undefined): string {
  return stringMember(memberAt(object, 'metadata'), 'resourceVersion');
}

/** Of selectors only `LABEL in (A,B)`. */
function isSelected(object: JsonObject, selector: string): boolean {
  const [, label = '', values = ''] = /^(\S+) in \((.*)\)$/.exec(selector) ?? [];
  if (selector === '') return true;
  return values.split(',').includes(stringMember(memberAt(object, 'metadata', 'labels'), label));
}

function managersWith(held: JsonObject | undefined, manager: string): JsonValue[] {
  const before = memberAt(held, 'metadata', 'managedFields');
  const entries = (Array.isArray(before) ? before : []) as JsonValue[];
  const others = entries.filter((entry) => stringMember(entry, 'manager') !== manager);
  return [...others, { manager, operation: 'Apply' }];
}

function merge(held: JsonValue, applied: JsonValue): JsonValue {
  if (!isObject(held) || !isObject(applied)) return applied;
  const merged: Record<string, JsonValue> = { ...held };
  for (const [key, value] of Object.entries(applied)) {
    setOwn(merged, key, key in held ? merge(held[key] ?? null, value) : value);
  }
  return merged;
}

/** Journals in memory. */
export function memoryJournals(): JournalStore & { readonly texts: Map<string, string> } {
  const texts = new Map<string, string>();
  const claimed = new Set<string>();
  return {
    texts,
    list: () => Promise.resolve([...texts.keys()]),
    read: (id) => Promise.resolve(texts.get(id)),
    write: (id, text) => Promise.resolve(void texts.set(id, text)),
    append: (id, text) => Promise.resolve(void texts.set(id, (texts.get(id) ?? '') + text)),
    remove: (id) => Promise.resolve(void texts.delete(id)),
    claim: (id) => Promise.resolve(claimed.has(id) ? false : claimed.add(id).size > 0),
    holds: (id) => Promise.resolve(claimed.has(id)),
    unclaim: (id) => Promise.resolve(void claimed.delete(id)),
  };
}

/** A clock whose sleeps are over at once. */
export function instantClock(): PushClock {
  let now = 1_700_000_000_000;
  return {
    now: () => now,
    sleep: (ms) => {
      now += ms;
      return new Promise((resolve) => setImmediate(resolve));
    },
  };
}

/** The rows of a control plane without members, so that nothing is sent and nothing is waited for. */
export function emptyPushModel(): PlaneModel {
  return {
    model: createFleetModel(),
    onDidChange: () => () => undefined,
    plane: () => ({
      context: 'test',
      karmadaVersion: '',
      served: new Map(),
      clusters: [],
      objects: [],
      previous: new Map(),
      unread: new Set(),
    }),
  };
}
