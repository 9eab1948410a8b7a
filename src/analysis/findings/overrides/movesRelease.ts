import { apiGroup, isObject, member, releaseIdentity } from '../../../engine/index.ts';
import type { JsonObject, TraceEvent } from '../../../engine/index.ts';
import { overrideTraces } from '../../overrideTraces.ts';
import type { Snapshot } from '../../snapshot.ts';
import type { Finding } from '../finding.ts';
import { perTemplate } from '../perTemplate.ts';
import type { Simulated } from '../perTemplate.ts';
import { findingsOfFacts } from './entryFacts.ts';
import type { EntryFact } from './entryFacts.ts';

const moves = perTemplate<EntryFact>((template, snapshot) =>
  isMoved(template)
    ? overrideTraces(snapshot, template).flatMap(({ clusters, events }) =>
        events.some(({ type }) => type === 'failed')
          ? []
          : events.flatMap((event) => {
              const move = moveOf(event);
              return move === undefined
                ? []
                : [{ entry: event.entry, template, clusters, about: move }];
            }),
      )
    : [],
);

/**
 * `override-moves-release` on an entry that changes what Helm calls a release or where it keeps it: a living release
 * is then uninstalled and installed anew (`internal/action/verify.go` of helm-controller).
 */
export function movesRelease(snapshot: Snapshot): readonly Finding[] {
  return findingsOfFacts(
    snapshot,
    moves(snapshot),
    'override-moves-release',
    ({ first, templates, clusters }) => ({
      message: `On ${clusters} this ${first.about} for ${templates}. Where the release runs already, Flux uninstalls it and installs another; set it before the first delivery, or not at all.`,
    }),
  );
}

function isMoved({ item, simulation }: Simulated): boolean {
  const { claimed, outcome } = simulation;
  if (item.kind !== 'HelmRelease' || apiGroup(item.apiVersion) !== 'helm.toolkit.fluxcd.io') {
    return false;
  }
  return outcome.variants.some(
    ({ manifest }) => manifest && claimed && changes(claimed, manifest).length > 0,
  );
}

/** What an entry changes of a release's identity: `makes the release name b instead of a`. */
function moveOf({ type, before, after }: TraceEvent): string | undefined {
  if (type !== 'applied' || !isObject(before) || !isObject(after)) return undefined;
  const found = changes(before, after);
  return found.length === 0 ? undefined : found.join(' and ');
}

const parts = {
  releaseName: 'release name',
  targetNamespace: 'target namespace',
  storageNamespace: 'storage namespace',
} as const;

/** Whether everything that the identity is made of is the same. */
function isSameIdentity(before: JsonObject, after: JsonObject): boolean {
  const [old, now] = [member(before, 'spec'), member(after, 'spec')];
  const [was, is] = [member(before, 'metadata'), member(after, 'metadata')];
  return (
    member(old, 'releaseName') === member(now, 'releaseName') &&
    member(old, 'targetNamespace') === member(now, 'targetNamespace') &&
    member(old, 'storageNamespace') === member(now, 'storageNamespace') &&
    (was === is ||
      (member(was, 'name') === member(is, 'name') &&
        member(was, 'namespace') === member(is, 'namespace')))
  );
}

function changes(before: JsonObject, after: JsonObject): readonly string[] {
  if (isSameIdentity(before, after)) return [];
  const [old, now] = [releaseIdentity(before), releaseIdentity(after)];
  return (Object.keys(parts) as (keyof typeof parts)[]).flatMap((part) =>
    old[part] === now[part]
      ? []
      : [`makes the ${parts[part]} ${now[part] || 'empty'} instead of ${old[part] || 'empty'}`],
  );
}
