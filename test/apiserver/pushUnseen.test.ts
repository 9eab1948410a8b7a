import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { JsonObject } from '../../src/engine/index.ts';
import { accountOf, resumePush, runPush } from '../../src/push/index.ts';
import { sharedApiServer } from '../support/apiServer.ts';
import { clientOfKubeconfig } from '../support/apiServerClient.ts';
import { memoryJournals } from '../support/fakePushApi.ts';
import { createReviewer } from '../support/pushReview.ts';
import type { Reviewer } from '../support/pushReview.ts';
import { wallClock } from '../support/wallClock.ts';

const server = sharedApiServer();
const client = clientOfKubeconfig(server.kubeconfig);
let reviewer: Reviewer;

before(async () => {
  reviewer = await createReviewer(server.kubeconfig);
});
after(() => {
  reviewer.dispose();
  client.dispose();
});

const group = (name: string): string => `${name}-${process.pid}.example.com`;

const definition = (name: string, scope: 'Cluster' | 'Namespaced'): JsonObject => ({
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: `gauges.${group(name)}` },
  spec: {
    group: group(name),
    names: { kind: 'Gauge', plural: 'gauges' },
    scope,
    versions: [
      {
        name: 'v1',
        served: true,
        storage: true,
        schema: {
          openAPIV3Schema: {
            type: 'object',
            properties: { spec: { type: 'object', properties: { size: { type: 'integer' } } } },
          },
        },
      },
    ],
  },
});

const gauge = (name: string, metadata: JsonObject, size: number | string): JsonObject => ({
  apiVersion: `${group(name)}/v1`,
  kind: 'Gauge',
  metadata,
  spec: { size },
});

async function push(objects: readonly JsonObject[]) {
  const review = await reviewer.review(objects);
  const ports = { ...reviewer.ports, journals: memoryJournals(), clock: wallClock() };
  const journal = await runPush(ports, review, { id: 'push' });
  return { ports, review, journal };
}

describe('what no dry run of a review could check, on a real API server', () => {
  it('is written in the same push as its kind and its namespace', async () => {
    const name = 'whole';
    const namespace = `push-unseen-${process.pid}`;
    const { review, journal } = await push([
      gauge(name, { name: 'a', namespace }, 1),
      definition(name, 'Namespaced'),
      { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } },
    ]);
    const engine = review.changes.filter(({ checkedBy }) => checkedBy === 'engine');
    assert.deepEqual(
      engine.map(({ reference }) => reference.name),
      ['a'],
    );
    assert.equal(journal.state, 'done');
    const path = `/apis/${group(name)}/v1/namespaces/${namespace}/gauges/a`;
    assert.deepEqual((await client.send('GET', path))['spec'], { size: 1 });
  });

  it('stops the push before the first of it is written where the server refuses one', async () => {
    const name = 'part';
    const { ports, journal } = await push([
      definition(name, 'Cluster'),
      gauge(name, { name: 'good' }, 1),
      gauge(name, { name: 'bad' }, 'big'),
    ]);
    assert.equal(journal.state, 'stopped');
    const details = (of: typeof journal) => accountOf(of).map(({ detail }) => detail);
    const [made, good, bad = ''] = details(journal);
    assert.deepEqual([made, good], ['Created.', 'Not begun, nothing written.']);
    assert.match(bad, /^Not written: .*spec\.size/);
    const path = `/apis/${group(name)}/v1/gauges`;
    assert.deepEqual((await client.send('GET', path))['items'], []);
    // Asked again, with the same answer.
    assert.deepEqual(details(await resumePush(ports, journal, {})), details(journal));
    assert.deepEqual((await client.send('GET', path))['items'], []);
  });
});
