import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { KubeError } from '../../../../src/live/index.ts';
import { isDefinite } from '../../../../src/push/run/isDefinite.ts';

describe('whether a write was refused for certain', () => {
  it('is so for a refusal', () => {
    assert.ok(isDefinite(new KubeError('forbidden', 'You may not.')));
  });

  it('is not so for a server that failed or could not be reached', () => {
    assert.ok(!isDefinite(new KubeError('server', 'etcdserver: request timed out')));
    assert.ok(!isDefinite(new KubeError('unreachable', 'The connection was lost.')));
  });

  it('is so for a webhook that did not answer: the server stores nothing before it has', () => {
    const message =
      'Internal error occurred: failed calling webhook "a.example.com": failed to call webhook: Post "https://a": dial tcp: connection refused';
    assert.ok(isDefinite(new KubeError('server', message)));
  });
});
