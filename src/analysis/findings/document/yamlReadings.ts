import type { Item } from '../../snapshot.ts';
import type { ObjectFinding } from './objectRule.ts';

export function yamlReadings(_item: Item): readonly ObjectFinding[] {
  return [];
}
