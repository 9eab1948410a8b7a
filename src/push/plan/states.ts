import {
  createLiveStepper,
  liveName,
  nameOfObject,
  nameOfTemplate,
  withLiveObjects,
} from '../../analysis/index.ts';
import type { HeldWorks, LiveControlPlane, LiveSettings, LiveState } from '../../analysis/index.ts';
import { withClaimOf } from '../../engine/index.ts';
import type { JsonObject } from '../../engine/index.ts';
import type { ObjectChange, PushGround } from '../types.ts';
import { objectReference } from './labels.ts';
import { workGroups } from './workGroups.ts';

/** Writes some changes at once and lets Karmada act on them. */
export type Writer = (state: LiveState, changes: readonly ObjectChange[]) => LiveState;

/** Starts from a control plane as it is. */
export function startFrom(
  live: LiveControlPlane,
  works: PushGround['works'],
  options: LiveSettings,
): { readonly first: LiveState; readonly write: Writer } {
  const step = createLiveStepper(options, heldIn(works));
  const write: Writer = (state, changes) =>
    step(afterWrites(state.plane, changes), keysOf(changes, state.plane), state);
  return { first: step(live), write };
}

/** What the Works hold, by manifest; what differs by cluster alone counts as one. */
function heldIn(works: PushGround['works']): HeldWorks {
  const byName = new Map([...works].map(([key, held]) => [nameOfTemplate(key), held]));
  return (key) => workGroups(byName.get(nameOfTemplate(key)) ?? []);
}

/** The control plane with changes written, before Karmada has seen them. */
function afterWrites(plane: LiveControlPlane, changes: readonly ObjectChange[]): LiveControlPlane {
  const written = changes.filter(({ type }) => type !== 'unchanged');
  const names = new Set(written.map(({ reference }) => liveName(reference)));
  const held = new Map(
    plane.objects
      .map((object) => [nameOfObject(object), object] as const)
      .filter(([name]) => names.has(name)),
  );
  return withLiveObjects(
    plane,
    written.flatMap(({ reference, type, before, after }) =>
      type === 'delete' || !after
        ? [{ reference }, ...contentsOfNamespace(plane.objects, reference)]
        : [{ reference, object: claimedAs(after, held.get(liveName(reference)), before) }],
    ),
  );
}

/** A write leaves alone what Karmada has noted on the template since it was reviewed, unless it is about that. */
function claimedAs(
  after: JsonObject,
  now: JsonObject | undefined,
  before: JsonObject | undefined,
): JsonObject {
  if (!now || (before && withClaimOf(after, before) !== after)) return after;
  return withClaimOf(after, now);
}

/** What goes with a namespace. */
function contentsOfNamespace(
  objects: readonly JsonObject[],
  { apiVersion, kind, name }: ObjectChange['reference'],
): readonly Pick<ObjectChange, 'reference'>[] {
  if (apiVersion !== 'v1' || kind !== 'Namespace') return [];
  return objects
    .map(objectReference)
    .flatMap((reference) => (reference.namespace === name ? [{ reference }] : []));
}

/** The keys under which changed objects may be templates: a server may serve several versions of a kind. */
function keysOf(
  changes: readonly ObjectChange[],
  { previous }: LiveControlPlane,
): ReadonlySet<string> {
  const keys = new Set(changes.map(({ reference }) => keyOf(reference)));
  const names = new Set([...keys].map(nameOfTemplate));
  for (const other of previous.keys()) if (names.has(nameOfTemplate(other))) keys.add(other);
  return keys;
}

/** The key of an object as a template: `APIVERSION/KIND/NAMESPACE/NAME`. */
export function keyOf({ apiVersion, kind, namespace, name }: ObjectChange['reference']): string {
  return `${apiVersion}/${kind}/${namespace}/${name}`;
}
