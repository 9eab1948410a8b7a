import assert from 'node:assert/strict';
import { createWorkspace } from '../../src/analysis/index.ts';
import type {
  FilePlan,
  FilePlanAnswer,
  Workspace,
  WorkspaceOptions,
} from '../../src/analysis/index.ts';
import type { Documents } from './snapshots.ts';

/** A workspace with some documents. */
export function workspaceOf(documents: Documents, options: WorkspaceOptions = {}): Workspace {
  const workspace = createWorkspace(options);
  for (const [uri, text] of Object.entries(documents)) workspace.update(uri, text);
  return workspace;
}

/** The plan of an answer that must be one. */
export function planIn(answer: FilePlanAnswer): FilePlan {
  assert(!('reason' in answer), 'reason' in answer ? answer.reason : '');
  return answer;
}

/** The documents after a plan. */
export function afterPlan(documents: Documents, { files }: FilePlan): Documents {
  const result = new Map(Object.entries(documents));
  for (const { uri, before, after } of files) {
    assert.equal(result.get(uri), before);
    if (after === undefined) result.delete(uri);
    else result.set(uri, after);
  }
  return Object.fromEntries(result);
}

/** The clusters that get each template, by the preview. */
export function reachIn(workspace: Workspace): ReadonlyMap<string, ReadonlySet<string>> {
  return new Map(
    workspace.preview().outcomes.map(({ template, clusters = [], variants }) => {
      const failing = new Set(
        variants.flatMap((variant) => (variant.error === undefined ? [] : variant.clusters)),
      );
      return [template, new Set(clusters.filter((name) => !failing.has(name)))];
    }),
  );
}

/** Errors and warnings in some documents, a line each. */
export function seriousIn(workspace: Workspace, uris: readonly string[]): readonly string[] {
  return uris.flatMap((uri) =>
    workspace
      .diagnostics(uri)
      .filter(({ severity }) => severity === 'error' || severity === 'warning')
      .map(({ code, message }) => `${uri} ${code}: ${message}`),
  );
}

/** `TEMPLATE TYPE CLUSTER` of what a plan says will come, go or be kept. */
export function promisedMoves({ outcomes }: FilePlan): readonly string[] {
  return outcomes
    .filter(({ type }) => type === 'appears' || type === 'leaves' || type === 'keeps')
    .flatMap(({ template, type, clusters }) =>
      clusters.map((name) => `${template} ${type === 'appears' ? 'appears' : 'goes'} ${name}`),
    )
    .sort();
}

/** The same lines by comparing two previews. */
export function movesBetween(before: Workspace, after: Workspace): readonly string[] {
  const [then, now] = [before, after].map(reachIn);
  const keys = new Set([...(then?.keys() ?? []), ...(now?.keys() ?? [])]);
  return [...keys]
    .flatMap((key) => {
      const [had, has] = [then, now].map((reach) => reach?.get(key) ?? new Set<string>());
      if (!had || !has) return [];
      return [
        ...[...has].filter((name) => !had.has(name)).map((name) => `${key} appears ${name}`),
        ...[...had].filter((name) => !has.has(name)).map((name) => `${key} goes ${name}`),
      ];
    })
    .sort();
}

/** The errors and warnings that some documents have more of a code than before: those with another text, as lines. */
export function newCodes(
  before: Workspace,
  after: Workspace,
  uris: readonly string[],
): readonly string[] {
  const then = seriousIn(before, uris);
  const now = seriousIn(after, uris);
  return [...new Set(now.map(toCode))].flatMap((code) => {
    const [had, has] = [then, now].map((lines) => lines.filter((line) => toCode(line) === code));
    if (!had || !has) return [];
    return has.filter((line) => !had.includes(line)).slice(0, Math.max(0, has.length - had.length));
  });
}

/** Those of them that a plan does not tell. */
export function untold(
  before: Workspace,
  after: Workspace,
  { files, warnings }: FilePlan,
): readonly string[] {
  const uris = files.map(({ uri }) => uri);
  const isTold = (line: string): boolean => {
    const message = line.slice(toCode(line).length + 2);
    return warnings.some((text) => text.endsWith(message));
  };
  const now = seriousIn(after, uris);
  const fresh = newCodes(before, after, uris);
  return [...new Set(fresh.map(toCode))].flatMap((code) => {
    const [lines, all] = [fresh, now].map((list) => list.filter((line) => toCode(line) === code));
    return lines && all && all.filter(isTold).length < lines.length ? all : [];
  });
}

function toCode(line: string): string {
  return line.slice(0, line.indexOf(':', line.lastIndexOf('.yaml')));
}
