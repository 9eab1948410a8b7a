import { createLiveStepper } from '../src/analysis/index.ts';
import type { LiveControlPlane } from '../src/analysis/index.ts';
import { memberAt, stringMember, withMember } from '../src/engine/index.ts';
import type { JsonObject, PreviousPlacement } from '../src/engine/index.ts';
import { planPush } from '../src/push/index.ts';
import type { ObjectChange, PushGround, WorkState } from '../src/push/index.ts';
import { benchFixture } from './fixture.ts';
import { checkRatio, finish } from './measure.ts';

// The plan of a push to 1,000 clusters with 100 releases: their policy, which makes every one of nearly 100,000 Works a
// matter of the push, together with 11 of the releases. Compared with writing the Works' manifests once as JSON, which is
// less than what the control plane has done to send them. Times are of the processor, so that other programs do not count.

const [policyBound, releaseBound] = [1.3, 0.3];

const fixture = benchFixture({ clusters: 1000, releases: 100, overrides: 3, valuesBlocks: 4 });
const isCluster = (object: JsonObject): boolean => object['kind'] === 'Cluster';
const clusters = fixture.filter(isCluster);
const objects = fixture.filter((object) => !isCluster(object)).map(claimed);

function nameOf(object: JsonObject, field = 'name'): string {
  return stringMember(memberAt(object, 'metadata'), field);
}

function kindOf(object: JsonObject): string {
  return stringMember(object, 'kind');
}

/** What Karmada writes onto a template that a policy of its namespace claims. */
function claimed(object: JsonObject): JsonObject {
  if (kindOf(object).endsWith('Policy')) return object;
  const policy = kindOf(object) === 'HelmRelease' ? 'releases' : 'sources';
  const metadata = object['metadata'] as JsonObject;
  const labels = {
    ...(metadata['labels'] as JsonObject),
    'propagationpolicy.karmada.io/permanent-id': policy,
  };
  const annotations = {
    'propagationpolicy.karmada.io/namespace': nameOf(object, 'namespace'),
    'propagationpolicy.karmada.io/name': policy,
  };
  return { ...object, metadata: { ...metadata, labels, annotations } };
}

const bare: LiveControlPlane = {
  context: 'bench',
  karmadaVersion: '1.18.2',
  served: new Map([
    ['helm.toolkit.fluxcd.io', ['v2']],
    ['source.toolkit.fluxcd.io', ['v1']],
  ]),
  clusters,
  objects,
  previous: new Map(),
  unread: new Set(),
};

/** Each Work's manifest as a list of a server brings it: an object of its own, with what Karmada writes into it. */
function workOf(manifest: JsonObject, cluster: string): WorkState {
  const copy = JSON.parse(JSON.stringify(manifest)) as JsonObject;
  const metadata = copy['metadata'] as JsonObject;
  const annotations = {
    ...(metadata['annotations'] as JsonObject),
    'work.karmada.io/namespace': `karmada-es-${cluster}`,
    'resourcebinding.karmada.io/name': nameOf(copy),
  };
  return {
    name: nameOf(copy),
    manifest: withMember(copy, 'metadata', { ...metadata, annotations }),
    isHeld: false,
    isApplied: true,
    preservesOnDeletion: false,
  };
}

const works = new Map<string, Map<string, WorkState>>();
const previous = new Map<string, PreviousPlacement>();
for (const [key, delivery] of createLiveStepper()(bare).deliveries) {
  if (!key.includes('/HelmRelease/')) continue;
  const entries = delivery.variants.flatMap((variant) =>
    variant.clusters.flatMap((cluster): [string, WorkState][] =>
      variant.manifest ? [[cluster, workOf(variant.manifest, cluster)]] : [],
    ),
  );
  works.set(key, new Map(entries));
  previous.set(key, { clusters: entries.map(([name]) => ({ name })) });
}
const ground: PushGround = { live: { ...bare, previous }, works, previous };

function changeOf(before: JsonObject, after: JsonObject): ObjectChange {
  const reference = {
    apiVersion: stringMember(before, 'apiVersion'),
    ...{ kind: kindOf(before), namespace: nameOf(before, 'namespace'), name: nameOf(before) },
  };
  const source = { reference, object: after, uri: 'file:///a.yaml', item: 'a' };
  return {
    ...{ reference, type: 'change', before, after, source },
    ...{ checkedBy: 'server', conflicts: [], verdicts: [] },
  };
}

const policies = objects
  .filter((object) => kindOf(object) === 'PropagationPolicy' && nameOf(object) === 'releases')
  .map((object) => {
    const spec = object['spec'] as JsonObject;
    return changeOf(object, { ...object, spec: { ...spec, conflictResolution: 'Overwrite' } });
  });
const releases = objects
  .filter((object) => kindOf(object) === 'HelmRelease')
  .slice(0, 11)
  .map((object) => {
    const spec = object['spec'] as JsonObject;
    return changeOf(object, { ...object, spec: { ...spec, interval: '7m' } });
  });

function timeOf(run: () => void): number {
  const start = process.cpuUsage();
  run();
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1000;
}

function median(times: readonly number[]): number {
  return times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)] ?? NaN;
}

/** Every plan over Works that nobody has looked at yet, as after a list. */
function fresh(): PushGround {
  const copies = [...works].map(([key, byCluster]): [string, Map<string, WorkState>] => [
    key,
    new Map(
      [...byCluster].map(([cluster, work]) => [
        cluster,
        { ...work, manifest: { ...work.manifest } },
      ]),
    ),
  ]);
  return { ...ground, works: new Map(copies) };
}

const all = [...works.values()].flatMap((byCluster) =>
  [...byCluster.values()].map(({ manifest }) => manifest),
);
const pushes = [
  {
    what: 'the policy of 100 releases and 11 of them',
    changes: [...policies, ...releases],
    bound: policyBound,
  },
  { what: 'one release', changes: releases.slice(0, 1), bound: releaseBound },
];
console.log(`${clusters.length} clusters, ${works.size} templates, ${all.length} Works`);
for (const { what, changes, bound } of pushes) {
  const [times, floors]: [number[], number[]] = [[], []];
  for (let round = 0; round < 3; round++) {
    const now = fresh();
    const time = timeOf(() => planPush(now, changes));
    const floor = timeOf(() => all.forEach((manifest) => JSON.stringify(manifest)));
    times.push(time);
    floors.push(floor);
  }
  const [time, floor] = [median(times), median(floors)];
  const detail = `${time.toFixed(0)} ms ÷ ${floor.toFixed(0)} ms`;
  checkRatio(`plan of ${what} ÷ all Works as JSON`, time / floor, bound, detail);
}
finish();
