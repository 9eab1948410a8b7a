import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { fromPreviewQuery, toPreviewQuery } from '../../../src/analysis/index.ts';

test('a request survives the way through a query', () => {
  const request = fc.record(
    {
      template: fc.string(),
      side: fc.constantFrom('template' as const, 'cluster' as const),
      cluster: fc.string(),
      group: fc.string({ minLength: 1 }),
      bookkeeping: fc.constant(true as const),
    },
    { requiredKeys: ['template', 'side', 'cluster'] },
  );
  fc.assert(
    fc.property(request, (given) => {
      assert.deepEqual(fromPreviewQuery(toPreviewQuery(given)), { ...given });
    }),
  );
});

test('anything else is no request', () => {
  fc.assert(fc.property(fc.string(), (text) => fromPreviewQuery(text) === undefined));
  assert.equal(fromPreviewQuery('["a","b","c","",0]'), undefined);
});
