import { Uri, window, workspace, type Range } from 'vscode';
import { KubeError } from '../../live/index.ts';
import type { ObjectReference } from '../../live/index.ts';
import { isPushed, leftOutQuestions } from '../../push/index.ts';
import type { PushSource } from '../../push/index.ts';
import { treeTargets } from '../acting/treeTargets.ts';
import { isAnalysed } from '../analysed.ts';
import { toRange } from '../convert.ts';
import type { Documents } from '../documents.ts';
import { isAt } from '../workspaceFiles.ts';
import { fingerprintOf } from './fingerprint.ts';
import type { PushEngine } from './pushEngine.ts';
import type { PushSubject } from './pushes.ts';
import { nameOf } from './pushTexts.ts';

/** Documents to push, or a sentence on why there is nothing to push. */
export type DocumentSubject =
  PushSubject | { readonly reason: string; readonly place?: Uri; readonly range?: Range };

/** What a command is about: given URIs, the explorer's selection, or the active editor. */
export function chosenUris([first, all]: readonly unknown[]): readonly Uri[] {
  const given = givenUris(first);
  if (given) return given;
  const selected = Array.isArray(all) ? all.filter((uri) => uri instanceof Uri) : [];
  if (selected.length > 0) return selected;
  if (first instanceof Uri) return [first];
  const active = window.activeTextEditor?.document;
  return active && isAnalysed(active) ? [active.uri] : [];
}

function givenUris(argument: unknown): readonly Uri[] | undefined {
  if (typeof argument !== 'object' || argument === null || !('uris' in argument)) return undefined;
  const { uris } = argument;
  if (!Array.isArray(uris)) return undefined;
  return uris.flatMap((uri: unknown) => {
    if (uri instanceof Uri) return [uri];
    return typeof uri === 'string' ? [Uri.parse(uri)] : [];
  });
}

/** Objects that a command is to delete as well: no document defines them any more. */
export function chosenDeletions([first]: readonly unknown[]): readonly ObjectReference[] {
  if (typeof first !== 'object' || first === null || !('deletions' in first)) return [];
  const { deletions } = first;
  if (!Array.isArray(deletions)) return [];
  return treeTargets([undefined, deletions.map((reference: unknown) => ({ reference }))]).map(
    ({ reference }) => reference,
  );
}

/** The deletion of objects, ready to be reviewed. */
export function deletionSubject(
  engine: PushEngine,
  deletions: readonly ObjectReference[],
  title: string,
): PushSubject {
  return {
    progress: `Preparing the deletion of ${title}`,
    prepare: (ports, on, choices, signal) =>
      engine.preparePush(ports, { ...on, sources: [], deletions, title, choices }, signal),
  };
}

/** The objects of files and folders as the editor shows them, ready to be reviewed. */
export function documentSubject(
  documents: Documents,
  engine: PushEngine,
  uris: readonly Uri[],
  deletions: readonly ObjectReference[] = [],
): DocumentSubject {
  const [gone, ...others] = deletions;
  if (uris.length === 0 && gone) {
    const count = `${deletions.length} objects`;
    return deletionSubject(engine, deletions, others.length === 0 ? nameOf(gone) : count);
  }
  if (uris.length === 0) return { reason: 'Open or select a file with Kubernetes objects first.' };
  const title = titleOf(uris);
  const files = () => filesBelow(documents, uris);
  const sources = () => sourcesOf(documents, files());
  const unsent = () => documents.workspace.unsentParts(files());
  const broken = () => brokenText(documents, files());
  const now = broken();
  if (now) return now;
  const deleted = uris.find((uri) => documents.isDeleted(uri));
  if (deleted && files().length === 0) {
    return { reason: `${titleOf([deleted])} is deleted. Save it again to push it.` };
  }
  const found = sources();
  if (!found.some(isPushed) && deletions.length === 0) {
    const left = leftOutQuestions(found, unsent()).map(({ message }) => message);
    const nothing = `${title} holds no Kubernetes object that could be pushed.`;
    return { reason: [nothing, ...left].join(' ') };
  }
  const twice = duplicateIn(found.filter(isPushed));
  if (twice) return { reason: twice };
  return {
    progress: `Preparing the push of ${title}`,
    catchUp: () => documents.catchUp(uris),
    fingerprint: () =>
      fingerprintOf([
        sources().map(({ reference, object }) => [reference, object]),
        unsent(),
        broken()?.reason,
      ]),
    unsaved: () => {
      const names = new Set(sources().map(({ uri }) => uri));
      const dirty = workspace.textDocuments.filter(({ isDirty }) => isDirty);
      return dirty.map(({ uri }) => uri.toString()).filter((uri) => names.has(uri));
    },
    prepare: (ports, { context, server }, choices, signal) => {
      // A review that is made anew, of documents that were edited since.
      const since = broken();
      if (since) return Promise.reject(new KubeError('invalid', since.reason));
      return engine.preparePush(
        ports,
        { sources: sources(), unsent: unsent(), deletions, context, server, title, choices },
        signal,
      );
    },
  };
}

/** The first text that cannot be read: what it says would be left out of a push. */
function brokenText({ workspace: analysis }: Documents, files: readonly string[]) {
  const [broken] = analysis.brokenTexts(files);
  if (!broken) return undefined;
  const place = Uri.parse(broken.uri);
  const line = broken.range.start.line + 1;
  const path = workspace.asRelativePath(place);
  const reason = `${path} cannot be pushed as it is, line ${line}: ${broken.message}. Mend it first.`;
  return { reason, place, range: toRange(broken.range) };
}

function sourcesOf({ workspace: analysis }: Documents, files: readonly string[]) {
  return analysis.pushSources(files) satisfies readonly PushSource[];
}

/** The documents with these URIs and below them, each once. */
export function filesBelow({ texts }: Documents, uris: readonly Uri[]): readonly string[] {
  const names = [...texts.keys()].toSorted();
  const files = uris.flatMap((uri) => {
    const name = uri.toString();
    return texts.has(name) ? [name] : names.filter((other) => isAt(other, uri));
  });
  return [...new Set(files)];
}

function duplicateIn(sources: readonly PushSource[]): string | undefined {
  const known = new Map<string, PushSource>();
  for (const source of sources) {
    const { apiVersion, kind, namespace, name } = source.reference;
    const key = JSON.stringify([apiVersion.split('/').slice(0, -1), kind, namespace, name]);
    const other = known.get(key);
    if (other) {
      const places = [...new Set([other.uri, source.uri])].map((uri) =>
        workspace.asRelativePath(Uri.parse(uri)),
      );
      return `${nameOf(source.reference)} is there twice, in ${places.join(' and ')}. Push one of them.`;
    }
    known.set(key, source);
  }
  return undefined;
}

/** Such as `podinfo.yaml and 2 more`. */
export function titleOf(uris: readonly Uri[]): string {
  const [first] = uris;
  const name = first?.path.split('/').findLast((part) => part !== '') ?? '';
  const more = uris.length - 1;
  return more === 0 ? name : `${name} and ${more} more`;
}
