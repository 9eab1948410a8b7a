import { fieldNames, isModelled, isNewer } from './live/policyFields.ts';
import type { Item, Snapshot } from './snapshot.ts';
import { modelledKarmadaVersion } from './settings.ts';

/**
 * What a preview takes for granted: versions and settings, Flux, where the clusters come from and what is assumed. Three
 * sentences or pairs of them, which is what a diff shows as context below a first line that differs.
 */
export function assumptionsOf(snapshot: Snapshot): readonly string[] {
  const fleet = [fleetSentence(snapshot), provenance(snapshot), namespace(snapshot)].filter(
    (text) => text !== '',
  );
  return [karmada(snapshot), flux(snapshot), fleet.join(' ')];
}

function karmada(snapshot: Snapshot): string {
  const { featureGates, skippedPropagatingNamespaces } = snapshot.settings;
  const gates = Object.entries(featureGates).map(([gate, on]) => `${gate}=${String(on)}`);
  const skipped = skippedPropagatingNamespaces.join(', ') || 'no namespace';
  const start = snapshot.live ? 'from the present placements' : 'first placement';
  const doubt = doubts(snapshot);
  return `${version(snapshot)}, ${gates.join(', ') || 'default feature gates'}, skips ${skipped}, ${start}.${doubt && ` ${doubt}`}`;
}

function version({ settings, live }: Snapshot): string {
  const karmadaVersion = live?.karmadaVersion || settings.karmadaVersion;
  const place = live ? ` on ${live.context}` : '';
  if (!isModelled(karmadaVersion)) {
    return `Karmada ${karmadaVersion}${place} is not modelled; shown is what ${modelledKarmadaVersion} does`;
  }
  const isGuessed = live?.karmadaVersion === '';
  return isGuessed
    ? `Karmada ${karmadaVersion}, for ${live.context} does not tell its version`
    : `Karmada ${karmadaVersion}${place}`;
}

/** Where the fields are known that a Karmada has, none of them is in doubt for its version alone. */
function changes(live: Snapshot['live']): string {
  return live?.differences
    ? `what has changed since ${modelledKarmadaVersion}`
    : `fields newer than ${modelledKarmadaVersion}, and what has changed since`;
}

/** The fields that another Karmada does not know, or may read in another way; '' where it is as modelled. */
export function doubts({ settings, live, circumstances: { policies } }: Snapshot): string {
  const karmadaVersion = live?.karmadaVersion || settings.karmadaVersion;
  const [lacking, unknown] = [fieldNames(policies.lacking), fieldNames(policies.unknown)];
  const more = unknown.length > 0 ? `${unknown.join(', ')}, which only it has` : '';
  const isOlder = lacking.length > 0 && !isNewer(karmadaVersion);
  const rest = isOlder || isModelled(karmadaVersion) ? '' : changes(live);
  const inDoubt = [more, rest].filter((text) => text !== '').join('; ');
  return [
    ...(lacking.length > 0 ? [`It does not have ${lacking.join(', ')}.`] : []),
    ...(inDoubt === '' ? [] : [`In doubt: ${inDoubt}.`]),
  ].join(' ');
}

function flux({ flux: { version: minor, origin }, live }: Snapshot): string {
  const why = {
    setting: 'by setting',
    clusters: 'the newest that fits the APIs of the clusters',
    newest: 'the newest, since no cluster shows which',
    served: `the newest that fits what ${live?.context ?? ''} serves`,
  }[origin];
  return `Flux ${minor}, ${why}.`;
}

/** How much of what counts is live: `2 of 5 policies from prod, the rest from files.` */
function provenance({ live, objects, items }: Snapshot): string {
  if (!live) return '';
  const isPolicy = ({ role }: Item): boolean => role === 'propagation' || role === 'override';
  const all = objects.filter(isPolicy).length;
  const written = items.filter(isPolicy).length;
  const unread = policyKinds.filter((kind) => live.unread.has(`policy.karmada.io/${kind}`));
  const silent = [
    unread.length > 0 ? ` ${unread.join(', ')} could not be read there.` : '',
    bindingKinds.some((kind) => live.unread.has(`work.karmada.io/${kind}`))
      ? ' Bindings could not all be read there, so clusters are chosen as if nothing were placed yet.'
      : '',
  ].join('');
  if (all === written) return silent.trim();
  const rest = written === 0 ? '' : ', the rest from files';
  return `${all - written} of ${all} ${all === 1 ? 'policy' : 'policies'} from ${live.context}${rest}.${silent}`;
}

const policyKinds = [
  'PropagationPolicy',
  'ClusterPropagationPolicy',
  'OverridePolicy',
  'ClusterOverridePolicy',
];

const bindingKinds = ['ResourceBinding', 'ClusterResourceBinding'];

/** How many clusters there are and where they come from. */
export function fleetSentence({ fleet, settings, items, live }: Snapshot): string {
  const count = fleet.clusters.length;
  const named = `${count} ${count === 1 ? 'cluster' : 'clusters'}`;
  if (fleet.origin === 'live') return `${named} from ${live?.context ?? ''}.`;
  if (fleet.origin === 'file') return `${named} from ${settings.fleetName}.`;
  if (fleet.origin === 'assumed') {
    return count === 0
      ? 'No cluster is known: add a fleet file (kubectl get clusters -o yaml) to see where releases go.'
      : `${named} assumed from the names in policies: no labels, fields or taints, every API served.`;
  }
  const files = new Set(items.filter(({ role }) => role === 'cluster').map(({ file }) => file.uri));
  const [only] = files;
  const place = files.size === 1 && only ? fileName(only) : `${files.size} files`;
  return `${named} from ${place}.`;
}

function namespace({ items, settings }: Snapshot): string {
  return items.some(({ namespaceAssumed }) => namespaceAssumed)
    ? `Namespace ${settings.defaultNamespace} where a document names none.`
    : '';
}

/** The last part of a URI or path, as people call a file. */
export function fileName(uri: string): string {
  const name = uri.slice(uri.lastIndexOf('/') + 1);
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}
