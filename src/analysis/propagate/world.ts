import { createLineIndex } from '../../base/position.ts';
import { parseSource } from '../../yaml/index.ts';
import type { OpenFile, Snapshot } from '../snapshot.ts';

/** What a plan starts from, and what tells where an edit leads. */
export interface Ground {
  readonly before: Snapshot;
  /** The snapshot of other files under the same settings and over the same control plane. */
  readonly take: (files: readonly OpenFile[]) => Snapshot;
  /** Whether a document with this URI exists, also one that takes no part. */
  readonly isTaken: (uri: string) => boolean;
  /** The files that tell kustomize what to build; they take no part in snapshots. */
  readonly kustomizations: readonly OpenFile[];
}

/** The files after some edits, with what follows from them. Immutable. */
export interface World {
  readonly snapshot: Snapshot;
  /** What was done, by URI. */
  readonly notes: ReadonlyMap<string, readonly string[]>;
  /** What the user should know of what was done. */
  readonly warnings: readonly string[];
}

/** The files as they are. */
export function worldOf({ before }: Ground): World {
  return { snapshot: before, notes: new Map(), warnings: [] };
}

/** What is said of an edit. */
export interface Remark {
  readonly note: string;
  readonly warnings?: readonly string[];
}

/** A world in which one file has another text, or is gone without one. */
export function withFile(
  ground: Ground,
  world: World,
  { uri, text }: { readonly uri: string; readonly text: string | undefined },
  { note, warnings = [] }: Remark,
): World {
  const { files } = world.snapshot;
  const others = files.filter((file) => file.uri !== uri);
  const source =
    text === undefined
      ? undefined
      : parseSource(text, files.find((file) => file.uri === uri)?.source);
  const all = source ? [...others, { uri, source, lines: createLineIndex(source.text) }] : others;
  const notes = new Map(world.notes);
  notes.set(uri, [...(notes.get(uri) ?? []), note]);
  return {
    snapshot: ground.take(all.toSorted((a, b) => (a.uri < b.uri ? -1 : 1))),
    notes,
    warnings: [...new Set([...world.warnings, ...warnings])],
  };
}

/** The URI of a new file in a folder that no document has yet, named after an object. */
export function freeUri(ground: Ground, { snapshot }: World, folder: string, name: string): string {
  const open = new Set(snapshot.files.map(({ uri }) => uri));
  const isFree = (uri: string): boolean => !ground.isTaken(uri) && !open.has(uri);
  const stem = fileName(name);
  for (let n = 1; ; n++) {
    const uri = `${folder}/${stem}${n === 1 ? '' : `-${n}`}.yaml`;
    if (isFree(uri)) return uri;
  }
}

/**
 * Names of Kubernetes objects may hold a colon and be longer than what file systems take with all around it; those in
 * broken documents may hold anything, also what leads to another folder.
 */
function fileName(name: string): string {
  return name.replace(/[^A-Za-z0-9._-]/g, '-').slice(0, longestFileName);
}

const longestFileName = 200;

/** The URI of the folder that a document is in, without a trailing slash. */
export function folderOf(uri: string): string {
  return uri.slice(0, Math.max(0, uri.lastIndexOf('/')));
}
