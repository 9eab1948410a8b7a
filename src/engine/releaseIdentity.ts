import { isObject, memberAt, stringMember } from './json.ts';
import { sha256 } from './sha256.ts';
import type { JsonObject } from './types.ts';

/** What Helm calls a release, and where it keeps it. */
export interface ReleaseIdentity {
  readonly releaseName: string;
  /** The name without shortening; differs from `releaseName` when it is too long for Helm. */
  readonly fullName: string;
  /** Namespace that the chart is installed into. */
  readonly targetNamespace: string;
  /** Namespace of the Secrets that hold the history. */
  readonly storageNamespace: string;
  /** The HelmChart that Flux makes for it; absent with `chartRef`. */
  readonly helmChart?: { readonly namespace: string; readonly name: string };
}

const maxReleaseName = 53;
const hashLength = 12;

/**
 * The identity of a HelmRelease's release. When name, namespaces or the chart's name change in a living object, Flux
 * uninstalls the old release and installs a new one. Absent namespaces count as empty.
 *
 * Follows `api/v2/helmrelease_types.go` and `internal/release/name.go` of helm-controller.
 */
export function releaseIdentity(object: JsonObject): ReleaseIdentity {
  const spec = memberAt(object, 'spec');
  const metadata = memberAt(object, 'metadata');
  const name = stringMember(metadata, 'name');
  const namespace = stringMember(metadata, 'namespace');
  const targetNamespace = stringMember(spec, 'targetNamespace');
  const composed = targetNamespace === '' ? name : `${targetNamespace}-${name}`;
  const fullName = stringMember(spec, 'releaseName') || composed;
  const sourceRef = memberAt(spec, 'chart', 'spec', 'sourceRef');
  return {
    releaseName: shortenReleaseName(fullName),
    fullName,
    targetNamespace: targetNamespace || namespace,
    storageNamespace: stringMember(spec, 'storageNamespace') || namespace,
    ...(isObject(sourceRef)
      ? {
          helmChart: {
            namespace: stringMember(sourceRef, 'namespace') || namespace,
            name: `${namespace}-${name}`,
          },
        }
      : {}),
  };
}

/** A name that Helm accepts: one that is too long ends in a part of its hash. */
export function shortenReleaseName(name: string): string {
  if (name.length <= maxReleaseName) return name;
  return `${name.slice(0, maxReleaseName - hashLength - 1)}-${sha256(name).slice(0, hashLength)}`;
}
