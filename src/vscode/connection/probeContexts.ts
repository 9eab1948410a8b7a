import type { ContextSummary, ControlPlaneInfo, Kubeconfig } from '../../kube/index.ts';
import { isKubeError } from '../../live/index.ts';
import type { KubeClient } from './kubeClient.ts';

/** What asking the server of a context has shown. */
export type Probe =
  | { readonly type: 'asking' }
  | { readonly type: 'karmada'; readonly karmadaVersion: string }
  | { readonly type: 'other'; readonly kubernetesVersion: string }
  | { readonly type: 'silent'; readonly sentence: string };

type Asking = Pick<KubeClient, 'createTransport' | 'discover' | 'resolveContext'>;

const atOnce = 4;
const patience = 10_000;

/**
 * Asks the server of each context that can be used whether it serves Karmada's groups; `tell` hears of each as it goes
 * on. Resolves when all have answered or had their time, or when `signal` stops it; then nothing of it is left.
 */
export async function probeContexts(
  kube: Asking,
  kubeconfig: Kubeconfig,
  contexts: readonly ContextSummary[],
  options: {
    readonly signal: AbortSignal;
    readonly tell: (context: string, probe: Probe) => void;
    readonly patience?: number;
  },
): Promise<void> {
  const queue = contexts.filter(({ problem }) => problem === '').values();
  const worker = async () => {
    for (const { name } of queue) {
      if (options.signal.aborted) return;
      options.tell(name, { type: 'asking' });
      const probe = await askOne(kube, kubeconfig, name, options);
      if (options.signal.aborted) return;
      options.tell(name, probe);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
}

async function askOne(
  kube: Asking,
  kubeconfig: Kubeconfig,
  context: string,
  options: { readonly signal: AbortSignal; readonly patience?: number },
): Promise<Probe> {
  const limit = options.patience ?? patience;
  const time = AbortSignal.timeout(limit);
  const signal = AbortSignal.any([options.signal, time]);
  try {
    const target = kube.resolveContext(kubeconfig, context);
    const transport = kube.createTransport(target);
    try {
      return toProbe(await kube.discover(transport, { signal }));
    } finally {
      transport.dispose();
      target.credentials.dispose();
    }
  } catch (error) {
    if (time.aborted) {
      return { type: 'silent', sentence: `It did not answer within ${limit / 1000} s.` };
    }
    const sentence = isKubeError(error) ? error.message : String(error);
    return { type: 'silent', sentence };
  }
}

function toProbe(info: ControlPlaneInfo): Probe {
  return info.isKarmada
    ? { type: 'karmada', karmadaVersion: info.karmadaVersion }
    : { type: 'other', kubernetesVersion: info.kubernetesVersion };
}
