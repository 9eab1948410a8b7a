import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import {
  createFleetModel,
  createInterner,
  readBinding,
  readCluster,
  readWork,
  rollupText,
  type FleetList,
  type FleetRows,
} from '../../../src/live/index.ts';
import type { Result } from '../../../src/engine/index.ts';
import { bindingSeed, clusterSeed, workSeed } from '../../support/fleetObjects.ts';

const clusters = 1000;
const releases = 100;
const worksPerCluster = 20;

/**
 * Objects come as texts, so that no string of a row is one of the generator's, and let go at once. Messages and times
 * differ between clusters, more than they do in life.
 */
test('a large fleet takes no more than twice the JSON of what is kept of it', () => {
  const gc = collector();
  const model = createFleetModel();
  const interner = createInterner();
  let kept = 0;
  const take = <L extends FleetList>(list: L, text: string, read: Read<L>): void => {
    const result = read(JSON.parse(text), interner);
    assert.ok('value' in result);
    kept += JSON.stringify(result.value, withMaps).length;
    const set = [result.value];
    model.apply([{ list, origin: list, reset: false, set, deleted: [] }]);
  };
  gc();
  const before = process.memoryUsage().heapUsed;
  for (let i = 0; i < clusters; i++) {
    take('clusters', JSON.stringify(clusterSeed(i, 40).object), readCluster);
  }
  for (let i = 0; i < releases; i++) {
    take('bindings', varied(JSON.stringify(bindingSeed(i, clusters).object)), readBinding);
  }
  for (let i = 0; i < clusters; i++) {
    for (let j = 0; j < worksPerCluster; j++) {
      take('works', varied(JSON.stringify(workSeed(i, j).object)), readWork);
    }
  }
  const texts = [...model.releases.values()].map(({ counts }) => rollupText(counts));
  assert.equal(texts.length, releases);
  assert.match(texts[0] ?? '', /^\d+\/1000 ready, \d+ failed/);
  gc();
  const growth = process.memoryUsage().heapUsed - before;
  const ratio = growth / kept;
  console.log(`heap ${mega(growth)} MB for ${mega(kept)} MB kept: ${ratio.toFixed(2)}`);
  assert.ok(ratio <= 2, `${ratio}`);
  assert.equal(model.rows('works').size, clusters * worksPerCluster);
});

type Read<L extends FleetList> = (
  value: unknown,
  interner: ReturnType<typeof createInterner>,
) => Result<FleetRows[L]>;

let count = 0;

/** Every report has a revision, so a message, and a time of its own. */
function varied(text: string): string {
  return text
    .replaceAll(/\.v2 with chart/g, () => `.v${1 + (count++ % 97)} with chart`)
    .replaceAll(/timed out/g, () => `timed out after ${count++} ms`)
    .replaceAll(/2026-03-04T05:06:07Z/g, () =>
      new Date(1.77e12 + 1000 * (count++ % 86_400)).toISOString(),
    );
}

function withMaps(_key: string, value: unknown): unknown {
  return value instanceof Map ? Object.fromEntries(value) : value;
}

function mega(bytes: number): string {
  return (bytes / 2 ** 20).toFixed(1);
}

function collector(): () => void {
  setFlagsFromString('--expose-gc');
  const gc: unknown = runInNewContext('gc');
  assert.ok(typeof gc === 'function');
  return () => void gc();
}
