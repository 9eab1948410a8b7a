import { member, memberAt, stringMember } from '../../engine/index.ts';
import type { JsonObject } from '../../engine/index.ts';
import { adviceFor } from '../advice.ts';
import { compareEvents, isHelmRelease, objectKey, reportOn } from '../model/index.ts';
import { createInterner, readEvent } from '../projections/index.ts';
import type { EventRow, ObjectReference } from '../rows.ts';
import { linkTo } from './claims.ts';
import { isGoodNews } from './eventNotes.ts';
import { isFlux } from './fates.ts';
import { accessText } from './memberAccess.ts';
import type { WhyFlux, WhyText } from './why.ts';
import type { FluxReading, WhyRequest } from './whyFleet.ts';

const sourceApi = 'source.toolkit.fluxcd.io/v1';

/**
 * The objects of a member on which Flux speaks of a template: its own, and the chart that helm-controller makes of it
 * (`GetHelmChartName` of `api/v2/helmrelease_types.go`) or that it refers to.
 */
function fluxObjects(
  object: ObjectReference,
  template: JsonObject | undefined,
): readonly ObjectReference[] {
  const { namespace, name } = object;
  const spec = template && member(template, 'spec');
  if (!isHelmRelease(object) || spec === undefined) return [object];
  const chartRef = member(spec, 'chartRef');
  const kind = stringMember(chartRef, 'kind');
  if (kind !== '') {
    const at = stringMember(chartRef, 'namespace') || namespace;
    const chart = { kind, namespace: at, name: stringMember(chartRef, 'name') };
    return [object, { apiVersion: sourceApi, ...chart }];
  }
  const at = stringMember(memberAt(spec, 'chart', 'spec', 'sourceRef'), 'namespace') || namespace;
  const chart = { kind: 'HelmChart', namespace: at, name: `${namespace}-${name}` };
  return [object, { apiVersion: sourceApi, ...chart }];
}

/** What is to be asked of a member. */
export interface FluxQuestion {
  readonly cluster: string;
  readonly objects: readonly ObjectReference[];
  /** Another one when the report of the member is another one. */
  readonly version: string;
}

/** What to ask for a text on one cluster; `undefined` where Flux does not have the object. */
export function fluxQuestion({ subject, cluster, fleet }: WhyRequest): FluxQuestion | undefined {
  const binding = fleet.bindingOf(subject);
  if (cluster === undefined || !binding || !isFlux(subject.apiVersion)) return undefined;
  const work = fleet.worksOf(binding).find((each) => each.cluster === cluster);
  if (!work && !binding.clusters.some(({ name }) => name === cluster)) return undefined;
  const { object } = fleet.objects.get(objectKey(subject)) ?? {};
  const report = reportOn({ work, binding, cluster });
  return {
    cluster,
    objects: fluxObjects(work?.manifest ?? subject, object),
    version: JSON.stringify([work?.uid, work?.isDispatchSuspended, report]),
  };
}

/** Good news of Flux in plain words, `pkg/` and `internal/` of its controllers; other reasons speak for themselves. */
const goodNews: ReadonlyMap<string, string> = new Map([
  ['HelmChartCreated', 'Flux asked for the chart'],
  ['HelmChartConfigured', 'Flux asked for another chart'],
  ['HelmChartDeleted', 'Flux gave the chart up'],
  ['ChartPullSucceeded', 'The chart was fetched'],
  ['ChartPackageSucceeded', 'The chart was packed'],
  ['NewArtifact', 'Something new was fetched'],
  ['InstallSucceeded', 'Helm installed it'],
  ['UpgradeSucceeded', 'Helm upgraded it'],
  ['TestSucceeded', "The chart's tests succeeded"],
  ['RollbackSucceeded', 'Helm rolled it back'],
  ['UninstallSucceeded', 'Helm uninstalled it'],
  ['ReconciliationSucceeded', 'Flux applied it'],
]);

/**
 * Flux's events in plain words, newest first.
 *
 * @param isWell nothing is wrong any more, whatever was
 */
export function fluxNotes(
  reading: FluxReading | undefined,
  cluster: string,
  { object, isWell }: { readonly object: ObjectReference; readonly isWell: boolean },
): WhyFlux | undefined {
  if (!reading) return undefined;
  const nothing = (...says: WhyText): WhyFlux => ({ cluster, says, events: [] });
  switch (reading.type) {
    case 'reading':
      return nothing('Reading…');
    case 'refused': {
      const link = { ...linkTo({ ...object, cluster }), text: 'Opening it there' };
      const says = `Flux's events are not readable: ${accessText(reading.problem)}. `;
      return nothing({ quote: says }, link, ' shows what gives the right.');
    }
    case 'failed':
      return nothing({ quote: `Flux's events could not be read: ${reading.message}` });
    case 'read': {
      const events = rowsOf(reading.events).map((event) => noteOf(event, object, cluster, isWell));
      return events.length === 0
        ? nothing('No events; a cluster forgets them after about an hour.')
        : { cluster, says: [], events };
    }
  }
}

/** What Flux says at each look at a source that has not changed. */
const routine: ReadonlySet<string> = new Set(['ArtifactUpToDate', 'GarbageCollectionSucceeded']);

function rowsOf(objects: readonly JsonObject[]): readonly EventRow[] {
  const interner = createInterner();
  return objects
    .flatMap((object) => {
      const row = readEvent(object, interner);
      return 'value' in row && !routine.has(row.value.reason) ? [row.value] : [];
    })
    .sort((a, b) => compareEvents(b, a));
}

function noteOf(
  event: EventRow,
  object: ObjectReference,
  cluster: string,
  isWell: boolean,
): WhyFlux['events'][number] {
  const { reason, message, lastAt, count, about } = event;
  const isGood = isGoodNews(event);
  const meaning = isGood ? goodNews.get(reason) : adviceFor(reason, message)?.meaning;
  const isOwn = objectKey(about) === objectKey(object);
  return {
    ...{ at: lastAt, count, reason, message },
    state: isGood ? 'ok' : isWell ? 'info' : 'failed',
    says: meaning?.replace(/\.$/, '') ?? '',
    about: isOwn ? [] : [linkTo({ ...about, cluster })],
  };
}
