import type { FilePlan, PlannedOutcome } from '../../analysis/index.ts';
import { listClusters, sortNaturally } from '../../analysis/index.ts';
import { groupBy } from '../../base/groupBy.ts';
import { wrapped } from './wrapped.ts';

/** Both sides of what comes of a plan: how it is on each cluster now, and how it will be. */
export interface OutcomeTexts {
  readonly now: string;
  readonly afterwards: string;
}

type OutcomeType = PlannedOutcome['type'];

const nowWords: Readonly<Record<OutcomeType, string>> = {
  appears: 'does not get it',
  stays: 'gets it',
  changes: 'gets it',
  leaves: 'gets it',
  keeps: 'gets it',
  missing: 'does not get it',
  remains: 'gets it',
};

const thenWords: Readonly<Record<OutcomeType, string>> = {
  appears: 'gets it',
  stays: 'gets it',
  changes: 'gets it',
  leaves: 'loses it',
  keeps: 'keeps it, no longer propagated',
  missing: 'still does not get it',
  remains: 'still gets it',
};

/** What a plan does on every cluster, as two texts whose difference is what happens. */
export function outcomeTexts({ outcomes, warnings, files, ...plan }: FilePlan): OutcomeTexts {
  const longest = (width: number, name: string): number => Math.max(width, name.length);
  const width = outcomes.reduce((most, { clusters }) => clusters.reduce(longest, most), 0);
  const byTemplate = groupBy(outcomes, ({ template }) => template);
  const now: string[] = [];
  const then: string[] = [];
  for (const [template, own] of byTemplate) {
    now.push(titleOf(template));
    then.push(titleOf(template));
    const lines = sortNaturally(
      own.flatMap(({ clusters, ...outcome }) =>
        clusters.map((cluster) => ({ cluster, ...outcome })),
      ),
      ({ cluster }) => cluster,
    );
    for (const { cluster, type, reason } of lines) {
      const start = `  ${cluster.padEnd(width)}  `;
      now.push(`${start}${nowWords[type]}`);
      then.push(...wrapped(start, thenOf(type, reason), '      '));
    }
    now.push('');
    then.push('');
  }
  const notes = files.flatMap((file) => file.notes);
  then.push(...stayingNotes(outcomes).flatMap((note) => wrapped('', `Note: ${note}`, '  ')));
  then.push(...warnings.flatMap((warning) => wrapped('', `Note: ${warning}`, '  ')));
  if (plan.liveOnly.length > 0) {
    const live = `Only on the control plane, in no file: ${listClusters(plan.liveOnly)}.`;
    then.push(...wrapped('', live, '  '));
  }
  if (plan.removedObjects.length > 0) {
    const gone = plan.removedObjects.map(nameOf);
    const deleted = `In no file any more: ${listClusters(gone)}. Save and Push deletes ${gone.length === 1 ? 'it' : 'them'} on the control plane as well.`;
    then.push(...wrapped('', deleted, '  '));
  }
  if (notes.length > 0) {
    then.push('', 'In the files:', ...notes.flatMap((note) => wrapped('  ', note, '    ')));
  }
  return { now: joined(now), afterwards: joined(then) };
}

/** What there is to say about clusters where nothing happens: beside each of them it would look like a change. */
function stayingNotes(outcomes: FilePlan['outcomes']): readonly string[] {
  const said = outcomes.filter(({ type, reason }) => type === 'stays' && reason !== '');
  const alike = groupBy(said, ({ clusters, reason }) => JSON.stringify([clusters, reason]));
  return [...alike.values()].flatMap((same) => {
    const [first] = same;
    if (!first) return [];
    const names = same.map(({ template }) => titleOf(template));
    return [`${listClusters(names)} on ${listClusters(first.clusters)}: ${first.reason}`];
  });
}

function thenOf(type: OutcomeType, reason: string): string {
  return reason === '' || type === 'stays' ? thenWords[type] : `${thenWords[type]}: ${reason}`;
}

/** `HelmRelease apps/podinfo` */
function titleOf(template: string): string {
  const [kind = '', namespace = '', name = ''] = template.split('/').slice(-3);
  return nameOf({ kind, namespace, name });
}

function nameOf({ kind, namespace, name }: { kind: string; namespace: string; name: string }) {
  return namespace === '' ? `${kind} ${name}` : `${kind} ${namespace}/${name}`;
}

function joined(lines: readonly string[]): string {
  return `${lines
    .join('\n')
    .replaceAll(/\n{3,}/g, '\n\n')
    .trim()}\n`;
}

/** What a plan does, in a few words: `1 new file. New on member3.` */
export function planSummary({ files, outcomes }: FilePlan): string {
  const parts: readonly (readonly [string, (outcome: PlannedOutcome) => boolean])[] = [
    ['New on', ({ type }) => type === 'appears'],
    ['Changes on', ({ type }) => type === 'changes'],
    ['Deleted on', ({ type }) => type === 'leaves'],
    ['No longer propagated on', ({ type }) => type === 'keeps'],
    ['Missing on', ({ type }) => type === 'missing'],
    ['Still on', ({ type }) => type === 'remains'],
  ];
  const sentences = parts.flatMap(([words, isMeant]) => {
    const clusters = new Set(outcomes.filter(isMeant).flatMap((outcome) => outcome.clusters));
    if (clusters.size === 0) return [];
    return [`${words} ${listClusters(sortNaturally([...clusters], (name) => name))}.`];
  });
  return [`${fileCounts(files)}.`, ...sentences].join(' ');
}

/** Why there is nothing to write. */
export function nothingToWrite({ outcomes, warnings }: FilePlan): string {
  const [warning] = warnings;
  const isShort = outcomes.some(({ type }) => type === 'missing' || type === 'remains');
  if (isShort && warning !== undefined) return `No change of the files does this. ${warning}`;
  return ['No file has to change: it is as you asked already.', warning].filter(Boolean).join(' ');
}

/** `1 new file, 2 changed files` */
function fileCounts(files: FilePlan['files']): string {
  const kindOf = ({ before, after }: FilePlan['files'][number]) =>
    before === undefined ? 'new' : after === undefined ? 'deleted' : 'changed';
  return (['new', 'changed', 'deleted'] as const)
    .map((kind) => ({ kind, number: files.filter((file) => kindOf(file) === kind).length }))
    .filter(({ number }) => number > 0)
    .map(({ kind, number }) => `${number} ${kind} ${number === 1 ? 'file' : 'files'}`)
    .join(', ');
}
