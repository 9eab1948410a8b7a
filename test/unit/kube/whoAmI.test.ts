import assert from 'node:assert/strict';
import { test } from 'node:test';
import { whoAmI } from '../../../src/kube/whoAmI.ts';
import { fakeTransport } from '../../support/fakeTransport.ts';

const path = '/apis/authentication.k8s.io/v1/selfsubjectreviews';

test('asks the server whom it takes us for', async () => {
  const userInfo = { username: 'ada', groups: ['devs', 7] };
  const transport = fakeTransport({ [path]: { status: { userInfo } } });
  assert.deepEqual(await whoAmI(transport, { idleLimit: 1 }), { user: 'ada', groups: ['devs'] });
  const [request] = transport.requests;
  assert.equal(request?.method, 'POST');
  assert.deepEqual(request?.body, {
    ...{ apiVersion: 'authentication.k8s.io/v1', kind: 'SelfSubjectReview' },
  });
});

test('an answer of another shape names nobody', async () => {
  const transport = fakeTransport({ [path]: { status: [] } });
  assert.deepEqual(await whoAmI(transport, { idleLimit: 1 }), { user: '', groups: [] });
});
