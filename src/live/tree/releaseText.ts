import {
  isHelmRelease,
  nowhere,
  reportOn,
  rollupText,
  stateText,
  type FleetModel,
  type Judgement,
  type Release,
} from '../model/index.ts';
import type { ReportRow } from '../rows.ts';
import { accessText } from '../why/memberAccess.ts';
import { ageText } from './age.ts';
import { factLines, page } from './markdown.ts';
import { joined, oneLine } from './node.ts';
import type { TreeInput } from './treeInput.ts';

/** How a release does in all: its rollup, or why it goes nowhere. */
export function releaseSummary(release: Release, hasBindings = true): string {
  return nowhere(release, hasBindings) || rollupText(release.counts);
}

/** What a member reports of a release, from the Work or else from the binding. */
export function reportOf(
  { workOn }: FleetModel,
  { key, binding }: Release,
  cluster: string,
): ReportRow | undefined {
  return binding && reportOn({ work: workOn(key, cluster), binding, cluster });
}

/** `failed · podinfo 6.6.1 · revision 3 · install retries exhausted`; a ready one needs no message. */
export function onClusterText(judgement: Judgement, report: ReportRow | undefined): string {
  const { state, message } = judgement;
  return joined([
    stateText(state),
    report ? versionText(report) : '',
    report && report.releaseRevision > 0 ? `revision ${report.releaseRevision}` : '',
    state === 'ready' ? '' : oneLine(message),
  ]);
}

/** The chart that is installed, else the revision that was tried or fetched. */
function versionText({ chart, chartVersion, revision }: ReportRow): string {
  if (chart !== '' || chartVersion !== '') return joined([chart, chartVersion], ' ');
  return shortRevision(revision);
}

/** Digests are told apart by their first digits, as the Flux CLI prints them. */
function shortRevision(revision: string): string {
  return revision.replaceAll(/[0-9a-f]{40,}/g, (digits) => digits.slice(0, 8));
}

/** What a tooltip says of a release as a whole. */
export function releaseTooltip(
  { model, now, hasBindings = true }: Pick<TreeInput, 'model' | 'now' | 'hasBindings'>,
  release: Release,
): string {
  const { reference, template, binding, counts } = release;
  const policy = binding?.policy;
  const missing = nowhere(release, hasBindings);
  const large = model.isBindingTooLarge(release.key)
    ? 'Karmada cannot update the binding any more; it grew too large. The reports shown are those of the Works.'
    : '';
  return page(
    `${reference.kind} ${joined([reference.namespace, reference.name], '/')}`,
    factLines([
      ['State', joined([missing, rollupText(counts)])],
      ['Why', missing === '' ? '' : (binding?.scheduled?.message ?? '')],
      ['API version', reference.apiVersion],
      ['Policy', policy ? `${policy.kind} ${joined([policy.namespace, policy.name], '/')}` : ''],
      ['Affinity group', binding?.affinity ?? ''],
      ['Last scheduled', agoText(binding?.lastScheduledAt ?? '', now)],
      ['Age', ageText(template?.createdAt ?? '', now)],
      ['Unexpected', joined([template?.problem ?? '', binding?.problem ?? ''], ' ')],
    ]),
    large,
  );
}

/** What a tooltip says of a release on one cluster. */
export function onClusterTooltip(
  { model, now, access }: Pick<TreeInput, 'model' | 'now' | 'access'>,
  release: Release,
  cluster: string,
): string {
  const refused = access?.(cluster);
  const judgement = model.judge(release.key, cluster);
  if (!judgement) return '';
  const { reference } = release;
  const report = reportOf(model, release, cluster);
  const work = model.workOn(release.key, cluster);
  const overrides = [...(work?.clusterOverrides ?? []), ...(work?.overrides ?? [])];
  return page(
    `${joined([reference.namespace, reference.name], '/')} on ${cluster}`,
    factLines([
      ['State', stateText(judgement.state)],
      ['Message', oneLine(judgement.message)],
      ['Ready', report?.ready ? `${report.ready.status}, ${report.ready.reason}` : ''],
      ['Since', agoText(report?.ready?.since ?? '', now)],
      ['Chart', joined([report?.chart ?? '', report?.chartVersion ?? ''], ' ')],
      ['App version', report?.appVersion ?? ''],
      ['Release revision', report && report.releaseRevision > 0 ? `${report.releaseRevision}` : ''],
      [isHelmRelease(reference) ? 'Last attempted' : 'Revision', report?.revision ?? ''],
      ['Chart wanted', work?.chartVersion ?? ''],
      ['Failures', report && report.failures > 0 ? `${report.failures}` : ''],
      ['Applied', work?.applied ? agoText(work.applied.since, now) : ''],
      ['Overrides', [...new Set(overrides)].join(', ')],
      ['Work', work?.key ?? ''],
      ['Object there', refused ? `not readable: ${accessText(refused)}` : ''],
      ['Unexpected', work?.problem ?? ''],
    ]),
  );
}

function agoText(time: string, now: number): string {
  const age = ageText(time, now);
  return age === '' ? '' : `${age} ago`;
}
