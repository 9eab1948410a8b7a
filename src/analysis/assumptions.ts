import type { Snapshot } from './snapshot.ts';
import { modelledKarmadaVersion } from './settings.ts';

/**
 * What a preview takes for granted: versions and settings, Flux, where the clusters come from and what is assumed. Three
 * sentences or pairs of them, which is what a diff shows as context below a first line that differs.
 */
export function assumptionsOf(snapshot: Snapshot): readonly string[] {
  const fleet = [fleetSentence(snapshot), namespace(snapshot)].filter((text) => text !== '');
  return [karmada(snapshot), flux(snapshot), fleet.join(' ')];
}

function karmada({ settings }: Snapshot): string {
  const { karmadaVersion, featureGates, skippedPropagatingNamespaces } = settings;
  const isModelled =
    karmadaVersion === modelledKarmadaVersion ||
    karmadaVersion.startsWith(`${modelledKarmadaVersion}.`);
  const version = isModelled
    ? `Karmada ${karmadaVersion}`
    : `Karmada ${karmadaVersion} is not modelled; shown is what ${modelledKarmadaVersion} does`;
  const gates = Object.entries(featureGates).map(([gate, on]) => `${gate}=${String(on)}`);
  const skipped = skippedPropagatingNamespaces.join(', ') || 'no namespace';
  return `${version}, ${gates.join(', ') || 'default feature gates'}, skips ${skipped}, first placement.`;
}

function flux({ flux: { version, origin } }: Snapshot): string {
  const why = {
    setting: 'by setting',
    clusters: 'the newest that fits the APIs of the clusters',
    newest: 'the newest, since no cluster shows which',
  }[origin];
  return `Flux ${version}, ${why}.`;
}

/** How many clusters there are and where they come from. */
export function fleetSentence({ fleet, settings, items }: Snapshot): string {
  const count = fleet.clusters.length;
  const named = `${count} ${count === 1 ? 'cluster' : 'clusters'}`;
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
