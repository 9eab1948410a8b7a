import type { JsonObject } from '../engine/index.ts';
import type { Part } from './parts.ts';
import type { Snapshot, Template } from './snapshot.ts';
export function withKarmadaKeys(
  _s: Snapshot,
  _t: Template,
  part: Part,
  _cluster: string,
): JsonObject | undefined {
  return part.manifest;
}
