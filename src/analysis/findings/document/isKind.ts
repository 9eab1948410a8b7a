import { apiGroup } from '../../../engine/index.ts';
import type { Item } from '../../snapshot.ts';

/** Whether an object is of a kind of an API group, in any version. */
export function isKind(item: Pick<Item, 'apiVersion' | 'kind'>, group: string, kind: string) {
  return item.kind === kind && apiGroup(item.apiVersion) === group;
}
