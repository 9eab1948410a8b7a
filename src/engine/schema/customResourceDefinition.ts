import { versionOf } from '../apiVersion.ts';
import type { JsonObject, JsonValue } from '../types.ts';
import { deprecationWarning, latestFluxMinor } from './flux/index.ts';
import { findSchema, kindSchemas } from './registry.ts';
import type { FluxMinor, KindSchema, PrinterColumn, Schema } from './types.ts';
import { compareApiVersions } from './versionOrder.ts';

/**
 * The CustomResourceDefinition of a kind with every version that a Flux minor serves, made from the tables;
 * `undefined` when there is none. The version of highest priority is the stored one, as in every release of Flux and
 * Karmada. Without a minor: the newest shape of each version that is still served.
 */
export function toCustomResourceDefinition(
  group: string,
  kind: string,
  fluxMinor?: FluxMinor,
): JsonObject | undefined {
  const tables = servedTables(group, kind, fluxMinor);
  const [preferred] = tables;
  if (preferred === undefined) return undefined;
  const { plural, shortNames = [], categories = [], namespaced } = preferred;
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${plural}.${group}` },
    spec: {
      group,
      scope: namespaced ? 'Namespaced' : 'Cluster',
      names: {
        kind,
        listKind: `${kind}List`,
        plural,
        singular: kind.toLowerCase(),
        ...(shortNames.length === 0 ? {} : { shortNames }),
        ...(categories.length === 0 ? {} : { categories }),
      },
      versions: tables.map((table) => toVersion(table, preferred, fluxMinor)),
    },
  };
}

/** The versions served, the preferred one first. */
function servedTables(group: string, kind: string, fluxMinor?: FluxMinor): KindSchema[] {
  const versions = new Set(
    kindSchemas
      .filter((table) => table.kind === kind && table.apiVersion.startsWith(`${group}/`))
      .filter((table) => fluxMinor !== undefined || table.servedUntil === undefined)
      .map(({ apiVersion }) => apiVersion),
  );
  return [...versions]
    .sort(compareApiVersions)
    .map((apiVersion) => findSchema(apiVersion, kind, fluxMinor))
    .filter((table) => table !== undefined);
}

function toVersion(table: KindSchema, preferred: KindSchema, fluxMinor?: FluxMinor): JsonObject {
  const { columns = [], schema, apiVersion, kind } = table;
  const warning = deprecationWarning(apiVersion, kind, fluxMinor ?? latestFluxMinor);
  return {
    name: versionOf(apiVersion),
    served: true,
    storage: table === preferred,
    ...(warning === undefined ? {} : { deprecated: true, deprecationWarning: warning }),
    schema: { openAPIV3Schema: rootSchema(table) },
    ...(Object.hasOwn(schema.properties ?? {}, 'status') ? { subresources: { status: {} } } : {}),
    ...(columns.length === 0 ? {} : { additionalPrinterColumns: columns.map(toColumn) }),
  };
}

function toColumn({ name, type, jsonPath }: PrinterColumn): JsonObject {
  return { name, type, jsonPath };
}

function rootSchema({ schema, description }: KindSchema): JsonObject {
  const implied: { readonly [name: string]: Schema } = {
    apiVersion: { type: 'string' },
    kind: { type: 'string' },
    metadata: { type: 'object' },
  };
  const properties = { ...implied, ...schema.properties };
  return toOpenApi({ ...schema, description, properties });
}

/** One node as `openAPIV3Schema` writes it. The table must be resolved for a Flux minor. */
export function toOpenApi(schema: Schema): JsonObject {
  const { properties, items, additionalProperties, rules, intOrString } = schema;
  const node: Record<string, JsonValue> = {};
  for (const key of sameInBoth) {
    const value = schema[key];
    if (value !== undefined) node[key] = value;
  }
  for (const [key, name] of renamed) {
    const value = schema[key];
    if (value !== undefined) node[name] = value;
  }
  if (intOrString === true) {
    node['anyOf'] = [{ type: 'integer' }, { type: 'string' }];
    node['x-kubernetes-int-or-string'] = true;
  }
  if (rules !== undefined && rules.length > 0) {
    node['x-kubernetes-validations'] = rules.map(({ rule, message }) => ({ rule, message }));
  }
  if (items !== undefined) node['items'] = toOpenApi(items);
  if (additionalProperties !== undefined) {
    node['additionalProperties'] = toOpenApi(additionalProperties);
  }
  if (properties !== undefined) {
    node['properties'] = Object.fromEntries(
      Object.entries(properties).map(([name, property]) => [name, toOpenApi(property)]),
    );
  }
  return node;
}

const sameInBoth = [
  'type',
  'description',
  'required',
  'enum',
  'pattern',
  'format',
  'minimum',
  'maximum',
  'minLength',
  'maxLength',
  'minItems',
  'maxItems',
  'minProperties',
  'maxProperties',
  'default',
  'nullable',
] as const;

const renamed = [
  ['preserveUnknownFields', 'x-kubernetes-preserve-unknown-fields'],
  ['mapType', 'x-kubernetes-map-type'],
  ['listType', 'x-kubernetes-list-type'],
  ['listMapKeys', 'x-kubernetes-list-map-keys'],
] as const;
