import { commands, Uri, window, type Tab } from 'vscode';
import type { FilePlan, FilePlanAnswer } from '../../analysis/index.ts';
import { DisposableStore, type Disposable } from '../../base/lifecycle.ts';
import { diffsOf } from '../diffTabs.ts';
import { holdWhile } from '../holdWhile.ts';
import type { Documents } from '../documents.ts';
import { showInformation, showWarning } from '../messages.ts';
import { commandIds, contextKeys, pushCommandIds } from '../names.ts';
import { createPlanDocuments, numberOf, type PlanDocuments } from './planDocuments.ts';
import { nothingToWrite, planSummary } from './planText.ts';
import { savePlan, unsavedSentence } from './savePlan.ts';

/** Something that the user wants planned. */
export interface PlanRequest {
  /** Such as `Propagate podinfo`. */
  readonly title: string;
  /** Keys of the templates that it is about. */
  readonly templates: readonly string[];
  /** Plans it for the documents as they are when it is done; `undefined` when the user does not wait for it. */
  make(): Promise<FilePlanAnswer | undefined>;
  /** URIs of the files that the templates asked for are in: they are pushed together with the plan's. */
  sources(plan: FilePlan): readonly string[];
  /** Called when the files are written. */
  saved?(): void;
}

interface Shown {
  readonly number: number;
  readonly request: PlanRequest;
  readonly plan: FilePlan;
}

const saveLabel = 'Save to Files';
const pushLabel = 'Save and Push…';
const discardLabel = 'Discard';

/** The plans that are shown and wait for a yes or no. Nothing is written before. */
export class Plans implements Disposable {
  readonly #store = new DisposableStore();
  readonly #documents: PlanDocuments = this.#store.add(createPlanDocuments());
  readonly #shown = new Map<number, Shown>();
  /** Numbers of the plans whose files are being written. */
  readonly #saving = new Set<number>();
  readonly #held: ReturnType<typeof holdWhile>;
  readonly #read: (written: readonly Uri[]) => Promise<void>;
  #last = 0;
  #isInSight = false;

  /** While a plan is shown the control plane is held that it was made over. */
  constructor(documents: Pick<Documents, 'holdControlPlane' | 'readWritten'>) {
    this.#read = (uris) => documents.readWritten(uris);
    const hold = () => documents.holdControlPlane();
    this.#held = this.#store.add(holdWhile(() => this.#shown.size > 0, hold));
    this.#store.add(window.tabGroups.onDidChangeTabs(({ closed }) => this.#follow(closed)));
    this.#store.add(window.tabGroups.onDidChangeTabGroups(() => this.#follow([])));
  }

  /** Plans and shows what is to be written; says why there is nothing to show. */
  async show(request: PlanRequest, because = ''): Promise<void> {
    const answer = await request.make();
    if (!answer) return;
    if ('reason' in answer) {
      void showWarning(answer.reason);
      return;
    }
    if (answer.files.length === 0) {
      void showInformation(nothingToWrite(answer));
      return;
    }
    const number = ++this.#last;
    const shown = { number, request, plan: answer };
    this.#shown.set(number, shown);
    const rows = this.#documents.show(number, answer);
    await commands.executeCommand('vscode.changes', request.title, rows);
    // Or the next file that is opened with one click takes the place of the plan.
    await commands.executeCommand('workbench.action.keepEditor');
    this.#follow([]);
    void this.#ask(shown, because);
  }

  /** Writes the files of the plan in sight. */
  async save(args: readonly unknown[]): Promise<void> {
    const shown = this.#meant(args);
    if (shown) await this.#save(shown);
  }

  /** Writes the files of the plan in sight, then goes on to the review of a push. */
  async push(args: readonly unknown[]): Promise<void> {
    const shown = this.#meant(args);
    if (shown) await this.#push(shown);
  }

  /** Forgets the plan in sight. */
  async discard(args: readonly unknown[]): Promise<void> {
    const shown = this.#meant(args);
    if (shown) await this.#close(shown);
  }

  dispose(): void {
    this.#store.dispose();
  }

  async #ask(shown: Shown, because: string): Promise<void> {
    const sentence = [because, planSummary(shown.plan), unsavedSentence(shown.plan)]
      .filter(Boolean)
      .join(' ');
    const choice = await showInformation(
      `${shown.request.title}: ${sentence}`,
      saveLabel,
      pushLabel,
      discardLabel,
    );
    if (choice === undefined || !this.#shown.has(shown.number)) return;
    if (choice === saveLabel) await this.#save(shown);
    else if (choice === pushLabel) await this.#push(shown);
    else await this.#close(shown);
  }

  async #push(shown: Shown): Promise<void> {
    const saved = await this.#write(shown);
    if (!saved) return;
    // What is pushed is what the documents hold, and the new files are to be among them.
    await this.#read(saved);
    const kept = new Set(
      shown.plan.files.filter(({ after }) => after === undefined).map(({ uri }) => uri),
    );
    const uris = [...new Set([...shown.request.sources(shown.plan), ...saved.map(String)])];
    await commands.executeCommand(pushCommandIds.push, {
      uris: uris.filter((uri) => !kept.has(uri)),
      deletions: shown.plan.removedObjects,
    });
  }

  async #save(shown: Shown): Promise<void> {
    const saved = await this.#write(shown);
    if (!saved) return;
    const count = `${saved.length} ${saved.length === 1 ? 'file is' : 'files are'} saved.`;
    const choice = await showInformation(count, 'Preview on Clusters');
    if (choice === undefined) return;
    const { templates } = shown.request;
    await commands.executeCommand(commandIds.openPreview, { templates });
  }

  /** The files that are written now; `undefined` when the plan has to be looked at once more. */
  async #write(shown: Shown): Promise<readonly Uri[] | undefined> {
    const now = await shown.request.make();
    // Meanwhile it may have been discarded, or saved by another click.
    if (!now || !this.#shown.has(shown.number) || this.#saving.has(shown.number)) return undefined;
    this.#saving.add(shown.number);
    try {
      return await this.#writeAs(shown, now);
    } finally {
      this.#saving.delete(shown.number);
    }
  }

  async #writeAs(shown: Shown, now: FilePlanAnswer): Promise<readonly Uri[] | undefined> {
    if (!isSamePlan(shown.plan, now)) {
      await this.#again(shown, 'The files have changed, so this is planned anew.');
      return undefined;
    }
    const answer = await savePlan(shown.plan);
    if ('reason' in answer && answer.isWritten) {
      await this.#close(shown);
      void showWarning(answer.reason);
      return undefined;
    }
    if ('reason' in answer) {
      await this.#again(shown, `${answer.reason} Nothing is written; this is planned anew.`);
      return undefined;
    }
    await this.#close(shown);
    shown.request.saved?.();
    return answer.saved;
  }

  async #again(shown: Shown, because: string): Promise<void> {
    await this.#close(shown);
    await this.show(shown.request, because);
  }

  /** The plan whose document or tab a command was called on, else the one in sight, else the newest. */
  #meant([uri]: readonly unknown[]): Shown | undefined {
    const given = uri instanceof Uri ? this.#shown.get(numberOf(uri)) : undefined;
    const { activeTab } = window.tabGroups.activeTabGroup;
    const found = given ?? this.#shownIn(activeTab) ?? [...this.#shown.values()].at(-1);
    if (!found) void showInformation('No plan is open. Run Propagate to Clusters first.');
    return found;
  }

  #shownIn(tab: Tab | undefined): Shown | undefined {
    return tab && this.#shown.get(planNumber(tab));
  }

  async #close({ number }: Shown): Promise<void> {
    this.#shown.delete(number);
    const tabs = window.tabGroups.all
      .flatMap((group) => group.tabs)
      .filter((tab) => planNumber(tab) === number);
    if (tabs.length > 0) await window.tabGroups.close(tabs, true);
    this.#documents.forget(number);
    this.#follow([]);
  }

  #follow(closed: readonly Tab[]): void {
    for (const tab of closed) {
      const number = planNumber(tab);
      if (this.#shown.delete(number)) this.#documents.forget(number);
    }
    this.#held.follow();
    const isInSight = this.#shownIn(window.tabGroups.activeTabGroup.activeTab) !== undefined;
    if (isInSight === this.#isInSight) return;
    this.#isInSight = isInSight;
    void commands.executeCommand('setContext', contextKeys.hasPlan, isInSight);
  }
}

function planNumber(tab: Tab): number {
  const [first] = diffsOf(tab);
  return first ? numberOf(first.modified) : -1;
}

/** Whether a plan made now would write just what was shown. */
function isSamePlan(shown: FilePlan, now: FilePlanAnswer): boolean {
  if ('reason' in now) return false;
  const texts = ({ files, outcomes }: FilePlan) =>
    JSON.stringify([
      files.map(({ uri, before, after }) => [uri, before ?? null, after ?? null]),
      outcomes,
    ]);
  return texts(shown) === texts(now);
}
