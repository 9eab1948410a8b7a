import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { mergeDraft } from '../../src/analysis/live/mergeDraft.ts';
import {
  arrayMember,
  isObject,
  member,
  memberAt,
  stringMember,
  validate,
} from '../../src/engine/index.ts';
import type { JsonObject, JsonValue } from '../../src/engine/index.ts';
import { keptFields } from '../../src/live/projections/keptFields.ts';
import { applyBody, isForced } from '../../src/push/index.ts';
import type { ConflictChoice, FieldConflict, ObjectChange } from '../../src/push/index.ts';
import { kubectlCommand, sharedApiServer } from '../support/apiServer.ts';
import { clientOfKubeconfig } from '../support/apiServerClient.ts';
import { changeOf, createReviewer, toSource } from '../support/pushReview.ts';
import type { Reviewer } from '../support/pushReview.ts';

const server = sharedApiServer();
const client = clientOfKubeconfig(server.kubeconfig);
// A plain API server never finishes the deletion of a namespace.
const namespace = `push-ownership-${process.pid}`;
const ours = 'vscode-karmada-flux';
const applyType = 'application/apply-patch+yaml';
let reviewer: Reviewer;

before(async () => {
  await client.send('POST', '/api/v1/namespaces', {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name: namespace },
  });
  reviewer = await createReviewer(server.kubeconfig);
});
after(async () => {
  reviewer.dispose();
  await client.raw('DELETE', `/api/v1/namespaces/${namespace}`);
  client.dispose();
});

const release = (name: string, spec: JsonObject): JsonObject => ({
  apiVersion: 'helm.toolkit.fluxcd.io/v2',
  kind: 'HelmRelease',
  metadata: { name, namespace },
  spec: {
    chart: { spec: { chart: 'podinfo', sourceRef: { kind: 'HelmRepository', name: 'podinfo' } } },
    ...spec,
  },
});
const pathOf = (name: string): string =>
  `/apis/helm.toolkit.fluxcd.io/v2/namespaces/${namespace}/helmreleases/${name}`;
const read = (name: string): Promise<JsonObject> =>
  client.send('GET', pathOf(name)) as unknown as Promise<JsonObject>;

/** `manager operation` and the paths of its fields, sorted; ours is left out unless asked for. */
function owners(object: JsonObject): ReadonlyMap<string, readonly string[]> {
  const entries = arrayMember(member(object, 'metadata'), 'managedFields');
  return new Map(
    entries.map((entry) => [
      `${stringMember(entry, 'manager')} ${stringMember(entry, 'operation')}`,
      fieldsOf(member(entry, 'fieldsV1') ?? null).toSorted(),
    ]),
  );
}

/** The leaves of a tree of `f:NAME` and `k:{…}` keys. */
function fieldsOf(tree: JsonValue, at = ''): readonly string[] {
  if (!isObject(tree)) return [];
  const below = Object.entries(tree).filter(([key]) => key !== '.');
  if (below.length === 0) return at === '' ? [] : [at];
  return below.flatMap(([key, child]) => fieldsOf(child, `${at}.${key.replace(/^f:/, '')}`));
}

/** The leaves of what a file says, as owners of fields have them. */
function leaves(value: JsonValue, at = ''): readonly string[] {
  if (!isObject(value) || Object.keys(value).length === 0) return [at];
  return Object.entries(value).flatMap(([key, child]) => leaves(child, `${at}.${key}`));
}

const push = async (change: ObjectChange): Promise<JsonObject> => {
  const options = isForced(change.conflicts) ? { force: true } : {};
  return (await reviewer.ports.api.apply(change.reference, applyBody(change), options)).object;
};
const review = async (object: JsonObject, choices: readonly ConflictChoice[] = []) =>
  changeOf(await reviewer.review([object], choices), toSource(object).reference.name);
const choose = (
  change: ObjectChange,
  choice: (conflict: FieldConflict) => ConflictChoice['choice'],
): readonly ConflictChoice[] =>
  change.conflicts.map((conflict) => ({
    reference: change.reference,
    manager: conflict.manager,
    field: conflict.field,
    choice: choice(conflict),
  }));

describe('the owners of fields after a push to a real API server', () => {
  it('are ours for just what the file says', async () => {
    const file = release('plain', {
      interval: '5m',
      values: { replicaCount: 2, image: { tag: 'a' } },
    });
    const object = await push(await review(file));
    const said = leaves(file['spec'] ?? null, '.spec').toSorted();
    assert.deepEqual([...owners(object)], [[`${ours} Apply`, said]]);
    const shorter = release('plain', { interval: '5m', values: { image: { tag: 'a' } } });
    const after = await push(await review(shorter));
    assert.equal(memberAt(after, 'spec', 'values', 'replicaCount'), undefined);
    assert.deepEqual(
      [...owners(after)],
      [[`${ours} Apply`, leaves(shorter['spec'] ?? null, '.spec').toSorted()]],
    );
  });

  it('are asked about field by field where others own them, and nobody else is touched', async () => {
    kubectlCommand(
      server,
      ['apply', '-f', '-'],
      JSON.stringify(
        release('both', {
          interval: '1m',
          timeout: '2m',
          suspend: true,
          values: { replicaCount: 1, keep: 'x' },
        }),
      ),
    );
    await client.send(
      'PATCH',
      `${pathOf('both')}?fieldManager=helm`,
      release('both', { maxHistory: 3, interval: '1m' }),
      applyType,
    );
    const file = release('both', {
      interval: '5m',
      timeout: '9m',
      values: { replicaCount: 2 },
    });
    const first = await review(file);
    const named = first.conflicts.map(({ manager, field, mine, theirs, choice }) => [
      manager,
      field,
      mine,
      theirs,
      choice,
    ]);
    const byKubectl = 'kubectl-client-side-apply';
    assert.deepEqual(named.toSorted(), [
      ['helm', '.spec.interval', '5m', '1m', 'undecided'],
      [byKubectl, '.spec.interval', '5m', '1m', 'undecided'],
      [byKubectl, '.spec.timeout', '9m', '2m', 'undecided'],
      [byKubectl, '.spec.values.replicaCount', 2, 1, 'undecided'],
    ]);
    assert.deepEqual(first.conflicts.find(({ field }) => field.endsWith('replicaCount'))?.path, [
      'spec',
      'values',
      'replicaCount',
    ]);
    assert.ok(
      first.verdicts.some(
        ({ severity, message }) =>
          severity === 'warning' &&
          /kubectl-client-side-apply also sets spec\.suspend, spec\.values\.keep; .* stay\./.test(
            message,
          ),
      ),
      JSON.stringify(first.verdicts),
    );
    const held = await read('both');
    await assert.rejects(reviewer.ports.api.apply(first.reference, file, {}), {
      reason: 'conflict',
    });
    assert.deepEqual(await read('both'), held);

    const choices = choose(first, ({ field }) => (field === '.spec.timeout' ? 'take' : 'keep'));
    const change = await review(file, choices);
    assert.equal(memberAt(change.after, 'spec', 'timeout'), '9m');
    assert.equal(memberAt(change.after, 'spec', 'interval'), '1m');
    assert.equal(memberAt(change.after, 'spec', 'values', 'replicaCount'), 1);
    const object = await push(change);
    assert.deepEqual(member(object, 'spec'), member(change.after, 'spec'));
    const [was, is] = [owners(held), owners(object)];
    const taken = (was.get(`${byKubectl} Update`) ?? []).filter(
      (field) => field !== '.spec.timeout',
    );
    assert.deepEqual(is.get(`${byKubectl} Update`), taken);
    assert.deepEqual(is.get('helm Apply'), was.get('helm Apply'));
    assert.deepEqual(is.get(`${ours} Apply`), [
      '.spec.chart.spec.chart',
      '.spec.chart.spec.sourceRef.kind',
      '.spec.chart.spec.sourceRef.name',
      '.spec.timeout',
    ]);
    assert.equal(is.size, 3);
  });

  it('stay with others in whole lists and in items of lists', async () => {
    const deployment = (image: string, args: readonly string[]): JsonObject => ({
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'web', namespace },
      spec: {
        selector: { matchLabels: { app: 'web' } },
        template: {
          metadata: { labels: { app: 'web' } },
          spec: {
            containers: [
              { name: 'a', image },
              { name: 'b', image: 'b:1', args },
            ],
          },
        },
      },
    });
    const path = `/apis/apps/v1/namespaces/${namespace}/deployments/web`;
    await client.send('PATCH', `${path}?fieldManager=helm`, deployment('a:1', ['x']), applyType);
    const file = deployment('a:2', ['y', 'z']);
    const first = await review(file);
    assert.deepEqual(
      first.conflicts.map(({ path: at }) => at.join('.')),
      ['spec.template.spec.containers.0.image', 'spec.template.spec.containers.1.args'],
    );
    const change = await review(
      file,
      choose(first, () => 'keep'),
    );
    assert.equal(change.type, 'unchanged');
    const other = await review(
      file,
      choose(first, ({ field }) => (field.endsWith('args') ? 'take' : 'keep')),
    );
    const containers = memberAt(
      other.after,
      'spec',
      'template',
      'spec',
      'containers',
    ) as JsonObject[];
    assert.deepEqual(
      containers.map(({ image, args }) => [image, args]),
      [
        ['a:1', undefined],
        ['b:1', ['y', 'z']],
      ],
    );
    assert.deepEqual(memberAt(await push(other), 'spec'), memberAt(other.after, 'spec'));
  });

  it('are never taken by a review in which one of several owners keeps the field', async () => {
    for (const manager of ['one', 'two']) {
      await client.send(
        'PATCH',
        `${pathOf('shared')}?fieldManager=${manager}`,
        release('shared', { interval: '1m' }),
        applyType,
      );
    }
    const file = release('shared', { interval: '5m' });
    const first = await review(file);
    const change = await review(
      file,
      choose(first, ({ manager }) => (manager === 'one' ? 'take' : 'keep')),
    );
    assert.equal(memberAt(change.after, 'spec', 'interval'), '1m');
    assert.equal(isForced(change.conflicts), false);
  });

  it('share what says the same', async () => {
    const file = release('equal', { interval: '1m' });
    await client.send('PATCH', `${pathOf('equal')}?fieldManager=helm`, file, applyType);
    const change = await review(file);
    assert.deepEqual([change.type, change.conflicts, change.verdicts], ['unchanged', [], []]);
  });

  it('leave after a push what previews over the control plane show', async () => {
    const values = { ours: 1, theirs: 2, nested: { a: 1, b: 2 } };
    const all = release('left', { interval: '1m', timeout: '2m', suspend: true, values });
    await push(await review(all));
    kubectlCommand(
      server,
      ['apply', '--force-conflicts', '--server-side', '-f', '-'],
      JSON.stringify(
        release('left', { interval: '1m', suspend: true, values: { theirs: 2, nested: { b: 2 } } }),
      ),
    );
    await client.send(
      'PATCH',
      `${pathOf('left')}?fieldManager=kubectl-client-side-apply`,
      { spec: { timeout: '2m', values: { more: { deep: [1] } } } },
      'application/merge-patch+json',
    );
    const held = await read('left');
    const drafts = [
      release('left', { interval: '1m' }),
      release('left', { interval: '1m', values: { nested: { a: 1 } } }),
      release('left', { interval: '1m', timeout: '2m', values: { theirs: 2 } }),
    ];
    for (const draft of drafts) {
      const { after } = await review(draft);
      const stored = { ...draft, spec: validate(draft).spec ?? null };
      const shown = mergeDraft(stored, held, keptFields(held));
      assert.deepEqual(member(shown, 'spec'), member(after, 'spec'));
    }
    const [shortest] = drafts;
    const left = shortest && (await review(shortest)).after;
    assert.deepEqual(memberAt(left, 'spec', 'values'), {
      theirs: 2,
      nested: { b: 2 },
      more: { deep: [1] },
    });
  });

  it('keep every digit of what is written', async () => {
    const large = 9007199254740993n;
    const change = await review(release('digits', { interval: '1m', values: { id: large } }));
    const written = await push(change);
    assert.equal(memberAt(written, 'spec', 'values', 'id'), large);
    const { text } = await client.raw('GET', pathOf('digits'));
    assert.match(text, /"id":9007199254740993\b/);
  });

  it('are those of what Flux writes from a source of its own, which is said', async () => {
    const group = 'kustomize.toolkit.fluxcd.io';
    const written = release('from-git', { interval: '5m', suspend: true });
    const labels = { [`${group}/name`]: 'infra', [`${group}/namespace`]: 'flux-system' };
    const metadata = { ...(written['metadata'] as JsonObject), labels };
    const query = 'fieldManager=kustomize-controller';
    await client.send(
      'PATCH',
      `${pathOf('from-git')}?${query}`,
      { ...written, metadata },
      applyType,
    );
    const said = (change: ObjectChange) => change.verdicts.map(({ message }) => message);
    const staying =
      'kustomize-controller also sets spec.suspend; the file does not say it, so it stays.';
    const flux =
      'Flux writes it from Kustomization flux-system/infra, and sets back what is changed here. Change it there too.';
    assert.deepEqual(said(await review(release('from-git', { interval: '10m' }))), [staying, flux]);
    assert.deepEqual(said(await review(release('from-git', { interval: '5m' }))), [staying]);
  });

  it('in a copied object name an owner that is not there', async () => {
    const owner = {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      name: 'a',
      uid: 'c0ffee00-0000-4000-8000-000000000000',
    };
    const copied: JsonObject = {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'copied', namespace, ownerReferences: [owner] },
    };
    assert.deepEqual(
      (await review(copied)).verdicts.map(({ severity, field }) => [severity, field]),
      [['warning', 'metadata.ownerReferences']],
    );
  });
});
