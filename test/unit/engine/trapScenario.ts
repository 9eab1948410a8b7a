import assert from 'node:assert/strict';
import { isObject, memberAt } from '../../../src/engine/json.ts';
import { override } from '../../../src/engine/overrideAll.ts';
import { createSimulator } from '../../../src/engine/simulate.ts';
import type { SimulateOptions } from '../../../src/engine/simulate.ts';
import type { JsonObject, JsonValue, Outcome, Variant } from '../../../src/engine/types.ts';

/** The kind that the scenarios deliver. */
export const typed = { apiVersion: 'helm.toolkit.fluxcd.io/v2', kind: 'HelmRelease' };
export const deploymentType = { apiVersion: 'apps/v1', kind: 'Deployment' };

const served: readonly (readonly [string, readonly string[]])[] = [
  [typed.apiVersion, ['HelmRelease']],
  ['v1', ['Pod', 'ConfigMap', 'Secret', 'Namespace']],
  ['apps/v1', ['Deployment', 'DaemonSet']],
  ['batch/v1', ['Job', 'CronJob']],
  ['batch.volcano.sh/v1alpha1', ['Job']],
  ['rbac.authorization.k8s.io/v1', ['ClusterRole']],
];

/** Anything in namespace `apps`; `rest` may say otherwise. */
export function object(
  type: JsonObject,
  rest: JsonObject = {},
  metadata: JsonObject = {},
): JsonObject {
  return { ...type, metadata: { name: 'web', namespace: 'apps', ...metadata }, ...rest };
}

/** HelmRelease apps/web. */
export function release(spec: JsonObject = {}, metadata: JsonObject = {}): JsonObject {
  return object(typed, { spec }, metadata);
}

/** A container image in a Deployment of its own. */
export function deployment(image: string, spec: JsonObject = {}): JsonObject {
  const containers = [{ name: 'main', image }];
  return object(deploymentType, { spec: { template: { spec: { containers, ...spec } } } });
}

export function cluster(name: string, spec: JsonObject = {}, labels: JsonObject = {}): JsonObject {
  const apiEnablements = served.map(([groupVersion, kinds]) => ({
    groupVersion,
    resources: kinds.map((kind) => ({ kind })),
  }));
  return {
    apiVersion: 'cluster.karmada.io/v1alpha1',
    kind: 'Cluster',
    metadata: { name, labels },
    spec,
    status: { apiEnablements },
  };
}

/** Clusters without labels and fields. */
export const clusters = (...names: readonly string[]): JsonObject[] =>
  names.map((name) => cluster(name));

function policy(kind: string, name: string, spec: JsonObject): JsonObject {
  const metadata = kind.startsWith('Cluster') ? { name } : { name, namespace: 'apps' };
  return { apiVersion: 'policy.karmada.io/v1alpha1', kind, metadata, spec };
}

/** A PropagationPolicy in `apps` for every HelmRelease, unless told. */
export const propagation = (name: string, spec: JsonObject = {}): JsonObject =>
  policy('PropagationPolicy', name, { resourceSelectors: [typed], ...spec });

export const clusterPropagation = (name: string, spec: JsonObject = {}): JsonObject =>
  policy('ClusterPropagationPolicy', name, { resourceSelectors: [typed], ...spec });

/** A PropagationPolicy with a placement. */
export const placed = (placement: JsonObject, spec: JsonObject = {}): JsonObject =>
  propagation('p', { placement, ...spec });

/** An OverridePolicy in `apps` with one rule for all clusters. */
export const overriding = (
  name: string,
  overriders: JsonObject,
  spec: JsonObject = {},
): JsonObject => policy('OverridePolicy', name, { overrideRules: [{ overriders }], ...spec });

export const clusterOverriding = (
  name: string,
  overriders: JsonObject,
  spec: JsonObject = {},
): JsonObject =>
  policy('ClusterOverridePolicy', name, { overrideRules: [{ overriders }], ...spec });

/** One plaintext entry. */
export function patch(operator: string, path: string, value?: JsonValue): JsonObject {
  return { plaintext: [{ operator, path, ...(value === undefined ? {} : { value }) }] };
}

/** What becomes of the only template. */
export function outcomeOf(objects: readonly JsonObject[], options: SimulateOptions = {}): Outcome {
  const { simulations } = createSimulator()(objects, options);
  assert.equal(simulations.length, 1);
  return simulations[0]?.outcome ?? assert.fail();
}

/** What becomes of the only template that is on the clusters of an earlier run already. */
export function outcomeAfter(
  names: readonly string[],
  objects: readonly JsonObject[],
  affinity?: string,
): Outcome {
  const previous = new Map([
    [
      'helm.toolkit.fluxcd.io/v2/HelmRelease/apps/web',
      {
        clusters: names.map((name) => ({ name })),
        ...(affinity === undefined ? {} : { affinity }),
      },
    ],
  ]);
  return outcomeOf(objects, { previous });
}

/** The policy that claims the only template. */
export const claimant = (...objects: readonly JsonObject[]): string | undefined =>
  outcomeOf([...clusters('m1'), ...objects]).policy;

/** The chosen clusters, or the scheduling error. */
export function placedOn({
  clusters: names,
  error,
}: Outcome): readonly string[] | string | undefined {
  return error ?? names;
}

/** What one cluster gets of the only template when overrides alone decide. */
export function rendered(template: JsonObject, ...policies: readonly JsonObject[]): Variant {
  const [outcome] = override([...clusters('m1'), template, ...policies]);
  assert.equal(outcome?.variants.length, 1);
  return outcome.variants[0] ?? assert.fail();
}

/** A value of what one cluster gets, or the error. */
export function valueAt(
  { manifest, error }: Variant,
  ...path: readonly string[]
): JsonValue | undefined {
  if (error !== undefined) return error;
  let at: JsonValue | undefined = manifest;
  for (const key of path) {
    at = Array.isArray(at) ? at[Number(key)] : isObject(at) ? memberAt(at, key) : undefined;
  }
  return at;
}
