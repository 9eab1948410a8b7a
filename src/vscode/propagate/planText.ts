import type { FilePlan, PlannedOutcome } from '../../analysis/index.ts';
import { listClusters, naturalOrder } from '../../analysis/index.ts';

/** Both sides of what comes of a plan: how it is on each cluster now, and how it will be. */
export interface OutcomeTexts {
  readonly now: string;
  readonly afterwards: string;
}

type OutcomeType = PlannedOutcome['type'];

const nowWords: Readonly<Record<OutcomeType, string>> = {
  appears: 'is not there',
  stays: 'is there',
  leaves: 'is there',
  keeps: 'is there, propagated by Karmada',
  missing: 'is not there',
};

const thenWords: Readonly<Record<OutcomeType, string>> = {
  appears: 'appears',
  stays: 'stays',
  leaves: 'is deleted',
  keeps: 'stays on the cluster, no longer propagated',
  missing: 'is still not there',
};

/** What a plan does on every cluster, as two texts whose difference is what happens. */
export function outcomeTexts({ outcomes, warnings, files, ...plan }: FilePlan): OutcomeTexts {
  const templates = [...new Set(outcomes.map(({ template }) => template))];
  const width = Math.max(
    0,
    ...outcomes.flatMap(({ clusters }) => clusters.map(({ length }) => length)),
  );
  const now: string[] = [];
  const then: string[] = [];
  for (const template of templates) {
    now.push(titleOf(template));
    then.push(titleOf(template));
    const lines = outcomes
      .filter((outcome) => outcome.template === template)
      .flatMap(({ clusters, ...outcome }) => clusters.map((cluster) => ({ cluster, ...outcome })))
      .toSorted((a, b) => naturalOrder(a.cluster, b.cluster));
    for (const { cluster, type, reason } of lines) {
      const start = `  ${cluster.padEnd(width)}  `;
      now.push(`${start}${nowWords[type]}`);
      then.push(`${start}${thenOf(type, reason)}`);
    }
    now.push('');
    then.push('');
  }
  const notes = files.flatMap((file) => file.notes);
  then.push(...warnings.map((warning) => `Note: ${warning}`));
  if (plan.liveOnly.length > 0) {
    then.push(`Only on the control plane, in no file: ${listClusters(plan.liveOnly)}.`);
  }
  if (plan.removedObjects.length > 0) {
    const gone = plan.removedObjects.map(nameOf);
    then.push(
      `In no file any more: ${listClusters(gone)}. Save and Push deletes ${gone.length === 1 ? 'it' : 'them'} on the control plane as well.`,
    );
  }
  if (notes.length > 0) then.push('', 'In the files:', ...notes.map((note) => `  ${note}`));
  return { now: joined(now), afterwards: joined(then) };
}

function thenOf(type: OutcomeType, reason: string): string {
  if (reason === '') return type === 'stays' ? nowWords.stays : thenWords[type];
  return `${type === 'leaves' ? 'leaves' : thenWords[type]}: ${reason}`;
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

/** What a plan does, in one line: `2 files: podinfo appears on member3.` */
export function planSummary({ files, outcomes }: FilePlan): string {
  const count = (type: OutcomeType) =>
    new Set(outcomes.filter((one) => one.type === type).flatMap(({ clusters }) => clusters)).size;
  const parts = [
    { number: count('appears'), text: 'something appears' },
    { number: count('leaves'), text: 'something is deleted' },
    { number: count('missing'), text: 'something is missing' },
  ]
    .filter(({ number }) => number > 0)
    .map(({ number, text }) => `${text} on ${number} ${number === 1 ? 'cluster' : 'clusters'}`);
  const what = `${files.length} ${files.length === 1 ? 'file changes' : 'files change'}`;
  return `${[what, ...parts].join('; ')}.`;
}
