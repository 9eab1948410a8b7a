import type { FluxMinor, JsonObject, JsonValue } from '../engine/index.ts';
import { isArray, latestFluxMinor } from '../engine/index.ts';
import { parseSource } from '../yaml/index.ts';
import type { Severity } from './diagnostic.ts';
import { observedCluster } from './fleet.ts';
import { objectsIn } from './scope.ts';

/** Who reports plain errors of YAML: this extension, or the YAML extension that is active beside it. */
export type YamlSyntax = 'own' | 'others';

/** What a user may set; everything has a default. */
export interface WorkspaceOptions {
  /** The Flux release whose kinds are served, such as `2.9`. Default: what the clusters' APIs show, else the newest. */
  readonly fluxVersion?: string;
  /** The Karmada release of the control plane. The engine models 1.18; another is named in every preview. */
  readonly karmadaVersion?: string;
  /** The clusters: the text of a fleet file, its parsed objects, or a `List`. Default: Clusters among the documents. */
  readonly fleet?: string | JsonValue;
  /** Where `fleet` comes from, to be named in previews, such as a file's path. */
  readonly fleetName?: string;
  /** Severity per diagnostic code; `off` silences it. */
  readonly severities?: { readonly [code: string]: Severity | 'off' };
  /** Globs of documents that take no part at all. */
  readonly exclude?: readonly string[];
  /** The folders that `exclude` is relative to, as URIs or paths. Without any, globs are about whole paths. */
  readonly roots?: readonly string[];
  /** Who reports what any parser of YAML reports: `others` where another extension does. Default `own`. */
  readonly yamlSyntax?: YamlSyntax;
  /** Karmada feature gates that differ from their defaults. */
  readonly featureGates?: { readonly [gate: string]: boolean };
  /** `--skipped-propagating-namespaces` of the controller manager. Default `kube-.*`. */
  readonly skippedPropagatingNamespaces?: readonly string[];
  /** The namespace of documents that name none. Default `default`. */
  readonly defaultNamespace?: string;
}

/** The options with their defaults, read once. */
export interface Settings {
  readonly fluxVersion: FluxMinor | undefined;
  readonly karmadaVersion: string;
  readonly fleet: readonly JsonObject[] | undefined;
  readonly fleetName: string;
  readonly severities: { readonly [code: string]: Severity | 'off' };
  readonly exclude: readonly string[];
  readonly roots: readonly string[];
  readonly yamlSyntax: YamlSyntax;
  readonly featureGates: { readonly [gate: string]: boolean };
  readonly skippedPropagatingNamespaces: readonly string[];
  readonly defaultNamespace: string;
}

/** The Karmada release whose behaviour the engine follows. */
export const modelledKarmadaVersion = '1.18';

/** Fills in the defaults. Values of a wrong type count as not given. */
export function toSettings(options: WorkspaceOptions = {}): Settings {
  return {
    fluxVersion: fluxMinor(options.fluxVersion),
    karmadaVersion: options.karmadaVersion?.trim().replace(/^v/, '') || modelledKarmadaVersion,
    fleet: options.fleet === undefined ? undefined : fleetClusters(options.fleet),
    fleetName: options.fleetName ?? 'the fleet file',
    severities: options.severities ?? {},
    exclude: options.exclude ?? [],
    roots: options.roots ?? [],
    yamlSyntax: options.yamlSyntax ?? 'own',
    featureGates: options.featureGates ?? {},
    skippedPropagatingNamespaces: options.skippedPropagatingNamespaces ?? ['kube-.*'],
    defaultNamespace: options.defaultNamespace || 'default',
  };
}

/** The minor of a release as a user may write it: `2.9`, `v2.9.4`. Newer than known counts as the newest known. */
function fluxMinor(version: string | undefined): FluxMinor | undefined {
  const match = /^v?(\d+)\.(\d+)/.exec(version?.trim() ?? '');
  if (!match) return undefined;
  const [, major, minor] = match;
  const [latestMajor, latestMinor] = latestFluxMinor.split('.').map(Number);
  const newer =
    Number(major) > Number(latestMajor) ||
    (Number(major) === Number(latestMajor) && Number(minor) > Number(latestMinor));
  return newer ? latestFluxMinor : `${Number(major)}.${Number(minor)}`;
}

function fleetClusters(fleet: string | JsonValue): readonly JsonObject[] {
  const values: readonly unknown[] =
    typeof fleet === 'string'
      ? parseSource(fleet).documents.map((document) => document.value)
      : [fleet];
  return values
    .flatMap((value): readonly unknown[] => (isArray(value) ? value : [value]))
    .flatMap((value) => objectsIn(value))
    .map(({ object }) => object)
    .filter((object) => object['kind'] === 'Cluster')
    .map(observedCluster);
}
