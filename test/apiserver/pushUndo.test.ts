import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { arrayMember, member, memberAt, stringMember } from '../../src/engine/index.ts';
import type { JsonObject } from '../../src/engine/index.ts';
import { preparePush, prepareUndo, runPush } from '../../src/push/index.ts';
import type { Journal, PushReview } from '../../src/push/index.ts';
import { sharedApiServer } from '../support/apiServer.ts';
import { clientOfKubeconfig } from '../support/apiServerClient.ts';
import { memoryJournals } from '../support/fakePushApi.ts';
import { changeOf, createReviewer, toSource } from '../support/pushReview.ts';
import type { Reviewer } from '../support/pushReview.ts';
import { referenceTo } from '../support/pushReviews.ts';
import { wallClock } from '../support/wallClock.ts';

const server = sharedApiServer();
const client = clientOfKubeconfig(server.kubeconfig);
// A plain API server never finishes the deletion of a namespace.
const namespace = `push-undo-${process.pid}`;
const rbac = '/apis/rbac.authorization.k8s.io/v1';
let reviewer: Reviewer;

before(async () => {
  await client.send('POST', '/api/v1/namespaces', { metadata: { name: namespace } });
  reviewer = await createReviewer(server.kubeconfig);
});
after(async () => {
  reviewer.dispose();
  await client.raw('DELETE', `/api/v1/namespaces/${namespace}`);
  client.dispose();
});

const configMap = (name: string, data: JsonObject, place = namespace): JsonObject => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, namespace: place },
  data,
});

async function run(review: PushReview): Promise<Journal> {
  const ports = { ...reviewer.ports, journals: memoryJournals(), clock: wallClock() };
  const journal = await runPush(ports, review, { id: 'push' });
  assert.equal(journal.state, 'done');
  return journal;
}
const push = async (...objects: readonly JsonObject[]) => run(await reviewer.review(objects));
const deletion = (object: JsonObject) =>
  preparePush(reviewer.ports, {
    ...{ sources: [], deletions: [toSource(object).reference], title: 'test' },
    ...{ context: 'certificate', server: reviewer.live.session.target.server },
  });
const blocks = ({ questions }: PushReview) =>
  questions.filter(({ severity }) => severity === 'blocked').map(({ message }) => message);

describe('the review of an undo on a real API server', () => {
  it('is dry-run like a push, and writes nothing', async () => {
    await push(configMap('changed', { a: '1' }), configMap('deleted', { a: '1' }));
    const changed = await push(configMap('changed', { a: '2' }), configMap('created', { a: '1' }));
    const deleted = await run(await deletion(configMap('deleted', {})));
    const path = `/api/v1/namespaces/${namespace}/configmaps`;
    const seen = async () => {
      const { items } = await client.send<{ items: readonly JsonObject[] }>('GET', path);
      return items.map(({ metadata }) => (metadata as JsonObject)['resourceVersion']);
    };
    const start = await seen();
    const [undo, again] = [
      await prepareUndo(reviewer.ports, changed),
      await prepareUndo(reviewer.ports, deleted),
    ];
    assert.deepEqual(
      [...undo.changes, ...again.changes].map(({ type, checkedBy }) => [type, checkedBy]),
      [
        ['delete', 'server'],
        ['change', 'server'],
        ['create', 'server'],
      ],
    );
    assert.deepEqual(await seen(), start);
  });

  it('says before that a namespace is gone', async () => {
    const gone = `${namespace}-gone`;
    await push(
      { apiVersion: 'v1', kind: 'Namespace', metadata: { name: gone } },
      configMap('a', { a: '1' }, gone),
    );
    const journal = await run(await deletion(configMap('a', {}, gone)));
    await client.send('DELETE', `/api/v1/namespaces/${gone}`);
    const [going = ''] = blocks(await prepareUndo(reviewer.ports, journal));
    assert.match(going, /namespace .* is being deleted/);
    await client.send('PUT', `/api/v1/namespaces/${gone}/finalize`, {
      ...{ apiVersion: 'v1', kind: 'Namespace', metadata: { name: gone } },
      spec: { finalizers: [] },
    });
    let said: readonly string[] = [];
    for (let tries = 0; tries < 50 && !said[0]?.includes('exist'); tries++) {
      said = blocks(await prepareUndo(reviewer.ports, journal));
    }
    assert.deepEqual(said, [
      `ConfigMap ${gone}/a is refused: The namespace ${gone} does not exist on the control plane. Push a Namespace together with this object, or create it first.`,
    ]);
  });

  it('creates a namespace and what was in it again', async () => {
    const whole = `${namespace}-whole`;
    const space: JsonObject = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: whole } };
    const journal = await push(space, configMap('a', { a: '1' }, whole));
    // As if both had been deleted: there is neither.
    const before: Journal = {
      ...journal,
      review: { ...journal.review, steps: journal.review.steps.map(asDeletion).toReversed() },
      states: journal.states
        .map((state) => ({
          ...({ type: 'done', at: 1 } as const),
          before: state.type === 'done' ? (state.result ?? {}) : {},
        }))
        .toReversed(),
    };
    await client.send('DELETE', `/api/v1/namespaces/${whole}/configmaps/a`);
    await client.send('DELETE', `/api/v1/namespaces/${whole}`);
    await client.send('PUT', `/api/v1/namespaces/${whole}/finalize`, {
      ...space,
      spec: { finalizers: [] },
    });
    let undo = await prepareUndo(reviewer.ports, before);
    for (let tries = 0; tries < 50 && undo.changes.length < 2; tries++) {
      undo = await prepareUndo(reviewer.ports, before);
    }
    assert.deepEqual(blocks(undo), []);
    await run(undo);
    const object = await reviewer.ports.api.get(referenceTo(configMap('a', {}, whole)));
    assert.deepEqual(object['data'], { a: '1' });
  });

  it('says before what may be applied and not replaced', async () => {
    await push(configMap('half', { a: '1' }));
    const journal = await push(configMap('half', { a: '2' }));
    await client.send('POST', `${rbac}/namespaces/${namespace}/roles`, {
      metadata: { name: 'half' },
      rules: [{ apiGroups: [''], resources: ['configmaps'], verbs: ['get', 'patch', 'create'] }],
    });
    await client.send('POST', `${rbac}/namespaces/${namespace}/rolebindings`, {
      metadata: { name: 'half' },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'half' },
      subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: 'narrow' }],
    });
    const narrow = await createReviewer(server.kubeconfig, 'narrow');
    try {
      const undo = await prepareUndo(narrow.ports, journal);
      assert.deepEqual(
        changeOf(undo, 'half').verdicts.map(({ message }) => message),
        [
          `You may not update configmaps in the namespace ${namespace}. Ask for a role that allows it.`,
        ],
      );
      assert.equal(blocks(undo).length, 1);
    } finally {
      narrow.dispose();
    }
  });

  it('gives back what was written ahead of what a policy preserves', async () => {
    const apiVersion = 'policy.karmada.io/v1alpha1';
    const path = `/apis/${apiVersion}/namespaces/${namespace}/propagationpolicies`;
    const policy = (clusterNames: readonly string[], preserves: boolean): JsonObject => ({
      ...{ apiVersion, kind: 'PropagationPolicy', metadata: { name: 'keeps', namespace } },
      spec: {
        resourceSelectors: [{ apiVersion: 'v1', kind: 'ConfigMap', name: 'kept' }],
        placement: { clusterAffinity: { clusterNames } },
        preserveResourcesOnDeletion: preserves,
      },
    });
    await client.send('POST', `${path}?fieldManager=kubectl-create`, policy(['a', 'b'], false));
    const read = () => client.send<JsonObject>('GET', `${path}/keeps`);
    const owners = (object: JsonObject) =>
      arrayMember(member(object, 'metadata'), 'managedFields').map((entry) => [
        stringMember(entry, 'manager'),
        memberAt(entry, 'fieldsV1', 'f:spec', 'f:preserveResourcesOnDeletion') !== undefined,
      ]);
    const before = await read();
    const after = policy(['a'], true);
    const undecided = changeOf(await reviewer.review([after]), 'keeps');
    const choices = undecided.conflicts.map(({ manager, field }) => {
      return { reference: undecided.reference, manager, field, choice: 'take' } as const;
    });
    const review = await reviewer.review([after], choices);
    const hold = { policy: undecided.reference, clusters: 'none' } as const;
    const journal = await run({
      ...review,
      steps: [
        {
          type: 'hold',
          id: 'ahead',
          hold: { ...hold, before: 'none', preserves: true },
          reason: '',
        },
        ...review.steps,
        { type: 'hold', id: 'behind', hold, reason: '' },
      ],
    });
    const pushed = await read();
    assert.equal(memberAt(pushed, 'spec', 'preserveResourcesOnDeletion'), true);
    assert.deepEqual(owners(pushed), [
      ['vscode-karmada-flux', true],
      ['kubectl-create', false],
    ]);
    await run(await prepareUndo(reviewer.ports, journal));
    const undone = await read();
    assert.deepEqual(undone['spec'], before['spec']);
    assert.deepEqual(owners(undone), owners(before));
  });
});

function asDeletion(step: PushReview['steps'][number]): PushReview['steps'][number] {
  if (step.type !== 'apply') return step;
  return { type: 'delete', id: step.id, change: { ...step.change, type: 'delete' } };
}
