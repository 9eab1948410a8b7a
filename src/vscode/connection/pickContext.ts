import { QuickPickItemKind, ThemeIcon, window, type QuickPick, type QuickPickItem } from 'vscode';
import { DisposableStore } from '../../base/lifecycle.ts';
import type { ContextSummary, Kubeconfig } from '../../kube/index.ts';
import { contextEntries } from './contextItems.ts';
import type { KubeClient } from './kubeClient.ts';
import { probeContexts, type Probe } from './probeContexts.ts';

interface Item extends QuickPickItem {
  readonly context?: string;
}

const openFile = { iconPath: new ThemeIcon('go-to-file'), tooltip: 'Open Kubeconfig' };

/**
 * Lets the user choose a context. Asks no server unless the user wants to know which are Karmada. Resolves with the
 * context's name, or undefined when none was chosen.
 */
export function pickContext(
  kube: KubeClient,
  kubeconfig: Kubeconfig,
  known: { readonly connected: string; readonly last: string },
  openKubeconfig: () => void,
): Promise<string | undefined> {
  const store = new DisposableStore();
  const pick = store.add(window.createQuickPick<Item>());
  const contexts = kube.listContexts(kubeconfig);
  const probes = new Map<string, Probe>();
  let checking: AbortController | undefined;
  store.add({ dispose: () => checking?.abort() });

  const show = () => render(pick, contexts, { ...known, probes }, checking !== undefined);
  const check = async () => {
    checking = new AbortController();
    const { signal } = checking;
    const tell = (context: string, probe: Probe) => {
      probes.set(context, probe);
      show();
    };
    show();
    await probeContexts(kube, kubeconfig, contexts, { signal, tell });
    if (!signal.aborted) stop();
  };
  const stop = () => {
    checking?.abort();
    checking = undefined;
    for (const [context, { type }] of probes) if (type === 'asking') probes.delete(context);
    show();
  };

  pick.title = 'Connect to Karmada';
  pick.placeholder = 'Choose a context of your kubeconfig';
  pick.matchOnDescription = true;
  pick.matchOnDetail = true;
  pick.buttons = [openFile];
  show();
  return new Promise((resolve) => {
    store.add(
      pick.onDidAccept(() => {
        const [item] = pick.selectedItems;
        if (!item) return;
        if (item.context !== undefined) {
          resolve(item.context);
          pick.hide();
        } else if (checking) stop();
        else void check();
      }),
    );
    store.add(
      pick.onDidTriggerButton(() => {
        pick.hide();
        openKubeconfig();
      }),
    );
    store.add(
      pick.onDidHide(() => {
        resolve(undefined);
        store.dispose();
      }),
    );
    pick.show();
  });
}

function render(
  pick: QuickPick<Item>,
  contexts: readonly ContextSummary[],
  known: Parameters<typeof contextEntries>[1],
  isChecking: boolean,
): void {
  const active = pick.activeItems[0]?.label;
  const items: Item[] = [];
  let group = '';
  for (const entry of contextEntries(contexts, known)) {
    if (entry.group !== group) {
      items.push({ label: entry.group, kind: QuickPickItemKind.Separator });
      group = entry.group;
    }
    items.push({
      label: entry.context,
      iconPath: new ThemeIcon(entry.icon),
      description: entry.description,
      ...(entry.detail && { detail: entry.detail }),
      context: entry.context,
    });
  }
  items.push({ label: '', kind: QuickPickItemKind.Separator }, checkItem(isChecking));
  pick.busy = isChecking;
  pick.keepScrollPosition = true;
  pick.items = items;
  pick.activeItems = items.filter(({ label, kind }) => label === active && kind === undefined);
}

function checkItem(isChecking: boolean): Item {
  return isChecking
    ? { label: 'Stop checking', iconPath: new ThemeIcon('debug-stop'), alwaysShow: true }
    : {
        label: 'Check which are Karmada',
        iconPath: new ThemeIcon('search'),
        detail: 'Asks the server of every context, which may start their login programs.',
        alwaysShow: true,
      };
}
