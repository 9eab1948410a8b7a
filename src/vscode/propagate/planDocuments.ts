import { EventEmitter, Uri, workspace } from 'vscode';
import type { FilePlan, PlannedFile } from '../../analysis/index.ts';
import { DisposableStore, type Disposable } from '../../base/lifecycle.ts';
import { planScheme } from '../names.ts';
import { outcomeTexts } from './planText.ts';

/** The rows of a plan's view: the outcome, then each file, as VS Code's diff over many files takes them. */
export type PlanRow = readonly [label: Uri, left: Uri | undefined, right: Uri];

/** The read-only texts of plans that are shown. */
export interface PlanDocuments extends Disposable {
  /** Gives a plan's texts addresses; those of the plan before under this number are forgotten. */
  show(number: number, plan: FilePlan): readonly PlanRow[];
  forget(number: number): void;
}

/** Serves the texts of plans. */
export function createPlanDocuments(): PlanDocuments {
  const store = new DisposableStore();
  const texts = new Map<number, Map<string, string>>();
  const didChange = store.add(new EventEmitter<Uri>());
  store.add(
    workspace.registerTextDocumentContentProvider(planScheme, {
      onDidChange: didChange.event,
      provideTextDocumentContent: (uri) =>
        texts.get(numberOf(uri))?.get(uri.toString()) ??
        'This plan is over. Make it anew with the command that showed it.\n',
    }),
  );
  return {
    show(number, plan) {
      const mine = new Map<string, string>();
      const old = texts.get(number);
      texts.set(number, mine);
      const put = (path: string, side: 'now' | 'then', text: string): Uri => {
        const uri = Uri.from({ scheme: planScheme, path, query: `${number}&${side}` });
        mine.set(uri.toString(), text);
        return uri;
      };
      const { now, afterwards } = outcomeTexts(plan);
      const outcome = put('/What happens on the clusters', 'then', afterwards);
      const rows: PlanRow[] = [
        [outcome, put('/What happens on the clusters', 'now', now), outcome],
        ...plan.files.map((file) => rowOf(file, put)),
      ];
      for (const [name, text] of mine) {
        if (old && old.get(name) !== text) didChange.fire(Uri.parse(name));
      }
      return rows;
    },
    forget: (number) => void texts.delete(number),
    dispose: () => store.dispose(),
  };
}

/** The number of the plan that a document belongs to; -1 for any other document. */
export function numberOf({ scheme, query }: Uri): number {
  if (scheme !== planScheme) return -1;
  const number = Number.parseInt(query, 10);
  return Number.isNaN(number) ? -1 : number;
}

function rowOf(
  { uri, before, after = '' }: PlannedFile,
  put: (path: string, side: 'now' | 'then', text: string) => Uri,
): PlanRow {
  const path = `/${workspace.asRelativePath(Uri.parse(uri))}`.replace(/^\/+/, '/');
  const right = put(path, 'then', after);
  // A new file has no left side, or it would be shown as if an empty line went.
  return [right, before === undefined ? undefined : put(path, 'now', before), right];
}
