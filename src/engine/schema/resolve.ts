import type { FluxMinor, KindSchema, Schema, SchemaRule } from './types.ts';

/** Orders Flux minors by release, so 2.10 after 2.9. */
export function compareFluxMinors(a: FluxMinor, b: FluxMinor): number {
  const [majorA = 0, minorA = 0] = a.split('.').map(Number);
  const [majorB = 0, minorB = 0] = b.split('.').map(Number);
  return majorA - majorB || minorA - minorB;
}

/** Whether a Flux minor serves this version of the kind. */
export function servesIn(table: KindSchema, minor: FluxMinor): boolean {
  return inRange(minor, table.servedSince, table.servedUntil);
}

/**
 * The table as it stands in one Flux minor: fields, rules and variants of other minors are taken out. Without a
 * minor: as in the last minor that serves the version. Nodes that no range touches are shared with the table.
 */
export function resolveKindSchema(table: KindSchema, minor?: FluxMinor): KindSchema {
  const at = minor ?? lastServed(table);
  const schema = resolveSchema(table.schema, at);
  return schema === table.schema ? table : { ...table, schema };
}

/** A minor that stands for "the last one before `servedUntil`", or for the newest of all. */
function lastServed({ servedUntil }: KindSchema): FluxMinor {
  if (servedUntil === undefined) return '999.0';
  const [major = 0, minor = 0] = servedUntil.split('.').map(Number);
  return minor > 0 ? `${major}.${minor - 1}` : `${major - 1}.999`;
}

function inRange(minor: FluxMinor, since?: FluxMinor, until?: FluxMinor): boolean {
  return (
    (since === undefined || compareFluxMinors(minor, since) >= 0) &&
    (until === undefined || compareFluxMinors(minor, until) < 0)
  );
}

function resolveSchema(schema: Schema, minor: FluxMinor): Schema {
  const varied = applyVariants(schema, minor);
  const changes: { -readonly [K in keyof Schema]?: Schema[K] } = {};
  if (varied.properties !== undefined) {
    const properties = resolveProperties(varied.properties, minor);
    if (properties !== varied.properties) {
      changes.properties = properties;
      const kept = varied.required?.filter((name) => Object.hasOwn(properties, name));
      if (kept !== undefined && kept.length !== varied.required?.length) changes.required = kept;
    }
  }
  if (varied.items !== undefined) {
    const items = resolveSchema(varied.items, minor);
    if (items !== varied.items) changes.items = items;
  }
  if (varied.additionalProperties !== undefined) {
    const values = resolveSchema(varied.additionalProperties, minor);
    if (values !== varied.additionalProperties) changes.additionalProperties = values;
  }
  if (varied.rules !== undefined) {
    const rules = resolveRules(varied.rules, minor);
    if (rules !== varied.rules) changes.rules = rules;
  }
  return Object.keys(changes).length === 0 ? varied : { ...varied, ...changes };
}

function applyVariants(schema: Schema, minor: FluxMinor): Schema {
  if (schema.variants === undefined) return schema;
  const { variants, ...rest } = schema;
  return variants
    .filter(({ since, until }) => inRange(minor, since, until))
    .reduce<Schema>((at, variant) => ({ ...at, ...variant.schema }), rest);
}

function resolveProperties(
  properties: { readonly [name: string]: Schema },
  minor: FluxMinor,
): { readonly [name: string]: Schema } {
  const resolved: Record<string, Schema> = {};
  let changed = false;
  for (const [name, schema] of Object.entries(properties)) {
    if (!inRange(minor, schema.since, schema.until)) {
      changed = true;
      continue;
    }
    const at = resolveSchema(schema, minor);
    changed ||= at !== schema;
    resolved[name] = at;
  }
  return changed ? resolved : properties;
}

function resolveRules(rules: readonly SchemaRule[], minor: FluxMinor): readonly SchemaRule[] {
  const kept = rules.filter(({ since, until }) => inRange(minor, since, until));
  return kept.length === rules.length ? rules : kept;
}
