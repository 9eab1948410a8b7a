import { apiGroup, arrayMember, claimCandidates, stringMember } from '../../engine/index.ts';
import type { CandidateCode, JsonValue, StoredPolicy } from '../../engine/index.ts';
import type { ObjectReference } from '../rows.ts';
import type { Situation } from './situation.ts';
import type { WhyLinkPiece, WhyPiece, WhyPolicy } from './why.ts';

const policyApi = 'policy.karmada.io/v1alpha1';

/** An object as text that leads to it: `PropagationPolicy default/podinfo`. */
export function linkTo(reference: ObjectReference & { readonly cluster?: string }): WhyLinkPiece {
  const { apiVersion, kind, namespace, name, cluster } = reference;
  const text = namespace === '' ? `${kind} ${name}` : `${kind} ${namespace}/${name}`;
  const target = {
    apiVersion,
    kind,
    namespace,
    name,
    ...(cluster === undefined ? {} : { cluster }),
  };
  return { text, target };
}

/** An object whose kind is plain, as text that leads to it: `default/podinfo`. */
export function nameOf(reference: ObjectReference & { readonly cluster?: string }): WhyPiece {
  const link = linkTo(reference);
  return { ...link, text: link.text.slice(reference.kind.length + 1) };
}

/** A policy of Karmada as text that leads to it. */
export function linkToPolicy(policy: {
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
}): WhyPiece {
  const { kind, namespace, name } = policy;
  return linkTo({ apiVersion: policyApi, kind, namespace, name });
}

/** The policies that have or want the template, the one that has it first, and those that nearly select it. */
export function policiesOf(situation: Situation): readonly WhyPolicy[] {
  const { simulation, run } = situation;
  if (!simulation) return [];
  const { claim, template } = simulation;
  const winner = 'policy' in claim ? claim.policy : undefined;
  const rows: WhyPolicy[] = [];
  for (const { policy, code } of claimCandidates(template, run.controlPlane.policies, claim)) {
    const says = verdictText(situation, policy, code, winner);
    if (says === undefined) continue;
    const row = { policy: [linkToPolicy(policy)], wins: code === 'claims', says };
    if (row.wins) rows.unshift(row);
    else rows.push(row);
  }
  return rows;
}

/** `undefined` for policies that have nothing to do with the template. */
function verdictText(
  situation: Situation,
  policy: StoredPolicy,
  code: CandidateCode,
  winner: StoredPolicy | undefined,
): string | undefined {
  const priority = `priority ${policy.priority}`;
  const against = winner ? `${priority} against ${winner.priority}` : priority;
  switch (code) {
    case 'claims':
      return claimText(situation, policy);
    case 'template-cluster-scoped':
    case 'other-namespace':
      return undefined;
    case 'no-match':
      return nearMiss(situation, policy);
    case 'deleting':
      return 'it is being deleted';
    case 'namespaced-policy-wins':
      return 'a policy of the namespace comes before a cluster-wide one';
    case 'lower-priority':
      return `lower priority: ${against}`;
    case 'weaker-match':
      return 'its selector is less specific at the same priority: a name beats labels, labels beat all of a kind';
    case 'later-name':
      return 'the same priority and selector; the name that sorts first wins';
    case 'already-claimed':
      return alreadyClaimed(policy, winner, against);
  }
}

function claimText({ simulation }: Situation, policy: StoredPolicy): string {
  const claim = simulation?.claim;
  if (claim?.type === 'waiting') {
    return `selects it, and waits for its dependentOverrides: ${claim.missing.join(', ')}`;
  }
  const lazy =
    claim?.type === 'claimed' && claim.isLazy
      ? '; activationPreference Lazy: a change of the policy alone reaches nothing'
      : '';
  return `has it, priority ${policy.priority}${lazy}`;
}

function alreadyClaimed(
  policy: StoredPolicy,
  winner: StoredPolicy | undefined,
  against: string,
): string {
  if (!winner) return 'selects it too, but the object names another policy as its own';
  if (policy.kind !== winner.kind) {
    return winner.kind === 'PropagationPolicy'
      ? 'a policy of the namespace comes before a cluster-wide one'
      : 'a cluster-wide policy had it first and keeps it';
  }
  return policy.priority > winner.priority
    ? `higher priority (${against}), but an object keeps its policy: taking over needs preemption: Always and the feature gate PropagationPolicyPreemption`
    : `not stronger (${against}), and an object keeps its policy`;
}

/** A policy in reach that names the same kind in another version: Karmada compares apiVersion as text. */
function nearMiss({ subject }: Situation, policy: StoredPolicy): string | undefined {
  const selected = arrayMember(policy.spec, 'resourceSelectors')
    .filter((selector) => isNear(selector, subject))
    .map((selector) => stringMember(selector, 'apiVersion'));
  if (selected.length === 0) return undefined;
  return `selects ${subject.kind} in ${[...new Set(selected)].join(', ')}; the object is ${subject.apiVersion}, and Karmada compares versions as text`;
}

function isNear(selector: JsonValue, subject: ObjectReference): boolean {
  const namespace = stringMember(selector, 'namespace');
  const name = stringMember(selector, 'name');
  const apiVersion = stringMember(selector, 'apiVersion');
  return (
    stringMember(selector, 'kind') === subject.kind &&
    apiVersion !== subject.apiVersion &&
    apiGroup(apiVersion) === apiGroup(subject.apiVersion) &&
    (namespace === '' || namespace === subject.namespace) &&
    (name === '' || name === subject.name)
  );
}
