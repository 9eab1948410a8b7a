import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import fc from 'fast-check';
import type { JsonObject, JsonValue } from '../../../../src/engine/index.ts';
import { isObject, memberAt, stringMember } from '../../../../src/engine/index.ts';
import { createExplainer, whyDocument, type Why } from '../../../../src/live/index.ts';
import { modelOf, recordedObjects, whyFleetOf } from '../../../support/releasesFixture.ts';

const recorded = recordedObjects();
const served = new Map([
  ['helm.toolkit.fluxcd.io', ['v2']],
  ['source.toolkit.fluxcd.io', ['v1']],
]);
const explain = createExplainer();

interface Asked {
  readonly name: string;
  readonly cluster?: string;
  readonly kind?: string;
  readonly apiVersion?: string;
  readonly objects?: readonly JsonObject[];
}

function why({ name, cluster, kind = 'HelmRelease', apiVersion, objects = recorded }: Asked): Why {
  const isPolicy = kind.endsWith('Policy');
  return explain({
    subject: {
      apiVersion:
        apiVersion ?? (isPolicy ? 'policy.karmada.io/v1alpha1' : 'helm.toolkit.fluxcd.io/v2'),
      kind,
      namespace: 'apps',
      name,
    },
    ...(cluster === undefined ? {} : { cluster }),
    fleet: whyFleetOf(modelOf(objects)),
    served,
  });
}

const named = (object: JsonObject, kind: string, name: string) =>
  object['kind'] === kind && memberAt(object, 'metadata', 'name') === name;
const titles = ({ problems }: Why) =>
  problems.map(({ title }) =>
    title
      .map((piece) =>
        typeof piece === 'string' ? piece : 'quote' in piece ? piece.quote : piece.text,
      )
      .join(''),
  );
const textOf = (asked: Asked) => whyDocument(why(asked)).text;

const goldens: readonly [file: string, asked: Asked][] = [
  ['podinfo.md', { name: 'podinfo' }],
  ['podinfo-member1.md', { name: 'podinfo', cluster: 'member1' }],
  ['podinfo-member2.md', { name: 'podinfo', cluster: 'member2' }],
  ['podinfo-member3.md', { name: 'podinfo', cluster: 'member3' }],
  ['existing.md', { name: 'existing' }],
  ['nochart.md', { name: 'nochart' }],
  ['nofit.md', { name: 'nofit' }],
  ['paused.md', { name: 'paused' }],
  ['policy.md', { name: 'everything', kind: 'PropagationPolicy' }],
  ['override.md', { name: 'bad-override', kind: 'OverridePolicy' }],
];
for (const [file, asked] of goldens) {
  test(`what is written of ${file.replace('.md', '')}`, () => {
    const path = `test/fixtures/live/why/${file}`;
    const text = textOf(asked);
    if (process.env['UPDATE_GOLDENS']) writeFileSync(path, text);
    assert.equal(text, readFileSync(path, 'utf8'));
  });
}

test('links lead to where the text names the object', () => {
  const document = whyDocument(why({ name: 'podinfo', cluster: 'member1' }), {
    findDraft: ({ kind }) => (kind === 'HelmRelease' ? 'file:///podinfo.yaml#L5,3' : undefined),
  });
  const lines = document.text.split('\n');
  const at = document.links.map(({ line, start, end }) => (lines[line] ?? '').slice(start, end));
  assert.ok(at.includes('apps/podinfo'), String(at));
  assert.ok(at.includes('PropagationPolicy apps/everything'));
  assert.ok(at.some((text) => text.startsWith('karmada-es-member1/podinfo-')));
  assert.ok(at.includes('draft'));
  const members = document.links.filter(({ target }) => 'cluster' in target);
  assert.deepEqual(
    members.map(({ target }) => 'cluster' in target && target.cluster),
    ['member1'],
  );
});

test('an override that fails is a problem although the binding is fully applied', () => {
  const answer = why({ name: 'podinfo' });
  assert.deepEqual(titles(answer), [
    'member2: override failing by OverridePolicy apps/bad-override',
  ]);
  assert.match(answer.problems[0]?.message ?? '', /missing path: \/spec\/values\/image\/tag/);
  assert.ok(answer.notes.some((note) => note.includes('FullyApplied')));
});

/** The recorded events on podinfo, and one later that says how its Works went. */
function withEvent(objects: readonly JsonObject[], type: string, reason: string, message: string) {
  const failed = objects.find(
    (each) =>
      stringMember(each, 'reason') === 'SyncWorkFailed' &&
      memberAt(each, 'involvedObject', 'name') === 'podinfo',
  );
  const metadata = { ...object(failed, 'metadata'), name: 'later', resourceVersion: '999999999' };
  return [...objects, { ...failed, metadata, type, reason, message }];
}

test('good news is no problem, and ends what it speaks of', () => {
  const well = recorded.filter((each) => !named(each, 'OverridePolicy', 'bad-override'));
  const news = 'Sync work of ResourceBinding(apps/podinfo-helmrelease) successful.';
  const answer = why({
    name: 'podinfo',
    objects: withEvent(well, 'Normal', 'SyncWorkSucceed', news),
  });
  assert.deepEqual(titles(answer), []);
  assert.equal(answer.state, 'ok');
  assert.ok(answer.events.length > 0 && answer.events.every(({ isOver }) => isOver));
  assert.ok(!whyDocument(answer).text.includes('SyncWorkSucceed'));
  const override = { name: 'bad-override', kind: 'OverridePolicy' };
  assert.notDeepEqual(titles(why(override)), []);
  const ended = withEvent(recorded, 'Normal', 'SyncWorkSucceed', news);
  assert.deepEqual(titles(why({ ...override, objects: ended })), []);
});

test('events tell of an override that fails before the policies are read', () => {
  const unread = (objects: readonly JsonObject[]) => {
    const fleet = { ...whyFleetOf(modelOf(objects)), hasPolicies: false };
    const subject = { apiVersion: 'helm.toolkit.fluxcd.io/v2', kind: 'HelmRelease' };
    return explain({ subject: { ...subject, namespace: 'apps', name: 'podinfo' }, fleet });
  };
  assert.match(titles(unread(recorded)).join(), /^member2: override failing$/);
  const ended = withEvent(recorded, 'Normal', 'SyncWorkSucceed', 'successful.');
  assert.deepEqual(titles(unread(ended)), []);
});

test('a release without a policy goes nowhere, and a policy in another version is named', () => {
  const objects = recorded
    .filter(
      (object) =>
        !['ResourceBinding', 'Work', 'Event'].includes(stringMember(object, 'kind')) &&
        !named(object, 'PropagationPolicy', 'everything'),
    )
    .map((object) => {
      if (named(object, 'PropagationPolicy', 'low')) {
        return withText(object, 'helm.toolkit.fluxcd.io/v2', 'helm.toolkit.fluxcd.io/v2beta2');
      }
      return named(object, 'HelmRelease', 'podinfo') ? unclaimed(object) : object;
    });
  const answer = why({ name: 'podinfo', objects });
  assert.equal(answer.summary, 'Nothing is propagated: no policy selects it.');
  assert.deepEqual(titles(answer), ['No policy selects it']);
  assert.match(answer.problems[0]?.advice?.action ?? '', /apiVersion: helm.toolkit.fluxcd.io\/v2 /);
  assert.match(answer.policies[0]?.says ?? '', /v2beta2; the object is .*\/v2, and Karmada/);
});

test('a binding that is not there yet, and a version that Karmada does not look at', () => {
  const objects = recorded.filter(
    (object) => !['ResourceBinding', 'Work', 'Event'].includes(stringMember(object, 'kind')),
  );
  assert.deepEqual(titles(why({ name: 'podinfo', objects })), ['No ResourceBinding yet']);
  const old = why({ name: 'podinfo', objects, apiVersion: 'helm.toolkit.fluxcd.io/v2beta2' });
  assert.ok(old.notes.some((note) => note.includes('preferred version')));
});

test('what a policy that is gone has placed stays', () => {
  const objects = recorded.filter((object) => !named(object, 'PropagationPolicy', 'everything'));
  const answer = why({ name: 'podinfo', objects });
  assert.match(titles(answer).join(), /PropagationPolicy\/apps\/everything: the policy is gone/);
  assert.ok(answer.notes.some((note) => note.includes('That alone removes nothing')));
});

test('what no policy has any more is ready, and yet not well', () => {
  const objects = recorded
    .filter((each) => !stringMember(each, 'kind').endsWith('Policy'))
    .map((each) => (named(each, 'HelmRelease', 'paused') ? unclaimed(each, 'paused') : each));
  const answer = why({ name: 'paused', objects });
  assert.ok(titles(answer).includes('No policy has it any more'), String(titles(answer)));
  assert.match(
    answer.hops[1]?.says.map((piece) => Object.values(piece)[0]).join() ?? '',
    /any more/,
  );
});

test('a policy that was written without the webhook is told by its empty id', () => {
  const objects = recorded.map((object) => {
    if (named(object, 'ResourceBinding', 'podinfo-helmrelease')) return { ...object, status: {} };
    return named(object, 'HelmRelease', 'podinfo') ? withEmptyId(object) : object;
  });
  const { notes } = why({ name: 'podinfo', objects });
  assert.ok(
    notes.some((note) => note.includes('permanent id')),
    String(notes),
  );
});

test('nobody is said to claim anything before the policies are read', () => {
  const objects = recorded.filter((each) => !stringMember(each, 'kind').endsWith('Policy'));
  const fleet = { ...whyFleetOf(modelOf(objects)), hasPolicies: false };
  const subject = {
    apiVersion: 'helm.toolkit.fluxcd.io/v2',
    kind: 'HelmRelease',
    namespace: 'apps',
  };
  const answer = explain({ subject: { ...subject, name: 'paused' }, fleet, served });
  assert.deepEqual(titles(answer), ['member2: dispatch suspended']);
  assert.deepEqual(answer.policies, []);
  assert.equal(answer.hops[1]?.state, 'ok');
});

test('where bindings may not be read, nothing is said of a binding that is missing', () => {
  const objects = recorded.filter(
    (each) => !stringMember(each, 'kind').endsWith('ResourceBinding'),
  );
  const subject = {
    apiVersion: 'helm.toolkit.fluxcd.io/v2',
    kind: 'HelmRelease',
    namespace: 'apps',
    name: 'podinfo',
  };
  const asked = (hasBindings: boolean, cluster?: string) => {
    const fleet = { ...whyFleetOf(modelOf(objects)), hasBindings };
    return explain({ subject, fleet, served, ...(cluster === undefined ? {} : { cluster }) });
  };
  assert.match(whyDocument(asked(true)).text, /karmada-controller-manager/);
  for (const cluster of [undefined, 'member1']) {
    const answer = asked(false, cluster);
    assert.equal(answer.summary, 'Bindings cannot be read: rights missing.');
    assert.equal(answer.state, 'info');
    const { text } = whyDocument(answer);
    assert.doesNotMatch(
      text,
      /karmada-controller-manager|no ResourceBinding|no binding|not chosen/i,
    );
  }
});

test('a thousand clusters are groups with a few names', () => {
  const [cluster = {}] = recorded.filter(({ kind }) => kind === 'Cluster');
  const binding = recorded.find((object) =>
    named(object, 'ResourceBinding', 'podinfo-helmrelease'),
  );
  const names = Array.from({ length: 1000 }, (_, i) => `c${i}`);
  const report = memberAt(binding ?? {}, 'status', 'aggregatedStatus');
  const status = Array.isArray(report) ? report[0] : {};
  const objects = [
    ...recorded.filter(
      (each) => !['Cluster', 'ResourceBinding', 'Work'].includes(stringMember(each, 'kind')),
    ),
    ...names.map((name) => ({ ...cluster, metadata: { name } })),
    {
      ...binding,
      spec: { ...object(binding, 'spec'), clusters: names.map((name) => ({ name })) },
      status: {
        ...object(binding, 'status'),
        aggregatedStatus: names.map((clusterName) => ({ ...status, clusterName })),
      },
    },
  ];
  const { text } = whyDocument(why({ name: 'podinfo', objects }));
  assert.match(text, /✓ 1000 ready +\| c0, c1, c2, c3, .* \+ 988 more/);
  assert.ok(text.length < 10_000);
});

const hostile = '<img src=x onerror=alert(1)> [x](http://evil) `code` |\n## h http://e.example';
test('words of a cluster are neither markup nor links', () => {
  const objects = recorded.map((object) =>
    named(object, 'ResourceBinding', 'nofit-helmrelease') ||
    named(object, 'ResourceBinding', 'existing-helmrelease')
      ? (JSON.parse(
          JSON.stringify(object, (key, value: unknown) => (key === 'message' ? hostile : value)),
        ) as JsonObject)
      : object,
  );
  const text = textOf({ name: 'nofit', objects }) + textOf({ name: 'existing', objects });
  assert.ok(text.includes('img src'));
  assert.doesNotMatch(text, /(?<!\\)<img|(?<!\\)\[x\]|:\/\/|(?<!\\)`|^## h/m);
});

test('nothing throws, whatever the rows hold', () => {
  const odd = fc.constantFrom<JsonValue>(null, 0, '', 'x', [], {}, [null], { name: null }, hostile);
  const change = fc.record({
    at: fc.nat(recorded.length - 1),
    path: fc.array(fc.nat(20), { minLength: 1, maxLength: 6 }),
    value: odd,
  });
  fc.assert(
    fc.property(fc.array(change, { minLength: 1, maxLength: 8 }), (changes) => {
      const objects = [...recorded];
      for (const { at, path, value } of changes) {
        objects[at] = changed(objects[at] ?? {}, path, value) as JsonObject;
      }
      const fleet = whyFleetOf(modelOf(objects));
      for (const [kind, name, cluster] of [
        ['HelmRelease', 'podinfo', undefined],
        ['HelmRelease', 'existing', 'member2'],
        ['PropagationPolicy', 'everything', undefined],
        ['OverridePolicy', 'bad-override', undefined],
      ] as const) {
        const subject = { apiVersion: 'helm.toolkit.fluxcd.io/v2', kind, namespace: 'apps', name };
        const answer = explain({ subject, fleet, ...(cluster ? { cluster } : {}) });
        assert.equal(typeof whyDocument(answer).text, 'string');
      }
    }),
    { numRuns: 200 },
  );
});

/** The value with another one somewhere inside. */
function changed(
  value: JsonValue,
  [first = 0, ...rest]: readonly number[],
  by: JsonValue,
): JsonValue {
  if (Array.isArray(value) && value.length > 0) {
    const at = first % value.length;
    return value.with(at, rest.length === 0 ? by : changed(value[at] ?? null, rest, by));
  }
  if (!isObject(value)) return by;
  const keys = Object.keys(value);
  const key = keys[first % keys.length];
  if (key === undefined) return by;
  return { ...value, [key]: rest.length === 0 ? by : changed(value[key] ?? null, rest, by) };
}

function withText(object: JsonObject, from: string, to: string): JsonObject {
  return JSON.parse(JSON.stringify(object).replaceAll(`"${from}"`, `"${to}"`)) as JsonObject;
}

function unclaimed(release: JsonObject, name = 'podinfo'): JsonObject {
  return { ...release, metadata: { name, namespace: 'apps', generation: 1 } };
}

function withEmptyId(release: JsonObject): JsonObject {
  const metadata = object(release, 'metadata');
  const labels = { 'propagationpolicy.karmada.io/permanent-id': '' };
  return { ...release, metadata: { ...metadata, labels } };
}

function object(value: JsonObject | undefined, key: string): JsonObject {
  const found = value?.[key];
  return isObject(found) ? found : {};
}
