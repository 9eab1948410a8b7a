import type { PreviewRequest, ProvenanceNote } from './api.ts';
import type { Snapshot } from './snapshot.ts';
export function provenanceOf(_s: Snapshot, _request: PreviewRequest): readonly ProvenanceNote[] {
  return [];
}
