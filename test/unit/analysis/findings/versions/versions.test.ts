import assert from 'node:assert/strict';
import { test } from 'node:test';
import { propagation, release } from '../../../../support/documents.ts';
import { seedPage } from '../../../../support/seedPage.ts';
import {
  diagnosticTexts,
  findingsOf,
  fixesFor,
  snapshotOf,
  told,
  withEdits,
} from '../../../../support/snapshots.ts';
import type { Documents } from '../../../../support/snapshots.ts';
import { fixesOf } from '../../../../../src/analysis/fixes/index.ts';
import { valueAt } from '../../../../../src/analysis/findings/document/fieldPlace.ts';

const v2 = 'helm.toolkit.fluxcd.io/v2';
const ofVersions = (documents: Documents, fluxVersion = '2.9'): ReturnType<typeof told> =>
  told(snapshotOf(documents, { fluxVersion })).filter(([code]) =>
    /^(api-version|selector-api|field-needs|unknown|invalid)/.test(code),
  );

test('tells at once what a page about Flux 2.2 does today', () => {
  const snapshot = snapshotOf({ 'page.yaml': seedPage });
  assert.deepEqual(told(snapshot), [
    ['api-version-removed error', 'source.toolkit.fluxcd.io/v1beta2'],
    ['api-version-removed error', 'helm.toolkit.fluxcd.io/v2beta2'],
    ['api-version-removed error', 'source.toolkit.fluxcd.io/v1beta2'],
    ['api-version-removed error', 'helm.toolkit.fluxcd.io/v2beta2'],
    ['api-version-removed error', 'helm.toolkit.fluxcd.io/v2beta2'],
  ]);
  const texts = diagnosticTexts(snapshot);
  assert.match(
    texts[1] ?? '',
    /Flux 2\.8 and later do not serve helm\.toolkit\.fluxcd\.io\/v2beta2/,
  );
  assert.match(texts[1] ?? '', /Flux 2\.3 to 2\.7 take it, but .* propagate nothing/);
  assert.deepEqual(ofVersions({ 'page.yaml': seedPage }, '2.2'), []);
  assert.deepEqual(
    ofVersions({ 'page.yaml': seedPage }, '2.5').map(([code]) => code),
    ['warning', 'warning', 'error', 'error', 'error'].map((word) => `api-version-removed ${word}`),
  );
});

test('makes the page right with one action', () => {
  const documents = { 'page.yaml': seedPage };
  for (const fluxVersion of ['2.3', '2.5', '2.7', '2.8', '2.9']) {
    const snapshot = snapshotOf(documents, { fluxVersion });
    for (const finding of findingsOf(snapshot).filter(({ code }) => code.startsWith('api'))) {
      const fix = fixesOf(snapshot, finding).find(
        ({ title }) => title === `Migrate to Flux ${fluxVersion}`,
      );
      assert(fix);
      // Versions only: comments, quotes and blanks stay as they are.
      assert.equal(fix.edits.length, 5);
      const after = snapshotOf(withEdits(documents, fix.edits), { fluxVersion });
      assert.deepEqual(
        told(after).filter(([code]) => /error|warning/.test(code)),
        [],
      );
      const outcome = after.run.simulations
        .map((simulation) => simulation.outcome)
        .find(({ template }) => template.includes('/HelmRelease/'));
      const replicas = outcome?.variants.map(({ clusters, manifest }) => [
        clusters,
        valueAt(manifest ?? {}, ['spec', 'values', 'replicaCount']),
      ]);
      assert.deepEqual(replicas?.toSorted(), [
        [['member1'], 2],
        [['member2'], undefined],
      ]);
    }
  }
});

test('moves a release with its selectors in every file, fields included', () => {
  const old = release
    .replace('fluxcd.io/v2', 'fluxcd.io/v2beta1')
    .replace('chart: podinfo\n', 'chart: podinfo\n      # sizes\n      valuesFile: big.yaml\n');
  const documents = {
    'release.yaml': old,
    'policy.yaml': propagation.replace('fluxcd.io/v2', 'fluxcd.io/v2beta1'),
  };
  const [fix] = fixesFor(snapshotOf(documents), 'api-version-removed');
  assert.equal(fix?.title, `Migrate HelmRelease apps/podinfo and its selector to ${v2}`);
  const after = withEdits(documents, fix.edits);
  assert.deepEqual(ofVersions(after), []);
  assert.equal(after['policy.yaml'], propagation);
  assert.match(after['release.yaml'] ?? '', /valuesFiles:\n +- big\.yaml\n/);
});

test('takes the fields that sources lost out', () => {
  const chart = `apiVersion: source.toolkit.fluxcd.io/v1beta2
kind: HelmChart
metadata: {name: a}
spec:
  interval: 5m
  chart: a
  sourceRef: {kind: HelmRepository, name: a}
  accessFrom: {namespaceSelectors: []}
  valuesFile: a.yaml
  valuesFiles: [b.yaml]
`;
  const [fix] = fixesFor(snapshotOf({ 'a.yaml': chart }), 'api-version-removed');
  const after = withEdits({ 'a.yaml': chart }, fix?.edits ?? []);
  assert.deepEqual(ofVersions(after), []);
  assert.match(after['a.yaml'] ?? '', /valuesFiles: \[ ?a\.yaml, b\.yaml ?\]/);
});

test('names the version that a selector has to name', () => {
  const documents = {
    'release.yaml': release,
    'policy.yaml': propagation.replace('fluxcd.io/v2', 'fluxcd.io/v2beta2'),
  };
  assert.deepEqual(ofVersions(documents), [
    ['selector-api-version warning', 'helm.toolkit.fluxcd.io/v2beta2'],
  ]);
  const [fix] = fixesFor(snapshotOf(documents), 'selector-api-version');
  assert.equal(fix?.title, `Change to ${v2}`);
  assert.equal(withEdits(documents, fix.edits)['policy.yaml'], propagation);
});

test('finds the group of a selector that names its object', () => {
  const selector = (name: string): string =>
    propagation.replace(
      'apiVersion: helm.toolkit.fluxcd.io/v2\n      kind: HelmRelease',
      `apiVersion: v1\n      kind: HelmRelease${name}`,
    );
  const of = (name: string): ReturnType<typeof told> =>
    ofVersions({ 'release.yaml': release, 'policy.yaml': selector(name) });
  assert.deepEqual(of('\n      name: podinfo'), [['selector-api-version warning', 'v1']]);
  assert.deepEqual(of(''), []);
});

test('says nothing of a selector that matches, or that would match nothing anyway', () => {
  const other = release.replace('name: podinfo\n  namespace', 'name: other\n  namespace');
  const named = propagation.replace(
    '/v2\n      kind: HelmRelease',
    '/v2beta2\n      kind: HelmRelease\n      name: podinfo',
  );
  assert.deepEqual(ofVersions({ 'r.yaml': other, 'p.yaml': named }), []);
  assert.deepEqual(ofVersions({ 'r.yaml': release, 'p.yaml': propagation }), []);
  assert.deepEqual(ofVersions({ 'p.yaml': named }), []);
});

test('tells a version that is too new', () => {
  const documents = { 'release.yaml': release };
  assert.deepEqual(ofVersions(documents, '2.2'), [['api-version-removed error', v2]]);
  const [fix] = fixesFor(snapshotOf(documents, { fluxVersion: '2.2' }), 'api-version-removed');
  const after = withEdits(documents, fix?.edits ?? []);
  assert.deepEqual(ofVersions(after, '2.2'), []);
});

test('tells which Flux a field or a choice needs, and what is in no Flux', () => {
  const text = release.replace('interval: 5m', 'interval: 5m\n  waitStrategy: {name: poller}');
  assert.deepEqual(ofVersions({ 'a.yaml': text }), []);
  assert.deepEqual(ofVersions({ 'a.yaml': text }, '2.5'), [
    ['field-needs-newer-flux error', 'waitStrategy'],
  ]);
  const snapshot = snapshotOf({ 'a.yaml': text }, { fluxVersion: '2.5' });
  assert.match(diagnosticTexts(snapshot).join(), /waitStrategy needs Flux 2\.8/);
  const [fix] = fixesFor(snapshot, 'field-needs-newer-flux');
  assert.equal(withEdits({ 'a.yaml': text }, fix?.edits ?? [])['a.yaml'], release);
  const wrong = release.replace('interval: 5m', 'interval: 5m\n  nonsense: 1');
  assert.deepEqual(ofVersions({ 'a.yaml': wrong }, '2.5'), [['unknown-field error', 'nonsense']]);
});

test('moves a field that v2 has elsewhere', () => {
  const text = release.replace('chart: podinfo\n', 'chart: podinfo\n      valuesFile: a.yaml\n');
  const [fix] = fixesFor(snapshotOf({ 'a.yaml': text }), 'unknown-field');
  assert.equal(fix?.title, 'Move valuesFile to valuesFiles');
  assert.deepEqual(ofVersions(withEdits({ 'a.yaml': text }, fix.edits)), []);
});
