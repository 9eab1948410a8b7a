import { apiGroup } from '../apiVersion.ts';
import { memberAt, stringMember } from '../json.ts';
import type { JsonObject } from '../types.ts';
import { labelsOf } from './labelSelector.ts';

/** What the flags of karmada-controller-manager exclude from propagation. */
export interface SkipOptions {
  /** `--skipped-propagating-namespaces`: regular expressions, each matched against the whole namespace. */
  readonly skippedNamespaces?: readonly string[];
  /** `--skipped-propagating-apis`: `GROUP`, `GROUP/VERSION`, `GROUP/VERSION/KIND,KIND`, `v1/KIND,KIND`, joined by `;`. */
  readonly skippedApis?: string;
}

/** Why the detector never looks at a template. */
export type SkipReason =
  | 'skipped-api'
  | 'reserved-namespace'
  | 'skipped-namespace'
  | 'apiserver-authentication'
  | 'multi-cluster-service';

const karmadaGroups = [
  'cluster',
  'policy',
  'work',
  'config',
  'networking',
  'autoscaling',
  'remedy',
  'apps',
];
const skippedGroups = new Set([
  ...karmadaGroups.map((group) => `${group}.karmada.io`),
  'events.k8s.io',
]);

/** Tells why a template is skipped, `undefined` when it is not. */
export type SkipTest = (template: JsonObject) => SkipReason | undefined;

/**
 * Compiles the filters of the detector (`EventFilter` of `pkg/detector/detector.go`, `pkg/util/apigroup.go`,
 * `IsReservedNamespace` of `pkg/util/names/names.go`). They look at the object's namespace, so Namespace objects and
 * other cluster-scoped ones pass. An expression that does not compile skips nothing.
 */
export function compileSkips(options: SkipOptions = {}): SkipTest {
  const namespaces = (options.skippedNamespaces ?? ['kube-.*']).flatMap(wholeMatch);
  const apis = parseApis(options.skippedApis ?? '');
  return (template) => {
    const apiVersion = stringMember(template, 'apiVersion');
    const kind = stringMember(template, 'kind');
    if (isSkippedApi(apis, apiVersion, kind)) return 'skipped-api';
    const namespace = metadata(template, 'namespace');
    if (isReservedNamespace(namespace)) return 'reserved-namespace';
    if (namespaces.some((expression) => expression.test(namespace))) return 'skipped-namespace';
    const name = metadata(template, 'name');
    if (
      namespace === 'kube-system' &&
      kind === 'ConfigMap' &&
      name === 'extension-apiserver-authentication'
    ) {
      return 'apiserver-authentication';
    }
    const claimedBy = labelsOf(template).get('resourcetemplate.karmada.io/claimed-by') ?? '';
    return claimedBy === '' ? undefined : 'multi-cluster-service';
  };
}

/** Namespaces of Karmada itself, which never propagate. */
export function isReservedNamespace(namespace: string): boolean {
  return (
    namespace === 'karmada-system' ||
    namespace === 'karmada-cluster' ||
    namespace.startsWith('karmada-es-')
  );
}

function wholeMatch(expression: string): RegExp[] {
  try {
    return [new RegExp(`^${expression}$`)];
  } catch {
    return [];
  }
}

interface SkippedApis {
  readonly groups: Set<string>;
  readonly groupVersions: Set<string>;
  /** `APIVERSION/KIND`. */
  readonly kinds: Set<string>;
}

function parseApis(flag: string): SkippedApis {
  const apis: SkippedApis = {
    groups: new Set(skippedGroups),
    groupVersions: new Set(['coordination.k8s.io/v1']),
    kinds: new Set(['v1/Event']),
  };
  for (const token of flag.split(';')) {
    if (token === '') continue;
    const [first = '', second = '', third] = token.split('/');
    if (!token.includes('/')) apis.groups.add(token);
    else if (third !== undefined) addKinds(apis, `${first}/${second}`, third);
    else if (token.startsWith('v1')) addKinds(apis, 'v1', second);
    else apis.groupVersions.add(token);
  }
  return apis;
}

function addKinds(apis: SkippedApis, apiVersion: string, kinds: string): void {
  for (const kind of kinds.split(',')) apis.kinds.add(`${apiVersion}/${kind}`);
}

function isSkippedApi(apis: SkippedApis, apiVersion: string, kind: string): boolean {
  const group = apiGroup(apiVersion);
  return (
    (group !== '' && apis.groups.has(group)) ||
    apis.groupVersions.has(apiVersion) ||
    apis.kinds.has(`${apiVersion}/${kind}`)
  );
}

function metadata(object: JsonObject, key: string): string {
  const value = memberAt(object, 'metadata', key);
  return typeof value === 'string' ? value : '';
}
