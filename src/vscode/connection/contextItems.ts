import type { ContextSummary } from '../../kube/index.ts';
import { withoutUserInfo } from './connectionText.ts';
import type { Probe } from './probeContexts.ts';

/** A context as a list shows it. `icon` is the name of a product icon. */
export interface ContextEntry {
  readonly context: string;
  readonly group: string;
  readonly icon: string;
  readonly description: string;
  readonly detail: string;
}

/** In the order of the list. */
const groups = [
  'Karmada',
  'Connected',
  'Used here before',
  'Contexts',
  'No answer',
  'Not Karmada',
  'Cannot be used',
] as const;
type Group = (typeof groups)[number];

/** The contexts by group, each group in the order of the kubeconfig but the current context first. */
export function contextEntries(
  contexts: readonly ContextSummary[],
  known: {
    readonly probes: ReadonlyMap<string, Probe>;
    /** The context in use; '' for none. */
    readonly connected: string;
    /** The one that this workspace used last; '' for none. */
    readonly last: string;
  },
): readonly ContextEntry[] {
  const currentFirst = contexts.toSorted((a, b) => Number(b.isCurrent) - Number(a.isCurrent));
  const entries = currentFirst.map((context) => {
    const probe = known.probes.get(context.name);
    const current = context.isCurrent ? ['current context'] : [];
    const server = [withoutUserInfo(context.server).replace(/^https:\/\//, ''), ...current].filter(
      Boolean,
    );
    const entry = { context: context.name, description: server.join(' · ') };
    return { ...entry, ...looks(context, probe, known) };
  });
  return groups.flatMap((group) => entries.filter((entry) => entry.group === group));
}

function looks(
  { name, problem }: ContextSummary,
  probe: Probe | undefined,
  { connected, last }: { readonly connected: string; readonly last: string },
): { readonly group: Group; readonly icon: string; readonly detail: string } {
  if (problem !== '') return { group: 'Cannot be used', icon: 'error', detail: problem };
  const group = name === connected ? 'Connected' : name === last ? 'Used here before' : 'Contexts';
  switch (probe?.type) {
    case undefined:
      return { group, icon: 'server-environment', detail: '' };
    case 'asking':
      return { group, icon: 'loading~spin', detail: '' };
    case 'karmada':
      return { group: 'Karmada', icon: 'pass', detail: served(probe.karmadaVersion) };
    case 'other':
      return {
        group: 'Not Karmada',
        icon: 'circle-slash',
        detail: `Not Karmada: Kubernetes ${probe.kubernetesVersion}`.trim(),
      };
    case 'silent':
      return { group: 'No answer', icon: 'warning', detail: probe.sentence };
  }
}

/** Most control planes do not tell Karmada's version. */
function served(karmadaVersion: string): string {
  return karmadaVersion
    ? `Karmada ${karmadaVersion}`
    : 'Serves policy.karmada.io and cluster.karmada.io';
}
