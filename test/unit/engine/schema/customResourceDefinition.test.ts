import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  toCustomResourceDefinition,
  toOpenApi,
} from '../../../../src/engine/schema/customResourceDefinition.ts';
import { findSchema, kindSchemas } from '../../../../src/engine/schema/registry.ts';
import type { Schema } from '../../../../src/engine/schema/types.ts';

type Node = Readonly<Record<string, unknown>>;

/** Reads a node of a definition back into the form of the tables. */
function fromOpenApi(node: Node): unknown {
  const names = new Map([
    ['x-kubernetes-preserve-unknown-fields', 'preserveUnknownFields'],
    ['x-kubernetes-map-type', 'mapType'],
    ['x-kubernetes-list-type', 'listType'],
    ['x-kubernetes-list-map-keys', 'listMapKeys'],
    ['x-kubernetes-int-or-string', 'intOrString'],
    ['x-kubernetes-validations', 'rules'],
  ]);
  const schema: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(node)) {
    if (key === 'anyOf') continue;
    if (key === 'properties') {
      schema[key] = Object.fromEntries(
        Object.entries(value as Node).map(([name, child]) => [name, fromOpenApi(child as Node)]),
      );
    } else if (key === 'items' || key === 'additionalProperties') {
      schema[key] = fromOpenApi(value as Node);
    } else schema[names.get(key) ?? key] = value;
  }
  return schema;
}

/** A table without what a definition has no word for. */
function expressible(schema: Schema): unknown {
  return JSON.parse(
    JSON.stringify(schema, (key, value: unknown) => {
      if (key === 'deprecated' || key === 'since' || key === 'until') return undefined;
      return key === 'rules' && Array.isArray(value)
        ? (value as Node[]).map(({ rule, message }) => ({ rule, message }))
        : value;
    }),
  );
}

for (const { apiVersion, kind } of kindSchemas) {
  test(`${apiVersion} ${kind} comes back from its definition`, () => {
    const table = findSchema(apiVersion, kind);
    assert.ok(table);
    assert.deepEqual(fromOpenApi(toOpenApi(table.schema)), expressible(table.schema));
  });
}

test('names, scope and versions follow from the tables', () => {
  const crd = toCustomResourceDefinition('helm.toolkit.fluxcd.io', 'HelmRelease', '2.3');
  assert.ok(crd);
  assert.deepEqual(crd['metadata'], { name: 'helmreleases.helm.toolkit.fluxcd.io' });
  const spec = crd['spec'] as unknown as { scope: string; versions: Node[] };
  assert.equal(spec.scope, 'Namespaced');
  assert.deepEqual(
    spec.versions.map(({ name, storage, deprecationWarning }) => [
      name,
      storage,
      deprecationWarning,
    ]),
    [
      ['v2', true, undefined],
      ['v2beta2', false, 'v2beta2 HelmRelease is deprecated, upgrade to v2'],
      ['v2beta1', false, 'v2beta1 HelmRelease is deprecated, upgrade to v2'],
    ],
  );
  for (const { subresources, schema } of spec.versions) {
    assert.deepEqual(subresources, { status: {} });
    const { openAPIV3Schema } = schema as { openAPIV3Schema: { properties: Node } };
    assert.deepEqual(openAPIV3Schema.properties['metadata'], { type: 'object' });
  }
});

test('has no definition for a kind that no table has or that a minor does not serve', () => {
  assert.equal(toCustomResourceDefinition('apps', 'Deployment'), undefined);
  assert.equal(
    toCustomResourceDefinition('source.toolkit.fluxcd.io', 'ExternalArtifact', '2.3'),
    undefined,
  );
});

test('has no status subresource without a status', () => {
  const crd = toCustomResourceDefinition('policy.karmada.io', 'PropagationPolicy');
  assert.ok(crd);
  const [version] = (crd['spec'] as unknown as { versions: Node[] }).versions;
  assert.ok(version);
  assert.equal(version['subresources'], undefined);
  assert.equal((version['additionalPrinterColumns'] as unknown[]).length, 3);
});
