import assert from 'node:assert/strict';
import { test } from 'node:test';
import { references } from '../../../src/engine/fluxReferences.ts';
import type { JsonObject } from '../../../src/engine/types.ts';

function found(apiVersion: string, kind: string, spec: JsonObject): readonly string[] {
  const object = { apiVersion, kind, metadata: { name: 'web', namespace: 'team' }, spec };
  return references(object).map(
    ({ path, group, kind: of, namespace, name, optional }) =>
      `${path.join('.')}: ${group}/${of} ${namespace}/${name}${optional ? '?' : ''}`,
  );
}

const source = 'source.toolkit.fluxcd.io';

test('lists what a HelmRelease needs', () => {
  const spec = {
    chart: {
      spec: {
        chart: 'web',
        sourceRef: { kind: 'HelmRepository', name: 'charts', namespace: 'flux-system' },
        verify: { provider: 'cosign', secretRef: { name: 'keys' } },
      },
    },
    chartRef: { kind: 'OCIRepository', name: 'web' },
    dependsOn: [{ name: 'db' }, { name: 'mesh', namespace: 'infra' }],
    valuesFrom: [
      { kind: 'ConfigMap', name: 'web-values' },
      { kind: 'Secret', name: 'web-secrets', optional: true, namespace: 'ignored' },
    ],
    serviceAccountName: 'deployer',
  };
  assert.deepEqual(found('helm.toolkit.fluxcd.io/v2', 'HelmRelease', spec), [
    `spec.chart.spec.sourceRef: ${source}/HelmRepository flux-system/charts`,
    'spec.chart.spec.verify.secretRef: /Secret flux-system/keys',
    `spec.chartRef: ${source}/OCIRepository team/web`,
    'spec.dependsOn.0: helm.toolkit.fluxcd.io/HelmRelease team/db',
    'spec.dependsOn.1: helm.toolkit.fluxcd.io/HelmRelease infra/mesh',
    'spec.valuesFrom.0: /ConfigMap team/web-values',
    'spec.valuesFrom.1: /Secret team/web-secrets?',
    'spec.serviceAccountName: /ServiceAccount team/deployer',
  ]);
});

test('looks for the ServiceAccount in the other cluster when there is a kubeConfig', () => {
  const spec = { kubeConfig: { secretRef: { name: 'remote' } }, serviceAccountName: 'deployer' };
  assert.deepEqual(found('helm.toolkit.fluxcd.io/v2beta1', 'HelmRelease', spec), [
    'spec.kubeConfig.secretRef: /Secret team/remote',
  ]);
});

test('lists what sources need', () => {
  const secretRef = { name: 'login' };
  assert.deepEqual(
    found(`${source}/v1`, 'HelmRepository', { secretRef, certSecretRef: { name: 'ca' } }),
    ['spec.secretRef: /Secret team/login', 'spec.certSecretRef: /Secret team/ca'],
  );
  assert.deepEqual(
    found(`${source}/v1`, 'HelmChart', { sourceRef: { kind: 'Bucket', name: 'b' } }),
    [`spec.sourceRef: ${source}/Bucket team/b`],
  );
  assert.deepEqual(
    found(`${source}/v1`, 'GitRepository', { include: [{ repository: { name: 'base' } }] }),
    [`spec.include.0.repository: ${source}/GitRepository team/base`],
  );
  assert.deepEqual(found(`${source}/v1`, 'Bucket', { sts: { secretRef } }), [
    'spec.sts.secretRef: /Secret team/login',
  ]);
  assert.deepEqual(
    found(`${source}/v1`, 'ExternalArtifact', {
      sourceRef: { apiVersion: 'example.com/v1', kind: 'Thing', name: 't', namespace: 'x' },
    }),
    ['spec.sourceRef: example.com/Thing x/t'],
  );
});

test('leaves out what names nothing, and other kinds', () => {
  const spec = {
    chart: { spec: { sourceRef: { name: 'no-kind' } } },
    dependsOn: 'db',
    valuesFrom: [null, { kind: 'Secret' }, 3],
    serviceAccountName: '',
  };
  assert.deepEqual(found('helm.toolkit.fluxcd.io/v2', 'HelmRelease', spec), []);
  assert.deepEqual(found('apps/v1', 'HelmRelease', { secretRef: { name: 'a' } }), []);
  assert.deepEqual(found(`${source}/v1`, 'toString', { secretRef: { name: 'a' } }), []);
  assert.deepEqual(references({}), []);
});
