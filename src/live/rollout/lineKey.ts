import { objectKey } from '../model/index.ts';
import type { ObjectReference } from '../rows.ts';

/** Names a template on a cluster: `KIND/NAMESPACE/NAME on CLUSTER`. */
export function lineKey(template: ObjectReference, cluster: string): string {
  return `${objectKey(template)} on ${cluster}`;
}
