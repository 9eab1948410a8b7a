import { QuickPickItemKind, ThemeIcon, window, type QuickPick, type QuickPickItem } from 'vscode';
import { DisposableStore, type Disposable } from '../../base/lifecycle.ts';
import type { ContextSummary, Kubeconfig } from '../../kube/index.ts';
import { contextEntries } from './contextItems.ts';
import { plainLabel } from '../plainLabel.ts';
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
  const probing = store.add(new Probing(kube, kubeconfig, contexts));
  const show = () => {
    render(pick, contexts, { ...known, probes: probing.probes }, probing.isRunning);
  };
  pick.title = 'Connect to Karmada';
  pick.placeholder = 'Choose a context of your kubeconfig';
  pick.matchOnDescription = true;
  pick.matchOnDetail = true;
  pick.buttons = [openFile];
  show();
  return new Promise((resolve) => {
    const accept = () => {
      const [item] = pick.selectedItems;
      if (!item) return;
      if (item.context === undefined) {
        probing.toggle(show);
        return;
      }
      resolve(item.context);
      pick.hide();
    };
    const triggered = () => {
      pick.hide();
      openKubeconfig();
    };
    const hidden = () => {
      resolve(undefined);
      store.dispose();
    };
    store.add(pick.onDidAccept(accept));
    store.add(pick.onDidTriggerButton(triggered));
    store.add(pick.onDidHide(hidden));
    pick.show();
  });
}

/** Finds out which contexts are Karmada, when asked to and until told to stop. */
class Probing implements Disposable {
  readonly probes = new Map<string, Probe>();
  readonly #ask: (running: AbortController, changed: () => void) => Promise<void>;
  #running: AbortController | undefined;

  constructor(kube: KubeClient, kubeconfig: Kubeconfig, contexts: readonly ContextSummary[]) {
    this.#ask = ({ signal }, changed) => {
      const tell = (context: string, probe: Probe) => {
        this.probes.set(context, probe);
        changed();
      };
      return probeContexts(kube, kubeconfig, contexts, { signal, tell });
    };
  }

  get isRunning(): boolean {
    return this.#running !== undefined;
  }

  /** Starts, or stops what runs; `changed` is called at each step. */
  toggle(changed: () => void): void {
    if (this.#running) {
      this.dispose();
      changed();
      return;
    }
    const running = new AbortController();
    this.#running = running;
    changed();
    void this.#ask(running, changed).then(() => {
      if (this.#running !== running) return;
      this.#running = undefined;
      changed();
    });
  }

  dispose(): void {
    this.#running?.abort();
    this.#running = undefined;
    for (const [context, { type }] of this.probes) {
      if (type === 'asking') this.probes.delete(context);
    }
  }
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
      items.push({ label: plainLabel(entry.group), kind: QuickPickItemKind.Separator });
      group = entry.group;
    }
    items.push({
      label: plainLabel(entry.context),
      iconPath: new ThemeIcon(entry.icon),
      description: plainLabel(entry.description),
      ...(entry.detail && { detail: plainLabel(entry.detail) }),
      context: entry.context,
    });
  }
  items.push({ label: '', kind: QuickPickItemKind.Separator }, checkItem(isChecking));
  pick.busy = isChecking;
  pick.keepScrollPosition = true;
  pick.items = items;
  const choices = items.filter(({ kind }) => kind !== QuickPickItemKind.Separator);
  const [first] = choices;
  pick.activeItems = [choices.find(({ label }) => label === active) ?? first].filter(
    (item) => item !== undefined,
  );
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
