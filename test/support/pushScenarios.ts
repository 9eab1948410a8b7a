import { member, stringMember } from '../../src/engine/index.ts';
import type { JsonObject, JsonValue } from '../../src/engine/index.ts';
import type { Random } from './random.ts';

/** Where a generated push goes: a namespace of its own on a control plane with these clusters. */
export interface ScenarioPlace {
  readonly namespace: string;
  /** Names of member clusters, all of them. */
  readonly clusters: readonly string[];
  /** Policies that claim everything are there: every new template has a binding the moment it is written. */
  readonly isCatchAll?: boolean;
}

/** Documents as they were pushed last, by `KIND/NAME`. */
export type Documents = ReadonlyMap<string, JsonObject>;

const policyVersion = 'policy.karmada.io/v1alpha1';
const tiers = ['gold', 'silver'];
const apiVersions: { readonly [kind: string]: string } = {
  HelmRelease: 'helm.toolkit.fluxcd.io/v2',
  HelmRepository: 'source.toolkit.fluxcd.io/v1',
  ConfigMap: 'v1',
  Deployment: 'apps/v1',
  Secret: 'v1',
  ClusterRole: 'rbac.authorization.k8s.io/v1',
};
/** Each with how many there are at most and how likely a push has it. */
const templateKinds = [
  ['HelmRelease', 3],
  ['HelmRelease', 3],
  ['ConfigMap', 2],
  ['HelmRepository', 1],
  ['Deployment', 1],
  ['Secret', 1],
  ['ClusterRole', 2],
] as const;

/** Whether a document is a template: no policy. */
export function isTemplate(object: JsonObject): boolean {
  return object['apiVersion'] !== policyVersion;
}

/**
 * The documents of one push: some that were pushed before, changed or as they are, and new ones. All are accepted by
 * Karmada's webhooks; some overriders cannot be applied to what they are for. Nothing in it is ever installed: releases
 * and sources are suspended. Cluster-scoped policies select in the namespace only.
 */
export function generatePush(
  random: Random,
  place: ScenarioPlace,
  before: Documents,
): readonly JsonObject[] {
  const made = new Map<string, JsonObject>();
  const put = (object: JsonObject): void => void made.set(documentKey(object), object);
  for (const [, object] of before) {
    if (random.chance(0.35)) put(changed(random, place, object));
    else if (random.chance(0.2)) put(object);
  }
  const news = before.size === 0 ? 3 + random.int(4) : 1 + random.int(3);
  for (let i = 0; i < news; i++) put(something(random, place));
  if (before.size === 0) {
    const isThere = (is: (object: JsonObject) => boolean): boolean => [...made.values()].some(is);
    if (!isThere(isTemplate)) put(template(random, place));
    const isPropagation = (object: JsonObject): boolean =>
      stringMember(object, 'kind').endsWith('PropagationPolicy');
    if (place.isCatchAll !== true && !isThere(isPropagation)) put(propagation(random, place));
  }
  return [...made.values()];
}

/** Documents of before that a push takes away: none that it writes. */
export function generateDeletions(
  random: Random,
  before: Documents,
  pushed: readonly JsonObject[],
): readonly JsonObject[] {
  const written = new Set(pushed.map(documentKey));
  return [...before].flatMap(([key, object]) =>
    !written.has(key) && random.chance(0.12) ? [object] : [],
  );
}

/** The documents after a push of some. */
export function withDocuments(
  before: Documents,
  pushed: readonly JsonObject[],
  deleted: readonly JsonObject[] = [],
): Documents {
  const gone = new Set(deleted.map(documentKey));
  const kept = [...before].filter(([key]) => !gone.has(key));
  return new Map([...kept, ...pushed.map((object) => [documentKey(object), object] as const)]);
}

function documentKey(object: JsonObject): string {
  return `${stringMember(object, 'kind')}/${stringMember(member(object, 'metadata'), 'name')}`;
}

/** Policies that claim all templates of the namespace for all clusters. */
export function catchAllPolicies({ namespace }: ScenarioPlace): readonly JsonObject[] {
  const resourceSelectors = (kinds: readonly string[], more: JsonObject): JsonObject[] =>
    kinds.map((kind) => ({ apiVersion: apiVersions[kind] ?? '', kind, ...more }));
  return [
    policyOf(
      'PropagationPolicy',
      { name: 'everything', namespace },
      {
        resourceSelectors: resourceSelectors(['HelmRelease', 'ConfigMap'], { namespace }),
        placement: {},
      },
    ),
    policyOf(
      'ClusterPropagationPolicy',
      { name: `${namespace}-everything` },
      {
        resourceSelectors: [
          ...resourceSelectors(
            Object.keys(apiVersions).filter((kind) => kind !== 'ClusterRole'),
            { namespace },
          ),
          ...[0, 1].map((i) => ({
            apiVersion: apiVersions['ClusterRole'] ?? '',
            kind: 'ClusterRole',
            name: `${namespace}-clusterrole-${i}`,
          })),
        ],
        placement: {},
      },
    ),
  ];
}

function policyOf(kind: string, metadata: JsonObject, spec: JsonObject): JsonObject {
  return { apiVersion: policyVersion, kind, metadata, spec };
}

function something(random: Random, place: ScenarioPlace): JsonObject {
  const dice = random.int(10);
  if (dice < 4) return template(random, place);
  if (dice < (place.isCatchAll === true ? 5 : 7)) return propagation(random, place);
  return override(random, place);
}

/** The same object with other contents; a policy is another one under the same name. */
function changed(random: Random, place: ScenarioPlace, object: JsonObject): JsonObject {
  const kind = stringMember(object, 'kind');
  const name = stringMember(member(object, 'metadata'), 'name');
  switch (kind) {
    case 'PropagationPolicy':
    case 'ClusterPropagationPolicy':
      return { ...object, spec: propagationSpec(random, place, kind.startsWith('Cluster')) };
    case 'OverridePolicy':
    case 'ClusterOverridePolicy':
      return { ...object, spec: overrideSpec(random, place, kind.startsWith('Cluster')) };
    default:
      return templateOf(random, place, kind, name);
  }
}

function template(random: Random, place: ScenarioPlace): JsonObject {
  const [kind, count] = random.pick(templateKinds);
  return templateOf(random, place, kind, nameIn(place, kind, random.int(count)));
}

/** Names of cluster-scoped objects begin with that of the namespace. */
function nameIn({ namespace }: ScenarioPlace, kind: string, number: number): string {
  const name = `${kind.toLowerCase()}-${number}`;
  return kind === 'ClusterRole' ? `${namespace}-${name}` : name;
}

function templateOf(
  random: Random,
  { namespace }: ScenarioPlace,
  kind: string,
  name: string,
): JsonObject {
  const labels = random.chance(0.6) ? { labels: { tier: random.pick(tiers) } } : {};
  const annotations = random.chance(0.2) ? { annotations: { note: random.pick(['a', 'b']) } } : {};
  return {
    apiVersion: apiVersions[kind] ?? '',
    kind,
    metadata: {
      name,
      ...(kind === 'ClusterRole' ? {} : { namespace }),
      ...labels,
      ...annotations,
    },
    ...contents(random, kind, name),
  };
}

function contents(random: Random, kind: string, name: string): JsonObject {
  switch (kind) {
    case 'HelmRelease':
      return { spec: releaseSpec(random) };
    case 'HelmRepository':
      return { spec: { suspend: true, interval: '1h', url: `https://${name}.example.com/charts` } };
    case 'Deployment':
      return { spec: deploymentSpec(random, name) };
    case 'Secret':
      return { data: { password: random.pick(['b25l', 'dHdv']), user: 'bWU=' } };
    case 'ClusterRole':
      return { rules: [{ apiGroups: [''], resources: ['pods'], verbs: verbs(random) }] };
    default:
      return { data: { config: random.pick(texts), other: String(random.int(3)) } };
  }
}

function verbs(random: Random): JsonValue[] {
  return ['get', 'list', 'watch'].slice(random.int(3));
}

const texts = ['replicas: 1\nports:\n- 80\n', '{"replicas": 1, "ports": [80]}', 'no: [document'];

function releaseSpec(random: Random): JsonObject {
  const values: JsonObject = {
    replicaCount: random.int(4),
    ...(random.chance(0.5) ? { image: { tag: `1.${random.int(3)}` } } : {}),
    ...(random.chance(0.3) ? { hosts: ['a', 'b'].slice(random.int(2)) } : {}),
  };
  return {
    suspend: true,
    interval: random.pick(['5m', '10m']),
    chart: {
      spec: {
        chart: 'podinfo',
        version: random.pick(['5.0.3', '6.6.1']),
        sourceRef: { kind: 'HelmRepository', name: 'helmrepository-0' },
      },
    },
    ...(random.chance(0.8) ? { values } : {}),
  };
}

function deploymentSpec(random: Random, name: string): JsonObject {
  const container = {
    name: 'app',
    image: random.pick(['example.com/app:1', 'example.com/team/app:2']),
    command: ['app'],
    args: ['--verbose'].slice(random.int(2)),
  };
  return {
    replicas: random.int(3),
    selector: { matchLabels: { app: name } },
    template: { metadata: { labels: { app: name } }, spec: { containers: [container] } },
  };
}

/** Selects in the namespace by kind and name, label or neither; cluster-scoped objects by name alone. */
function selector(random: Random, place: ScenarioPlace, isClusterWide: boolean): JsonObject {
  const { namespace } = place;
  const kinds = templateKinds.filter(([kind]) => isClusterWide || kind !== 'ClusterRole');
  const [kind, count] = random.pick(kinds);
  if (kind === 'ClusterRole') {
    const name = nameIn(place, kind, random.int(count));
    return { apiVersion: apiVersions[kind] ?? '', kind, name };
  }
  const by = random.int(3);
  return {
    apiVersion: apiVersions[kind] ?? '',
    kind,
    namespace,
    ...(by === 0 ? { name: `${kind.toLowerCase()}-${random.int(count)}` } : {}),
    ...(by === 1 ? { labelSelector: { matchLabels: { tier: random.pick(tiers) } } } : {}),
  };
}

function selectors(random: Random, place: ScenarioPlace, isClusterWide: boolean): JsonObject[] {
  return Array.from({ length: 1 + random.int(3) }, () => selector(random, place, isClusterWide));
}

function clusterAffinity(random: Random, { clusters }: ScenarioPlace): JsonObject {
  const dice = random.int(10);
  if (dice < 6) return { clusterNames: atLeastOne(random, clusters) };
  if (dice < 8) return { exclude: [random.pick(clusters)] };
  if (dice < 9) return {};
  const matchExpressions = [{ key: 'provider', operator: 'NotIn', values: ['nobody'] }];
  return { fieldSelector: { matchExpressions }, clusterNames: atLeastOne(random, clusters) };
}

function atLeastOne(random: Random, names: readonly string[]): string[] {
  const some = random.some(names, 0.5);
  return some.length === 0 ? [random.pick(names)] : some;
}

function propagation(random: Random, place: ScenarioPlace): JsonObject {
  const { namespace } = place;
  const isClusterWide = random.chance(0.35);
  const spec = propagationSpec(random, place, isClusterWide);
  if (isClusterWide) {
    const name = `${namespace}-${random.int(2)}`;
    return policyOf('ClusterPropagationPolicy', { name }, spec);
  }
  return policyOf('PropagationPolicy', { name: `policy-${random.int(3)}`, namespace }, spec);
}

function propagationSpec(random: Random, place: ScenarioPlace, isClusterWide: boolean): JsonObject {
  const affinity = (): JsonObject => clusterAffinity(random, place);
  const affinities = ['first', 'second'].map((affinityName) => ({ affinityName, ...affinity() }));
  return {
    resourceSelectors: selectors(random, place, isClusterWide),
    ...(random.chance(0.15) ? { activationPreference: 'Lazy' } : {}),
    ...(random.chance(0.12)
      ? { dependentOverrides: [dependency(random, place, isClusterWide)] }
      : {}),
    ...(random.chance(0.5) ? { priority: random.int(4) } : {}),
    ...(random.chance(0.15) ? { preserveResourcesOnDeletion: true } : {}),
    ...(random.chance(0.2) ? { conflictResolution: 'Overwrite' } : {}),
    ...(random.chance(0.2) ? { suspension: suspension(random, place) } : {}),
    placement: {
      ...(random.chance(0.75)
        ? { clusterAffinity: affinity() }
        : { clusterAffinities: affinities }),
      ...(random.chance(0.2)
        ? { clusterTolerations: [{ key: 'maintenance', operator: 'Exists' }] }
        : {}),
      ...(random.chance(0.2) ? { spreadConstraints: [spread(random)] } : {}),
    },
  };
}

/** An override policy of the same scope, which may not exist. */
function dependency(random: Random, { namespace }: ScenarioPlace, isClusterWide: boolean): string {
  return isClusterWide ? `${namespace}-${random.int(2)}` : `override-${random.int(3)}`;
}

function suspension(random: Random, { clusters }: ScenarioPlace): JsonObject {
  return random.chance(0.5)
    ? { dispatching: true }
    : { dispatchingOnClusters: { clusterNames: atLeastOne(random, clusters) } };
}

function spread(random: Random): JsonObject {
  const minGroups = 1 + random.int(2);
  return { spreadByField: 'cluster', minGroups, maxGroups: minGroups + random.int(2) };
}

function override(random: Random, place: ScenarioPlace): JsonObject {
  const { namespace } = place;
  const isClusterWide = random.chance(0.35);
  const spec = overrideSpec(random, place, isClusterWide);
  if (isClusterWide) {
    return policyOf('ClusterOverridePolicy', { name: `${namespace}-${random.int(2)}` }, spec);
  }
  return policyOf('OverridePolicy', { name: `override-${random.int(3)}`, namespace }, spec);
}

function overrideSpec(random: Random, place: ScenarioPlace, isClusterWide: boolean): JsonObject {
  return {
    resourceSelectors: selectors(random, place, isClusterWide),
    overrideRules: Array.from({ length: 1 + random.int(2) }, () => ({
      ...(random.chance(0.6) ? { targetCluster: clusterAffinity(random, place) } : {}),
      overriders: overriders(random),
    })),
  };
}

/** One or two kinds of overriders; some fit no object, or only some, and then fail there. */
function overriders(random: Random): JsonObject {
  const count = 1 + random.int(2);
  const made = Array.from({ length: count }, (): readonly [string, JsonValue] => {
    const [kind, make] = random.pick(overriderKinds);
    return [kind, [make(random)]];
  });
  return Object.fromEntries(made);
}

const values: readonly JsonValue[] = [3, 'x', true, { a: 1 }, ['z']];
const addPaths = ['/spec/values/replicaCount', '/metadata/labels/region', '/spec/values/added'];
const otherPaths = [
  '/spec/interval',
  '/spec/values/image/tag',
  '/spec/values/hosts/0',
  '/data/other',
];

function plaintext(random: Random): JsonObject {
  if (random.chance(0.3)) {
    const value = { replicaCount: random.int(5) };
    return { path: '/spec/values', operator: 'add', value };
  }
  if (random.chance(0.5)) return textPatch(random, random.pick(addPaths), 'add');
  const operator = random.pick(['replace', 'replace', 'remove']);
  return textPatch(random, random.pick(otherPaths), operator);
}

/** What the kinds' schemas take everywhere but below `values`, or members would refuse what they are sent. */
function textPatch(random: Random, path: string, operator: string): JsonObject {
  if (operator === 'remove') return { path: '/metadata/labels/tier', operator };
  if (path === '/spec/interval') return { path, operator, value: random.pick(['7m', '9m']) };
  if (!path.startsWith('/spec/values')) return { path, operator, value: random.pick(['p', 'q']) };
  return { path, operator, value: random.pick(values) };
}

const operators = ['add', 'replace', 'remove'];

const overriderKinds: readonly (readonly [string, (random: Random) => JsonObject])[] = [
  ['plaintext', plaintext],
  ['plaintext', plaintext],
  ['plaintext', plaintext],
  ['labelsOverrider', someMap],
  ['annotationsOverrider', someMap],
  ['fieldOverrider', field],
  ['imageOverrider', image],
  ['commandOverrider', command],
  ['argsOverrider', command],
];

function someMap(random: Random): JsonObject {
  const value = { [random.pick(['team', 'tier'])]: random.pick(['a', 'b']) };
  return { operator: random.pick(operators), value };
}

function field(random: Random): JsonObject {
  const operation = random.pick([
    { subPath: '/replicas', operator: 'replace', value: 5 },
    { subPath: '/ports/0', operator: 'remove' },
    { subPath: '/more', operator: 'add', value: { a: ['b'] } },
    { subPath: '/missing/x', operator: 'replace', value: 1 },
  ]);
  return { fieldPath: '/data/config', [random.pick(['yaml', 'json'])]: [operation] };
}

function image(random: Random): JsonObject {
  const [component, value] = random.pick([
    ['Registry', 'mirror.example.com'],
    ['Repository', 'copy/app'],
    ['Tag', '9'],
  ] as const);
  return { component, operator: random.pick(['add', 'replace']), value };
}

function command(random: Random): JsonObject {
  return { containerName: 'app', operator: random.pick(['add', 'remove']), value: ['--verbose'] };
}
