import {
  apiGroup,
  arrayMember,
  compileResourceSelector,
  isObject,
  stringMember,
} from '../../../engine/index.ts';
import type { JsonObject, JsonValue, StoredPolicy } from '../../../engine/index.ts';
import { overrideUses } from '../../overrideUses.ts';
import { propagationUses } from '../../propagationUses.ts';
import type { Item, Snapshot, Template } from '../../snapshot.ts';
import { templatesOfKind } from '../../templateIndex.ts';

/** One selector of a propagation policy that gets no template, or of an override policy that changes none. */
export interface IdleSelector {
  readonly item: Item;
  readonly policy: StoredPolicy;
  readonly index: number;
  /** As stored: a namespaced policy has filled in its namespace. */
  readonly selector: JsonObject;
  readonly apiVersion: string;
  readonly group: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  /** Templates that it selects and that go to other policies. */
  readonly lost: readonly Template[];
}

const known = new WeakMap<Snapshot, readonly IdleSelector[]>();

/** The selectors through which their policies claim nothing. Worked out once a snapshot. */
export function idleSelectors(snapshot: Snapshot): readonly IdleSelector[] {
  const answered = known.get(snapshot);
  if (answered) return answered;
  const propagating = propagationUses(snapshot).flatMap((use) => idleIn(snapshot, use));
  const overriding = overrideUses(snapshot).flatMap((use) =>
    idleIn(snapshot, { ...use, claimed: use.templates }).filter((idle) =>
      isSurelyIdle(snapshot, idle),
    ),
  );
  const idle = [...propagating, ...overriding];
  known.set(snapshot, idle);
  return idle;
}

interface Use {
  readonly item: Item;
  readonly policy: StoredPolicy;
  readonly claimed: readonly Template[];
}

/** A selector of an override policy that nothing matches, not even what other overrides may make of it. */
function isSurelyIdle({ objects }: Snapshot, { item, name, lost }: IdleSelector): boolean {
  if (lost.length > 0) return false;
  const mayBeRelabelled = item.kind === 'OverridePolicy' && name === '';
  return !(mayBeRelabelled && objects.some(({ kind }) => kind === 'ClusterOverridePolicy'));
}

function idleIn(snapshot: Snapshot, use: Use): readonly IdleSelector[] {
  const { item, policy } = use;
  return [...withoutTemplates(use)].flatMap(([index, selector]): IdleSelector[] => {
    if (!isObject(selector)) return [];
    const apiVersion = stringMember(selector, 'apiVersion');
    const kind = stringMember(selector, 'kind');
    const about = {
      apiVersion,
      group: apiGroup(apiVersion),
      kind,
      namespace: stringMember(selector, 'namespace'),
      name: stringMember(selector, 'name'),
    };
    const lost = selectedBy(snapshot, policy, selector, about);
    return [{ item, policy, index, selector, ...about, lost }];
  });
}

interface Remembered {
  readonly templates: readonly JsonObject[];
  readonly idle: ReadonlyMap<number, JsonValue>;
}

const remembered = new WeakMap<StoredPolicy, Remembered>();

/** The selectors, by index, that match nothing of what their policy claims. */
function withoutTemplates({ policy, claimed }: Use): ReadonlyMap<number, JsonValue> {
  const templates = claimed.flatMap(({ simulation }) => (simulation ? [simulation.template] : []));
  const before = remembered.get(policy);
  if (before && isSameList(before.templates, templates)) return before.idle;
  const idle = new Map(arrayMember(policy.spec, 'resourceSelectors').entries());
  for (const template of templates) {
    if (idle.size === 0) break;
    for (const [i, selector] of idle) {
      if (compileResourceSelector(selector)(template) > 0) idle.delete(i);
    }
  }
  remembered.set(policy, { templates, idle });
  return idle;
}

function isSameList<T>(a: readonly T[], b: readonly T[]): boolean {
  return a.length === b.length && a.every((item, i) => item === b[i]);
}

/** The templates that a selector of a policy matches, claimed or not. */
function selectedBy(
  snapshot: Snapshot,
  policy: StoredPolicy,
  selector: JsonObject,
  { group, kind, namespace, name }: Pick<IdleSelector, 'group' | 'kind' | 'namespace' | 'name'>,
): readonly Template[] {
  const ofKind = templatesOfKind(snapshot, `${group}/${kind}`);
  const matches = compileResourceSelector(selector);
  const isSelected = ({ item, simulation }: Template): boolean =>
    simulation !== undefined &&
    (policy.namespace === '' || item.namespace === policy.namespace) &&
    matches(simulation.template) > 0;
  if (name !== '' && namespace !== '') {
    const only = ofKind.get(`${namespace}/${name}`);
    return only && isSelected(only) ? [only] : [];
  }
  return [...ofKind.values()].filter(isSelected);
}
