import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import type { JsonObject, Outcome, Validation } from '../../src/engine/index.ts';

/** The sources, or the built module whose address KARMADA_TEST_ENGINE holds. */
const engine = (await import(
  process.env['KARMADA_TEST_ENGINE'] ?? '../../src/engine/index.ts'
)) as typeof import('../../src/engine/index.ts');

type Reviver = (
  this: unknown,
  key: string,
  value: unknown,
  context: { source?: string },
) => unknown;
type Case = { id: string; objects?: JsonObject[]; object?: JsonObject; expect: never };

/** Integers are exact however large; the recordings do not tell -0 from 0, so neither do the scenarios. */
const exactIntegers: Reviver = (_key, value, context) => {
  const source = context.source ?? '';
  if (value === 0) return 0;
  if (typeof value !== 'number' || !/^-?\d+$/.test(source)) return value;
  return Number.isSafeInteger(value) || String(value) === source ? value : BigInt(source);
};

function readCases(file: string): Case[] {
  const lines = gunzipSync(readFileSync(file)).toString('utf8').split('\n').filter(Boolean);
  return lines.map((line) => JSON.parse(line, exactIntegers as never) as Case);
}

/** Words of a crash or of Go's libraries, which any error of ours meets. */
const isFreeText = (text: unknown): boolean =>
  typeof text === 'string' && /^panic|(?:^|[\s[])(?:yaml|json): /.test(text);

const sameText = (want: string | undefined, got: string | undefined): string | undefined =>
  isFreeText(want) && got ? want : got;

function isBookkeeping(key: string): boolean {
  const [domain = '', name] = key.split('/');
  return name !== undefined && (domain === 'karmada.io' || domain.endsWith('.karmada.io'));
}

function withoutBookkeeping(manifest: JsonObject | undefined): unknown {
  if (!manifest) return undefined;
  const copy = structuredClone(manifest) as Record<string, Record<string, unknown>>;
  const { metadata } = copy;
  if (typeof metadata !== 'object' || metadata === null) return copy;
  for (const field of ['labels', 'annotations']) {
    const map = metadata[field] as Record<string, unknown> | null | undefined;
    if (map === undefined || (map !== null && typeof map !== 'object')) continue;
    const kept = Object.entries(map ?? {}).filter(([key]) => !isBookkeeping(key));
    if (kept.length === 0) delete metadata[field];
    else metadata[field] = Object.fromEntries(kept);
  }
  return copy;
}

/** An outcome by cluster, so that the grouping into variants does not count. */
function byCluster(outcome: Outcome, want: Outcome): unknown {
  const perCluster: Record<string, unknown> = {};
  for (const variant of outcome.variants) {
    for (const cluster of variant.clusters) {
      assert(!(cluster in perCluster), `${cluster} is in two variants`);
      const recorded = want.variants.find(({ clusters }) => clusters.includes(cluster));
      perCluster[cluster] = variant.error
        ? { error: sameText(recorded?.error, variant.error) }
        : {
            manifest: withoutBookkeeping(variant.manifest),
            clusterOverrides: variant.clusterOverrides ?? [],
            overrides: variant.overrides ?? [],
            work: variant.work,
          };
    }
  }
  return perCluster;
}

function compareOutcomes(
  recorded: readonly Outcome[],
  got: readonly Outcome[],
  placed: boolean,
): void {
  // The recordings leave empty lists out.
  const want = recorded.map((outcome) => ({ ...outcome, variants: outcome.variants ?? [] }));
  const summary = (outcome: Outcome, original: Outcome): unknown => ({
    policy: outcome.policy ?? '',
    affinity: outcome.affinity ?? '',
    error: sameText(original.error, outcome.error) ?? '',
    clusters: placed ? [...(outcome.clusters ?? [])].sort() : [],
    results: byCluster(outcome, original),
  });
  const recordedOf = new Map(want.map((outcome) => [outcome.template, outcome]));
  const sorted = (outcomes: readonly Outcome[]): unknown =>
    Object.fromEntries(
      outcomes.map((o) => [o.template, summary(o, recordedOf.get(o.template) ?? o)]),
    );
  assert.equal(got.length, want.length);
  assert.deepStrictEqual(sorted(got), sorted(want));
}

const level: { readonly [kind: string]: (recorded: Case) => void } = {
  preview: ({ objects = [], expect }) => compareOutcomes(expect, engine.preview(objects), true),
  override: ({ objects = [], expect }) => compareOutcomes(expect, engine.override(objects), false),
  admit: ({ objects = [], expect }) => {
    const want = expect as { allowed: boolean; message?: string; object?: unknown };
    const got = engine.admit(objects[0] ?? {});
    assert.equal(got.allowed, want.allowed, got.message ?? want.message ?? '');
    if (want.allowed) assert.deepStrictEqual(got.object, want.object);
    else assert.equal(sameText(want.message, got.message), want.message);
  },
  apiserver: ({ object = {}, expect }) => {
    const want = expect as Validation;
    const got = engine.validate(object);
    assert.equal(got.status, want.status, got.message ?? want.message ?? '');
    assert.equal(got.reason ?? '', want.reason ?? '');
    if (want.status === 201) {
      if (want.spec !== undefined) assert.deepStrictEqual(got.spec, want.spec);
      return;
    }
    const causes = (answer: Validation): string[] =>
      (answer.causes ?? []).map((c) => `${c.reason} ${c.field}: ${c.message}`).sort();
    if (want.causes) assert.deepStrictEqual(causes(got), causes(want));
    else assert.equal(sameText(want.message, got.message), want.message);
  },
};

const here = dirname(fileURLToPath(import.meta.url));
const files = globSync(join(here, 'answers', '*.jsonl.gz')).sort();
assert(files.length > 0, 'no recorded answers found');

for (const file of files) {
  const kind = /^[a-z]+/.exec(basename(file))?.[0] ?? '';
  const run = level[kind];
  assert(run, `${file}: no level of that name`);
  const cases = readCases(file);
  assert(cases.length > 0, `${file} is empty`);
  test(`${basename(file, '.jsonl.gz')}: ${cases.length} recorded answers`, async (t) => {
    const failures: string[] = [];
    for (const recorded of cases) {
      const before = structuredClone(recorded);
      try {
        run(recorded);
        assert.deepStrictEqual(recorded, before, 'the engine changed its input');
      } catch (error) {
        failures.push(`${recorded.id}: ${error instanceof Error ? error.message : String(error)}`);
      }
    }
    t.diagnostic(`${cases.length - failures.length} of ${cases.length} agree`);
    assert.equal(failures.length, 0, failures.slice(0, 5).join('\n\n'));
  });
}
