import {
  arrayMember,
  compileResourceSelectors,
  isArray,
  isObject,
  member,
  memberAt,
  stringMember,
} from '../../engine/index.ts';
import type { JsonObject, JsonValue } from '../../engine/index.ts';
import { valueAt } from '../cursor.ts';
import { naturalOrder } from '../naturalOrder.ts';
import type { Item, Snapshot } from '../snapshot.ts';
import { ownNamespace } from './candidate.ts';
import type { Candidate, Request, Source } from './candidate.ts';
import { counted, withoutTaken } from './clusters.ts';
import { writableTypes } from './writableTypes.ts';
import type { WritableType } from './writableTypes.ts';

/** A template with the object that the control plane has of it. */
export interface Reachable {
  readonly item: Item;
  readonly object: JsonObject;
}

/** The templates that a policy can reach: of its own namespace, or all for a cluster-wide one. */
export function reachable(request: Pick<Request, 'snapshot' | 'object'>): readonly Reachable[] {
  const namespace = ownNamespace(request);
  return templatesIn(request.snapshot).filter(
    ({ item }) => namespace === '' || item.namespace === namespace,
  );
}

/** The templates that the override policy at the cursor selects; all it can reach when it has no selectors. */
export function selected(request: Pick<Request, 'snapshot' | 'object'>): readonly Reachable[] {
  const selectors = memberAt(request.object, 'spec', 'resourceSelectors');
  const all = reachable(request);
  if (!isArray(selectors) || selectors.length === 0) return all;
  const matches = compileResourceSelectors(selectors);
  return all.filter(({ object }) => matches(object) > 0);
}

function templatesIn({ objects: all }: Snapshot): readonly Reachable[] {
  return all.flatMap((item) =>
    item.role === 'template' ? [{ item, object: item.stored ?? item.source }] : [],
  );
}

function apiVersionOf({ object }: Reachable): string {
  return stringMember(object, 'apiVersion');
}

/** The selector that the cursor is in. */
function selectorOf({ object, path }: Request): JsonValue | undefined {
  const at = path.lastIndexOf('resourceSelectors');
  return valueAt(object, path.slice(0, at + 2));
}

/** API versions of the templates there are, then those that are known. */
export const selectorApiVersions: Source = (request) => {
  const kind = stringMember(selectorOf(request), 'kind');
  const found = reachable(request).filter(({ item }) => kind === '' || item.kind === kind);
  const there = counted(found.map(apiVersionOf));
  const known = knownKinds(request).filter((entry) => kind === '' || entry.kind === kind);
  const others = new Set(known.map(({ apiVersion }) => apiVersion));
  for (const [apiVersion] of there) others.delete(apiVersion);
  return [
    ...there.map(([value, count]): Candidate => ({ value, kind: 'value', detail: objects(count) })),
    ...[...others].map((value): Candidate => ({ value, kind: 'value', rank: 1 })),
  ];
};

/** Kinds of the templates there are, then those that are known; the apiVersion follows. */
export const selectorKinds: Source = (request) => {
  const apiVersion = stringMember(selectorOf(request), 'apiVersion');
  const found = new Map<string, { kind: string; apiVersion: string; count: number }>();
  for (const template of reachable(request)) {
    const { kind } = template.item;
    const key = `${kind} ${apiVersionOf(template)}`;
    const known = found.get(key);
    if (known) known.count++;
    else found.set(key, { kind, apiVersion: apiVersionOf(template), count: 1 });
  }
  const others = knownKinds(request)
    .filter((entry) => !found.has(`${entry.kind} ${entry.apiVersion}`))
    .map(({ kind, apiVersion: version }) => ({ kind, apiVersion: version, count: 0 }));
  return [...found.values(), ...others].map((entry) => ({
    value: entry.kind,
    kind: 'object',
    detail: entry.count === 0 ? entry.apiVersion : `${entry.apiVersion} · ${objects(entry.count)}`,
    rank: (entry.count === 0 ? 2 : 0) + (apiVersion === entry.apiVersion ? 0 : 1),
    siblings: { apiVersion: entry.apiVersion },
  }));
};

/** Names of templates; kind, apiVersion and in a cluster-wide policy the namespace follow. */
export const selectorNames: Source = (request) => {
  const selector = selectorOf(request);
  const kind = stringMember(selector, 'kind');
  const isNamespaced = ownNamespace(request) !== '';
  return reachable(request)
    .toSorted((a, b) => naturalOrder(a.item.name, b.item.name))
    .map((template) => {
      const { item } = template;
      const siblings = { apiVersion: apiVersionOf(template), kind: item.kind };
      const isElsewhere = !isNamespaced && item.namespace !== '';
      return {
        value: item.name,
        kind: 'object',
        detail: isElsewhere ? `${item.kind} in ${item.namespace}` : item.kind,
        rank: kind === '' || kind === item.kind ? 0 : 1,
        siblings: isElsewhere ? { ...siblings, namespace: item.namespace } : siblings,
      };
    });
};

/** Namespaces that a selector can name. */
export const selectorNamespaces: Source = (request) => {
  const own = ownNamespace(request);
  if (own !== '') return [{ value: own, kind: 'object', detail: 'namespace of the policy' }];
  const kind = stringMember(selectorOf(request), 'kind');
  const found = reachable(request).filter(({ item }) => kind === '' || item.kind === kind);
  return counted(found.map(({ item }) => item.namespace)).map(([value, count]) => ({
    value,
    kind: 'object',
    detail: objects(count),
  }));
};

/** Labels of the templates that the selector's apiVersion, kind and namespace leave. */
function selectorLabels(request: Request): readonly (readonly [string, string])[] {
  const selector = selectorOf(request);
  const fits = (key: string, value: string): boolean => {
    const wanted = stringMember(selector, key);
    return wanted === '' || wanted === value;
  };
  return reachable(request)
    .filter(
      (template) =>
        fits('apiVersion', apiVersionOf(template)) &&
        fits('kind', template.item.kind) &&
        fits('namespace', template.item.namespace),
    )
    .flatMap(({ object }) => stringEntries(memberAt(object, 'metadata', 'labels')));
}

export const selectorLabelKeys: Source = (request) =>
  counted(selectorLabels(request).map(([key]) => key)).map(([value, count]): Candidate => ({
    value,
    kind: 'label',
    detail: objects(count),
  }));

export const selectorLabelValues: Source = (request) =>
  labelValues(request, String(request.path.at(-1) ?? ''));

export const selectorConditionValues: Source = (request) => {
  const key = stringMember(valueAt(request.object, request.path.slice(0, -2)), 'key');
  return withoutTaken(request, labelValues(request, key));
};

function labelValues(request: Request, key: string): readonly Candidate[] {
  const values = selectorLabels(request).filter(([name]) => name === key);
  return counted(values.map(([, value]) => value)).map(([value, count]) => ({
    value,
    kind: 'value',
    detail: objects(count),
  }));
}

/** Keys of labels or annotations of the selected templates, for the overriders of those. */
export function metadataKeys(field: 'labels' | 'annotations'): Source {
  return (request) =>
    counted(
      selected(request).flatMap(({ object }) =>
        stringEntries(memberAt(object, 'metadata', field)).map(([key]) => key),
      ),
    ).map(([value, count]): Candidate => ({ value, kind: 'label', detail: objects(count) }));
}

/** Present values of such a key. */
export function metadataValues(field: 'labels' | 'annotations'): Source {
  return (request) => {
    const key = String(request.path.at(-1) ?? '');
    const values = selected(request).map(({ object }) =>
      stringMember(memberAt(object, 'metadata', field), key),
    );
    return counted(values).map(([value]) => ({ value, kind: 'value', detail: 'present value' }));
  };
}

/** Names of containers in the selected workloads. */
export const containerNames: Source = (request) =>
  counted(
    selected(request).flatMap(({ object }) =>
      podSpecs(object).flatMap((spec) =>
        ['containers', 'initContainers'].flatMap((field) =>
          arrayMember(spec, field).map((container) => stringMember(container, 'name')),
        ),
      ),
    ),
  ).map(([value, count]) => ({ value, kind: 'value', detail: objects(count) }));

function podSpecs(object: JsonObject): readonly (JsonValue | undefined)[] {
  const spec = member(object, 'spec');
  const template = memberAt(spec, 'template', 'spec');
  const job = memberAt(spec, 'jobTemplate', 'spec', 'template', 'spec');
  return [spec, template, job].filter((found) => found !== undefined);
}

function stringEntries(value: JsonValue | undefined): readonly (readonly [string, string])[] {
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([key, item]) =>
    typeof item === 'string' ? [[key, item] as const] : [],
  );
}

/** Kinds that policies are mostly written for. */
function knownKinds({ snapshot }: Request): readonly WritableType[] {
  return writableTypes(snapshot.circumstances).filter(({ apiVersion, kind }) =>
    apiVersion === 'v1' ? kind !== 'Namespace' : apiVersion.includes('.toolkit.fluxcd.io/'),
  );
}

function objects(count: number): string {
  return `${count} object${count === 1 ? '' : 's'}`;
}
