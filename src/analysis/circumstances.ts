import { latestFluxMinor } from '../engine/index.ts';
import type { FluxMinor, JsonObject } from '../engine/index.ts';
import { fluxVersionOf, liveClusters } from './fleet.ts';
import type { IngestContext } from './ingest.ts';
import { isSamePolicyFields, policyFields } from './live/policyFields.ts';
import { isSameServed, minorsFitting, servedKinds } from './live/servedVersions.ts';
import type { ServedKinds } from './live/servedVersions.ts';
import type { LiveControlPlane } from './liveControlPlane.ts';
import { declaredScopes } from './scope.ts';
import type { Settings } from './settings.ts';

export interface FluxInForce {
  readonly version: FluxMinor;
  readonly origin: 'setting' | 'clusters' | 'newest' | 'served';
}

/** What every object is judged by. The same object in two snapshots as long as nothing in it differs. */
export interface Circumstances extends IngestContext {
  readonly settings: Settings;
  readonly flux: FluxInForce;
}

/** What decides how objects are read, from the settings, the objects as written and the control plane under them. */
export function circumstancesOf(
  settings: Settings,
  written: readonly JsonObject[],
  live: LiveControlPlane | undefined,
  before: Circumstances | undefined,
): Circumstances {
  const clusters: JsonObject[] = [];
  const definitions: JsonObject[] = [];
  for (const source of written) {
    if (source['kind'] === 'Cluster') clusters.push(source);
    else if (source['kind'] === 'CustomResourceDefinition') definitions.push(source);
  }
  const served = live && servedKinds(live);
  const flux = fluxInForce(settings, liveClusters(live) ?? settings.fleet ?? clusters, served);
  const scopes = new Map([...(live?.scopes ?? []), ...declaredScopes(definitions)]);
  const policies = policyFields(settings, live);
  const isSame =
    before?.flux.version === flux.version &&
    before.flux.origin === flux.origin &&
    isSameServed(before.served, served) &&
    isSamePolicyFields(before.policies, policies) &&
    isSameMap(before.declaredScopes, scopes);
  if (isSame) return before;
  const { defaultNamespace } = settings;
  return {
    ...{ settings, flux, defaultNamespace, fluxVersion: flux.version, declaredScopes: scopes },
    policies,
    ...(served ? { served } : {}),
  };
}

function isSameMap<K, V>(a: ReadonlyMap<K, V>, b: ReadonlyMap<K, V>): boolean {
  return a.size === b.size && [...a].every(([key, value]) => b.get(key) === value);
}

/**
 * The Flux whose tables count. Of the releases that serve what a live control plane serves the set one is taken, or the
 * one that the clusters show, or the newest.
 */
function fluxInForce(
  settings: Settings,
  clusters: readonly JsonObject[],
  served: ServedKinds | undefined,
): FluxInForce {
  const set = settings.fluxVersion;
  const fitting = served ? minorsFitting(served) : [];
  const newest = fitting.at(-1);
  if (newest !== undefined) {
    if (set && fitting.includes(set)) return { version: set, origin: 'setting' };
    const shown = fluxVersionOf(clusters);
    const version = shown && fitting.includes(shown) ? shown : newest;
    return { version, origin: 'served' };
  }
  if (set) return { version: set, origin: 'setting' };
  const shown = fluxVersionOf(clusters);
  return shown
    ? { version: shown, origin: 'clusters' }
    : { version: latestFluxMinor, origin: 'newest' };
}
