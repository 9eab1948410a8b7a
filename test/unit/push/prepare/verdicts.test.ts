import assert from 'node:assert/strict';
import { test } from 'node:test';
import { KubeError } from '../../../../src/live/index.ts';
import { verdictsOf, warningOf } from '../../../../src/push/prepare/verdicts.ts';

const release = { apiVersion: 'v2', kind: 'HelmRelease', namespace: 'a', name: 'b' };
const secret = { apiVersion: 'v1', kind: 'Secret', namespace: 'a', name: 'b' };
const said = (detail: string, reference = release): (readonly [string, string])[] =>
  verdictsOf(new KubeError('invalid', `It refuses: ${detail}`, { detail }), reference).map(
    ({ field, message }) => [field, message],
  );

test('reads what a server says of fields that it does not know', () => {
  const typed = 'failed to create typed patch object (a/b; v1, Kind=X): ';
  const unknown = (field: string) => [field, `The server does not know the field ${field}.`];
  assert.deepEqual(said(`${typed}.spec.intervall: field not declared in schema`), [
    unknown('spec.intervall'),
  ]);
  assert.deepEqual(
    said(
      `${typed}errors:\n  .spec.a: field not declared in schema\n  .spec.b[0].c: expected string, got &{7}`,
    ),
    [unknown('spec.a'), ['spec.b[0].c', 'spec.b[0].c: expected string.']],
  );
  assert.deepEqual(
    said(
      'HelmRelease in version "v2" cannot be handled: strict decoding error: unknown field "spec.x", duplicate field "spec.y"',
    ),
    [unknown('spec.x'), ['spec.y', 'The field spec.y is there twice.']],
  );
});

test("takes a webhook's refusal apart by fields", () => {
  const webhook = 'admission webhook "propagationpolicy.karmada.io" denied the request: ';
  const all = said(
    `${webhook}[spec.placement.spreadConstraints[0]: Invalid value: {"a":1,"b":[2]}: maxGroups lower than minGroups is not allowed, spec.placement.clusterAffinity.fieldSelector: Invalid value: {"c":[]}: unsupported operator "Gt", must be In or NotIn]`,
  );
  assert.deepEqual(all, [
    [
      'spec.placement.spreadConstraints[0]',
      'propagationpolicy.karmada.io refuses spec.placement.spreadConstraints[0]: Invalid value: {"a":1,"b":[2]}: maxGroups lower than minGroups is not allowed.',
    ],
    [
      'spec.placement.clusterAffinity.fieldSelector',
      'propagationpolicy.karmada.io refuses spec.placement.clusterAffinity.fieldSelector: Invalid value: {"c":[]}: unsupported operator "Gt", must be In or NotIn.',
    ],
  ]);
  assert.deepEqual(said(`${webhook}not today`), [
    ['', 'propagationpolicy.karmada.io refuses it: not today.'],
  ]);
  assert.deepEqual(said('admission webhook "x" denied the request without explanation'), [
    ['', 'x refuses it and does not say why.'],
  ]);
});

test('names webhooks that are down, and what may not be done', () => {
  const down = (why: string) =>
    said(
      `Internal error occurred: failed calling webhook "w.io": failed to call webhook: Post "https://w.svc:443/x?timeout=10s": ${why}`,
    )[0]?.[1];
  assert.match(
    down('context deadline exceeded') ?? '',
    /^The webhook w\.io does not answer in time/,
  );
  assert.match(down('dial tcp: connection refused') ?? '', /^The webhook w\.io cannot be reached/);
  assert.deepEqual(
    said(
      'clusters.cluster.karmada.io "a" is forbidden: User "u" cannot patch resource "clusters" in API group "cluster.karmada.io" at the cluster scope',
    ),
    [['', 'You may not patch clusters.cluster.karmada.io. Ask for a role that allows it.']],
  );
});

test('quotes nothing of a Secret', () => {
  const value = 'hunter2';
  const texts = [
    `failed to convert new object (a/b; /v1, Kind=Secret) to proper version: illegal base64 data ${value}`,
    `admission webhook "w" denied the request: data.password: Invalid value: "${value}": too short`,
    `failed to create typed patch object (a/b; /v1, Kind=Secret): .data.password: expected string, got &{${value}}`,
  ];
  for (const text of texts) {
    const all = said(text, secret);
    assert.ok(all.length > 0);
    assert.ok(!JSON.stringify(all).includes(value), JSON.stringify(all));
  }
});

test('puts a warning on the field that it begins with', () => {
  const text = 'spec.nodeSelector[beta.kubernetes.io/os]: deprecated since v1.14';
  assert.deepEqual(warningOf(text, release), {
    severity: 'warning',
    message: `${text}.`,
    field: 'spec.nodeSelector[beta.kubernetes.io/os]',
  });
  assert.equal(warningOf('v1beta1 is deprecated: use v1', release).field, '');
});

test('says that there is a warning of a Secret, and not what it quotes', () => {
  assert.deepEqual(warningOf('data.password: hunter2 is too short', secret), {
    severity: 'warning',
    message: 'The server warns of data.password; what it says is not shown.',
    field: 'data.password',
  });
});

test('names quotas and namespaces that are being deleted, of Secrets as well', () => {
  const said = (text: string, kind: string) => {
    const error = new KubeError('forbidden', text, { detail: text, status: 403 });
    const reference = { apiVersion: 'v1', kind, namespace: 'apps', name: 'a' };
    return verdictsOf(error, reference).map(({ message }) => message);
  };
  for (const kind of ['ConfigMap', 'Secret']) {
    assert.deepEqual(
      said(
        'secrets "a" is forbidden: exceeded quota: few, requested: count/secrets=1, used: count/secrets=5, limited: count/secrets=5',
        kind,
      ),
      [
        'The quota few leaves no room: it asks for count/secrets=1, used is count/secrets=5 of count/secrets=5.',
      ],
    );
    assert.deepEqual(
      said(
        'secrets "a" is forbidden: unable to create new content in namespace apps because it is being terminated',
        kind,
      ),
      ['The namespace apps is being deleted. Wait until it is gone and create it again.'],
    );
  }
});

test('names a webhook that takes no dry runs', () => {
  const text = 'admission webhook "audit.example.com" does not support dry run';
  const error = new KubeError('invalid', text, { detail: text, status: 400 });
  const reference = { apiVersion: 'v1', kind: 'Secret', namespace: 'apps', name: 'a' };
  assert.match(
    verdictsOf(error, reference)[0]?.message ?? '',
    /^The webhook audit\.example\.com takes no dry runs/,
  );
});

test('never leaves a refusal without a verdict', () => {
  for (const text of [
    'strict decoding error: something new',
    'failed to create typed patch object (a/b; v1, Kind=X): errors:\n',
    '',
  ]) {
    assert.equal(said(text).length, 1, text);
  }
});

test('names a namespace that is not there, but of no other object', () => {
  const missing = (name: string, reference = release) =>
    verdictsOf(
      new KubeError('notFound', 'x', { detail: `namespaces "${name}" not found` }),
      reference,
    ).map(({ message }) => message);
  const sentence =
    'The namespace a does not exist on the control plane. Push a Namespace together with this object, or create it first.';
  assert.deepEqual([missing('a'), missing('a', secret)], [[sentence], [sentence]]);
  const namespace = { apiVersion: 'v1', kind: 'Namespace', namespace: '', name: 'a' };
  assert.deepEqual(missing('a', namespace), ['namespaces "a" not found.']);
});
