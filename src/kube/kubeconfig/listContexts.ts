import { contextProblem } from './contextProblem.ts';
import type { Kubeconfig } from './kubeconfig.ts';

/** A context for a list to choose from; nothing secret in it. */
export interface ContextSummary {
  readonly name: string;
  readonly isCurrent: boolean;
  readonly cluster: string;
  readonly user: string;
  readonly namespace: string;
  /** '' when the cluster is not there. */
  readonly server: string;
  /** Why it cannot be used, as a sentence; '' when nothing speaks against it. */
  readonly problem: string;
}

/** All contexts in the order of the files. Contacts nothing, reads nothing. */
export function listContexts(kubeconfig: Kubeconfig): readonly ContextSummary[] {
  return [...kubeconfig.contexts].map(([name, context]) => ({
    name,
    isCurrent: name === kubeconfig.currentContext,
    cluster: context.cluster,
    user: context.user,
    namespace: context.namespace === '' ? 'default' : context.namespace,
    server: kubeconfig.clusters.get(context.cluster)?.server ?? '',
    problem: contextProblem(kubeconfig, name),
  }));
}
