import { overrideEffects } from '../../engine/index.ts';
import type { EntryEffects } from '../../engine/index.ts';
import { linkToPolicy } from './claims.ts';
import type { Situation } from './situation.ts';
import type { WhyOverride, WhyState } from './why.ts';

interface Policy {
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
}

/** What happened with one override policy, and on which clusters. */
interface Note {
  readonly policy: Policy;
  readonly state: WhyState;
  readonly says: string;
  readonly error: string;
  readonly clusters: Set<string>;
}

/**
 * The override policies that touch a template: applied, as the annotations of the Works tell
 * (`policy.karmada.io/applied-overrides`); failing or not yet applied, as the engine works it out. An override that fails
 * leaves no trace on the Work or the binding, only events.
 *
 * @param cluster only what concerns this cluster
 */
export function overridesOf(situation: Situation, cluster?: string): readonly WhyOverride[] {
  const notes = new Map<string, Note>();
  const note: AddNote = (policy, state, says, on, error = '') => {
    const key = JSON.stringify([policy.kind, policy.namespace, policy.name, state, says, error]);
    let known = notes.get(key);
    if (!known) notes.set(key, (known = { policy, state, says, error, clusters: new Set() }));
    known.clusters.add(on);
  };
  noteApplied(situation, note);
  noteExpected(situation, note);
  return [...notes.values()]
    .filter(({ clusters }) => cluster === undefined || clusters.has(cluster))
    .map(({ policy, state, says, error, clusters }) => ({
      policy: [linkToPolicy(policy)],
      ...{ state, says, error },
      clusters: [...clusters],
    }));
}

type AddNote = (policy: Policy, state: WhyState, says: string, on: string, error?: string) => void;

function appliedOn(situation: Situation, cluster: string): ReadonlyMap<string, Policy> {
  const { works, subject } = situation;
  const work = works.get(cluster);
  const found = new Map<string, Policy>();
  const add = (kind: string, namespace: string, names: readonly string[] = []) => {
    for (const name of names) found.set(`${kind}/${name}`, { kind, namespace, name });
  };
  add('ClusterOverridePolicy', '', work?.clusterOverrides);
  add('OverridePolicy', subject.namespace, work?.overrides);
  return found;
}

function noteApplied(situation: Situation, note: AddNote): void {
  for (const cluster of situation.works.keys()) {
    for (const policy of appliedOn(situation, cluster).values()) {
      const isThere = situation.run.controlPlane.policies.some(
        ({ kind, namespace, name }) =>
          kind === policy.kind && namespace === policy.namespace && name === policy.name,
      );
      const isOld = situation.renderErrors.has(cluster);
      if (isOld) note(policy, 'failed', 'applied to the manifest of before', cluster);
      else if (isThere) note(policy, 'ok', 'applied', cluster);
      else note(policy, 'busy', 'applied, and gone by now', cluster);
    }
  }
}

/** What the policies would do now, where the Works do not say it. */
function noteExpected(situation: Situation, note: AddNote): void {
  const { simulation, run, expected } = situation;
  const clusters = run.controlPlane.clusterObjects.filter((_, i) =>
    expected.has(run.controlPlane.clusters[i]?.name ?? ''),
  );
  if (!simulation?.claimed || !simulation.overrides?.length || clusters.length === 0) return;
  const { claimed, prepared } = simulation;
  const options = prepared ? { prepared } : {};
  for (const entry of overrideEffects(claimed, clusters, run.controlPlane.overrides, options)) {
    noteEntry(situation, entry, note);
  }
}

function noteEntry(situation: Situation, { policy, effects }: EntryEffects, note: AddNote): void {
  const { kind, name, namespace = '' } = policy;
  for (const { type, clusters, error } of effects) {
    for (const cluster of clusters) {
      if (type === 'failed') {
        const message = situation.renderErrors.get(cluster) ?? error ?? '';
        note({ kind, namespace, name }, 'failed', 'fails', cluster, message);
      } else if (type === 'applied' && isMissing(situation, cluster, `${kind}/${name}`)) {
        note({ kind, namespace, name }, 'busy', 'not in the Work yet', cluster);
      }
    }
  }
}

function isMissing(situation: Situation, cluster: string, policy: string): boolean {
  return (
    situation.works.has(cluster) &&
    !situation.renderErrors.has(cluster) &&
    !appliedOn(situation, cluster).has(policy)
  );
}
