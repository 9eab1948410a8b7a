import { arrayMember, nearestName } from '../../engine/index.ts';
import type { Finding } from '../findings/finding.ts';
import { overrideKindFor } from '../findings/selection/dependentOverrides.ts';
import type { Snapshot } from '../snapshot.ts';
import { fixBy } from './changes.ts';
import type { Fix } from './fix.ts';

/** Changes the name to the nearest that there is, or waits no more for what is not there. */
export function dependentOverrides({ items }: Snapshot, { item, path }: Finding): readonly Fix[] {
  const names = arrayMember(item.source['spec'] ?? null, 'dependentOverrides');
  const index = path.at(-1);
  const name = typeof index === 'number' ? names[index] : undefined;
  if (typeof name !== 'string') return [];
  const kind = overrideKindFor(item);
  const present = items
    .filter((other) => other.kind === kind && other.namespace === item.namespace)
    .map((other) => other.name);
  const near = nearestName(name, present);
  const kept = names.filter((each) => typeof each !== 'string' || present.includes(each));
  const list = path.slice(0, -1);
  const removal =
    kept.length === 0
      ? ({ type: 'remove', path: list } as const)
      : ({ type: 'set', path: list, value: kept } as const);
  return [
    ...(near === undefined
      ? []
      : fixBy(`Change to ${near}`, [{ item, change: { type: 'set', path, value: near } }], {
          preferred: true,
        })),
    ...fixBy('Do not wait for overrides that are not there', [{ item, change: removal }]),
  ];
}
