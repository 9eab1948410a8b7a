import { arrayMember, isObject, member, memberAt, stringMember } from '../engine/index.ts';
import type { JsonObject, JsonValue } from '../engine/index.ts';
import { isKubeError } from '../live/index.ts';
import { apiVersionOf, groupVersionPath } from './resourcePath.ts';
import type { ControlPlaneInfo, ResourceType, Transport } from './types.ts';

/** What may be said besides where to ask. */
export interface DiscoverOptions {
  readonly signal?: AbortSignal;
  /** Below which path the API lies; a member's behind the cluster proxy. Default: the server's root. */
  readonly base?: string;
}

/** The kinds that an API server serves. */
export interface ServedApis {
  /** Versions by group, the preferred one first. A group of which nothing else is known is in it all the same. */
  readonly groups: ReadonlyMap<string, readonly string[]>;
  readonly resources: readonly ResourceType[];
}

const groupsShown = /(?:^|\.)(?:karmada|fluxcd)\.io$/;

/**
 * What a control plane is and serves. An aggregated API that is down costs only what it serves. Rejects with
 * `KubeError` where the server does not say which groups it has.
 */
export async function discover(
  transport: Transport,
  options: DiscoverOptions = {},
): Promise<ControlPlaneInfo> {
  const version = transport.request({ path: '/version', ...signalOf(options) });
  // Awaited later: a failure of the other request must not leave this one unheard.
  const kubernetesVersion = version.then(
    (answer) => stringMember(answer, 'gitVersion'),
    () => '',
  );
  const { groups, resources } = await servedApis(transport, options);
  const isKarmada = groups.has('policy.karmada.io') && groups.has('cluster.karmada.io');
  return {
    isKarmada,
    kubernetesVersion: await kubernetesVersion,
    karmadaVersion: isKarmada ? await karmadaVersionOf(transport, options) : '',
    served: new Map([...groups].filter(([group]) => groupsShown.test(group))),
    resources,
  };
}

/**
 * Karmada's own components say their version nowhere on the control plane, though its schemas may tell it; only Karmada's Helm chart leaves a
 * ConfigMap with it (`charts/karmada/templates/karmada-static-resource-job.yaml`). '' without one.
 */
async function karmadaVersionOf(transport: Transport, options: DiscoverOptions): Promise<string> {
  const path = '/api/v1/namespaces/karmada-system/configmaps/karmada-version';
  try {
    const map = await transport.request({ path, ...signalOf(options) });
    const text = stringMember(member(map, 'data'), 'karmadaVersion');
    return /^v?(\d+\.\d+(?:\.\d+)?)(?![\d.])/.exec(text)?.[1] ?? '';
  } catch (error) {
    if (isKubeError(error) && error.reason === 'aborted') throw error;
    return '';
  }
}

/** All that an API server serves: by aggregated discovery where it can, else group by group. */
export async function servedApis(
  transport: Transport,
  options: DiscoverOptions = {},
): Promise<ServedApis> {
  const ask = (path: string): Promise<JsonObject> =>
    transport.request({ path: `${options.base ?? ''}${path}`, accept, ...signalOf(options) });
  const answers = await Promise.all([ask('/api'), ask('/apis')]);
  const groups = new Map<string, string[]>();
  const resources: ResourceType[] = [];
  const unknown: GroupVersion[] = [];
  for (const answer of answers) {
    if (stringMember(answer, 'kind') === 'APIGroupDiscoveryList') {
      for (const group of arrayMember(answer, 'items')) readGroup(group, groups, resources);
    } else unknown.push(...readGroupList(answer, groups));
  }
  for (const found of await inTurns(unknown, (each) => resourcesIfUp(transport, each, options))) {
    resources.push(...found);
  }
  return { groups, resources };
}

/** `k8s.io/api/apidiscovery`: v2 since Kubernetes 1.30, v2beta1 since 1.26, plain lists before. */
const accept = [
  'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList',
  'application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList',
  'application/json',
].join(',');

/** A group, '' for the core, and one of its versions. */
export interface GroupVersion {
  readonly group: string;
  readonly version: string;
}

/** An APIGroupDiscovery. Of an API that is down it names the version without resources. */
function readGroup(
  item: JsonValue,
  groups: Map<string, string[]>,
  resources: ResourceType[],
): void {
  const group = stringMember(member(item, 'metadata'), 'name');
  const versions = arrayMember(item, 'versions').filter(isObject);
  groups.set(group, versions.map((version) => stringMember(version, 'version')).filter(Boolean));
  for (const each of versions) {
    const version = stringMember(each, 'version');
    for (const resource of arrayMember(each, 'resources')) {
      const plural = stringMember(resource, 'resource');
      const kind = stringMember(member(resource, 'responseKind'), 'kind');
      if (version === '' || plural === '' || kind === '') continue;
      const isNamespaced = member(resource, 'scope') === 'Namespaced';
      resources.push({ group, version, plural, kind, isNamespaced });
    }
  }
}

/** An APIVersions of the core group or an APIGroupList, of servers without aggregated discovery. */
function readGroupList(answer: JsonObject, groups: Map<string, string[]>): GroupVersion[] {
  const listed = arrayMember(answer, 'groups').map((each): [string, string[]] => {
    const preferred = memberAt(each, 'preferredVersion', 'version');
    const versions = arrayMember(each, 'versions').map((one) => stringMember(one, 'version'));
    const first = versions.filter((version) => version === preferred);
    return [
      stringMember(each, 'name'),
      [...first, ...versions.filter((version) => version !== preferred && version !== '')],
    ];
  });
  const core = arrayMember(answer, 'versions').filter((version) => typeof version === 'string');
  if (core.length > 0) listed.push(['', core]);
  for (const [group, versions] of listed) groups.set(group, versions);
  return listed.flatMap(([group, versions]) => versions.map((version) => ({ group, version })));
}

/** The kinds of one group and version. Rejects with `KubeError` where its API is down or there is none. */
export async function resourcesOf(
  transport: Transport,
  { group, version }: GroupVersion,
  options: DiscoverOptions = {},
): Promise<readonly ResourceType[]> {
  const path = `${options.base ?? ''}${groupVersionPath({ group, version })}`;
  const list = await transport.request({ path, ...signalOf(options) });
  return arrayMember(list, 'resources').flatMap((resource): ResourceType[] => {
    const plural = stringMember(resource, 'name');
    const kind = stringMember(resource, 'kind');
    // A subresource, such as `clusters/proxy`.
    if (plural === '' || kind === '' || plural.includes('/')) return [];
    return [
      { group, version, plural, kind, isNamespaced: member(resource, 'namespaced') === true },
    ];
  });
}

/** None where the API is down: the others go on. */
async function resourcesIfUp(
  transport: Transport,
  groupVersion: GroupVersion,
  options: DiscoverOptions,
): Promise<readonly ResourceType[]> {
  try {
    return await resourcesOf(transport, groupVersion, options);
  } catch (error) {
    if (isKubeError(error) && error.reason !== 'aborted') return [];
    throw error;
  }
}

/** A few at a time: an old server of many groups is not to be flooded. */
async function inTurns<T, R>(
  items: readonly T[],
  each: (item: T) => Promise<R>,
): Promise<readonly R[]> {
  const answers: R[] = [];
  const atOnce = 8;
  for (let start = 0; start < items.length; start += atOnce) {
    answers.push(...(await Promise.all(items.slice(start, start + atOnce).map(each))));
  }
  return answers;
}

function signalOf({ signal }: DiscoverOptions): { signal?: AbortSignal } {
  return signal ? { signal } : {};
}

/** The kind of an apiVersion as the server serves it. */
export function findResource(
  resources: readonly ResourceType[],
  apiVersion: string,
  kind: string,
): ResourceType | undefined {
  return resources.find((type) => type.kind === kind && apiVersionOf(type) === apiVersion);
}
