import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { JsonObject } from '../../../../src/engine/index.ts';
import {
  createExplainer,
  fluxQuestion,
  whyDocument,
  type FluxReading,
} from '../../../../src/live/index.ts';
import { modelOf, recordedObjects, whyFleetOf } from '../../../support/releasesFixture.ts';

const fleet = whyFleetOf(modelOf(recordedObjects()));
const request = (name: string, cluster?: string) => ({
  subject: {
    ...{ apiVersion: 'helm.toolkit.fluxcd.io/v2', kind: 'HelmRelease', namespace: 'apps', name },
  },
  ...(cluster === undefined ? {} : { cluster }),
  fleet,
});
const textOf = (name: string, flux: FluxReading) =>
  whyDocument(createExplainer()({ ...request(name, 'member1'), flux })).text;

function event(
  reason: string,
  message: string,
  more: { kind?: string; name?: string; type?: string; at?: string } = {},
): JsonObject {
  const { kind = 'HelmRelease', name = 'nochart', type = 'Normal', at = '01:00:20' } = more;
  return {
    kind: 'Event',
    metadata: { name: `${name}.${reason}`, namespace: 'apps' },
    involvedObject: { kind, namespace: 'apps', name },
    ...{ type, reason, message, lastTimestamp: `2026-11-23T${at}Z`, count: 3 },
  };
}

test('a member is asked for events on the release and on its chart', () => {
  const question = fluxQuestion(request('podinfo', 'member1'));
  assert.deepEqual(
    question?.objects.map(({ kind, namespace, name }) => `${kind} ${namespace}/${name}`),
    ['HelmRelease apps/podinfo', 'HelmChart apps/apps-podinfo'],
  );
  assert.equal(fluxQuestion(request('podinfo')), undefined);
  assert.equal(fluxQuestion(request('podinfo', 'member3')), undefined);
});

test('events of Flux are told in plain words, newest first, routine left out', () => {
  const text = textOf('nochart', {
    type: 'read',
    events: [
      event('HelmChartCreated', "Created HelmChart 'x'", { at: '01:00:10' }),
      event('InvalidChartReference', 'invalid chart reference: no chart name found', {
        ...{ kind: 'HelmChart', name: 'apps-nochart', type: 'Warning' },
      }),
      event('ArtifactUpToDate', 'artifact up-to-date'),
    ],
  });
  const [, section = ''] = text.split('## Flux on member1\n\n');
  const lines = section.split('\n');
  assert.match(lines[0] ?? '', /^- 01:00:20 ✗ The repository has no chart .* 3 times,/);
  assert.match(section, /HelmChart apps\/apps-nochart\n/);
  assert.match(section, /- 01:00:10 ✓ Flux asked for the chart \(HelmChartCreated\), 3 times\n/);
  assert.doesNotMatch(text, /ArtifactUpToDate/);
});

test('a refusal is one line with the missing right, and leads to the object', () => {
  const document = whyDocument(
    createExplainer()({
      ...request('podinfo', 'member1'),
      flux: { type: 'refused', problem: { type: 'proxy', user: 'ada' } },
    }),
  );
  assert.match(document.text, /Flux's events are not readable: no right on clusters\/proxy\./);
  assert.ok(
    document.links.some(({ line, start, end, target }) => {
      const text = document.text.split('\n')[line]?.slice(start, end);
      return text === 'Opening it there' && 'cluster' in target && target.cluster === 'member1';
    }),
  );
  assert.match(textOf('podinfo', { type: 'failed', message: 'down' }), /could not be read: down/);
  assert.match(textOf('podinfo', { type: 'read', events: [] }), /No events; a cluster forgets/);
});
