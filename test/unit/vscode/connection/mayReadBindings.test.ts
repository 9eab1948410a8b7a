import assert from 'node:assert/strict';
import { test } from 'node:test';
import { KubeError, type KubeErrorReason } from '../../../../src/live/index.ts';
import type { SessionState } from '../../../../src/kube/index.ts';
import { mayReadBindings } from '../../../../src/vscode/connection/mayReadBindings.ts';

test('only a refusal for want of rights says that bindings may not be read', () => {
  const refused = (plural: string, reason: KubeErrorReason) => {
    const stream = { type: 'refused', error: new KubeError(reason, 'no') } as const;
    const streams: SessionState['streams'] = new Map([[`work.karmada.io/${plural}`, stream]]);
    return { state: { type: 'live', streams } } as const;
  };
  const forbidden = refused('resourcebindings', 'forbidden');
  assert.equal(mayReadBindings(forbidden), false);
  assert.equal(mayReadBindings(forbidden, 'apps'), false);
  assert.equal(mayReadBindings(forbidden, ''), true);
  assert.equal(mayReadBindings(refused('clusterresourcebindings', 'forbidden'), ''), false);
  assert.equal(mayReadBindings(refused('resourcebindings', 'notFound')), true);
  assert.equal(mayReadBindings(undefined), true);
});
