import { createLiveStepper, nameOfTemplate, withLiveObjects } from '../../analysis/index.ts';
import type { LiveControlPlane, LiveSettings, LiveState } from '../../analysis/index.ts';
import type { JsonObject } from '../../engine/index.ts';
import type { ObjectChange } from '../types.ts';
import { objectReference } from './labels.ts';

/** Writes some changes at once and lets Karmada act on them. */
export type Writer = (state: LiveState, changes: readonly ObjectChange[]) => LiveState;

/** Starts from a control plane as it is. */
export function startFrom(
  live: LiveControlPlane,
  options: LiveSettings,
): { readonly first: LiveState; readonly write: Writer } {
  const step = createLiveStepper(options);
  const write: Writer = (state, changes) =>
    step(afterWrites(state.plane, changes), keysOf(changes, state.plane), state);
  return { first: step(live), write };
}

/** The control plane with changes written, before Karmada has seen them. */
function afterWrites(plane: LiveControlPlane, changes: readonly ObjectChange[]): LiveControlPlane {
  const written = changes.filter(({ type }) => type !== 'unchanged');
  return withLiveObjects(
    plane,
    written.flatMap(({ reference, type, after }) =>
      type === 'delete' || !after
        ? [{ reference }, ...contentsOfNamespace(plane.objects, reference)]
        : [{ reference, object: after }],
    ),
  );
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
