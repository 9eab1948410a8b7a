import { cluster } from '../../../../support/documents.ts';
import { marked } from '../../../../support/marked.ts';
import { fixesFor, snapshotOf, withEdits } from '../../../../support/snapshots.ts';

/** A release on member1 and member2 of three clusters. */
export const base = {
  'fleet.yaml': ['member1', 'member2', 'member3'].map((name) => cluster(name)).join(''),
  'release.yaml': `apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata:
  name: podinfo
  namespace: apps
spec:
  interval: 5m
  chart:
    spec:
      chart: podinfo
      version: 6.x
      sourceRef: { kind: HelmRepository, name: podinfo }
  values:
    replicaCount: 1
    image: { repository: ghcr.io/podinfo, tag: "1", pull: { policy: Always } }
    args: [a, b]
`,
  'propagation.yaml': `apiVersion: policy.karmada.io/v1alpha1
kind: PropagationPolicy
metadata:
  name: everywhere
  namespace: apps
spec:
  resourceSelectors:
    - apiVersion: helm.toolkit.fluxcd.io/v2
      kind: HelmRelease
  placement:
    clusterAffinity:
      clusterNames: [member1, member2]
`,
};

/** An OverridePolicy of some rules, written in YAML's flow style, for all releases or one by name. */
export function policy(name: string, rules: readonly string[], selected = ''): string {
  return `apiVersion: policy.karmada.io/v1alpha1
kind: OverridePolicy
metadata:
  name: ${name}
  namespace: apps
spec:
  resourceSelectors:
    - apiVersion: helm.toolkit.fluxcd.io/v2
      kind: HelmRelease
${selected === '' ? '' : `      name: ${selected}\n`}  overrideRules:
${rules.map((rule) => `    - ${rule}\n`).join('')}`;
}

/** One plaintext entry. */
export function patch(path: string, operator: string, value?: string): string {
  return `{ path: ${path}, operator: ${operator}${value === undefined ? '' : `, value: ${value}`} }`;
}

/** A rule of plaintext entries, for some clusters or all. */
export function rule(entries: readonly string[], target?: string): string {
  const head = target === undefined ? '' : `targetCluster: ${target}, `;
  return `{ ${head}overriders: { plaintext: [${entries.join(', ')}] } }`;
}

/** The documents with an override policy `change`. */
export function withRules(...rules: readonly string[]): { readonly [uri: string]: string } {
  return { ...base, 'change.yaml': policy('change', rules) };
}

/** The findings of a code as `TEXT: MESSAGE`. */
export function found(
  documents: { readonly [uri: string]: string },
  code: string,
): readonly string[] {
  return marked(documents, [code]).map(({ text, message }) => `${text}: ${message}`);
}

/** One document after the first fix of a code, with its title. */
export function fixed(
  documents: { readonly [uri: string]: string },
  code: string,
  uri = 'change.yaml',
): readonly [title: string, after: string] | undefined {
  const [fix] = fixesFor(snapshotOf(documents), code);
  return fix && [fix.title, withEdits(documents, fix.edits)[uri] ?? ''];
}
