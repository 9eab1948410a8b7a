import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  clusterSet,
  inFleetOrder,
  namesOf,
  sizeOf,
  unionOf,
} from '../../../src/analysis/clusterSet.ts';
import { naturalOrder, sortNaturally } from '../../../src/analysis/naturalOrder.ts';
import { readControlPlane } from '../../../src/engine/controlPlane.ts';

function fleetOf(names: readonly string[]) {
  return readControlPlane(
    names.map((name) => ({
      apiVersion: 'cluster.karmada.io/v1alpha1',
      kind: 'Cluster',
      metadata: { name },
    })),
  ).clusters;
}

const name = fc.stringMatching(/^[a-c]{1,2}-?[0-9]{0,3}$/);
const someNames = fc.uniqueArray(name, { minLength: 1, maxLength: 80 });

test('sets of clusters answer as sets of names do', () => {
  fc.assert(
    fc.property(someNames, fc.array(fc.array(fc.nat(99)), { maxLength: 5 }), (names, picks) => {
      const fleet = fleetOf(names);
      const lists = picks.map((pick) => pick.flatMap((i) => names[i] ?? []));
      const union = unionOf(lists.map((list) => clusterSet(list, fleet)));
      assert.equal(sizeOf(union), new Set(lists.flat()).size);
      assert.equal(
        sizeOf(unionOf([unionOf([]), union])),
        sizeOf(union),
        'a union of none is empty',
      );
      for (const list of lists) {
        assert.equal(sizeOf(clusterSet(list, fleet)), new Set(list).size, 'a union changes no set');
      }
    }),
  );
});

test('the order of a fleet is the natural one, also of names that it does not have', () => {
  fc.assert(
    fc.property(someNames, fc.array(name), (names, others) => {
      const fleet = fleetOf(names);
      assert.deepEqual(namesOf(fleet), names.toSorted(naturalOrder));
      const mixed = [...names.filter((_, i) => i % 2 === 0), ...others];
      assert.deepEqual(inFleetOrder(mixed, fleet), mixed.toSorted(naturalOrder));
      assert.deepEqual(
        sortNaturally(mixed, (one) => one),
        mixed.toSorted(naturalOrder),
      );
    }),
  );
});
