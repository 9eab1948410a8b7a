import assert from 'node:assert/strict';
import { globSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { isDeepStrictEqual } from 'node:util';
import { createWorkspace } from '../../src/analysis/index.ts';
import type { Diagnostic, Workspace } from '../../src/analysis/index.ts';
import { createLineIndex } from '../../src/base/position.ts';
import type { JsonObject, JsonValue, Outcome } from '../../src/engine/index.ts';
import { parseSource, pathAt, printYaml } from '../../src/yaml/index.ts';
import { readRecordings } from '../support/recordings.ts';

interface Preview {
  readonly id: string;
  readonly objects: readonly JsonObject[];
  /** Empty lists are left out. */
  readonly expect: readonly (Omit<Outcome, 'variants'> & Partial<Outcome>)[];
}

/** Every object a document of its own, named by what it is. */
function open(objects: readonly JsonObject[]): Workspace {
  const workspace = createWorkspace();
  for (const object of objects) workspace.update(uriOf(object), printYaml(asRecorded(object)));
  return workspace;
}

/**
 * A control plane taints a cluster that is not ready, and takes the deprecated zone over into `zones`; the recordings
 * did neither.
 */
function asRecorded(object: JsonObject): JsonObject {
  if (object['kind'] !== 'Cluster') return object;
  const { zone: _zone, ...spec } = object['spec'] as JsonObject;
  const { conditions: _conditions, ...status } = object['status'] as JsonObject;
  return { ...object, spec, status };
}

function uriOf(object: JsonObject): string {
  const { kind, metadata } = object as { kind: string; metadata: Record<string, string> };
  return [kind, metadata['namespace'], metadata['name']].filter(Boolean).join('/');
}

interface Failure {
  readonly template: string;
  readonly cluster: string;
  readonly error: string;
}

function failuresIn(outcomes: readonly Outcome[]): Failure[] {
  return outcomes.flatMap(({ template, variants }) =>
    variants.flatMap(({ clusters, error }) =>
      error === undefined ? [] : clusters.map((cluster) => ({ template, cluster, error })),
    ),
  );
}

type Entries = ReadonlySet<JsonValue>;

/** A policy without some entries of its lists. */
function without<V extends JsonValue>(value: V, gone: Entries): V {
  if (Array.isArray(value)) {
    const left = (value as JsonValue[]).filter((item) => !gone.has(item));
    return left.map((item) => without(item, gone)) as unknown as V;
  }
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value as JsonObject);
  return Object.fromEntries(members.map(([key, item]) => [key, without(item, gone)])) as V;
}

/** The override entry of a policy, of which some are gone, that a finding stands in. */
function entryAt(policy: JsonObject, { range }: Diagnostic, gone: Entries): JsonValue {
  const text = printYaml(without(policy, gone));
  const [document] = parseSource(text).documents;
  assert(document);
  const path = pathAt(document, createLineIndex(text).offsetAt(range.start))?.path ?? [];
  const depth = path.indexOf('overriders') + 1;
  let at: JsonValue = policy;
  for (const step of path.slice(0, depth + 1)) at = (at as Record<string, JsonValue>)[step] ?? null;
  assert(depth > 0 && Array.isArray(at), `${path.join('/')} is in no list of overriders`);
  return (at as JsonValue[]).filter((item) => !gone.has(item))[Number(path[depth + 1])] ?? null;
}

/** The entries that have a finding in the words of a failure. */
function entriesTold(
  workspace: Workspace,
  objects: readonly JsonObject[],
  { error }: Failure,
  gone: Entries,
): JsonValue[] {
  return objects.flatMap((policy) =>
    workspace
      .diagnostics(uriOf(policy))
      .filter(({ code }) => code === 'override-fails' || code === 'result-invalid')
      .filter(({ message }) => message.endsWith(`: ${error}`))
      .map((diagnostic) => entryAt(policy, diagnostic, gone)),
  );
}

/**
 * What is wrong with the findings about a failure; nothing when it goes away with the entries that have them, one after
 * the other where several fail in the same words, and each of these alone is enough to bring it back.
 */
function complaint(objects: readonly JsonObject[], failure: Failure): string | undefined {
  const fails = (gone: Entries): Workspace | undefined => {
    const workspace = open(objects.map((object) => without(object, gone)));
    const failures = failuresIn(workspace.preview().outcomes);
    return failures.some((other) => isDeepStrictEqual(other, failure)) ? workspace : undefined;
  };
  const gone = new Set<JsonValue>();
  if (!fails(gone)) return 'no such failure in the preview';
  let told = 0;
  for (let workspace = fails(gone); workspace; workspace = fails(gone)) {
    const entries = entriesTold(workspace, objects, failure, gone);
    if (entries.length === 0 || ++told > 10) return 'no finding on what does it';
    const culprit = entries.find((entry) => !fails(new Set([...gone, entry]))) ?? entries[0];
    gone.add(culprit ?? null);
  }
  const isEnough = (entry: JsonValue): boolean =>
    fails(new Set([...gone].filter((other) => other !== entry))) !== undefined;
  return [...gone].every(isEnough) ? undefined : 'a finding on an entry that is not to blame';
}

/** The failures of recorded outcomes, on one cluster of each variant: the others of it have the same. */
function recordedFailures(outcomes: Preview['expect']): Failure[] {
  return failuresIn(
    outcomes.map(({ variants = [], ...outcome }) => ({
      ...outcome,
      variants: variants.map(({ clusters, ...variant }) => ({
        ...variant,
        clusters: clusters.slice(0, 1),
      })),
    })),
  );
}

test('every failed override of the recorded previews has a finding on the entry that did it', (t) => {
  const here = dirname(fileURLToPath(import.meta.url));
  const files = globSync(join(here, 'answers', 'preview*.jsonl.gz')).sort();
  const complaints: string[] = [];
  let count = 0;
  for (const { id, objects, expect } of files.flatMap((file) => readRecordings<Preview>(file))) {
    for (const failure of recordedFailures(expect)) {
      count++;
      const wrong = complaint(objects, failure);
      const { template, cluster, error } = failure;
      if (wrong !== undefined)
        complaints.push(`${id} ${template} on ${cluster}, ${error}: ${wrong}`);
    }
  }
  t.diagnostic(`${count} failures`);
  assert(count > 0);
  assert.deepEqual(complaints, []);
});
