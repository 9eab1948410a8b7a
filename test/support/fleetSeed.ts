import assert from 'node:assert/strict';
import type { ApiServerClient, KubeObject } from './apiServerClient.ts';
import { fleetNamespaces, fleetSeeds } from './fleetObjects.ts';
import type { FleetSize, Seed } from './fleetObjects.ts';

/** Where objects of a kind are, such as `/apis/work.karmada.io/v1alpha1/namespaces/x/works`. */
export function collectionPath({ plural, object }: Seed): string {
  const { namespace } = object.metadata;
  const place = namespace === undefined ? '' : `/namespaces/${namespace}`;
  return `/apis/${object.apiVersion}${place}/${plural}`;
}

export function objectPath(seed: Seed): string {
  return `${collectionPath(seed)}/${seed.object.metadata.name}`;
}

/** A field that the kind does not have is an error, not dropped. */
const strict = 'fieldValidation=Strict';

/** Creates an object with its status, as its controllers do: in two requests. */
export async function createSeed(client: ApiServerClient, seed: Seed): Promise<KubeObject> {
  const { status, ...rest } = seed.object;
  const { managedFields: _, uid: _uid, ...metadata } = seed.object.metadata;
  const made = await client.send('POST', `${collectionPath(seed)}?${strict}`, {
    ...rest,
    metadata: { ...metadata, finalizers: [] },
  });
  if (status === undefined) return made;
  return client.send('PUT', `${objectPath(seed)}/status?${strict}`, { ...made, status });
}

/** A small fleet, through the API server alone. */
export async function createFleet(client: ApiServerClient, size: FleetSize): Promise<void> {
  await createNamespaces(client, size);
  await inParallel(fleetSeeds(size), 8, (seed) => createSeed(client, seed));
}

/**
 * A large fleet, written to etcd in the form in which the API server keeps custom resources; creating as many objects
 * through the API server takes many minutes. The server sees them at once, by its own watch of etcd.
 */
export async function restoreFleet(
  client: ApiServerClient,
  etcd: string,
  size: FleetSize,
): Promise<void> {
  await createNamespaces(client, size);
  await inParallel(batches(fleetSeeds(size)), 4, (operations) => commit(etcd, operations));
}

/** Writes and deletes objects past the API server, which would refuse them for their shape. */
export async function putIntoEtcd(
  etcd: string,
  seeds: readonly Seed[],
  gone: readonly Seed[] = [],
): Promise<void> {
  for (const operations of batches(seeds)) await commit(etcd, operations);
  const deletions = gone.map((seed) => ({ requestDeleteRange: { key: base64(keyOf(seed)) } }));
  if (deletions.length > 0) await commit(etcd, deletions);
}

async function commit(etcd: string, operations: readonly object[]): Promise<void> {
  const answer = await fetch(`${etcd}/v3/kv/txn`, {
    method: 'POST',
    body: JSON.stringify({ success: operations }),
  });
  const text = await answer.text();
  assert.ok(answer.ok && text.includes('"succeeded":true'), `etcd: ${answer.status} ${text}`);
}

/** The namespaces that the objects of a fleet of this size are in. */
export async function createNamespaces(client: ApiServerClient, size: FleetSize): Promise<void> {
  await inParallel(fleetNamespaces(size), 8, async (name) => {
    const body = { apiVersion: 'v1', kind: 'Namespace', metadata: { name } };
    const { status, text } = await client.raw('POST', '/api/v1/namespaces', body);
    assert.ok(status === 201 || status === 409, text);
  });
}

/** Transactions below etcd's bounds: 128 operations, 1.5 MiB. */
function* batches(seeds: Iterable<Seed>): Generator<object[]> {
  let operations: object[] = [];
  let bytes = 0;
  for (const seed of seeds) {
    const value = JSON.stringify(seed.object);
    if (operations.length === 120 || (operations.length > 0 && bytes + value.length > 1_200_000)) {
      yield operations;
      operations = [];
      bytes = 0;
    }
    bytes += value.length;
    operations.push({ requestPut: { key: base64(keyOf(seed)), value: base64(value) } });
  }
  if (operations.length > 0) yield operations;
}

/** Where the API server keeps a custom resource. */
function keyOf({ plural, object }: Seed): string {
  const group = object.apiVersion?.slice(0, object.apiVersion.indexOf('/')) ?? '';
  const { namespace, name } = object.metadata;
  return ['/registry', group, plural, ...(namespace ? [namespace] : []), name].join('/');
}

function base64(text: string): string {
  return Buffer.from(text, 'utf8').toString('base64');
}

/** Works on what an iterable gives, a few at a time. */
export async function inParallel<T>(
  items: Iterable<T>,
  width: number,
  work: (item: T) => Promise<unknown>,
): Promise<void> {
  const source = items[Symbol.iterator]();
  const worker = async (): Promise<void> => {
    for (let next = source.next(); !next.done; next = source.next()) await work(next.value);
  };
  await Promise.all(Array.from({ length: width }, worker));
}
