import type { Schedule } from '../../../engine/index.ts';
import { naturalOrder } from '../../naturalOrder.ts';
import { listClusters } from '../../previewText.ts';
import { propagationUses } from '../../propagationUses.ts';
import type { PropagationUse } from '../../propagationUses.ts';
import type { Snapshot, Template } from '../../snapshot.ts';
import type { Finding, Place } from '../finding.ts';
import { nameTemplates } from '../templateNames.ts';
import { writtenPlace } from '../writtenPlace.ts';
import type { Cause } from './cause.ts';
import { causesOf } from './causes.ts';

/**
 * Why templates go nowhere, and why they do not go to a cluster that their policy names: `no-cluster-fits`,
 * `api-not-enabled`, `untolerated-taint` and `spread-unsatisfiable` on the policy, one finding a cause however many
 * clusters and templates it is about.
 */
export function unscheduled(snapshot: Snapshot): readonly Finding[] {
  const isAssumed = snapshot.fleet.origin === 'assumed';
  return propagationUses(snapshot).flatMap((use) => findingsOf(use, isAssumed));
}

/** The same cause for several kinds of templates. */
interface Shared {
  readonly cause: Cause;
  readonly lacks: Set<string>;
  readonly clusters: Set<string>;
  readonly templates: Set<Template>;
}

function findingsOf(use: PropagationUse, isAssumed: boolean): readonly Finding[] {
  return sharedCauses(use, isAssumed).map(({ cause, ...about }) => ({
    code: cause.code,
    ...placeOf(use, cause),
    message: messageOf(cause, about),
  }));
}

function placeOf({ item }: PropagationUse, { path, on }: Cause): Place {
  return writtenPlace(item, ['spec', 'placement', ...path], on);
}

/** The causes behind findings of this rule, for their fixes. */
export function causesBehind(snapshot: Snapshot, { item, path, code }: Finding): readonly Cause[] {
  const isAssumed = snapshot.fleet.origin === 'assumed';
  const use = propagationUses(snapshot).find((one) => one.item.source === item.source);
  if (!use) return [];
  return sharedCauses(use, isAssumed)
    .filter(
      ({ cause }) =>
        cause.code === code && JSON.stringify(placeOf(use, cause).path) === JSON.stringify(path),
    )
    .map(({ cause, clusters }) => ({ ...cause, clusters: [...clusters] }));
}

function sharedCauses(use: PropagationUse, isAssumed: boolean): readonly Shared[] {
  const bySchedule = new Map<Schedule, Template[]>();
  for (const template of use.claimed) {
    const schedule = template.simulation?.schedule;
    if (!schedule) continue;
    const list = bySchedule.get(schedule);
    if (list) list.push(template);
    else bySchedule.set(schedule, [template]);
  }
  const shared = new Map<string, Shared>();
  for (const [schedule, templates] of bySchedule) {
    for (const cause of causesOf(schedule, isAssumed)) share(shared, cause, templates);
  }
  return [...shared.values()];
}

function share(all: Map<string, Shared>, cause: Cause, templates: readonly Template[]): void {
  const about = cause.clusters.length > 0 ? '' : cause.lacks;
  const key = JSON.stringify([cause.code, cause.path, about]);
  let entry = all.get(key);
  if (!entry) {
    entry = { cause, lacks: new Set(), clusters: new Set(), templates: new Set() };
    all.set(key, entry);
  }
  entry.lacks.add(cause.lacks);
  for (const cluster of cause.clusters) entry.clusters.add(cluster);
  for (const template of templates) entry.templates.add(template);
}

function messageOf(
  { code, isFatal, lacks: clause, clusters: about }: Cause,
  { lacks, clusters, templates }: Omit<Shared, 'cause'>,
): string {
  const names = nameTemplates([...templates]);
  const nowhere = `${names} ${templates.size > 1 ? 'go' : 'goes'} nowhere`;
  if (about.length === 0) return `${capitalised(clause)}, so ${nowhere}; ${remedies[code]}.`;
  const those = listClusters([...clusters].toSorted(naturalOrder));
  const isMany = clusters.size > 1;
  const what = [...lacks].join(', ');
  const lack = {
    'no-cluster-fits': 'does not fit',
    'api-not-enabled': `${isMany ? 'do' : 'does'} not serve ${what}`,
    'untolerated-taint': `${isMany ? 'have' : 'has'} ${lacks.size > 1 ? 'taints' : 'the taint'} ${what}, which the policy does not tolerate`,
    'spread-unsatisfiable': `${isMany ? 'have' : 'has'} no ${what}, which this constraint needs`,
  }[code];
  const isSingle = isFatal && isMany;
  const verb = templates.size > 1 ? 'do' : 'does';
  const result = isSingle ? nowhere : `${names} ${verb} not go there`;
  return `${those} ${lack}, so ${result}; ${remedies[code]}.`;
}

const remedies: { readonly [code in Cause['code']]: string } = {
  'no-cluster-fits': 'change what it asks for or the clusters',
  'api-not-enabled': 'install the CRDs there or choose other clusters',
  'untolerated-taint': 'add it to clusterTolerations or choose other clusters',
  'spread-unsatisfiable': 'ask for less or let more clusters fit',
};

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
