import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';

/**
 * The facts of a CustomResourceDefinition: what a schema allows, without a word of documentation. Schemas are stored
 * as one list of distinct nodes, because versions and kinds have most of them in common.
 */
export interface CrdFacts {
  readonly nodes: readonly FactNode[];
  readonly versions: readonly VersionFacts[];
}

/** A node's own keywords; children are indexes into the list of nodes. */
export interface FactNode {
  readonly facts: Readonly<Record<string, unknown>>;
  readonly properties?: Readonly<Record<string, number>>;
  readonly items?: number;
  readonly additionalProperties?: number;
}

/** One served version of one kind, in one release. */
export interface VersionFacts {
  readonly apiVersion: string;
  readonly kind: string;
  /** Flux minor that the definition comes with; absent for Karmada. */
  readonly fluxMinor?: `${number}.${number}`;
  readonly plural: string;
  readonly shortNames: readonly string[];
  readonly scope: string;
  readonly storage: boolean;
  readonly deprecationWarning?: string;
  readonly columns: readonly unknown[];
  /** Index of the root. */
  readonly schema: number;
}

/** A schema as read from a definition. */
export type OpenApi = Readonly<Record<string, unknown>>;

/** Which release a file belongs to, by its name. */
const fluxMinorOfFile = new Map<string, `${number}.${number}`>([
  ['helmrepo-v0.36.1.yaml', '0.41'],
  ['helmrepo-v1.0.0.yaml', '2.0'],
  ['helmrepo-v1.2.4.yaml', '2.2'],
  ['helmrepo-v1.3.0.yaml', '2.3'],
  ['helmrepo-v1.7.0.yaml', '2.7'],
  ['ocirepo-v1.7.0.yaml', '2.7'],
  ['hr-v0.35.0.yaml', '2.0'],
  ['hr-v0.37.4.yaml', '2.2'],
  ['hr-v1.0.1.yaml', '2.3'],
  ['hr-v1.1.0.yaml', '2.4'],
  ['hr-v1.2.0.yaml', '2.5'],
  ['hr-v1.3.0.yaml', '2.6'],
  ['hr-v1.4.5.yaml', '2.7'],
  ['hr-v1.5.5.yaml', '2.8'],
  ['hr-v1.6.3.yaml', '2.9'],
]);

const karmadaFiles = [
  'policy/policy.karmada.io_propagationpolicies.yaml',
  'policy/policy.karmada.io_clusterpropagationpolicies.yaml',
  'policy/policy.karmada.io_overridepolicies.yaml',
  'policy/policy.karmada.io_clusteroverridepolicies.yaml',
  'work/work.karmada.io_works.yaml',
  'work/work.karmada.io_resourcebindings.yaml',
  'work/work.karmada.io_clusterresourcebindings.yaml',
];

/** Reads the definitions below a folder, `undefined` when the folder is not there. */
export function readCrdFacts(folder: string): CrdFacts | undefined {
  if (!existsSync(folder)) return undefined;
  const table = new NodeTable();
  const versions: VersionFacts[] = [];
  const read = (path: string, fluxMinor?: `${number}.${number}`): void => {
    for (const document of parseAllDocuments(readFileSync(join(folder, path), 'utf8'))) {
      const crd = document.toJS() as Definition | null;
      if (crd !== null) versions.push(...versionsOf(crd, table, fluxMinor));
    }
  };
  for (const file of karmadaFiles) read(join('karmada', file));
  for (const file of readdirSync(join(folder, 'flux')).sort()) read(join('flux', file), '2.9');
  for (const file of readdirSync(join(folder, 'flux-older')).sort()) {
    const minor = fluxMinorOfFile.get(file);
    if (minor === undefined) throw new Error(`no release is known for ${file}`);
    read(join('flux-older', file), minor);
  }
  return { nodes: table.nodes, versions };
}

interface Definition {
  readonly spec: {
    readonly group: string;
    readonly scope: string;
    readonly names: {
      readonly kind: string;
      readonly plural: string;
      readonly shortNames?: readonly string[];
    };
    readonly versions: readonly {
      readonly name: string;
      readonly storage: boolean;
      readonly deprecationWarning?: string;
      readonly additionalPrinterColumns?: readonly OpenApi[];
      readonly schema: { readonly openAPIV3Schema: OpenApi };
    }[];
  };
}

function versionsOf(
  { spec }: Definition,
  table: NodeTable,
  fluxMinor?: `${number}.${number}`,
): VersionFacts[] {
  return spec.versions.map((version) => ({
    apiVersion: `${spec.group}/${version.name}`,
    kind: spec.names.kind,
    ...(fluxMinor === undefined ? {} : { fluxMinor }),
    plural: spec.names.plural,
    shortNames: spec.names.shortNames ?? [],
    scope: spec.scope,
    storage: version.storage,
    ...(version.deprecationWarning === undefined
      ? {}
      : { deprecationWarning: version.deprecationWarning }),
    columns: (version.additionalPrinterColumns ?? []).map(({ name, type, jsonPath }) => ({
      name,
      type,
      jsonPath,
    })),
    schema: table.add(version.schema.openAPIV3Schema, true),
  }));
}

/** Collects distinct nodes. */
class NodeTable {
  readonly nodes: FactNode[] = [];
  readonly #indexes = new Map<string, number>();

  add(schema: OpenApi, isRoot = false): number {
    const node = this.#nodeOf(schema, isRoot);
    const key = JSON.stringify(node);
    const known = this.#indexes.get(key);
    if (known !== undefined) return known;
    this.nodes.push(node);
    this.#indexes.set(key, this.nodes.length - 1);
    return this.nodes.length - 1;
  }

  #nodeOf(schema: OpenApi, isRoot: boolean): FactNode {
    const { properties, items, additionalProperties } = schema;
    return {
      facts: factsOf(schema),
      ...(properties === undefined
        ? {}
        : { properties: this.#properties(properties as Record<string, OpenApi>, isRoot) }),
      ...(items === undefined ? {} : { items: this.add(items as OpenApi) }),
      ...(additionalProperties === undefined
        ? {}
        : { additionalProperties: this.add(additionalProperties as OpenApi) }),
    };
  }

  #properties(properties: Record<string, OpenApi>, isRoot: boolean): Record<string, number> {
    const implied = isRoot ? ['apiVersion', 'kind', 'metadata'] : [];
    return Object.fromEntries(
      Object.entries(properties)
        .filter(([name]) => !implied.includes(name))
        .map(([name, property]) => [name, this.add(property)]),
    );
  }
}

/** The keywords of one node, without documentation and children, in a stable order. */
export function factsOf(schema: OpenApi): Record<string, unknown> {
  const facts: Record<string, unknown> = {};
  for (const key of Object.keys(schema).sort()) {
    if (['description', 'properties', 'items', 'additionalProperties'].includes(key)) continue;
    const value = schema[key];
    if (key === 'required') facts[key] = [...(value as string[])].sort();
    else if (key === 'x-kubernetes-validations') facts[key] = (value as OpenApi[]).map(ruleFacts);
    else facts[key] = value;
  }
  return facts;
}

/** Keys in a stable order. */
function ruleFacts(rule: OpenApi): OpenApi {
  return Object.fromEntries(Object.entries(rule).sort(([a], [b]) => (a < b ? -1 : 1)));
}
