import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { kindSchemas } from '../../src/engine/index.ts';
import { toCustomResourceDefinition } from '../../src/engine/schema/customResourceDefinition.ts';
import type { JsonObject } from '../../src/engine/index.ts';
import type { ApiServerClient, KubeList, KubeObject } from './apiServerClient.ts';

/**
 * Makes an API server serve the kinds of Karmada and Flux, with CustomResourceDefinitions from the engine's own tables.
 * `Cluster`, which Karmada serves from an API server of its own, is one of them. May be called by several at once.
 */
export async function installKinds(client: ApiServerClient): Promise<void> {
  const definitions = customResourceDefinitions();
  const base = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
  await Promise.all(
    definitions.map(({ metadata, ...rest }) =>
      client.send(
        'PATCH',
        `${base}/${(metadata as KubeObject['metadata']).name}?fieldManager=tests&force=true`,
        { metadata, ...rest },
        'application/apply-patch+yaml',
      ),
    ),
  );
  const deadline = Date.now() + 60_000;
  for (;;) {
    const { items } = await client.send<KubeList>('GET', base);
    const left = definitions.filter(
      (wanted) => !items.some((item) => nameOf(item) === nameOf(wanted) && isEstablished(item)),
    );
    if (left.length === 0) break;
    assert.ok(Date.now() < deadline, `not served: ${left.map(nameOf).join(', ')}`);
    await sleep(50);
  }
  await areListed(client, definitions, deadline);
}

/** Discovery and the first list of a kind come a moment after its definition is accepted. */
async function areListed(
  client: ApiServerClient,
  definitions: readonly JsonObject[],
  deadline: number,
): Promise<void> {
  for (const definition of definitions) {
    const { group, names, versions } = definition['spec'] as unknown as {
      group: string;
      names: { plural: string };
      versions: { name: string }[];
    };
    for (const { name } of versions) {
      const path = `/apis/${group}/${name}/${names.plural}?limit=1`;
      while ((await client.raw('GET', path)).status !== 200) {
        assert.ok(Date.now() < deadline, `${path} is not served`);
        await sleep(50);
      }
    }
  }
}

/** One for each kind in the tables. */
function customResourceDefinitions(): readonly JsonObject[] {
  const kinds = new Map(
    kindSchemas.map(({ apiVersion, kind }) => {
      const group = apiVersion.slice(0, apiVersion.indexOf('/'));
      return [`${group}/${kind}`, { group, kind }];
    }),
  );
  return [...kinds.values()]
    .map(({ group, kind }) => toCustomResourceDefinition(group, kind))
    .filter((definition) => definition !== undefined);
}

function nameOf(object: JsonObject | KubeObject): string {
  return (object['metadata'] as KubeObject['metadata']).name;
}

function isEstablished(definition: KubeObject): boolean {
  const { conditions } = (definition['status'] ?? {}) as {
    conditions?: readonly { type: string; status: string }[] | null;
  };
  return (conditions ?? []).some(({ type, status }) => type === 'Established' && status === 'True');
}
