import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cluster } from '../../../../support/documents.ts';
import { marked } from '../../../../support/marked.ts';
import { base, fixed, found, patch, policy, rule, withRules } from './overrideDocuments.ts';

const member3 = '{ clusterNames: [member3] }';
const member1 = '{ clusterNames: [member1] }';
const replicas = patch('/spec/values/replicaCount', 'replace', '2');

test('an override that does what it says has no finding', () => {
  const documents = withRules(
    rule([replicas, patch('/spec/values/args/-', 'add', 'c')], member1),
    rule([patch('/spec/values/extra', 'add', '{ a: 1 }')]),
  );
  assert.deepEqual(marked(documents), []);
});

test('a target to which no affinity sends the release never applies', () => {
  assert.deepEqual(found(withRules(rule([replicas], member3)), 'override-never-applies'), [
    'targetCluster: PropagationPolicy apps/everywhere sends HelmRelease apps/podinfo only to member1 and member2, so this rule for member3 never applies; change the target or the placement.',
  ]);
});

test('a target that no cluster matches never applies', () => {
  const target = '{ labelSelector: { matchLabels: { tier: gold } } }';
  assert.match(
    found(withRules(rule([replicas], target)), 'override-never-applies')[0] ?? '',
    /^targetCluster: No cluster of the fleet matches this target/,
  );
});

test('what the assumed clusters lack decides nothing', () => {
  const { 'fleet.yaml': _fleet, ...documents } = withRules(
    rule([replicas], '{ labelSelector: { matchLabels: { tier: gold } } }'),
  );
  assert.deepEqual(found(documents, 'override-never-applies'), []);
});

test('a backup group is a place where an override may apply', () => {
  const placement = `  placement:
    clusterAffinities:
      - affinityName: primary
        clusterNames: [member1]
      - affinityName: backup
        clusterNames: [member3]
`;
  const documents = {
    ...withRules(rule([replicas], member3)),
    'propagation.yaml': base['propagation.yaml'].replace(/ {2}placement:[^]*/, placement),
  };
  assert.deepEqual(marked(documents), []);
});

test('removes a rule that never applies', () => {
  const documents = withRules(rule([replicas], member1), rule([replicas], member3));
  const [title, after] = fixed(documents, 'override-never-applies') ?? [];
  assert.equal(title, 'Remove the rule');
  assert.equal(after, policy('change', [rule([replicas], member1)]));
});

test('a failing entry has one finding, however many clusters and templates', () => {
  const documents = {
    ...withRules(rule([patch('/spec/values/none', 'replace', '1')])),
    'other.yaml': base['release.yaml'].replace('name: podinfo\n', 'name: other\n'),
  };
  assert.deepEqual(found(documents, 'override-fails'), [
    '/spec/values/none: This fails for HelmRelease apps/other and 1 more on member1 and member2, so Karmada delivers nothing new there: replace operation does not apply: doc is missing key: /spec/values/none: missing value',
  ]);
});

test('changes a replace of what is not there to add', () => {
  const documents = withRules(rule([patch('/spec/values/none', 'replace', '1')]));
  const [title, after] = fixed(documents, 'override-fails') ?? [];
  assert.equal(title, 'Change to add');
  assert.equal(after, policy('change', [rule([patch('/spec/values/none', 'add', '1')])]));
});

test('adds the parents that are missing', () => {
  const documents = withRules(rule([patch('/spec/values/new/tag', 'add', '"2"')]));
  const [title, after = ''] = fixed(documents, 'override-fails') ?? [];
  assert.equal(title, 'Add new with it');
  assert.deepEqual(marked({ ...documents, 'change.yaml': after }), []);
  assert.match(after, /path: \/spec\/values\/new, operator: add, value: \{ ?tag: "2" ?\}/);
});

test('an add over a mapping tells what is lost', () => {
  const entry = patch('/spec/values/image', 'add', '{ tag: "2", pull: { secret: x } }');
  const documents = withRules(rule([entry], member1));
  assert.deepEqual(found(documents, 'override-replaces-subtree'), [
    '/spec/values/image: This add replaces all that is here, which takes repository, pull.policy from HelmRelease apps/podinfo on member1. Add key by key to keep it, or write replace if that is meant.',
  ]);
  const [title, after = ''] = fixed(documents, 'override-replaces-subtree') ?? [];
  assert.equal(title, 'Add key by key');
  assert.deepEqual(marked({ ...documents, 'change.yaml': after }), []);
  assert.match(after, /path: \/spec\/values\/image\/tag, operator: add, value: "2"/);
  assert.match(after, /path: \/spec\/values\/image\/pull\/secret/);
});

test('an add that keeps all that was there is no finding', () => {
  const whole = '{ repository: r, tag: "2", pull: { policy: Never }, more: 1 }';
  const documents = withRules(
    rule([
      patch('/spec/values/image', 'add', whole),
      patch('/spec/values/args/0', 'add', 'first'),
      patch('/spec/values/args/-', 'add', 'last'),
    ]),
  );
  assert.deepEqual(found(documents, 'override-replaces-subtree'), []);
});

test('adds to a list instead of replacing it', () => {
  const documents = withRules(rule([patch('/spec/values/args', 'add', '[c]')]));
  assert.match(
    found(documents, 'override-replaces-subtree')[0] ?? '',
    /takes items of the list from HelmRelease apps\/podinfo on member1 and member2/,
  );
  const [title, after = ''] = fixed(documents, 'override-replaces-subtree') ?? [];
  assert.equal(title, 'Add at the end of the list');
  assert.match(after, /path: \/spec\/values\/args\/-, operator: add, value: c /);
});

test('of two policies that differ by name only the loser is told', () => {
  const five = patch('/spec/values/replicaCount', 'replace', '5');
  const documents = {
    ...base,
    'a.yaml': policy('a', [rule([replicas])]),
    'b.yaml': policy('b', [rule([five], member1)]),
  };
  const [conflict, ...more] = marked(documents);
  assert.deepEqual(more, []);
  assert(conflict);
  const { code, uri, severity, message, related } = conflict;
  assert.deepEqual([code, uri, severity], ['override-conflict', 'a.yaml', 'warning']);
  assert.match(message, /^On member1, OverridePolicy apps\/b, rule 1, plaintext 1 sets another/);
  assert.equal(related?.[0]?.uri, 'b.yaml');
});

test('a layer that the closer selection replaces here and there is an information', () => {
  const five = patch('/spec/values/replicaCount', 'replace', '5');
  const layers = {
    ...base,
    'z.yaml': policy('z', [rule([replicas])]),
    'a.yaml': policy('a', [rule([five], member1)], 'podinfo'),
  };
  assert.deepEqual(
    marked(layers).map(({ code, uri, severity }) => [code, uri, severity]),
    [['override-conflict', 'z.yaml', 'information']],
  );
});

test('an exception within a policy is what rules are for, a rule that always loses is not', () => {
  const five = patch('/spec/values/replicaCount', 'replace', '5');
  assert.deepEqual(marked(withRules(rule([replicas]), rule([five], member1))), []);
  const lost = found(withRules(rule([replicas], member1), rule([five])), 'override-conflict');
  assert.equal(lost.length, 1);
  assert.match(lost[0] ?? '', /comes later in the policy/);
});

test('a rule for each of many clusters under one for all is judged in little time', () => {
  const names = Array.from({ length: 800 }, (_, i) => `c${i}`);
  const own = names.map((name, i) =>
    rule(
      [patch('/spec/values/replicaCount', 'replace', `${i + 10}`)],
      `{ clusterNames: [${name}] }`,
    ),
  );
  const documents = {
    ...withRules(...own, rule([replicas])),
    'fleet.yaml': names.map((name) => cluster(name)).join(''),
    'propagation.yaml': base['propagation.yaml'].replace(/ {2}placement:[^]*/, ''),
  };
  const started = performance.now();
  assert.equal(found(documents, 'override-conflict').length, names.length);
  assert.ok(performance.now() - started < 4_000);
});

test('entries that add to one place go together', () => {
  const documents = {
    ...base,
    'a.yaml': policy('a', [rule([patch('/spec/values/args/-', 'add', 'c')])]),
    'b.yaml': policy('b', [rule([patch('/spec/values/args/-', 'add', 'd')])]),
    'c.yaml': policy('c', [rule([patch('/spec/values/image', 'replace', '{ tag: "2" }')])]),
    'd.yaml': policy('d', [rule([patch('/spec/values/image/pull', 'add', 'Never')])]),
  };
  assert.deepEqual(marked(documents), []);
});

test('the same value twice is no conflict but an entry without effect', () => {
  const documents = {
    ...base,
    'a.yaml': policy('a', [rule([replicas])]),
    'b.yaml': policy('b', [rule([replicas])]),
  };
  assert.deepEqual(
    marked(documents).map(({ code, uri }) => [code, uri]),
    [['override-no-effect', 'b.yaml']],
  );
});

test('entries that change nothing', () => {
  const documents = withRules(
    '{ overriders: { imageOverrider: [{ component: Tag, operator: replace, value: "2" }] } }',
    '{ overriders: { labelsOverrider: [{ operator: replace, value: { tier: gold } }] } }',
    rule([
      patch('/spec/values/replicaCount', 'replace', '1'),
      patch('/metadata/finalizers', 'add', '[x]'),
    ]),
  );
  const texts = found(documents, 'override-no-effect');
  assert.deepEqual(
    texts.map((text) => text.slice(0, text.indexOf(':'))),
    ['component', 'operator', '/spec/values/replicaCount', '/metadata/finalizers'],
  );
  assert.match(texts[0] ?? '', /imageOverrider looks for containers, which a HelmRelease/);
  assert.match(texts[1] ?? '', /No label of this name .* nothing to replace/);
  assert.match(texts[2] ?? '', /already has what it says/);
  assert.match(texts[3] ?? '', /takes metadata\.finalizers out/);
});

test('an entry that has its effect on one cluster has one', () => {
  const documents = withRules(rule([replicas], member1), rule([replicas]));
  assert.deepEqual(marked(documents), []);
});

test('changes a replace of a label that is not there to add', () => {
  const label = (operator: string): string =>
    `{ overriders: { labelsOverrider: [{ operator: ${operator}, value: { tier: gold } }] } }`;
  assert.deepEqual(fixed(withRules(label('replace')), 'override-no-effect'), [
    'Change to add',
    policy('change', [label('add')]),
  ]);
});

test('a release that moves', () => {
  const documents = withRules(rule([patch('/spec/targetNamespace', 'add', 'web')], member1));
  assert.match(
    found(documents, 'override-moves-release')[0] ?? '',
    /^\/spec\/targetNamespace: On member1 this makes the release name web-podinfo instead of podinfo and makes the target namespace web instead of apps for HelmRelease apps\/podinfo\./,
  );
  const same = withRules(rule([patch('/spec/targetNamespace', 'add', 'apps')]));
  const explicit = {
    ...same,
    'release.yaml': base['release.yaml'].replace(
      'interval: 5m',
      'interval: 5m\n  releaseName: podinfo',
    ),
  };
  assert.deepEqual(found(explicit, 'override-moves-release'), []);
});

test('a result that the API server of a cluster refuses', () => {
  const documents = withRules(
    rule([patch('/spec/interval', 'replace', 'soon')], member1),
    rule([patch('/spec/chart', 'remove')], '{ clusterNames: [member2] }'),
    rule([patch('/spec/intervall', 'add', '1m')], member1),
  );
  const invalid = found(documents, 'result-invalid');
  assert.equal(invalid.length, 2);
  assert.match(invalid[0] ?? '', /^\/spec\/interval: With this, the API server of member1 refuses/);
  assert.match(invalid[1] ?? '', /^\/spec\/chart: .* either chart or chartRef must be set/);
  assert.match(
    found(documents, 'override-no-effect')[0] ?? '',
    /^\/spec\/intervall: There is no field spec\.intervall \(did you mean interval\?\)/,
  );
});

test('a later entry that mends the result leaves nothing to tell', () => {
  const documents = withRules(
    rule([patch('/spec/interval', 'remove'), patch('/spec/interval', 'add', '7m')]),
  );
  assert.deepEqual(found(documents, 'result-invalid'), []);
});
