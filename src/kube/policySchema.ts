import {
  arrayMember,
  isObject,
  karmadaReleaseOf,
  member,
  memberAt,
  schemaDifferences,
  stringMember,
} from '../engine/index.ts';
import type { JsonObject, ServedDifferences } from '../engine/index.ts';
import { isKubeError } from '../live/index.ts';
import type { ResourceType, Transport } from './types.ts';

/** What the schemas say that an API server has for Karmada's policies. */
export interface PolicySchema {
  /** Changes with the schemas; '' where the server does not say it. */
  readonly hash: string;
  /** The release they are of; '' when they are of none. */
  readonly karmadaVersion: string;
  readonly differences: ServedDifferences;
}

const group = 'policy.karmada.io';
const version = 'v1alpha1';

/**
 * Reads the schemas of policies: from the OpenAPI document of their group, which every user may read, else from the
 * CRDs. With the answer before, only its hash is asked for as long as it stays. `undefined` where they are not to be
 * had; rejects with `KubeError` where the server cannot be reached.
 */
export async function readPolicySchema(
  transport: Transport,
  resources: readonly ResourceType[],
  options: { readonly before: PolicySchema | undefined; readonly signal: AbortSignal },
): Promise<PolicySchema | undefined> {
  const { before, signal } = options;
  const ask = (path: string): Promise<JsonObject | undefined> =>
    transport.request({ path, signal }).catch(refused);
  const hash = hashIn(await ask('/openapi/v3'));
  if (hash !== '' && before?.hash === hash) return before;
  const published = schemasIn(hash === '' ? undefined : await ask(`/openapi/v3/${documentName}`));
  const schemas = published.size > 0 ? published : await definedSchemas(ask, resources);
  if (schemas.size === 0) return undefined;
  const kinds = new Set(resources.map((type) => `${type.group}/${type.kind}`));
  return {
    hash: published.size > 0 ? hash : '',
    karmadaVersion: karmadaReleaseOf(schemas, kinds),
    differences: schemaDifferences(schemas),
  };
}

/** Nothing, where the server answers and another request may yet be answered otherwise. */
function refused(error: unknown): undefined {
  const passes = new Set(['forbidden', 'notFound', 'invalid', 'malformed', 'server']);
  if (isKubeError(error) && passes.has(error.reason)) return undefined;
  throw error;
}

const documentName = `apis/${group}/${version}`;

/** The root of `/openapi/v3`: the address of each document, with its hash (`k8s.io/kube-openapi/pkg/handler3`). */
function hashIn(root: JsonObject | undefined): string {
  const address = stringMember(memberAt(root, 'paths', documentName), 'serverRelativeURL');
  return /[?&]hash=(\w+)/.exec(address)?.[1] ?? '';
}

/** The schemas of an OpenAPI document by kind. */
function schemasIn(document: JsonObject | undefined): ReadonlyMap<string, JsonObject> {
  const found = new Map<string, JsonObject>();
  const schemas = memberAt(document, 'components', 'schemas');
  for (const schema of isObject(schemas) ? Object.values(schemas) : []) {
    for (const each of arrayMember(schema, 'x-kubernetes-group-version-kind')) {
      const isOurs = member(each, 'group') === group && member(each, 'version') === version;
      const kind = stringMember(each, 'kind');
      if (isOurs && isPolicy(kind) && hasSpec(schema)) found.set(kind, schema);
    }
  }
  return found;
}

/** The schemas of the CRDs that may be read. */
async function definedSchemas(
  ask: (path: string) => Promise<JsonObject | undefined>,
  resources: readonly ResourceType[],
): Promise<ReadonlyMap<string, JsonObject>> {
  const found = new Map<string, JsonObject>();
  const asked = resources.filter((type) => type.group === group && isPolicy(type.kind));
  for (const { plural, kind } of asked) {
    const name = encodeURIComponent(`${plural}.${group}`);
    const crd = await ask(`/apis/apiextensions.k8s.io/v1/customresourcedefinitions/${name}`);
    // Whoever may not read one may read none.
    if (!crd) break;
    const served = arrayMember(member(crd, 'spec'), 'versions').find(
      (each) => stringMember(each, 'name') === version,
    );
    const schema = memberAt(served, 'schema', 'openAPIV3Schema');
    if (hasSpec(schema)) found.set(kind, schema);
  }
  return found;
}

const isPolicy = (kind: string): boolean =>
  /^(?:Cluster)?(?:Propagation|Override)Policy$/.test(kind);

function hasSpec(schema: unknown): schema is JsonObject {
  if (!isObject(schema)) return false;
  return isObject(memberAt(schema, 'properties', 'spec', 'properties'));
}
