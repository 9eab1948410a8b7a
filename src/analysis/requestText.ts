import type { JsonObject } from '../engine/index.ts';
import type { PreviewRequest, TextOptions } from './api.ts';
import { assumptionsOf } from './assumptions.ts';
import { displayedObject } from './displayManifest.ts';
import { clusterName } from './fleet.ts';
import { withKarmadaKeys } from './bookkeepingText.ts';
import { groupOf } from './groupHash.ts';
import { isSecret, maskErrorText } from './maskSecret.ts';
import { listName } from './listName.ts';
import { mendingLine, mendingPlace } from './mending.ts';
import { movementSentence } from './live/movementText.ts';
import { partsOf } from './parts.ts';
import type { Part } from './parts.ts';
import { listClusters, previewText, wrapSentence } from './previewText.ts';
import type { Snapshot, Template } from './snapshot.ts';

/** The text of one side of one entry. A template or a cluster that is gone by now is said so. */
export function textOf(
  snapshot: Snapshot,
  request: PreviewRequest,
  { assumptions = true }: TextOptions = {},
): string {
  const shared = {
    side: request.side,
    assumptions: assumptions ? assumptionsOf(snapshot) : [],
    bookkeeping: request.bookkeeping ?? false,
    overriddenBy: [],
  };
  const template = snapshot.templates.get(request.template);
  if (!template) {
    const name = request.template.split('/').at(-1) ?? '';
    const remarks = [`${name} is no longer among the documents, or its apiVersion has changed.`];
    return previewText({ ...shared, title: name, clusters: [], template: undefined, remarks });
  }
  const parts = partsOf(template);
  const part = parts.find(({ clusters }) => clusters.includes(request.cluster));
  const known =
    part ??
    (request.cluster === '' ? parts.find(({ clusters }) => clusters.length === 0) : undefined);
  const manifest = known && manifestOf(template, known, request);
  const { kind, namespace, name, context } = template.item;
  const isLost = known?.state === 'lost';
  return previewText({
    ...shared,
    title: `${listName(kind, namespace, name)}${context === undefined ? '' : ` from ${context}`}`,
    movement: movementSentence(snapshot, template),
    isLost,
    clusters: clustersOf(request, known),
    groupNote: groupNote(request, known),
    overriddenBy: known?.state === 'changed' ? overridingPolicies(known) : [],
    template: (isLost && template.item.replaces) || template.simulation?.template,
    ...(manifest ? { manifest } : {}),
    remarks: known
      ? remarksOf(snapshot, template, known, request)
      : absence(snapshot, template, request.cluster),
  });
}

/** The object behind a cluster's side, as its text shows it. */
export function manifestFor(snapshot: Snapshot, request: PreviewRequest): JsonObject | undefined {
  const template = snapshot.templates.get(request.template);
  const part =
    template && partsOf(template).find(({ clusters }) => clusters.includes(request.cluster));
  const manifest = part && manifestOf(template, part, request);
  return (
    manifest &&
    displayedObject(manifest, {
      other: template?.simulation?.template,
      side: 'after',
      bookkeeping: request.bookkeeping ?? false,
    })
  );
}

function manifestOf(template: Template, part: Part, request: PreviewRequest) {
  return part.manifest && request.bookkeeping
    ? withKarmadaKeys(template, part, request.cluster)
    : part.manifest;
}

function overridingPolicies({ variant }: Part): readonly string[] {
  return [...new Set([...(variant?.clusterOverrides ?? []), ...(variant?.overrides ?? [])])];
}

/** The representative first; a request without a group is about the one cluster. */
function clustersOf({ cluster, group }: PreviewRequest, part: Part | undefined): readonly string[] {
  if (cluster === '' || group === undefined) return cluster === '' ? [] : [cluster];
  return [cluster, ...(part?.clusters ?? []).filter((name) => name !== cluster)];
}

function groupNote({ group }: PreviewRequest, part: Part | undefined): string | undefined {
  if (group === undefined || (part && groupOf(part.clusters) === group)) return undefined;
  const now =
    part && part.clusters.length > 0 ? `now ${listClusters(part.clusters)}` : 'now no cluster';
  return `The group has changed since this view was opened: ${now}. Refresh to see all groups.`;
}

function remarksOf(
  snapshot: Snapshot,
  template: Template,
  part: Part,
  { bookkeeping, cluster, group }: PreviewRequest,
): readonly string[] {
  const isMasked = template.item.stored !== undefined && isSecret(template.item.stored);
  const remarks = isMasked ? part.remarks.map(maskErrorText) : part.remarks;
  const place = mendingPlace(snapshot, template, part);
  const isOneOfMany =
    bookkeeping && group !== undefined && part.manifest && part.clusters.length > 1;
  const [ours = '', ...karmadas] = remarks;
  return [
    ...(ours === '' ? [] : wrapSentence(ours)),
    ...karmadas,
    ...(place ? [mendingLine(place)] : []),
    ...(isOneOfMany
      ? [`Karmada's own keys differ per cluster; these are those for ${cluster}.`]
      : []),
  ];
}

/** What to say when the request's cluster is in no part. */
function absence({ fleet }: Snapshot, template: Template, cluster: string): readonly string[] {
  if (cluster === '') return partsOf(template)[0]?.remarks ?? [];
  return fleet.clusters.some((known) => clusterName(known) === cluster)
    ? [`Not scheduled: the policy's affinity does not choose ${cluster}.`]
    : [`There is no cluster ${cluster} any more.`];
}
