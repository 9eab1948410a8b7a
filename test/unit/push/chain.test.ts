import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { JsonObject } from '../../../src/engine/index.ts';
import { memberAt } from '../../../src/engine/index.ts';
import {
  createFleetModel,
  KubeError,
  rolloutBaseline,
  rolloutOf,
} from '../../../src/live/index.ts';
import {
  accountOf,
  expectationsOf,
  isSameManifest,
  preparePush,
  prepareUndo,
  readJournal,
  resumePush,
  runPush,
} from '../../../src/push/index.ts';
import type { Journal, PlaneModel, PushReview, PushSource } from '../../../src/push/index.ts';
import { accountText } from '../../../src/vscode/push/accountText.ts';
import type { PushLine } from '../../../src/vscode/push/pushLine.ts';
import { confirmationDetail, hindrances, leftLines } from '../../../src/vscode/push/pushTexts.ts';
import { pushTree } from '../../../src/vscode/push/pushTree.ts';
import { changeTexts, manifestTexts } from '../../../src/vscode/push/reviewTexts.ts';
import { fakePushApi, instantClock, memoryJournals } from '../../support/fakePushApi.ts';
import { workspaceOf } from '../../support/plans.ts';
import { planeOf } from './plan/ground.ts';

const values = ['first-5f1c', 'second-9ad0', 'third-77e2', 'theirs-c0de'] as const;
const base64 = (text: string): string => Buffer.from(text).toString('base64');
const hidden = values.flatMap((value) => [value, base64(value)]);

const documents = (value: string): string => `apiVersion: v1
kind: Secret
metadata:
  name: registry
  namespace: apps
  annotations:
    kubectl.kubernetes.io/last-applied-configuration: '{"stringData":{"password":"${value}"}}'
data:
  token: ${base64(value)}
stringData:
  password: ${value}
---
apiVersion: source.toolkit.fluxcd.io/v1
kind: HelmRepository
metadata:
  name: charts
  namespace: apps
spec:
  interval: 5m
  url: https://charts.example.com
  secretRef:
    name: registry
---
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata:
  name: shop
  namespace: apps
spec:
  interval: 5m
  chart:
    spec:
      chart: shop
      version: 1.0.0
      sourceRef:
        kind: HelmRepository
        name: charts
  values:
    replicas: 1
---
apiVersion: policy.karmada.io/v1alpha1
kind: OverridePolicy
metadata:
  name: shop
  namespace: apps
spec:
  resourceSelectors:
    - apiVersion: helm.toolkit.fluxcd.io/v2
      kind: HelmRelease
      name: shop
  overrideRules:
    - targetCluster:
        clusterNames: [member2]
      overriders:
        plaintext:
          - path: /spec/values/replicas
            operator: replace
            value: 3
---
apiVersion: policy.karmada.io/v1alpha1
kind: PropagationPolicy
metadata:
  name: all
  namespace: apps
spec:
  resourceSelectors:
    - apiVersion: helm.toolkit.fluxcd.io/v2
      kind: HelmRelease
    - apiVersion: source.toolkit.fluxcd.io/v1
      kind: HelmRepository
    - apiVersion: v1
      kind: Secret
  placement:
    clusterAffinity:
      clusterNames: [member1, member2]
`;

const uri = 'file:///w/shop.yaml';
const target = { context: 'prod', server: 'https://prod.example.com', title: 'shop.yaml' };

/** Everything from documents to journals over a server in memory, whose members nobody works for. */
function chain() {
  const api = fakePushApi();
  const journals = memoryJournals();
  const model: PlaneModel = {
    model: createFleetModel(),
    onDidChange: () => () => undefined,
    plane: () => planeOf([...api.objects.values()].filter((object) => object['kind'] !== 'Secret')),
  };
  const ports = { api, journals, model, clock: instantClock() };
  const told: string[] = [];
  const tell = (review: PushReview, journal?: Journal): void => {
    told.push(...textsOf(review, journal), ...journals.texts.values());
  };
  return {
    ...{ api, ports, journals, told },
    sources: (value: string): readonly PushSource[] =>
      workspaceOf({ [uri]: documents(value) }).pushSources([uri]),
    async review(sources: readonly PushSource[]): Promise<PushReview> {
      const review = await preparePush(ports, { ...target, sources, choices: [] });
      tell(review);
      return review;
    },
    async run(review: PushReview, id: string): Promise<Journal> {
      const journal = await runPush(ports, review, { id, isSkipped: () => true });
      tell(review, journal);
      return journal;
    },
    tell,
  };
}

/** All that anybody can see of a review and its journal; documents themselves are the user's own. */
function textsOf(review: PushReview, journal?: Journal): readonly string[] {
  const plain = JSON.stringify(review, (key: string, value: unknown) =>
    key === 'source' ? undefined : value,
  );
  const account = journal
    ? accountOf(journal)
    : accountOf({
        ...{ version: 1, id: '', startedAt: 0, review, state: 'stopped' },
        states: review.steps.map(() => ({ type: 'waiting' })),
      });
  const picture = { isProtected: false, unsaved: [], isOutdated: false, now: 0, waitingFor: [] };
  const lines = (['review', 'stopped'] as const).flatMap((stage) =>
    pushTree({ ...picture, review, stage, account }).flatMap(linesOf),
  );
  const sides = [
    ...review.changes.map((change) => changeTexts(change)),
    ...review.effects.map((effect) => manifestTexts(effect)),
  ].flatMap(({ before, after }) => [before, after]);
  return [
    ...[plain, ...lines, ...sides, confirmationDetail(review), ...hindrances(review)],
    ...leftLines(account),
    ...(journal ? [accountText(journal, account)] : []),
  ];
}

function linesOf({ label, description, tooltip, children }: PushLine): readonly string[] {
  return [`${label}\n${description}\n${tooltip}`, ...children.flatMap(linesOf)];
}

function assertHidden(told: readonly string[]): void {
  for (const text of told) {
    for (const value of hidden) assert.ok(!text.includes(value), `${value} is in\n${text}`);
  }
}

test('documents, review, run, rollout and undo mean the same objects, clusters and manifests', async () => {
  const { api, review: reviewed, run, sources, ports } = chain();
  const written = sources(values[0]);
  const review = await reviewed(written);
  assert.deepEqual(hindrances(review), []);
  const keys = workspaceOf({ [uri]: documents(values[0]) })
    .templates()
    .map(({ key }) => key);
  const appearing = review.effects.filter(({ type }) => type === 'appears');
  assert.deepEqual(
    appearing.map(({ template }) => template).filter((key) => !keys.includes(key)),
    [],
  );
  assert.equal(new Set(appearing.map(({ template }) => template)).size, 3);
  for (const step of review.steps) {
    const waited = step.type === 'settle' ? step.works : [];
    for (const { template, clusters, manifest } of waited) {
      assert.ok(keys.includes(template), template);
      for (const cluster of manifest ? clusters : []) {
        const effect = appearing.find(
          (one) => one.template === template && one.clusters.includes(cluster),
        );
        // Of Secrets both know the keys alone, each in its own way.
        assert.ok(isSameManifest(manifest ?? {}, effect?.after ?? {}), template);
      }
    }
  }
  const replicas = appearing
    .filter(({ template }) => template.includes('/HelmRelease/'))
    .map(({ clusters, after }) => [clusters, memberAt(after, 'spec', 'values', 'replicas')]);
  assert.deepEqual(replicas, [
    [['member1'], 1],
    [['member2'], 3],
  ]);

  const journal = await run(review, 'push');
  assert.equal(journal.state, 'done', JSON.stringify(accountOf(journal)));
  assert.deepEqual(
    api.writes,
    review.steps.flatMap((step) => {
      if (!('change' in step)) return [];
      const { kind, namespace, name } = step.change.reference;
      return [`apply ${kind}/${namespace}/${name}`];
    }),
  );
  // What was written is what the review said of it.
  for (const { reference, after } of review.changes) {
    const held = api.objects.get(`${reference.kind}/${reference.namespace}/${reference.name}`);
    if (reference.kind !== 'Secret') assert.deepEqual(held?.['spec'], after?.['spec']);
  }

  const expectations = expectationsOf(review);
  assert.deepEqual(
    expectations.map(
      ({ template: { apiVersion, kind, namespace, name } }) =>
        `${apiVersion}/${kind}/${namespace}/${name}`,
    ),
    appearing.map(({ template }) => template),
  );
  const { model } = ports.model;
  const templates = expectations.map(({ template }) => template);
  const baseline = rolloutBaseline(model, templates);
  const rollout = rolloutOf(model, { expectations, since: 0, baseline }, 1);
  assert.deepEqual(
    new Set(rollout.lines.map(({ template, cluster }) => `${template.name} ${cluster}`)),
    new Set(
      appearing.flatMap(({ template, clusters }) =>
        clusters.map((cluster) => `${template.split('/').at(-1)} ${cluster}`),
      ),
    ),
  );

  const again = await reviewed(sources(values[0]));
  assert.deepEqual(
    again.changes.map(({ type }) => type),
    again.changes.map(() => 'unchanged'),
  );
  assert.deepEqual(again.steps, []);

  const undo = await prepareUndo(ports, journal);
  assert.deepEqual(
    new Set(undo.changes.map(({ reference, type }) => `${type} ${reference.kind}`)),
    new Set(review.changes.map(({ reference }) => `delete ${reference.kind}`)),
  );
  const undone = await run(undo, 'undo');
  assert.equal(undone.state, 'done', JSON.stringify(accountOf(undone)));
  assert.equal(api.objects.size, 0);
  assert.equal(readJournal(ports.journals.texts.get('push') ?? '')?.state, 'undone');
});

test('no value of a Secret is in a review, a journal, an account or a line, whatever happens', async () => {
  const { api, review: reviewed, run, sources, ports, told, tell } = chain();
  const first = await run(await reviewed(sources(values[0])), '1');
  assert.equal(first.state, 'done');

  // Refused while it runs, with its value in the server's words; then resumed with other values, then undone.
  const change = await reviewed(sources(values[1]));
  const secret = change.changes.find(({ reference }) => reference.kind === 'Secret');
  assert.deepEqual(secret?.secretKeys, ['password', 'token']);
  const detail = `admission webhook "w" denied the request: data.password: Invalid value: "${values[1]}"`;
  api.fault = (when, write) => {
    if (when === 'before' && write.startsWith('apply Secret/')) {
      throw new KubeError('forbidden', detail, { detail, status: 403 });
    }
  };
  const stopped = await run(change, '2');
  assert.equal(stopped.state, 'stopped');
  const refused = await reviewed(sources(values[1])).catch((error: unknown) => String(error));
  told.push(typeof refused === 'string' ? refused : JSON.stringify(hindrances(refused)));
  api.fault = undefined;
  const kept = readJournal(ports.journals.texts.get('2') ?? '') ?? assert.fail('no journal');
  const bare = await resumePush(ports, kept, { isSkipped: () => true });
  tell(bare.review, bare);
  assert.equal(bare.state, 'stopped', 'it went on without the values');
  const resumed = await resumePush(ports, kept, {
    sources: sources(values[2]),
    isSkipped: () => true,
  });
  tell(resumed.review, resumed);
  assert.equal(resumed.state, 'done', JSON.stringify(accountOf(resumed)));
  assert.deepEqual(memberAt(api.objects.get('Secret/apps/registry'), 'data'), {
    password: base64(values[2]),
    token: base64(values[2]),
  });

  // Somebody else changes it; the undo and another push tell of that.
  const held = api.objects.get('Secret/apps/registry') ?? assert.fail('no Secret');
  api.put({ ...held, data: { password: base64(values[3]), more: base64(values[3]) } });
  for (const id of ['1', '2']) {
    const journal = readJournal(ports.journals.texts.get(id) ?? '') ?? assert.fail(id);
    tell(await prepareUndo(ports, journal), journal);
  }
  await run(await reviewed(sources(values[1])), '3');
  assert.ok(told.length > 100);
  assertHidden(told);
  const everything: JsonObject = { told: [...told], journals: [...ports.journals.texts.values()] };
  assert.ok(JSON.stringify(everything).includes('password'), 'keys are shown');
});
