import type { Part } from './parts.ts';
import type { Snapshot, Template } from './snapshot.ts';
export function mendingPlaces(_s: Snapshot, _t: Template, _part: Part): readonly string[] {
  return [];
}
