import {
  apiGroup,
  checkSchema,
  findSchema,
  kindSchemas,
  migrateHelmRelease,
  withMember,
} from '../../engine/index.ts';
import type { JsonValue, SchemaProblem } from '../../engine/index.ts';
import type { Finding } from '../findings/finding.ts';
import { nearestChoice } from '../findings/document/schemaSentence.ts';
import { valueAt } from '../findings/document/fieldPlace.ts';
import { isKind } from '../findings/document/isKind.ts';
import { nearestKind } from '../findings/document/unknownKinds.ts';
import type { Snapshot } from '../snapshot.ts';
import { fixBy } from './changes.ts';
import type { Fix } from './fix.ts';
import { quoted } from './quote.ts';

/** The problem behind a finding of one of the schema's codes. */
function problemOf({ flux }: Snapshot, { item, path, code }: Finding): SchemaProblem | undefined {
  const table = findSchema(item.apiVersion, item.kind, flux.version);
  const problems = table ? checkSchema(item.source, table) : [];
  return problems.find(
    (problem) => problem.code === code && JSON.stringify(problem.path) === JSON.stringify(path),
  );
}

/** Renames a field to the one that was probably meant, moves it where v2 has it now, or removes it. */
export function unknownField(snapshot: Snapshot, finding: Finding): readonly Fix[] {
  const { item, path } = finding;
  const name = String(path.at(-1));
  const remove = fixBy(`Remove ${name}`, [{ item, change: { type: 'remove', path } }]);
  const moved = movedField(finding);
  if (moved.length > 0) return [...moved, ...remove];
  const nearest = problemOf(snapshot, finding)?.nearest;
  if (nearest === undefined) return remove;
  const change = { type: 'rename', path, name: nearest } as const;
  return [...fixBy(`Change to ${nearest}`, [{ item, change }], { preferred: true }), ...remove];
}

const movedIn: { readonly [name: string]: string } = {
  valuesFile: 'valuesFiles',
  patchesStrategicMerge: 'patches',
  patchesJson6902: 'patches',
};

/** A field that v2beta2 of a HelmRelease had, in the place that v2 has for it. */
function movedField({ item, path }: Finding): readonly Fix[] {
  const name = String(path.at(-1));
  const place = Object.hasOwn(movedIn, name) ? movedIn[name] : undefined;
  if (place === undefined || !isKind(item, 'helm.toolkit.fluxcd.io', 'HelmRelease')) return [];
  const old = withMember(item.source, 'apiVersion', 'helm.toolkit.fluxcd.io/v2beta2');
  const { changes, problems } = migrateHelmRelease(old);
  if (problems.some(({ code }) => code === 'not-convertible')) return [];
  const steps = changes.filter((change) => change.path[0] === 'spec');
  const title = `Move ${name} to ${place}`;
  return fixBy(
    title,
    steps.map((change) => ({ item, change })),
    { preferred: true },
  );
}

/** Removes a field that the Flux or Karmada in force does not know. */
export function newerField(_snapshot: Snapshot, { item, path }: Finding): readonly Fix[] {
  return fixBy(`Remove ${String(path.at(-1))}`, [{ item, change: { type: 'remove', path } }]);
}

/** Writes a value as what the schema wants, where its text already is that but for quotes. */
export function wrongType(snapshot: Snapshot, finding: Finding): readonly Fix[] {
  const { item, path } = finding;
  const problem = problemOf(snapshot, finding);
  const value = valueAt(item.source, path);
  if (problem?.expected?.includes('string') === true) return quoted(finding);
  const plain = typeof value === 'string' ? unquoted(value, problem?.expected ?? []) : undefined;
  if (plain === undefined) return [];
  const change = { type: 'set', path, value: plain } as const;
  return fixBy('Remove the quotes', [{ item, change }], { preferred: true });
}

function unquoted(text: string, expected: readonly JsonValue[]): JsonValue | undefined {
  if (expected.includes('boolean') && /^(true|false)$/i.test(text)) {
    return text.toLowerCase() === 'true';
  }
  const isWhole = /^-?(0|[1-9]\d{0,14})$/.test(text);
  return expected.includes('integer') && isWhole ? Number(text) : undefined;
}

/** The allowed values of a fixed list, the nearest first. */
export function invalidValue(snapshot: Snapshot, finding: Finding): readonly Fix[] {
  const { item, path } = finding;
  if (path.length === 1) return knownKind(finding);
  const problem = problemOf(snapshot, finding);
  if (problem?.reason !== 'FieldValueNotSupported') return [];
  const { expected = [] } = problem;
  const nearest = nearestChoice(valueAt(item.source, path), expected);
  const choices = expected.filter((value) => typeof value === 'string').filter(Boolean);
  const ordered = choices.toSorted((a, b) => Number(b === nearest) - Number(a === nearest));
  return ordered
    .slice(0, mostChoices)
    .flatMap((value) =>
      fixBy(
        `Change to ${value}`,
        [{ item, change: { type: 'set', path, value } }],
        value === nearest ? { preferred: true } : {},
      ),
    );
}

/** More would only be a list to read. */
const mostChoices = 6;

/** The kind, or the version of a kind, that was probably meant. */
function knownKind({ item, path }: Finding): readonly Fix[] {
  const group = apiGroup(item.apiVersion);
  const value =
    path[0] === 'kind'
      ? nearestKind(item.kind, group)
      : kindSchemas.find(
          (table) => table.kind === item.kind && apiGroup(table.apiVersion) === group,
        )?.apiVersion;
  if (value === undefined || path[0] === 'spec') return [];
  const change = { type: 'set', path, value } as const;
  return fixBy(`Change to ${value}`, [{ item, change }], { preferred: true });
}
