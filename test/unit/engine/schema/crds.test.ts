import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import {
  toCustomResourceDefinition,
  toOpenApi,
} from '../../../../src/engine/schema/customResourceDefinition.ts';
import { findSchema, kindSchemas } from '../../../../src/engine/schema/registry.ts';
import type { KindSchema } from '../../../../src/engine/schema/types.ts';
import {
  factsOf,
  readCrdFacts,
  type CrdFacts,
  type OpenApi,
  type VersionFacts,
} from '../../../support/crdFacts.ts';

const root = new URL('../../../../', import.meta.url);
const recorded = JSON.parse(
  readFileSync(new URL('test/fixtures/crdFacts.json', root), 'utf8'),
) as CrdFacts;

/** A field's path (`[]` an item, `{}` a value of a map) with its keywords as text. */
type Fields = Map<string, string>;

function fieldsOfFacts({ nodes }: CrdFacts, index: number, path = '', fields: Fields = new Map()) {
  const node = nodes[index];
  assert.ok(node);
  fields.set(path, JSON.stringify(node.facts));
  for (const [name, child] of Object.entries(node.properties ?? {})) {
    fieldsOfFacts({ nodes, versions: [] }, child, `${path}.${name}`, fields);
  }
  const { items, additionalProperties } = node;
  const facts = { nodes, versions: [] };
  if (items !== undefined) fieldsOfFacts(facts, items, `${path}[]`, fields);
  if (additionalProperties !== undefined) {
    fieldsOfFacts(facts, additionalProperties, `${path}{}`, fields);
  }
  return fields;
}

function fieldsOfSchema(schema: OpenApi, path = '', fields: Fields = new Map()): Fields {
  fields.set(path, JSON.stringify(factsOf(schema)));
  for (const [name, child] of Object.entries((schema['properties'] ?? {}) as OpenApi)) {
    fieldsOfSchema(child as OpenApi, `${path}.${name}`, fields);
  }
  const { items, additionalProperties } = schema;
  if (items !== undefined) fieldsOfSchema(items as OpenApi, `${path}[]`, fields);
  if (additionalProperties !== undefined) {
    fieldsOfSchema(additionalProperties as OpenApi, `${path}{}`, fields);
  }
  return fields;
}

/** One line per field that differs; `ours` is what the table says. */
function differences(ours: Fields, theirs: Fields): string[] {
  const found: string[] = [];
  for (const path of new Set([...ours.keys(), ...theirs.keys()])) {
    const [a, b] = [ours.get(path), theirs.get(path)];
    if (a !== b) found.push(`${path}: table ${a ?? 'without it'}, definition ${b ?? 'without it'}`);
  }
  return found.sort();
}

/** Names, scope and columns as text. */
function identity(table: KindSchema): string {
  const { plural, shortNames = [], namespaced, columns = [] } = table;
  const scope = namespaced ? 'Namespaced' : 'Cluster';
  return JSON.stringify({ plural, shortNames, scope, columns: columns.map(columnText) });
}

function identityOfFacts({ plural, shortNames, scope, columns }: VersionFacts): string {
  return JSON.stringify({ plural, shortNames, scope, columns: columns.map(columnText) });
}

function columnText(column: unknown): string {
  const { name, type, jsonPath } = column as Record<string, string>;
  return `${name} ${type} ${jsonPath}`;
}

for (const version of recorded.versions) {
  const { apiVersion, kind, fluxMinor } = version;
  const name = `${apiVersion} ${kind}`;
  const release = fluxMinor === undefined ? 'Karmada' : `Flux ${fluxMinor}`;
  test(`the table of ${name} says what the definition of ${release} says`, () => {
    const table = findSchema(apiVersion, kind, fluxMinor);
    assert.ok(table, 'there is no such table');
    const ours = fieldsOfSchema(toOpenApi(table.schema));
    const theirs = fieldsOfFacts(recorded, version.schema);
    assert.deepEqual(differences(ours, theirs), []);
    assert.equal(identity(table), identityOfFacts(version));
  });
}

test('the generated definitions store and deprecate the versions that the real ones do', () => {
  const wrong: string[] = [];
  for (const { apiVersion, kind, fluxMinor, storage, deprecationWarning } of recorded.versions) {
    const [group = '', name] = apiVersion.split('/');
    const crd = toCustomResourceDefinition(group, kind, fluxMinor) as unknown as Generated;
    const ours = crd.spec.versions.find((version) => version.name === name);
    if (ours?.storage !== storage || ours.deprecationWarning !== deprecationWarning) {
      wrong.push(`${apiVersion} ${kind} of ${fluxMinor ?? 'Karmada'}: ${ours?.deprecationWarning}`);
    }
  }
  assert.deepEqual(wrong, []);
});

interface Generated {
  readonly spec: {
    readonly versions: readonly {
      readonly name: string;
      readonly storage: boolean;
      readonly deprecationWarning?: string;
    }[];
  };
}

test('no table serves a version that the definition of its release lacks', () => {
  const served = new Set(recorded.versions.map((v) => `${v.apiVersion} ${v.kind} ${v.fluxMinor}`));
  const recordedKinds = new Set(recorded.versions.map((v) => `${v.kind} ${v.fluxMinor}`));
  const extra: string[] = [];
  for (const { apiVersion, kind } of kindSchemas) {
    for (const minor of new Set(recorded.versions.map((v) => v.fluxMinor))) {
      if (minor === undefined || !recordedKinds.has(`${kind} ${minor}`)) continue;
      const name = `${apiVersion} ${kind} ${minor}`;
      if (findSchema(apiVersion, kind, minor) && !served.has(name)) extra.push(name);
    }
  }
  assert.deepEqual(extra, []);
});

test('the recorded facts are those of the definitions', (t) => {
  const current = readCrdFacts(new URL('../shared/crds', root).pathname);
  if (current === undefined) {
    t.skip('left out: the definitions are not there (../shared/crds)');
    return;
  }
  assert.deepEqual(JSON.parse(JSON.stringify(current)), recorded);
});

test('every field of every table is described in a line', () => {
  const bare: string[] = [];
  const walk = (schema: OpenApi, path: string): void => {
    const { properties, items, additionalProperties, description } = schema;
    const isOwnField = /\.[^.[{]+$/.test(path);
    if (isOwnField && (typeof description !== 'string' || /\n/.test(description))) bare.push(path);
    for (const [name, child] of Object.entries((properties ?? {}) as OpenApi)) {
      walk(child as OpenApi, `${path}.${name}`);
    }
    if (items !== undefined) walk(items as OpenApi, `${path}[]`);
    if (additionalProperties !== undefined) walk(additionalProperties as OpenApi, `${path}{}`);
  };
  for (const table of kindSchemas) {
    walk(toOpenApi(table.schema), `${table.apiVersion} ${table.kind}`.replaceAll('.', '_'));
  }
  assert.deepEqual(bare, []);
});
