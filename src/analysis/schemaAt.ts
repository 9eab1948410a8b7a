import {
  apiGroup,
  findSchema,
  kindSchemas,
  objectMetaSchema,
  preferredVersion,
  stringMember,
} from '../engine/index.ts';
import type { FluxMinor, JsonObject, KindSchema, Schema } from '../engine/index.ts';
import type { SourcePath } from '../yaml/index.ts';

/** A field's table with what only its parent knows. */
export interface FieldSchema {
  readonly schema: Schema;
  readonly isRequired: boolean;
}

const typeFields: { readonly [name: string]: Schema } = {
  apiVersion: { type: 'string', description: 'API group and version.' },
  kind: { type: 'string', description: 'Kind of the object.' },
};

const roots = new WeakMap<KindSchema, Schema>();

/** The table of a kind as a whole object, `apiVersion`, `kind` and `metadata` included. */
export function rootSchema(table: KindSchema): Schema {
  const known = roots.get(table);
  if (known) return known;
  const root: Schema = {
    ...table.schema,
    required: ['apiVersion', 'kind', 'metadata', ...(table.schema.required ?? [])],
    properties: {
      ...typeFields,
      metadata: metadataSchema(table.namespaced),
      ...table.schema.properties,
    },
  };
  roots.set(table, root);
  return root;
}

function metadataSchema(namespaced: boolean): Schema {
  const { namespace, ...others } = objectMetaSchema.properties ?? {};
  const { name, ...rest } = others;
  return {
    ...objectMetaSchema,
    required: ['name'],
    properties: {
      ...(name ? { name } : {}),
      ...(namespaced && namespace ? { namespace } : {}),
      ...rest,
    },
  };
}

/**
 * The table of an object as it is being written: of its apiVersion and kind or, while there is no apiVersion yet, of
 * the version that the Flux in force prefers. `undefined` for kinds without a table.
 */
export function tableOf(object: JsonObject, flux: FluxMinor): KindSchema | undefined {
  const kind = stringMember(object, 'kind');
  const apiVersion = stringMember(object, 'apiVersion');
  if (kind === '') return undefined;
  if (apiVersion !== '') {
    return findSchema(apiVersion, kind, flux) ?? findSchema(apiVersion, kind);
  }
  const any = kindSchemas.find((table) => table.kind === kind);
  return any && findSchema(preferredApiVersion(any, flux), kind, flux);
}

/** The apiVersion in which the control plane holds a kind. */
export function preferredApiVersion({ apiVersion, kind }: KindSchema, flux: FluxMinor): string {
  const group = apiGroup(apiVersion);
  const version = preferredVersion(group, kind, flux);
  return version === undefined ? apiVersion : `${group}/${version}`;
}

/** What every Kubernetes object has, for kinds without a table. */
export const anyObjectSchema: Schema = {
  type: 'object',
  required: ['apiVersion', 'kind', 'metadata'],
  properties: {
    ...typeFields,
    metadata: metadataSchema(true),
  },
};

/** The table of a field below a path; `undefined` where anything may stand, or nothing. */
export function schemaAt(root: Schema, path: SourcePath): FieldSchema | undefined {
  let at: Schema = root;
  let isRequired = false;
  for (const step of path) {
    const next = childSchema(at, step);
    if (!next) return undefined;
    isRequired = typeof step === 'string' && (at.required?.includes(step) ?? false);
    at = next;
  }
  return { schema: at, isRequired };
}

function childSchema(schema: Schema, step: string | number): Schema | undefined {
  if (typeof step === 'number') return schema.items;
  const { properties = {}, additionalProperties } = schema;
  return Object.hasOwn(properties, step) ? properties[step] : additionalProperties;
}
