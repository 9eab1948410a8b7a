import { isObject, member, stringMember } from '../../../engine/index.ts';
import type { JsonValue } from '../../../engine/index.ts';
import type { Place } from '../finding.ts';
import type { Item } from '../../snapshot.ts';

/** What decides whom a selector selects: its `name`, else its `labelSelector`, else its `kind`. */
export function selectorNode(item: Item, index: number, selector: JsonValue): Place {
  const path = ['spec', 'resourceSelectors', index];
  if (stringMember(selector, 'name') !== '') return { item, path: [...path, 'name'] };
  return isObject(member(selector, 'labelSelector'))
    ? { item, path: [...path, 'labelSelector'], on: 'key' }
    : { item, path: [...path, 'kind'] };
}
