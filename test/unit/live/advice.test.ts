import assert from 'node:assert/strict';
import { test } from 'node:test';
import { adviceFor } from '../../../src/live/advice.ts';
import { fluxAdvice } from '../../../src/live/adviceFlux.ts';
import { karmadaAdvice } from '../../../src/live/adviceKarmada.ts';

const said: readonly [reason: string, message: string, meaning: RegExp][] = [
  [
    'ScheduleBindingFailed',
    '0/3 clusters are available: 1 cluster(s) did not have the API resource, 1 cluster(s) had untolerated taint {a=b:NoSchedule}, 1 cluster(s) did not match the placement cluster affinity constraint.',
    /^None of 3 clusters fits: 1 without this kind in this version; 1 with the taint a=b:NoSchedule, .*; 1 outside the cluster affinity/,
  ],
  [
    'NoClusterFit',
    '0/0 clusters are available: no cluster exists.',
    /^None of 0 clusters fits: no cluster exists\./,
  ],
  [
    'SchedulerError',
    'failed to select clusters: the number of feasible region is less than spreadConstraint.MinGroups',
    /^Fewer region fit than the minGroups/,
  ],
  ['QuotaExceeded', 'admission webhook denied: quota', /FederatedResourceQuota/],
  [
    'ApplyOverridePolicyFailed',
    'Apply override policy(default/bad) for cluster(member2) failed.',
    /default\/bad cannot be applied for member2\./,
  ],
  [
    'SyncWorkFailed',
    'replace operation does not apply: doc is missing path: /spec/values/image/tag: missing value',
    /wants to replace \/spec\/values\/image\/tag, which/,
  ],
  [
    'SyncWorkFailed',
    'remove operation does not apply: doc is missing path: "/spec/x": missing value',
    /wants to remove \/spec\/x, which/,
  ],
  [
    'AppliedFailed',
    'Failed to apply all manifests (0/1): resource(kind=HelmRelease, apps/x) already exists in the cluster member2 and the work.karmada.io/conflict-resolution strategy value is empty, Karmada will not manage this resource',
    /^member2 already has a HelmRelease apps\/x that Karmada did not make/,
  ],
  ['AppliedFailed', 'cluster(member3) not ready', /^member3 is not ready/],
  [
    'SyncFailed',
    'no matches for kind "HelmRelease" in version "helm.toolkit.fluxcd.io/v2"',
    /does not have the kind HelmRelease of helm.toolkit.fluxcd.io\/v2\./,
  ],
  ['AppliedFailed', 'configmaps is forbidden: User "x" cannot create', /A right is missing\./],
  ['AggregateStatusFailed', 'etcdserver: request is too large', /larger than etcd accepts/],
  ['WorkDispatching', 'Work dispatching is in a suspended state.', /Dispatching is suspended/],
  ['DependencyPolicyConflict', '…', /do not agree/],
  [
    'DependencyNotReady',
    "dependency 'apps/nochart' is not ready",
    /waits for the release apps\/nochart/,
  ],
  [
    'SourceNotReady',
    "HelmChart 'apps/apps-nochart' is not ready: invalid chart reference: failed to get chart version for remote reference: no chart name found",
    /no chart of this name and version/,
  ],
  [
    'ValuesError',
    "could not resolve ConfigMap chart values reference 'apps/missing' with key 'values.yaml': configmaps \"missing\" not found",
    /^The ConfigMap apps\/missing in spec.valuesFrom is not on the cluster/,
  ],
  ['RetriesExceeded', 'Failed to install after 2 attempt(s)', /failed to install 2 times/],
  [
    'MissingRollbackTarget',
    'Failed to perform remediation: missing target release',
    /no earlier release/,
  ],
  [
    'InstallFailed',
    'Helm install failed for release apps/x with chart y@1: cannot re-use a name that is still in use',
    /already has a release of this name/,
  ],
  [
    'UpgradeFailed',
    'Helm upgrade failed for release apps/x with chart y@1: context deadline exceeded',
    /until the time-out/,
  ],
  [
    'AccessDenied',
    "can't access 'HelmRepository/a/b', cross-namespace references have been blocked",
    /other namespaces/,
  ],
  [
    'SomethingNew',
    'dial tcp 10.0.0.1:443: connect: connection refused',
    /^The server does not answer/,
  ],
];
for (const [reason, message, meaning] of said) {
  test(`${reason}: ${message.slice(0, 60)}`, () => {
    const advice = adviceFor(reason, message);
    assert.match(advice?.meaning ?? '', meaning);
    assert.notEqual(advice?.action, '');
    assert.doesNotMatch(JSON.stringify(advice), /\$\d|\$taint/);
  });
}

test('what is not known is not explained', () => {
  assert.equal(adviceFor('SomethingNew', 'something happened'), undefined);
});

test('every sentence ends, and every row can be reached by its reason', () => {
  for (const { meaning, action, reasons } of [...karmadaAdvice, ...fluxAdvice]) {
    assert.match(meaning, /\.$/);
    assert.match(action, /\.$/, action);
    assert.ok(reasons && reasons.length > 0, meaning);
  }
});

test('a long message costs little', () => {
  const started = performance.now();
  adviceFor('AppliedFailed', `${'x '.repeat(500_000)}y`);
  adviceFor('NoClusterFit', `0/1 clusters are available: ${'1 cluster(s) a, '.repeat(50_000)}`);
  assert.ok(performance.now() - started < 500);
});
