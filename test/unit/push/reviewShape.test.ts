import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { JsonObject } from '../../../src/engine/index.ts';
import type { PushReview } from '../../../src/push/index.ts';
import { isPushReview } from '../../../src/push/reviewShape.ts';
import { changeTo, reviewOf } from '../../support/pushReviews.ts';

const object: JsonObject = {
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'a', namespace: 'b' },
};
const change = changeTo(object, object, {
  conflicts: [
    { manager: 'helm', field: '.data.a', path: ['data', 'a'], mine: 1, theirs: 2, choice: 'take' },
  ],
  verdicts: [{ severity: 'warning', message: 'It is old.', field: 'data' }],
});
const review: PushReview = {
  ...reviewOf([change]),
  effects: [{ template: 'v1/ConfigMap/b/a', clusters: ['one'], type: 'changes', before: object }],
  questions: [{ severity: 'warning', code: 'removal', message: 'It goes.' }],
};

/** Every value of a tree with its path. */
function places(value: unknown, path: readonly string[] = []): readonly (readonly string[])[] {
  if (typeof value !== 'object' || value === null) return [path];
  return [path, ...Object.entries(value).flatMap(([key, one]) => places(one, [...path, key]))];
}

function replaced(value: unknown, [key, ...rest]: readonly string[], by: unknown): unknown {
  if (key === undefined) return by;
  if (Array.isArray(value)) {
    return value.map((one: unknown, at) => (String(at) === key ? replaced(one, rest, by) : one));
  }
  const record = value as Record<string, unknown>;
  return { ...record, [key]: replaced(record[key], rest, by) };
}

/** What an object of a server or a sentence says may be anything. */
const isFree = (path: readonly string[]): boolean =>
  /\.(?:object|before|after|mine|theirs)\b./.test(`.${path.join('.')}.`) ||
  ['mine', 'theirs', 'uri', 'item', 'checkedBy', 'isPassing'].includes(path.at(-1) ?? '');

test('takes a review for one only if all that is shown and written of it has its shape', () => {
  assert.ok(isPushReview(review));
  for (const path of places(review)) {
    for (const wrong of [true, { wrong: [] }]) {
      const broken = replaced(review, path, wrong);
      if (isFree(path)) continue;
      assert.ok(!isPushReview(broken), `${path.join('.')} is ${JSON.stringify(wrong)}`);
    }
  }
});
